package field

import (
	"fmt"
	"reflect"
	"strings"
)

// listColumn is the column of a list of texts: JSON, so that a filter can look for one entry.
const listColumn = "TEXT NOT NULL"

// maxEntries bounds what is read of a list before its own bound is looked at, since repetition is looked for in each.
const maxEntries = 1000

// listType is what lists of texts share. A filter names one entry, and finds the lists that hold it.
type listType struct{}

func (t listType) AppendJSON(out []byte, v reflect.Value) []byte {
	return appendTexts(out, t.entries(v))
}

func (t listType) Text(v reflect.Value) string {
	return strings.Join(t.entries(v), ", ")
}

func (listType) entries(v reflect.Value) []string {
	texts := make([]string, v.Len())
	for i := range texts {
		texts[i] = v.Index(i).String()
	}
	return texts
}

func (f *Field) checkCount(count, otherwise int) string {
	switch {
	case f.Required && count == 0:
		return "is required"
	case count > f.longest(otherwise):
		return fmt.Sprintf("must be a list of at most %d entries", f.longest(otherwise))
	}
	return ""
}

func appendTexts(out []byte, list []string) []byte {
	out = append(out, '[')
	for i, text := range list {
		if i > 0 {
			out = append(out, ',')
		}
		out = AppendJSONString(out, text)
	}
	return append(out, ']')
}
