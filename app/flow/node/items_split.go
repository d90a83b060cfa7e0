package node

import (
	"fmt"

	"zygo/app/fault"
	"zygo/app/value"
)

// splitOut makes an item of each entry of a list. Several lists are read side by side.
func splitOut(c *Call, out *Output, parameters func(int) (*Items, error)) error {
	for i, item := range c.Items {
		p, err := parameters(i)
		if err != nil {
			return err
		}
		rest, files := p.divide(item.JSON)
		if err := p.split(rest, func(json value.Value) error {
			json = p.beside(c, json, files)
			if err := tooDeep(json); err != nil {
				return err
			}
			return c.put(out, value.Item{JSON: json, From: value.Origin{Index: i}})
		}); err != nil {
			return err
		}
	}
	return nil
}

// split hands on one item after the other, so that a long list of wide items ends where they are too many.
func (p *Items) split(item value.Value, put func(json value.Value) error) error {
	paths, err := pathsIn("fields", p.Fields)
	if err != nil {
		return err
	}
	rest, longest := item, 0
	entries := make([][]value.Value, len(paths))
	for i, path := range paths {
		found := item.Find(path)
		entries[i] = entriesOf(found)
		if longest = max(longest, len(entries[i])); found.Kind() != value.UndefinedKind {
			if rest, err = rest.Set(path, value.Value{}); err != nil {
				return fault.InvalidField("fields", "%s", err)
			}
		}
	}
	kept, err := p.included(item)
	if err != nil {
		return err
	}
	for n := range longest {
		var members []value.Member
		for i := range paths {
			if n < len(entries[i]) {
				members = append(members, value.Member{Key: p.splitName(i), Value: entries[i][n]})
			}
		}
		if p.Include == "all" {
			for key, v := range rest.Members() {
				if !hasKey(members, key) {
					members = append(members, value.Member{Key: key, Value: v})
				}
			}
		}
		json := value.Object(append(members, kept...)...)
		if p.Include == "none" && len(paths) == 1 && p.Destination == "" && members[0].Value.Kind() == value.ObjectKind {
			json = members[0].Value
		}
		if err := put(json); err != nil {
			return err
		}
	}
	return nil
}

func hasKey(members []value.Member, key string) bool {
	for _, m := range members {
		if m.Key == key {
			return true
		}
	}
	return false
}

// splitName is the field that gets the entries of a list.
func (p *Items) splitName(i int) string {
	if p.Destination != "" && len(p.Fields) == 1 {
		return string(p.Destination)
	}
	return p.Fields[i]
}

// included are the other fields that an item keeps, by their paths.
func (p *Items) included(item value.Value) ([]value.Member, error) {
	if p.Include != "selected" {
		return nil, nil
	}
	var kept []value.Member
	for _, text := range p.IncludeFields {
		path, err := pathIn("include_fields", text)
		if err != nil {
			return nil, err
		}
		if v := item.Find(path); v.Kind() != value.UndefinedKind {
			kept = append(kept, value.Member{Key: text, Value: v})
		}
	}
	return kept, nil
}

// entriesOf are the entries of a list, the values of an object, or the value itself. What is missing has none.
func entriesOf(v value.Value) []value.Value {
	var entries []value.Value
	switch v.Kind() {
	case value.UndefinedKind, value.NullKind:
	case value.ListKind:
		for _, entry := range v.Elements() {
			entries = append(entries, entry)
		}
	case value.ObjectKind:
		for _, entry := range v.Members() {
			entries = append(entries, entry)
		}
	default:
		entries = append(entries, v)
	}
	return entries
}

// rename moves fields. One that is not there moves nothing.
func rename(c *Call, out *Output, parameters func(int) (*Items, error)) error {
	for i, item := range c.Items {
		p, err := parameters(i)
		if err != nil {
			return err
		}
		came := item.JSON
		for n, r := range p.Names {
			if !c.AsInN8n { // where a name that was given before is not found
				came = item.JSON
			}
			if item.JSON, err = r.apply(n, item.JSON, came); err != nil {
				return err
			}
		}
		if err := tooDeep(item.JSON); err != nil {
			return err
		}
		if err := c.put(out, value.Item{JSON: item.JSON, Files: item.Files, From: value.Origin{Index: i}}); err != nil {
			return err
		}
	}
	return nil
}

// apply moves a field of json, whose value is that of the item that came.
func (r Renaming) apply(row int, json, came value.Value) (value.Value, error) {
	from, err := pathIn(fmt.Sprintf("names.%d.from", row), string(r.From))
	if err != nil {
		return json, err
	}
	to, err := pathIn(fmt.Sprintf("names.%d.to", row), string(r.To))
	if err != nil {
		return json, err
	}
	moved := came.Find(from)
	if moved.Kind() == value.UndefinedKind || r.From == r.To {
		return json, nil
	}
	gone := value.Value{} // removes a key, and leaves a hole in a list, whose other entries keep their places
	if json.Find(from[:len(from)-1]).Kind() == value.ListKind {
		gone = value.Null()
	}
	if json, err = json.Set(from, gone); err == nil {
		json, err = json.Set(to, moved)
	}
	if err != nil {
		return json, fault.InvalidField(fmt.Sprintf("names.%d.to", row), "%s", err)
	}
	return json, nil
}
