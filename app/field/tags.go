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

// Tags are short words that people attach: sorted, without repetition and without commas.
type Tags []string

const (
	mostTags   = 20
	longestTag = 50
)

// Column is the column type: a JSON list.
func (Tags) Column() string { return listColumn }

// Value is what the driver stores.
func (t Tags) Value() (driver.Value, error) { return string(appendTexts(nil, t)), nil }

// Scan reads what the driver stored.
func (t *Tags) Scan(from any) error { return scanJSON(from, (*[]string)(t)) }

type tagsType struct{ listType }

func (tagsType) Name() string { return "tags" }

func (tagsType) Schema(f *Field) Schema {
	return Schema{"type": "array", "maxItems": f.longest(mostTags), "items": Schema{"type": "string", "maxLength": longestTag}}
}

func (tagsType) FromJSON(f *Field, raw []byte, v reflect.Value) error {
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		return errors.New("must be a list of texts")
	}
	return tagsType{}.FromText(f, strings.Join(list, ","), v)
}

func (tagsType) FromText(_ *Field, text string, v reflect.Value) error {
	tags := Tags{}
	for tag := range strings.SplitSeq(text, ",") {
		if tag = strings.Join(strings.Fields(tag), " "); tag != "" {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	v.Set(reflect.ValueOf(slices.Compact(tags)))
	return nil
}

func (tagsType) Check(f *Field, v reflect.Value) string {
	tags := v.Interface().(Tags)
	switch {
	case f.Required && len(tags) == 0:
		return "is required"
	case len(tags) > f.longest(mostTags):
		return fmt.Sprintf("has %d tags; %d is the most", len(tags), f.longest(mostTags))
	}
	for _, tag := range tags {
		if len(tag) > longestTag {
			return fmt.Sprintf("has a tag of more than %d bytes", longestTag)
		}
	}
	return ""
}
