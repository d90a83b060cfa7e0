package node

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// New parts the items that no earlier execution had from the others.
type New struct {
	By    NewBy       `z:"default=value,literal,label=An item is new if"`
	Value value.Value `z:"help=What tells items apart, such as {{ $json.id }}; for the other choices a number or a time. Without it the whole item counts."`
	// SkipFirst is for lists of which only what comes later is of interest.
	SkipFirst bool `z:"fold,literal,label=Begin with what comes later,help=What is there the first time counts as known."`
	Shared    bool `z:"fold,literal,help=All such nodes of the workflow share what they know."`
	Most      int  `z:"default=10000,min=1,max=100000,fold,literal,when=by:value,label=Values to remember,help=The oldest are forgotten first."`
}

// NewBy says what makes an item new.
type NewBy string

// Choices are the ways.
func (NewBy) Choices() []field.Choice {
	return []field.Choice{{Value: "value", Label: "Its value was never there"}, {Value: "number", Label: "Its number is higher than all before"},
		{Value: "time", Label: "Its time is later than all before"}}
}

const (
	outputNew   = "new"
	outputKnown = "known"
)

// Seen is what a node remembers from execution to execution. What a step made known stays new to that same step, so that one that is
// repeated after a crash gives what it gave before.
type Seen interface {
	// Values tells which values nobody made known, and makes them known; of each node the most newest are remembered. First tells that
	// no other step made anything known before.
	Values(values []string, shared bool, most int) (isNew []bool, first bool, err error)
	// Highest gives the highest number that was known to this step, and makes another known if that is higher. There is none at first.
	Highest(number float64, shared bool) (before float64, known bool, err error)
}

func newItems() *Type {
	return Declare(Type{
		Name: "new", Version: 1, Category: "data", Title: "Keep what is new", Icon: "sparkles", Repeat: SafeWithKey,
		Outputs: []string{outputNew, outputKnown},
		Help: "Parts the items that no earlier execution had from those that are known, by a value, a number or a time. Behind a schedule it " +
			"makes a trigger of any list: the new orders, the new mails, the new rows. While a draft is tried nothing is remembered.",
	}, runNew)
}

func runNew(_ context.Context, c *Call, parameters func(int) (*New, error)) (Result, error) {
	if len(c.Items) == 0 {
		return Result{Outputs: []Output{{Name: outputNew}, {Name: outputKnown}}}, nil
	}
	all := make([]*New, len(c.Items))
	for i := range c.Items {
		p, err := parameters(i)
		if err != nil {
			return Result{}, err
		}
		all[i] = p
	}
	var isNew []bool
	var err error
	if all[0].By == "value" {
		isNew, err = c.newValues(all)
	} else {
		isNew, err = c.higher(all)
	}
	if err != nil {
		return Result{}, err
	}
	fresh, known := Output{Name: outputNew}, Output{Name: outputKnown}
	for i, item := range derived(c.Items) {
		if isNew[i] {
			fresh.Items = append(fresh.Items, item)
		} else {
			known.Items = append(known.Items, item)
		}
	}
	return Result{Outputs: []Output{fresh, known}}, nil
}

// newValues tells which values are there for the first time.
func (c *Call) newValues(all []*New) ([]bool, error) {
	keys := make([]string, len(all))
	for i, p := range all {
		v := p.Value
		if v.IsMissing() {
			v = c.Items[i].JSON
		}
		sum := sha256.Sum256(canonical(nil, v))
		keys[i] = hex.EncodeToString(sum[:])
	}
	isNew, first, err := c.Seen.Values(keys, all[0].Shared, all[0].Most)
	if err != nil {
		return nil, err
	}
	met := map[string]bool{}
	for i, key := range keys {
		isNew[i] = isNew[i] && !met[key] && !(first && all[0].SkipFirst)
		met[key] = true
	}
	return isNew, nil
}

// higher tells which numbers or times are higher than all of the executions before.
func (c *Call) higher(all []*New) ([]bool, error) {
	lowest := math.Inf(-1)
	numbers, highest := make([]float64, len(all)), lowest
	for i, p := range all {
		number, err := p.number(c.Items[i].JSON, c.Now.Location())
		if err != nil {
			return nil, err
		}
		numbers[i], highest = number, max(highest, number)
	}
	before, known, err := c.Seen.Highest(highest, all[0].Shared)
	isNew := make([]bool, len(all))
	for i, number := range numbers {
		isNew[i] = known && number > before || !known && !all[0].SkipFirst && number > lowest
	}
	return isNew, err
}

// number is what a number or a time counts as. An item without anything stands for a list without entries, which is lower than all.
func (p *New) number(item value.Value, zone *time.Location) (float64, error) {
	if item.Len() == 0 && p.Value.IsMissing() {
		return math.Inf(-1), nil
	}
	if p.By == "time" {
		at, err := timeIn("value", p.Value, zone)
		return float64(at.UnixMicro()), err
	}
	number := p.Value.Number()
	if math.IsNaN(number) || math.IsInf(number, 0) || p.Value.IsMissing() {
		return 0, fault.InvalidField("value", "is %.100q, which is no number", p.Value.Text())
	}
	return number, nil
}
