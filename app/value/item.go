package value

import "fmt"

// Item is what flows between nodes: one record, its files, and where it came from. A node receives and returns lists of
// items.
type Item struct {
	JSON  Value
	Files []File
	From  Origin
	// Also are the other items that it was made from, such as those of the other inputs of a merge.
	Also []Origin
}

// File is a handle on a file in the blob store; the bytes never travel with the item. Who holds an id has no right by
// that: anyone who opens it checks the tenant.
type File struct {
	Slot string // the name under which nodes find it, "data" for most
	ID   string
	Name string
	Type string // media type
	Size int64  // bytes
}

// Origin is an item's lineage: the item that it was made from. $('Node').item follows it from item to item. The zero
// Origin has none, as a trigger's item.
type Origin struct {
	Node   string // the node's name
	Output string
	Index  int // in that output's list
	Run    int // of the node, which runs more than once in a loop
}

// AppendItems appends a list of items as JSON, in the form that ParseItems reads. Empty files and lineage are left out.
func AppendItems(to []byte, items []Item) []byte {
	to = append(to, '[')
	for i, item := range items {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(to, `{"json":`...)
		to = item.JSON.AppendJSON(to)
		if len(item.Files) > 0 {
			to = append(to, `,"files":`...)
			to = item.files().AppendJSON(to)
		}
		if item.From.Node != "" {
			to = append(to, `,"from":`...)
			to = item.from().AppendJSON(to)
		}
		to = append(to, '}')
	}
	return append(to, ']')
}

// Value is the item as one object {json, files, from}, as an expression or a script sees it.
func (i Item) Value() Value {
	members := []Member{{"json", i.JSON}}
	if len(i.Files) > 0 {
		members = append(members, Member{"files", i.files()})
	}
	if i.From.Node != "" {
		members = append(members, Member{"from", i.from()})
	}
	return Object(members...)
}

// from is the lineage: an object, or a list of them where the item was made from several.
func (i Item) from() Value {
	if len(i.Also) == 0 {
		return i.From.value()
	}
	all := []Value{i.From.value()}
	for _, other := range i.Also {
		all = append(all, other.value())
	}
	return List(all...)
}

func (o Origin) value() Value {
	members := []Member{{"node", String(o.Node)}, {"output", String(o.Output)}, {"index", Int(int64(o.Index))}}
	if o.Run > 0 {
		members = append(members, Member{"run", Int(int64(o.Run))})
	}
	return Object(members...)
}

func originOf(v Value) (Origin, error) {
	index, ok := v.Get("index").Whole()
	if !ok || index < 0 {
		return Origin{}, fmt.Errorf("from has no index")
	}
	run, _ := v.Get("run").Whole()
	return Origin{Node: v.Get("node").Raw(), Output: v.Get("output").Raw(), Index: int(index), Run: int(max(run, 0))}, nil
}

func (i Item) files() Value {
	members := make([]Member, len(i.Files))
	for n, f := range i.Files {
		members[n] = Member{f.Slot, Object(Member{"id", String(f.ID)}, Member{"name", String(f.Name)},
			Member{"type", String(f.Type)}, Member{"size", Int(f.Size)})}
	}
	return Object(members...)
}

// ParseItems reads what AppendItems wrote. The limits hold for the whole list.
func ParseItems(data []byte, limits Limits) ([]Item, error) {
	limits = limits.orDefault()
	limits.Depth += 2 // the list and the item around the JSON
	list, err := parse(data, limits)
	if err != nil {
		return nil, err
	}
	if list.Kind() != ListKind {
		return nil, fmt.Errorf("a list of items is a %s", list.Kind())
	}
	items := make([]Item, list.Len())
	for n, v := range list.Elements() {
		if items[n], err = ItemOf(v); err != nil {
			return nil, fmt.Errorf("item %d: %w", n, err)
		}
	}
	return items, nil
}

// ItemOf reads an item from its object form.
func ItemOf(v Value) (Item, error) {
	json := v.Get("json")
	if json.Kind() == UndefinedKind {
		return Item{}, fmt.Errorf("no json")
	}
	item := Item{JSON: json}
	for slot, f := range v.Get("files").Members() {
		size, _ := f.Get("size").Whole()
		item.Files = append(item.Files, File{
			Slot: slot,
			ID:   f.Get("id").Raw(),
			Name: f.Get("name").Raw(),
			Type: f.Get("type").Raw(),
			Size: size,
		})
	}
	from := v.Get("from")
	switch from.Kind() {
	case ObjectKind:
		from = List(from)
	case ListKind:
	default:
		return item, nil
	}
	for _, one := range from.Elements() {
		origin, err := originOf(one)
		if err != nil {
			return Item{}, err
		}
		if item.From == (Origin{}) {
			item.From = origin
		} else {
			item.Also = append(item.Also, origin)
		}
	}
	return item, nil
}
