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

// Tags are short words that people attach: sorted, without repetition.
type Tags []string

const (
	mostTags   = 20
	longestTag = 50
)

// Column is the column type: a JSON list.
func (Tags) Column() string { return "TEXT NOT NULL" }

// Value is what the driver stores.
func (t Tags) Value() (driver.Value, error) {
	return string(tagsType{}.AppendJSON(nil, reflect.ValueOf(t))), nil
}

// Scan reads what the driver stored.
func (t *Tags) Scan(from any) error {
	text, ok := from.(string)
	if !ok {
		return fmt.Errorf("tags are stored as text, not %T", from)
	}
	return json.Unmarshal([]byte(text), (*[]string)(t))
}

type tagsType struct{}

func (tagsType) Name() string { return "tags" }

func (tagsType) Schema(f *Field) Schema {
	return Schema{"type": "array", "maxItems": f.longest(mostTags), "items": Schema{"type": "string", "maxLength": longestTag}}
}

func (tagsType) AppendJSON(out []byte, v reflect.Value) []byte {
	out = append(out, '[')
	for i, tag := range v.Interface().(Tags) {
		if i > 0 {
			out = append(out, ',')
		}
		out = AppendJSONString(out, tag)
	}
	return append(out, ']')
}

func (tagsType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		return errors.New("must be a list of texts")
	}
	v.Set(reflect.ValueOf(cleanTags(list)))
	return nil
}

func (tagsType) FromText(_ *Field, text string, v reflect.Value) error {
	v.Set(reflect.ValueOf(cleanTags(strings.Split(text, ","))))
	return nil
}

func (tagsType) Text(v reflect.Value) string { return strings.Join(v.Interface().(Tags), ", ") }

func (tagsType) Check(f *Field, v reflect.Value) string {
	tags := v.Interface().(Tags)
	if len(tags) > f.longest(mostTags) {
		return fmt.Sprintf("has %d tags; %d is the most", len(tags), f.longest(mostTags))
	}
	for _, tag := range tags {
		if len(tag) > longestTag {
			return fmt.Sprintf("has a tag of more than %d bytes", longestTag)
		}
	}
	return ""
}

func cleanTags(list []string) Tags {
	tags := Tags{}
	for _, tag := range list {
		if tag = strings.Join(strings.Fields(tag), " "); tag != "" {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}
