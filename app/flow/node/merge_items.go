package node

import (
	"slices"
	"strconv"

	"zygo/app/value"
)

// merging is one run of a merge.
type merging struct {
	*Merge
	call   *Call
	inputs []input
	out    Output
}

// input is a list that came by one input, and where it begins among the items of all.
type input struct {
	items []value.Item
	first int
}

// pass puts an item out as it came.
func (m *merging) pass(in input, i int) error {
	item := in.items[i]
	return m.call.put(&m.out, value.Item{JSON: item.JSON, Files: item.Files, From: value.Origin{Index: in.first + i}})
}

func (m *merging) passAll(in input, which func(i int) bool) error {
	for i := range in.items {
		if which(i) {
			if err := m.pass(in, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func always(int) bool { return true }

func (m *merging) append() error {
	for _, in := range m.inputs {
		if err := m.passAll(in, always); err != nil {
			return err
		}
	}
	return nil
}

// choose gives the items of one input, or an empty one where only the waiting matters.
func (m *merging) choose() error {
	if m.Choose > 0 {
		return m.passAll(m.inputs[min(m.Choose, len(m.inputs))-1], always)
	}
	return m.call.put(&m.out, value.Item{JSON: value.Object()})
}

// partners are the places of one item of each of some inputs, -1 where an input has none.
type partners []int

// together puts out one item made of several.
func (m *merging) together(of partners) error {
	var merged value.Item
	var origins []value.Origin
	join := func(number int) error {
		i := of[number]
		if i < 0 {
			return nil
		}
		in := m.inputs[number]
		item := in.items[i]
		if m.Clash == "number" {
			item.JSON = numbered(item.JSON, number+1)
		}
		origins = append(origins, value.Origin{Index: in.first + i})
		merged.JSON, merged.Files = m.overlay(merged.JSON, item.JSON), withFiles(merged.Files, item.Files)
		return tooDeep(merged.JSON)
	}
	for number := range of {
		if m.Clash == "first" {
			number = len(of) - 1 - number
		}
		if err := join(number); err != nil {
			return err
		}
	}
	if m.Over > 0 && m.Over <= len(of) && of[m.Over-1] >= 0 {
		merged.JSON = m.overlay(merged.JSON, m.inputs[m.Over-1].items[of[m.Over-1]].JSON)
	}
	merged.From, merged.Also = origins[0], origins[1:]
	return m.call.put(&m.out, merged)
}

// overlay puts the fields of an object over those of another. In n8n so it does with the elements of lists.
func (m *merging) overlay(under, over value.Value) value.Value {
	if m.call.AsInN8n && under.Kind() == value.ListKind && over.Kind() == value.ListKind {
		elements := make([]value.Value, max(under.Len(), over.Len()))
		for i := range elements {
			if elements[i] = under.At(i); i < over.Len() {
				elements[i] = m.overlay(elements[i], over.At(i))
			}
		}
		return value.List(elements...)
	}
	if under.Kind() != value.ObjectKind || over.Kind() != value.ObjectKind {
		return over
	}
	members, at := make([]value.Member, 0, under.Len()+over.Len()), map[string]int{}
	for key, v := range under.Members() {
		at[key] = len(members)
		members = append(members, value.Member{Key: key, Value: v})
	}
	for key, v := range over.Members() {
		i, both := at[key]
		switch {
		case !both:
			members = append(members, value.Member{Key: key, Value: v})
		case m.SkipEmpty && (v.IsMissing() || v.Kind() == value.StringKind && v.Raw() == ""):
		case m.Shallow:
			members[i].Value = v
		default:
			members[i].Value = m.overlay(members[i].Value, v)
		}
	}
	return value.Object(members...)
}

// numbered are an object's fields with the number of their input behind the names.
func numbered(object value.Value, number int) value.Value {
	members := make([]value.Member, 0, object.Len())
	for key, v := range object.Members() {
		members = append(members, value.Member{Key: key + "_" + strconv.Itoa(number), Value: v})
	}
	return value.Object(members...)
}

func withFiles(files, more []value.File) []value.File {
	all := slices.Clone(files)
	for _, file := range more {
		all = slices.DeleteFunc(all, func(f value.File) bool { return f.Slot == file.Slot })
		all = append(all, file)
	}
	return all
}

func (m *merging) byPosition() error {
	shortest, longest := mostItems, 0
	for _, in := range m.inputs {
		shortest, longest = min(shortest, len(in.items)), max(longest, len(in.items))
	}
	count := shortest
	if m.Unpaired {
		count = longest
	}
	for row := range count {
		of := make(partners, len(m.inputs))
		for n, in := range m.inputs {
			if of[n] = row; row >= len(in.items) {
				of[n] = -1
			}
		}
		if err := m.together(of); err != nil {
			return err
		}
	}
	return nil
}

func (m *merging) pairs() error {
	for i := range m.inputs[0].items {
		for j := range m.inputs[1].items {
			if err := m.together(partners{i, j}); err != nil {
				return err
			}
		}
	}
	return nil
}

// byFields puts items together whose fields are equal.
func (m *merging) byFields() error {
	first, second := m.inputs[0], m.inputs[1]
	one, two, err := m.paths()
	if err != nil {
		return err
	}
	having := map[string][]int{}
	for j, item := range second.items {
		if key, ok := m.key(item, two); ok {
			having[key] = append(having[key], j)
		}
	}
	matches := make([][]int, len(first.items))
	matched := make([]bool, len(second.items))
	for i, item := range first.items {
		if key, ok := m.key(item, one); ok {
			matches[i] = having[key]
		}
		if count := len(matches[i]); m.FirstOnly && count > 1 {
			matches[i] = matches[i][:1]
		} else if m.LastOnly && count > 1 {
			matches[i] = matches[i][count-1:]
		}
		for _, j := range matches[i] {
			matched[j] = true
		}
	}
	return m.give(matches, matched)
}

// give puts out what is to be kept: matches are the partners of the items of the first input, and matched tells which items of the
// second have one.
func (m *merging) give(matches [][]int, matched []bool) error {
	first, second := m.inputs[0], m.inputs[1]
	hasPartner, isPartner := func(i int) bool { return len(matches[i]) > 0 }, func(j int) bool { return matched[j] }
	alone, aloneToo := func(i int) bool { return !hasPartner(i) }, func(j int) bool { return !isPartner(j) }
	never := func(int) bool { return false }
	switch {
	case m.Keep == "matches" && m.Give == "first":
		return m.passAll(first, hasPartner)
	case m.Keep == "matches" && m.Give == "second":
		return m.passAll(second, isPartner)
	case m.Keep == "alone" && m.Give == "first", m.Keep == "first":
		aloneToo = never
	case m.Keep == "alone" && m.Give == "second", m.Keep == "second":
		alone = never
	case m.Keep == "matches":
		alone, aloneToo = never, never
	}
	if m.Keep != "alone" {
		for i, partnersOf := range matches {
			for _, j := range partnersOf {
				if err := m.together(partners{i, j}); err != nil {
					return err
				}
			}
		}
	}
	if m.call.AsInN8n && len(first.items) > 0 && len(second.items) > 0 {
		first, second = m.toldAlone(first, 1), m.toldAlone(second, 2)
	}
	if err := m.passAll(first, alone); err != nil {
		return err
	}
	return m.passAll(second, aloneToo)
}

// toldAlone are items without partner as in n8n: they tell by which input they came, in a field or in the names of all.
func (m *merging) toldAlone(in input, number int) input {
	items := slices.Clone(in.items)
	for i := range items {
		if m.Keep != "alone" && m.Clash == "number" {
			items[i].JSON = numbered(items[i].JSON, number)
		} else if source := value.String("input" + strconv.Itoa(number)); m.Keep == "alone" && m.Give == "both" {
			if with, err := items[i].JSON.Set(value.Path{value.Key("_source")}, source); err == nil {
				items[i].JSON = with
			}
		}
	}
	return input{items, in.first}
}

// paths are those of the fields by which the items of the two inputs are compared.
func (m *merging) paths() (one, two []value.Path, err error) {
	for i, pair := range m.On {
		second := pair.Second
		if second == "" {
			second = pair.First
		}
		for into, text := range map[*[]value.Path]string{&one: string(pair.First), &two: string(second)} {
			path, err := pathIn("first", text)
			if err != nil {
				return nil, nil, inRow("on", i, err)
			}
			*into = append(*into, path)
		}
	}
	return one, two, nil
}

// key is the same for items that belong together. An item that lacks one of the fields has none.
func (m *merging) key(item value.Item, paths []value.Path) (string, bool) {
	var key []byte
	for _, path := range paths {
		v := item.JSON.Find(path)
		switch {
		case v.Kind() == value.UndefinedKind:
			return "", false
		case m.Loose:
			v = value.String(v.Text())
		}
		key = append(canonical(key, v), 0)
	}
	return string(key), true
}

var mergeExamples = []Example{
	{
		Config: `{"mode": "append"}`,
		In:     `{"1": [{"n": 1}], "2": [{"n": 2}, {"n": 3}]}`,
		Out:    `{"main": [{"n": 1}, {"n": 2}, {"n": 3}]}`,
	},
	{
		Config: `{"mode": "fields", "on": [{"first": "id", "second": "customer"}], "keep": "first"}`,
		In:     `{"1": [{"id": 7, "name": "Ada"}, {"id": 8, "name": "Bob"}], "2": [{"customer": 7, "total": 12}]}`,
		Out:    `{"main": [{"id": 7, "name": "Ada", "customer": 7, "total": 12}, {"id": 8, "name": "Bob"}]}`,
	},
	{
		Config: `{"mode": "position", "clash": "number"}`,
		In:     `{"1": [{"n": 1}], "2": [{"n": 2}]}`,
		Out:    `{"main": [{"n_1": 1, "n_2": 2}]}`,
	},
}
