package node

import (
	"fmt"

	"zygo/app/field"
	"zygo/app/flow/content"
	"zygo/app/value"
)

// ItemsFiles says what becomes of the fields that hold a file.
type ItemsFiles string

// Choices are what may become of them.
func (ItemsFiles) Choices() []field.Choice {
	return []field.Choice{{Value: "fields", Label: "Fields like the others"}, {Value: "beside", Label: "Beside the result"},
		{Value: "unique", Label: "Beside the result, each once"}, {Value: "none", Label: "Left out"}}
}

// divide takes the files out of an item, unless they are fields like the others. Those that are left out are none.
func (p *Items) divide(item value.Value) (rest value.Value, files []value.Member) {
	if p.Files == "fields" {
		return item, nil
	}
	var others []value.Member
	for key, v := range item.Members() {
		_, isFile := content.SizeOf(v)
		switch m := (value.Member{Key: key, Value: v}); {
		case !isFile || v.Get("media_type").Kind() != value.StringKind:
			others = append(others, m)
		case p.Files != "none":
			files = append(files, m)
		}
	}
	if len(others) == item.Len() {
		return item, nil
	}
	return value.Object(others...), files
}

// beside puts files into fields of their names. Of several with one name, and where the result has it, the next are called name_1
// and so on. In n8n the result has no such fields, so a file is what a workflow as there expects under the name.
func (p *Items) beside(c *Call, result value.Value, files []value.Member) value.Value {
	if len(files) == 0 {
		return result
	}
	type identity struct{ name, kind, body string }
	seen, taken, next := map[identity]bool{}, map[string]bool{}, map[string]int{}
	for key := range result.Members() {
		taken[key] = !c.AsInN8n
	}
	var added, members []value.Member
	for _, file := range files {
		id := identity{file.Value.Get("name").Raw(), file.Value.Get("media_type").Raw(), file.Value.Get("base64").Raw()}
		if p.Files == "unique" && seen[id] {
			continue
		}
		seen[id] = true
		name := file.Key
		for taken[name] {
			next[file.Key]++
			name = fmt.Sprintf("%s_%d", file.Key, next[file.Key])
		}
		taken[name] = true
		added = append(added, value.Member{Key: name, Value: file.Value})
	}
	for key, v := range result.Members() {
		if !taken[key] || !c.AsInN8n {
			members = append(members, value.Member{Key: key, Value: v})
		}
	}
	return value.Object(append(members, added...)...)
}
