package field

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// textsType is a list of texts in the order in which they were given: what an operation or a node is told, and no column.
type textsType struct{ listType }

func (textsType) Name() string { return "texts" }

func (textsType) Schema(f *Field) Schema {
	return Schema{"type": "array", "maxItems": f.longest(maxEntries), "items": Schema{"type": "string"}}
}

func (textsType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	list := reflect.New(v.Type())
	if err := json.Unmarshal(raw, list.Interface()); err != nil {
		return errors.New("must be a list of texts")
	}
	v.Set(list.Elem())
	return nil
}

func (textsType) FromText(_ *Field, text string, v reflect.Value) error {
	v.SetZero()
	for _, entry := range strings.Split(text, ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			v.Set(reflect.Append(v, reflect.ValueOf(entry).Convert(v.Type().Elem())))
		}
	}
	return nil
}

func (textsType) Check(f *Field, v reflect.Value) string {
	switch {
	case f.Required && v.Len() == 0:
		return "is required"
	case v.Len() > f.longest(maxEntries):
		return fmt.Sprintf("has %d entries; %d is the most", v.Len(), f.longest(maxEntries))
	}
	return ""
}
