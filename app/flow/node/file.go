package node

import (
	"fmt"
	"strings"

	"zygo/app/fault"
	"zygo/app/flow/content"
	"zygo/app/flow/memory"
	"zygo/app/value"
)

// mostCarried is what the files of one request, mail or answer may have together.
const mostCarried = 32 << 20

var errCarriesTooMuch = &Error{Code: "FILES_TOO_LARGE", Message: fmt.Sprintf("The files take more than %d MiB.", mostCarried>>20)}

// carried counts what is carried for one item. Reset it when that is sent.
func (c *Call) carried() *memory.Meter { return c.Memory.Part(mostCarried, errCarriesTooMuch) }

// files reads what a parameter names: a file, the path of a field of the item in which one stands, or a list of those. A text
// with commas names several fields.
func files(field string, given, item value.Value, room *memory.Meter) ([]content.File, error) {
	switch given.Kind() {
	case value.UndefinedKind, value.NullKind:
		return nil, nil
	case value.ListKind:
		var all []content.File
		for _, element := range given.Elements() {
			some, err := files(field, element, item, room)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
		return all, nil
	case value.StringKind:
		return named(field, given.Raw(), item, room)
	}
	file, err := carriedFile(field, given, room)
	return []content.File{file}, err
}

// carriedFile reads the object that is a file.
func carriedFile(field string, v value.Value, room *memory.Meter) (content.File, error) {
	size, _ := content.SizeOf(v)
	if err := room.Take(size); err != nil {
		return content.File{}, err
	}
	file, ok := content.FileOf(v)
	if !ok {
		return file, fault.InvalidField(field, "is no file: a file is an object with name, media_type and base64")
	}
	return file, nil
}

// named reads the files that stand in the fields of an item.
func named(field, names string, item value.Value, room *memory.Meter) ([]content.File, error) {
	var all []content.File
	for name := range strings.SplitSeq(names, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		path, err := value.ParsePath(name)
		if err != nil {
			return nil, fault.InvalidField(field, "%s", err)
		}
		found := item.Find(path)
		if found.IsMissing() {
			return nil, fault.InvalidField(field, "the item has no field %.100q", name)
		}
		if found.Kind() != value.ListKind {
			found = value.List(found)
		}
		for _, v := range found.Elements() {
			file, err := carriedFile(field, v, room)
			if err != nil {
				return nil, err
			}
			all = append(all, file)
		}
	}
	return all, nil
}

// oneFile reads a parameter that names one file.
func oneFile(field string, given, item value.Value, room *memory.Meter) (content.File, error) {
	all, err := files(field, given, item, room)
	if err == nil && len(all) != 1 {
		err = fault.InvalidField(field, "names %d files instead of one", len(all))
	}
	if err != nil {
		return content.File{}, err
	}
	return all[0], nil
}
