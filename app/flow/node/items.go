package node

import (
	"context"
	"fmt"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// Items changes the list of items itself.
type Items struct {
	Op            ItemsOp      `z:"default=split_out,literal,label=Operation"`
	Compare       ItemsFields  `z:"default=all,when=op:dedupe|collect,label=What counts"`
	Fields        []string     `z:"max=50,when=op:split_out|dedupe|collect,help=Paths such as order.lines. The lists to split, or the fields that count."`
	Include       ItemsInclude `z:"default=none,when=op:split_out,label=Other fields"`
	IncludeFields []string     `z:"max=50,when=include:selected,label=Fields to keep"`
	Destination   field.Exact  `z:"max=500,fold,when=op:split_out|collect,help=The field that gets the result; named as the list, or data, when empty."`
	Lists         []Collected  `z:"max=50,when=op:aggregate"`
	MergeLists    bool         `z:"fold,when=op:aggregate,help=Puts the entries of lists into the result and not the lists."`
	KeepMissing   bool         `z:"fold,when=op:aggregate,help=Puts null where an item has no value."`
	Files         ItemsFiles   `z:"default=fields,literal,fold,when=op:split_out|aggregate|collect,help=What becomes of fields that hold a file."`
	Values        []Summary    `z:"max=50,when=op:summarize"`
	GroupBy       []string     `z:"max=20,when=op:summarize,help=Makes an item for each value of these fields."`
	Nested        bool         `z:"literal,fold,when=op:summarize,label=One item for all groups,help=With a field for each group, named by its value."`
	SkipUngrouped bool         `z:"fold,when=op:summarize,label=Skip items without group"`
	KeepEmpty     bool         `z:"fold,when=op:summarize,help=Counts and lists empty values too."`
	By            []SortKey    `z:"max=20,when=op:sort"`
	Count         int          `z:"default=1,min=0,max=10000,when=op:limit,label=Most items"`
	From          ItemsEnd     `z:"default=first,when=op:limit,label=Keep"`
	Names         []Renaming   `z:"max=100,when=op:rename"`
}

// Collected is a field whose values become a list.
type Collected struct {
	Field field.Exact `z:"required,max=500,short"`
	As    field.Exact `z:"max=500,short,help=The name of the list; that of the field when empty."`
}

// Renaming moves a field.
type Renaming struct {
	From field.Exact `z:"required,max=500,short"`
	To   field.Exact `z:"required,max=500,short"`
}

// ItemsOp is what becomes of the list.
type ItemsOp string

// Choices are the operations.
func (ItemsOp) Choices() []field.Choice {
	return []field.Choice{{Value: "split_out", Label: "Split out a list"}, {Value: "aggregate", Label: "Aggregate fields into lists"},
		{
			Value: "collect",
			Label: "Collect all items into one list",
		}, {Value: "summarize", Label: "Summarize"}, {Value: "sort", Label: "Sort"},
		{Value: "limit", Label: "Limit"}, {Value: "dedupe", Label: "Remove duplicates"}, {Value: "rename", Label: "Rename fields"},
		{Value: "reverse", Label: "Reverse"}, {Value: "shuffle", Label: "Shuffle"}}
}

// ItemsFields says which fields count.
type ItemsFields string

// Choices are the ways.
func (ItemsFields) Choices() []field.Choice {
	return []field.Choice{{Value: "all", Label: "All fields"}, {Value: "selected", Label: "These fields"},
		{Value: "except", Label: "All but these fields"}}
}

// ItemsInclude says which other fields an item that was split out keeps.
type ItemsInclude string

// Choices are the ways.
func (ItemsInclude) Choices() []field.Choice {
	return []field.Choice{{Value: "none", Label: "Keep none"}, {Value: "selected", Label: "Keep some"}, {Value: "all", Label: "Keep all"}}
}

// ItemsEnd is one end of the list.
type ItemsEnd string

// Choices are the ends.
func (ItemsEnd) Choices() []field.Choice {
	return []field.Choice{{Value: "first", Label: "The first items"}, {Value: "last", Label: "The last items"}}
}

func items() *Type {
	return Declare(Type{
		Name: "items", Version: 1, Category: "data", Title: "Items", Icon: "list-filter", Examples: itemsExamples,
		Help: "Splits, collects, sums up, sorts, limits and renames items, and removes those that came twice.",
	}, runItems)
}

// CheckWritten refuses paths that lead nowhere, and operations without what they need. What an expression gives is empty here.
func (p *Items) CheckWritten() error {
	for _, need := range []struct {
		op    ItemsOp
		field string
		count int
	}{
		{"aggregate", "lists", len(p.Lists)},
		{"summarize", "values", len(p.Values)},
		{"sort", "by", len(p.By)},
		{"rename", "names", len(p.Names)},
	} {
		if p.Op == need.op && need.count == 0 {
			return fault.InvalidField(need.field, "is required")
		}
	}
	paths := map[string][]string{"fields": p.Fields, "include_fields": p.IncludeFields, "group_by": p.GroupBy}
	for i, l := range p.Lists {
		paths[fmt.Sprintf("lists.%d.field", i)] = []string{string(l.Field)}
	}
	for i, v := range p.Values {
		paths[fmt.Sprintf("values.%d.field", i)] = []string{string(v.Field)}
	}
	for i, k := range p.By {
		paths[fmt.Sprintf("by.%d.field", i)] = []string{string(k.Field)}
	}
	for i, r := range p.Names {
		paths[fmt.Sprintf("names.%d.from", i)] = []string{string(r.From)}
		paths[fmt.Sprintf("names.%d.to", i)] = []string{string(r.To)}
	}
	for name, texts := range paths {
		for _, text := range texts {
			if _, err := pathIn(name, text); err != nil && text != "" {
				return err
			}
		}
	}
	return nil
}

// Check refuses lists of fields that are empty.
func (p *Items) Check() error {
	if len(p.Fields) == 0 && (p.Op == "split_out" || (p.Op == "dedupe" || p.Op == "collect") && p.Compare != "all") {
		return fault.InvalidField("fields", "is required")
	}
	return nil
}

// pathIn reads a path that a parameter has.
func pathIn(name, text string) (value.Path, error) {
	path, err := value.ParsePath(text)
	if err != nil {
		return nil, fault.InvalidField(name, "%s", err)
	}
	return path, nil
}

// pathsIn reads several.
func pathsIn(name string, texts []string) ([]value.Path, error) {
	paths := make([]value.Path, len(texts))
	var err error
	for i, text := range texts {
		if paths[i], err = pathIn(name, text); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

func runItems(_ context.Context, c *Call, parameters func(int) (*Items, error)) (Result, error) {
	out := Output{Name: Main}
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	switch p.Op {
	case "split_out":
		err = splitOut(c, &out, parameters)
	case "rename":
		err = rename(c, &out, parameters)
	case "aggregate":
		err = p.aggregate(c, &out)
	case "collect":
		err = p.collect(c, &out)
	case "summarize":
		err = p.summarize(c, &out)
	default:
		out.Items, err = p.arrange(c)
	}
	return Result{Outputs: []Output{out}}, err
}
