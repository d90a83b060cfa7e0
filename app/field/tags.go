package field

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
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
	return Schema{
		"type":     "array",
		"maxItems": f.longest(mostTags),
		"items":    Schema{"type": "string", "maxLength": longestTag, "pattern": "^[^,]*$"},
	}
}

func (tagsType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		return errors.New("must be a list of texts")
	}
	v.Set(reflect.ValueOf(newTags(list)))
	return nil
}

func (tagsType) FromText(_ *Field, text string, v reflect.Value) error {
	v.Set(reflect.ValueOf(newTags(strings.Split(text, ","))))
	return nil
}

func newTags(list []string) Tags {
	tags := Tags{}
	for _, tag := range list {
		if tag = Line(tag); tag != "" {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

func (tagsType) Check(f *Field, v reflect.Value) string {
	if wrong := f.checkCount(v.Len(), mostTags); wrong != "" {
		return wrong
	}
	for _, tag := range v.Interface().(Tags) {
		if wrong := CheckTag(tag); wrong != "" {
			return fmt.Sprintf("has the tag %q, which %s", tag, wrong)
		}
	}
	return ""
}

// CheckTag tells in a sentence why no row can have a tag, or is empty. Forms, filters and tables part tags by commas.
func CheckTag(tag string) string {
	switch length := utf8.RuneCountInString(tag); {
	case strings.Contains(tag, ","):
		return "has a comma; commas stand between tags"
	case length > longestTag:
		return fmt.Sprintf("has %d characters; %d is the most", length, longestTag)
	}
	return checkLine(tag)
}
