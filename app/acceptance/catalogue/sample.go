package catalogue

import (
	"context"
	"net/http"

	"zygo/app/field"
	"zygo/app/module"
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/jobs"
)

// Sample is a module whose one kind has a field of every type and no code of its own. The tests that know kinds by their
// declarations alone run over Zygo with this module, so that a new kind is known to need nothing but its declaration. It has one of
// everything else that an area may bring too: a query, an operation with a button and its form, work, and a block on the home page.
var Sample = module.Module{
	Module: resource.Module{Name: "sample", Kinds: []resource.Declaration{&specimens, &collections}},
	Operations: []operation.Operation{
		operation.Operate(http.MethodPost, "specimens/{id}/relabel", "specimen:update", "Give a specimen another name", relabel).
			On(operation.Button{Kind: "specimen", Verb: "relabel", Label: "Relabel", Icon: "tag",
				When: operation.When((*Specimen).isYoung)}),
	},
	Jobs: func(*resource.Kernel) []jobs.Work {
		return []jobs.Work{jobs.Hourly("dust-specimens", func(context.Context) error { return nil })}
	},
	Home: []module.HomeBlock{{
		Kind:    "specimen",
		Title:   "Old specimens",
		Rank:    9,
		Filters: module.Where(module.Is("stage", "old")),
		Counts:  []module.HomeCount{{Label: "Old", Tone: "grey"}},
	}},
}

type label struct {
	ID   string
	Name string `z:"required,max=200,help=What stands on the label from now on."`
}

func relabel(s *resource.Session, in *label) (operation.Row[Specimen], error) {
	made, err := specimens.Update(s, in.ID, 0, resource.Update, "relabelled", func(of *Specimen) error {
		of.Name = in.Name
		return nil
	})
	if err != nil {
		return operation.Row[Specimen]{}, err
	}
	return operation.RowOf(&specimens, s, made), nil
}

// Collection is how many specimens of an organization there are at a stage: rows that nobody stores.
type Collection struct {
	N         int64
	ID        string
	Name      string `z:"list,search"`
	Specimens int    `z:"list"`
	TenantID  string
	CreatedAt field.Time
}

var collections = resource.Kind[Collection]{
	Name: "collection", Area: "Operations", Icon: "boxes", Order: "name", Help: "A collection is the specimens of a stage.",
	From: "SELECT min(n) AS n, tenant_id || stage AS id, stage AS name, count(*) AS specimens, tenant_id, min(created_at) AS created_at FROM {specimen} GROUP BY tenant_id, stage",
}

func (s *Specimen) isYoung() bool { return s.Stage == "young" }

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
	return []field.Choice{{Value: "young", Label: "Young", Tone: "blue"}, {Value: "grown", Label: "Grown", Tone: "green"},
		{Value: "old", Label: "Old", Tone: "grey"}}
}

// Layout is a document with a shape.
type Layout struct{ field.JSON }

// Schema is the shape.
func (Layout) Schema() field.Schema {
	return field.Schema{"type": "object", "required": []any{"columns"}, "additionalProperties": false,
		"properties": field.Schema{"columns": field.Schema{"type": "integer", "minimum": 1, "maximum": 12},
			"title": field.Schema{"type": "string"}},
		"examples": []any{field.Schema{"columns": 3, "title": "<script>alert(1)</script>"}}}
}

// specimens is the kind.
var specimens = resource.Kind[Specimen]{Name: "specimen", Area: "Operations", Icon: "package", Order: "name", State: "stage",
	Verbs: []string{resource.List, resource.Get, resource.Create, resource.Update, resource.Delete, resource.Import},
	Help:  "A specimen shows what fields can be."}
