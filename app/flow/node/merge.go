package node

import (
	"context"
	"strconv"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// Merge brings what several branches gave together.
type Merge struct {
	Mode      MergeMode   `z:"default=append,literal,label=How"`
	Inputs    int         `z:"default=2,min=2,max=10,literal,short,when=mode:append|position|choose"`
	On        []MergePair `z:"max=20,when=mode:fields,label=Fields that match"`
	Keep      MergeKeep   `z:"default=matches,when=mode:fields"`
	Give      MergeGive   `z:"default=both,when=keep:matches|alone,label=Give the items of"`
	FirstOnly bool        `z:"fold,when=mode:fields,label=One partner at most,help=The first one. Otherwise an item comes out once for each of its partners."`
	LastOnly  bool        `z:"fold,when=mode:fields,label=The last partner alone"`
	Loose     bool        `z:"fold,when=mode:fields,label=Compare loosely,help=The number 1 and the text 1 are equal then."`
	Unpaired  bool        `z:"when=mode:position,label=Keep items without partner"`
	Clash     MergeClash  `z:"default=last,when=mode:fields|position|pairs,label=Where both have a field"`
	Shallow   bool        `z:"fold,when=mode:fields|position|pairs,label=Replace whole objects,help=Otherwise the fields of objects are put together, too."`
	SkipEmpty bool        `z:"fold,when=mode:fields|position|pairs,label=Keep what is filled,help=An empty field does not replace another one."`
	Over      int         `z:"min=0,max=10,fold,short,when=mode:position,label=Input above all,help=Its fields lie above those of all inputs, under their own names."`
	Choose    int         `z:"default=1,min=0,max=10,short,when=mode:choose,label=Input,help=0 gives one empty item."`
}

// MergePair is a field by which items of two inputs belong together.
type MergePair struct {
	First  field.Exact `z:"required,max=500,short,label=Field of input 1"`
	Second field.Exact `z:"max=500,short,label=Field of input 2,help=The same when empty."`
}

// MergeMode is how items are brought together.
type MergeMode string

// Choices are the ways.
func (MergeMode) Choices() []field.Choice {
	return []field.Choice{
		{Value: "append", Label: "One list after the other"},
		{Value: "fields", Label: "Items with equal fields together"},
		{Value: "position", Label: "First with first, second with second"},
		{Value: "pairs", Label: "Each with each"},
		{Value: "choose", Label: "One input, when all are there"},
	}
}

// MergeKeep says which items come out, of those that have a partner and those that have none.
type MergeKeep string

// Choices are the ways. In databases they are an inner, outer, left, right and anti join.
func (MergeKeep) Choices() []field.Choice {
	return []field.Choice{
		{Value: "matches", Label: "Items with partner"},
		{Value: "everything", Label: "All items"},
		{Value: "first", Label: "All of input 1"},
		{Value: "second", Label: "All of input 2"},
		{Value: "alone", Label: "Items without partner"},
	}
}

// MergeGive says of which input the items come out.
type MergeGive string

// Choices are the inputs.
func (MergeGive) Choices() []field.Choice {
	return []field.Choice{{Value: "both", Label: "Both inputs"}, {Value: "first", Label: "Input 1"}, {Value: "second", Label: "Input 2"}}
}

// MergeClash says what becomes of a field that both items have.
type MergeClash string

// Choices are the ways.
func (MergeClash) Choices() []field.Choice {
	return []field.Choice{
		{Value: "last", Label: "The last input has it"},
		{Value: "first", Label: "The first input has it"},
		{Value: "number", Label: "Both, with the number of the input"},
	}
}

func merge() *Type {
	return Declare(Type{
		Name:     "merge",
		Version:  1,
		Category: "flow",
		Title:    "Merge",
		Icon:     "git-merge",
		Help: "Waits for the branches that lead to its inputs and brings their items together. A branch that gives nothing is not " +
			"waited for.",
		Examples:  mergeExamples,
		ownInputs: mergeInputs,
	}, runMerge)
}

// mergeInputs are named by their numbers.
func mergeInputs(config value.Value) []string {
	count := int64(2)
	switch config.Get("mode").Raw() {
	case "fields", "pairs":
	default:
		if given, ok := config.Get("inputs").Whole(); ok {
			count = min(max(given, 2), 10)
		}
	}
	names := make([]string, count)
	for i := range names {
		names[i] = strconv.Itoa(i + 1)
	}
	return names
}

// CheckWritten refuses matching without fields, and an input that is not there.
func (m *Merge) CheckWritten() error {
	if m.Mode == "fields" && len(m.On) == 0 {
		return fault.InvalidField("on", "is required")
	}
	if m.Mode == "choose" && m.Choose > m.Inputs {
		return fault.InvalidField("choose", "there are only %d inputs", m.Inputs)
	}
	for i, pair := range m.On {
		for _, text := range []field.Exact{pair.First, pair.Second} {
			if _, err := value.ParsePath(string(text)); err != nil && text != "" {
				return inRow("on", i, fault.InvalidField("first", "%s", err))
			}
		}
	}
	return nil
}

func runMerge(_ context.Context, c *Call, parameters func(int) (*Merge, error)) (Result, error) {
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	m := &merging{Merge: p, call: c, out: Output{Name: Main}}
	first := 0
	for _, items := range c.Inputs {
		m.inputs = append(m.inputs, input{items, first})
		first += len(items)
	}
	switch p.Mode {
	case "fields":
		err = m.byFields()
	case "position":
		err = m.byPosition()
	case "pairs":
		err = m.pairs()
	case "choose":
		err = m.choose()
	default:
		err = m.append()
	}
	return Result{Outputs: []Output{m.out}}, err
}
