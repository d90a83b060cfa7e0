package field

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Refs are the ids of rows of the kind that the tag's to= names, in the order that they were given and without repetition.
// That the rows exist within the actor's scope is checked inside the write.
type Refs []string

const mostRefs = 100

// Column is the column type: a JSON list.
func (Refs) Column() string { return listColumn }

// Value is what the driver stores.
func (r Refs) Value() (driver.Value, error) { return string(appendTexts(nil, r)), nil }

// Scan reads what the driver stored.
func (r *Refs) Scan(from any) error { return scanJSON(from, (*[]string)(r)) }

type referencesType struct{ listType }

func (referencesType) Name() string { return "references" }

func (referencesType) Schema(f *Field) Schema {
	return Schema{
		"type":        "array",
		"maxItems":    f.longest(mostRefs),
		"description": "The ids of " + strings.ReplaceAll(f.To, "_", " ") + " rows.",
		"x-kind":      f.To,
		"items":       Schema{"type": "string"},
	}
}

func (referencesType) FromJSON(f *Field, raw []byte, v reflect.Value) error {
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		return errors.New("must be a list of ids of " + strings.ReplaceAll(f.To, "_", " ") + " rows")
	}
	return referencesType{}.FromText(f, strings.Join(list, ","), v)
}

func (referencesType) FromText(_ *Field, text string, v reflect.Value) error {
	ids := Refs{}
	for id := range strings.SplitSeq(text, ",") {
		if id = strings.TrimSpace(id); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		if len(ids) > maxEntries {
			return fmt.Errorf("has more than %d rows", maxEntries)
		}
	}
	v.Set(reflect.ValueOf(ids))
	return nil
}

func (referencesType) Check(f *Field, v reflect.Value) string {
	return f.checkCount(v.Len(), mostRefs)
}

func (referencesType) refers(v reflect.Value) []string { return v.Interface().(Refs) }
