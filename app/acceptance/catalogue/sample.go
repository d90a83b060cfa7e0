package catalogue

import (
	"zygo/app/field"
	"zygo/app/module"
	"zygo/app/resource"
)

// Sample is a module whose one kind has a field of every type and no code of its own. The tests that know kinds by their
// declarations alone run over Zygo with this module, so that a new kind is known to need nothing but its declaration.
var Sample = module.Module{Module: resource.Module{Name: "sample", Kinds: []resource.Declaration{&specimens}}}

// Specimen has a field of every type, and of most words of the tag.
type Specimen struct {
	resource.Row
	Name     string         `z:"required,max=200,list,search,unique"`
	Stage    Stage          `z:"default=young,list,short"`
	Found    field.Date     `z:"list,short"`
	Price    field.Money    `z:"list,short"`
	Effort   field.Duration `z:"list,short"`
	Count    int            `z:"filter,min=0,max=2000000,short"`
	Seen     field.Time     `z:"filter,short"`
	Rare     bool           `z:"filter"`
	Tint     field.Colour   `z:"list,short"`
	Mail     field.Email    `z:"filter,short"`
	Home     field.URL      `z:"filter,short"`
	Call     field.Phone    `z:"filter,short"`
	Keeper   field.Ref      `z:"to=user,filter,short"`
	Assets   field.Refs     `z:"to=asset,list"`
	Words    field.Tags     `z:"list"`
	Place    field.Address  `z:"search"`
	Note     field.LongText `z:"search,help=What somebody should know, and where it lies."`
	Story    field.Markdown
	Script   field.Code
	Data     field.JSON `z:"fold"`
	Layout   Layout     `z:"fold"`
	Photo    field.Image
	Paper    field.File
	Password field.Secret
	Hidden   string `z:"internal"`
}

// Stage is how far a specimen has grown.
type Stage string

// Choices lists the stages.
func (Stage) Choices() []field.Choice {
	return []field.Choice{{Value: "young", Label: "Young", Tone: "blue"}, {Value: "grown", Label: "Grown", Tone: "green"}, {Value: "old", Label: "Old", Tone: "grey"}}
}

// Layout is a document with a shape.
type Layout struct{ field.JSON }

// Schema is the shape.
func (Layout) Schema() field.Schema {
	return field.Schema{"type": "object", "required": []any{"columns"}, "additionalProperties": false,
		"properties": field.Schema{"columns": field.Schema{"type": "integer", "minimum": 1, "maximum": 12}, "title": field.Schema{"type": "string"}},
		"examples":   []any{field.Schema{"columns": 3, "title": "<script>alert(1)</script>"}}}
}

// specimens is the kind.
var specimens = resource.Kind[Specimen]{Name: "specimen", Area: "Operations", Icon: "package", Order: "name", State: "stage", Verbs: []string{resource.List, resource.Get, resource.Create, resource.Update, resource.Delete, resource.Import}, Help: "A specimen shows what fields can be."}
