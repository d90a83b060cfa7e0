package node

import (
	"context"
	"slices"

	"zygo/app/field"
	"zygo/app/value"
)

// Compare tells of two lists which items both have, and how those differ.
type Compare struct {
	On        []MergePair `z:"max=20,label=Fields that match"`
	Skip      []string    `z:"max=100,label=Fields to leave out,help=They may differ."`
	Give      CompareGive `z:"default=both,label=Of items that differ"`
	FirstOnly bool        `z:"default=true,fold,label=One partner at most,help=The first one. Otherwise an item is compared with each of its partners."`
	Loose     bool        `z:"fold,label=Compare loosely,help=The number 1 and the text 1 are equal then, and so are a missing and an empty value."`
}

// CompareGive says what comes out of two items that differ.
type CompareGive string

// Choices are the forms.
func (CompareGive) Choices() []field.Choice {
	return []field.Choice{{Value: "both", Label: "What is the same, and both values of what differs"}, {Value: "first", Label: "The item of input 1"},
		{Value: "second", Label: "The item of input 2"}, {Value: "together", Label: "Both together, with the fields of input 2 over those of input 1"}}
}

func compare() *Type {
	return Declare(Type{
		Name: "compare", Version: 1, Category: "flow", Title: "Compare", Icon: "git-merge",
		Help:      "Compares two lists, and tells which items only one has, which are the same and which differ.",
		Outputs:   []string{"only_first", "same", "different", "only_second"},
		ownInputs: func(value.Value) []string { return []string{"1", "2"} },
		Examples: []Example{{
			Config: `{"on": [{"first": "id"}]}`,
			In:     `{"1": [{"id": 1, "price": 5}, {"id": 2, "price": 7}, {"id": 3, "price": 9}], "2": [{"id": 2, "price": 8}, {"id": 3, "price": 9}, {"id": 4}]}`,
			Out: `{"only_first": [{"id": 1, "price": 5}], "same": [{"id": 3, "price": 9}],
				"different": [{"keys": {"id": 2}, "same": {"id": 2}, "different": {"price": {"first": 7, "second": 8}}}], "only_second": [{"id": 4}]}`,
		}},
	}, runCompare)
}

// CheckWritten refuses comparing without fields, and paths that lead nowhere.
func (p *Compare) CheckWritten() error {
	merged := Merge{Mode: "fields", On: p.On}
	return merged.CheckWritten()
}

func runCompare(_ context.Context, c *Call, parameters func(int) (*Compare, error)) (Result, error) {
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	m := &merging{Merge: &Merge{On: p.On, Loose: p.Loose}, call: c}
	first := 0
	for _, items := range c.Inputs {
		m.inputs = append(m.inputs, input{items, first})
		first += len(items)
	}
	for len(m.inputs) < 2 {
		m.inputs = append(m.inputs, input{nil, first})
	}
	one, two, err := m.paths()
	if err != nil {
		return Result{}, err
	}
	having := map[string][]int{}
	for j, item := range m.inputs[1].items {
		if key, ok := m.key(item, two); ok {
			having[key] = append(having[key], j)
		}
	}
	r := twoLists{p, m, [4]Output{{Name: "only_first"}, {Name: "same"}, {Name: "different"}, {Name: "only_second"}}}
	met := make([]bool, len(m.inputs[1].items))
	for i, item := range m.inputs[0].items {
		key, ok := m.key(item, one)
		partners := having[key]
		if !ok {
			partners = nil
		}
		for _, j := range partners {
			met[j] = true // also those that are not compared with it
		}
		if p.FirstOnly && len(partners) > 1 {
			partners = partners[:1]
		}
		if err := r.meet(i, partners); err != nil {
			return Result{}, err
		}
	}
	for j := range met {
		if !met[j] {
			if err := r.pass(&r.out[3], 1, j); err != nil {
				return Result{}, err
			}
		}
	}
	return Result{Outputs: r.out[:]}, nil
}

// twoLists is a comparison of two inputs under way.
type twoLists struct {
	*Compare
	in  *merging
	out [4]Output
}

// pass puts an item out as it came.
func (r *twoLists) pass(out *Output, number, i int) error {
	in := r.in.inputs[number]
	return r.in.call.put(out, value.Item{JSON: in.items[i].JSON, Files: in.items[i].Files, From: value.Origin{Index: in.first + i}})
}

// meet compares an item of the first input with its partners.
func (r *twoLists) meet(i int, partners []int) error {
	if len(partners) == 0 {
		return r.pass(&r.out[0], 0, i)
	}
	for _, j := range partners {
		a, b := r.in.inputs[0].items[i].JSON, r.in.inputs[1].items[j].JSON
		same, different := r.differences(a, b)
		if len(different) == 0 {
			if err := r.pass(&r.out[1], 0, i); err != nil {
				return err
			}
			continue
		}
		made := value.Value{}
		switch r.Give {
		case "first":
			made = a
		case "second":
			made = b
		case "together":
			made = r.in.overlay(a, b)
		default:
			made = value.Object(value.Member{Key: "keys", Value: r.keys(a)}, value.Member{Key: "same", Value: value.Object(same...)},
				value.Member{Key: "different", Value: value.Object(different...)})
		}
		if err := tooDeep(made); err != nil {
			return err
		}
		item := value.Item{JSON: made, From: value.Origin{Index: i}, Also: []value.Origin{{Index: r.in.inputs[1].first + j}}}
		if err := r.in.call.put(&r.out[2], item); err != nil {
			return err
		}
	}
	return nil
}

// keys are the fields by which an item was found, with their values.
func (r *twoLists) keys(item value.Value) value.Value {
	var members []value.Member
	for _, pair := range r.On {
		if path, err := value.ParsePath(string(pair.First)); err == nil {
			members = append(members, value.Member{Key: string(pair.First), Value: item.Find(path)})
		}
	}
	return value.Object(members...)
}

// differences are the fields of two items, apart into those that are equal and those that are not.
func (r *twoLists) differences(a, b value.Value) (same, different []value.Member) {
	names := []string{}
	for _, object := range []value.Value{a, b} {
		for name := range object.Members() {
			if !slices.Contains(names, name) && !slices.Contains(r.Skip, name) && !r.isKey(name) {
				names = append(names, name)
			}
		}
	}
	for name, v := range a.Members() {
		if r.isKey(name) {
			same = append(same, value.Member{Key: name, Value: v})
		}
	}
	first, second := "first", "second"
	if r.in.call.AsInN8n {
		first, second = "inputA", "inputB"
	}
	for _, name := range names {
		one, two := a.Get(name), b.Get(name)
		if r.equal(one, two) {
			same = append(same, value.Member{Key: name, Value: one})
			continue
		}
		different = append(different, value.Member{Key: name, Value: value.Object(value.Member{Key: first, Value: orNull(one)},
			value.Member{Key: second, Value: orNull(two)})})
	}
	return same, different
}

func (r *twoLists) isKey(name string) bool {
	return slices.ContainsFunc(r.On, func(pair MergePair) bool {
		return string(pair.First) == name || string(pair.Second) == name && pair.Second != ""
	})
}

func (r *twoLists) equal(a, b value.Value) bool {
	if !r.Loose {
		return a.Kind() == b.Kind() && value.Equal(a, b)
	}
	empty := func(v value.Value) bool { return v.IsMissing() || v.Kind() == value.StringKind && v.Raw() == "" }
	return empty(a) && empty(b) || value.Equal(a, b) || !empty(a) && !empty(b) && a.Text() == b.Text()
}

func orNull(v value.Value) value.Value {
	if v.IsMissing() {
		return value.Null()
	}
	return v
}
