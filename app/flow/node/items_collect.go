package node

import (
	"cmp"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/value"
)

// aggregate makes one item of lists: the values that the items have in a field.
func (p *Items) aggregate(c *Call, out *Output) error {
	built := c.Memory.Part(mostResolved, errResolvedTooLarge)
	defer built.Reset()
	var members, files []value.Member
	items := make([]value.Value, len(c.Items))
	for i, item := range c.Items {
		rest, own := p.divide(item.JSON)
		items[i], files = rest, append(files, own...)
	}
	for i, l := range p.Lists {
		path, err := pathIn("lists", string(l.Field))
		if err != nil {
			return err
		}
		name := cmp.Or(string(l.As), lastName(string(l.Field)))
		if hasKey(members, name) {
			return inRow("lists", i, fault.New(fault.Invalid, "there are two lists with the name %q", name))
		}
		var list []value.Value
		for _, item := range items {
			v := item.Find(path)
			switch {
			case v.IsMissing() && p.KeepMissing:
				list = append(list, value.Null())
			case v.IsMissing():
			case p.MergeLists && v.Kind() == value.ListKind:
				list = append(list, entriesOf(v)...)
			default:
				list = append(list, v)
			}
		}
		v := value.List(list...)
		if err := built.Take(v.Size()); err != nil {
			return err
		}
		members = append(members, value.Member{Key: name, Value: v})
	}
	built.Reset()
	return c.putOne(out, p.beside(c, value.Object(members...), files), c.all())
}

// mostSources is of how many items it is told that another one was made of them.
const mostSources = 100

// putOne puts out an item that was made of those of some indexes. It leads back to the first of them, and in n8n to none if they come
// from several.
func (c *Call) putOne(out *Output, json value.Value, from []int) error {
	if err := tooDeep(json); err != nil {
		return err
	}
	item := value.Item{JSON: json}
	for n, index := range from {
		switch {
		case n == 0:
			item.From.Index = index
		case c.AsInN8n && (n < mostSources || n == len(from)-1):
			item.Also = append(item.Also, value.Origin{Index: index})
		}
	}
	return c.put(out, item)
}

// all are the indexes of all items.
func (c *Call) all() []int {
	indexes := make([]int, len(c.Items))
	for i := range indexes {
		indexes[i] = i
	}
	return indexes
}

// lastName is the last part of a path.
func lastName(path string) string {
	path = strings.TrimRight(path, `]"'`)
	return path[strings.LastIndexAny(path, `.["'`)+1:]
}

// collect makes one item with a list of all items, of which some fields may count alone. One that has none of them is left out.
func (p *Items) collect(c *Call, out *Output) error {
	var list []value.Value
	var files []value.Member
	for _, item := range c.Items {
		rest, own := p.divide(item.JSON)
		files = append(files, own...)
		json, err := p.counted(rest)
		if err != nil {
			return err
		}
		if p.Compare == "all" || json.Len() > 0 {
			list = append(list, json)
		}
	}
	made := value.Object(value.Member{Key: cmp.Or(string(p.Destination), "data"), Value: value.List(list...)})
	return c.putOne(out, p.beside(c, made, files), c.all())
}

// counted is an item with the fields that count.
func (p *Items) counted(json value.Value) (value.Value, error) {
	if p.Compare == "all" {
		return json, nil
	}
	paths, err := pathsIn("fields", p.Fields)
	if err != nil {
		return json, err
	}
	own := json
	if p.Compare == "selected" {
		own = value.Object()
	}
	for _, path := range paths {
		v := json.Find(path)
		if v.Kind() == value.UndefinedKind {
			continue
		}
		if p.Compare == "except" {
			v = value.Value{}
		}
		if own, err = own.Set(path, v); err != nil {
			return json, fault.InvalidField("fields", "%s", err)
		}
	}
	return own, nil
}

// canonical writes a value so that equal ones are written alike: keys in their order, numbers without needless digits.
func canonical(to []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.NumberKind:
		if whole, ok := v.Whole(); ok {
			return value.Int(whole).AppendJSON(to)
		}
	case value.ListKind:
		to = append(to, '[')
		for _, element := range v.Elements() {
			to = append(canonical(to, element), ',')
		}
		return append(to, ']')
	case value.ObjectKind:
		var members []value.Member
		for key, member := range v.Members() {
			members = append(members, value.Member{Key: key, Value: member})
		}
		slices.SortFunc(members, func(a, b value.Member) int { return strings.Compare(a.Key, b.Key) })
		to = append(to, '{')
		for _, m := range members {
			to = append(canonical(append(value.AppendString(to, m.Key), ':'), m.Value), ',')
		}
		return append(to, '}')
	}
	return v.AppendJSON(to)
}
