package node

import (
	"slices"

	"zygo/app/field"
	"zygo/app/flow/format"
)

// XMLReading is an option of how XML is read.
type XMLReading string

// Choices are the options.
func (XMLReading) Choices() []field.Choice {
	return []field.Choice{
		{Value: "lists", Label: "A list for each name of an element"},
		{Value: "inside", Label: "Without the outermost element"},
		{Value: "trim", Label: "No blanks around texts"},
		{Value: "normalize", Label: "Several blanks as one"},
		{Value: "lower", Label: "Names of elements in small letters"},
	}
}

// XMLAttributes says where the attributes of an element stand.
type XMLAttributes string

// Choices are the places.
func (XMLAttributes) Choices() []field.Choice {
	return []field.Choice{{Value: "fields", Label: "Fields of the element"}, {Value: "apart", Label: "In a field of their own"},
		{Value: "none", Label: "Left out"}}
}

// XMLWriting is an option of how XML is written.
type XMLWriting string

// Choices are the options.
func (XMLWriting) Choices() []field.Choice {
	return []field.Choice{{Value: "cdata", Label: "Texts with < or & as CDATA"}, {Value: "headless", Label: "Without the first line <?xml … ?>"}}
}

func (p *FileRead) xml() format.XMLReading {
	has := func(option XMLReading) bool { return slices.Contains(p.XML, option) }
	read := format.XMLReading{
		NoAttributes: p.Attributes == "none",
		TextIn:       string(p.TextIn),
		Lists:        has("lists"),
		Inside:       has("inside"),
		Trim:         has("trim"),
		Normalize:    has("normalize"),
		Lower:        has("lower"),
	}
	if p.Attributes == "apart" {
		read.AttributesIn = string(p.AttributesIn)
	}
	return read
}
