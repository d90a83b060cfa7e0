package field

import (
	"reflect"
	"strings"
)

// LongText is a text of several lines, shown as it was written.
type LongText string

type longTextType struct{ exactText }

const longestLongText = 100_000

func (longTextType) Name() string { return "long_text" }

func (longTextType) Schema(f *Field) Schema {
	return Schema{"type": "string", "maxLength": f.longest(longestLongText)}
}

// FromText undoes the line ends that browsers send.
func (longTextType) FromText(_ *Field, text string, v reflect.Value) error {
	v.SetString(strings.ReplaceAll(text, "\r\n", "\n"))
	return nil
}

func (longTextType) Check(f *Field, v reflect.Value) string {
	if strings.ContainsRune(v.String(), 0) {
		return "must be text without the character NUL"
	}
	return f.checkLength(v.String(), longestLongText)
}
