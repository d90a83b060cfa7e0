package field

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// shape is a schema that documents are checked against. It knows the words of JSON Schema that kinds use, and parsing refuses
// any other, so that no rule is silently without effect. It is ours because the libraries compile their own schemas before main.
type shape struct {
	types      []string
	choices    []any
	required   []string
	properties map[string]*shape
	// others are the properties without a name in properties; closed says that there are none.
	others *shape
	closed bool
	items  *shape
	// bounds are the limits of a number, of the characters of a text and of the items of a list, by their words.
	bounds map[string]float64
}

// boundWords are the words of bounds.
var boundWords = []string{"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}

// shapeTypes are the types of JSON and how a message calls them.
var shapeTypes = map[string]string{
	"object": "an object", "array": "a list", "string": "text", "number": "a number", "integer": "a whole number",
	"boolean": "true or false", "null": "null",
}

// parseShape reads a schema as it stands in JSON.
func parseShape(schema any) (*shape, error) {
	words, ok := schema.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("a schema is an object, not %v", schema)
	}
	s := &shape{bounds: map[string]float64{}}
	for word, value := range words {
		if err := s.parse(word, value); err != nil {
			return nil, fmt.Errorf("%s: %w", word, err)
		}
	}
	return s, nil
}

func (s *shape) parse(word string, value any) (err error) {
	switch word {
	case "title", "description", "examples", "default", "format":
	case "type":
		if name, ok := value.(string); ok {
			value = []any{name}
		}
		if s.types, err = texts(value); err != nil {
			return err
		}
		for _, name := range s.types {
			if _, ok := shapeTypes[name]; !ok {
				return fmt.Errorf("there is no type %q", name)
			}
		}
	case "enum":
		choices, ok := value.([]any)
		if !ok {
			return fmt.Errorf("must be a list")
		}
		s.choices = choices
	case "required":
		s.required, err = texts(value)
	case "properties":
		properties, ok := value.(map[string]any)
		if !ok {
			return fmt.Errorf("must be an object")
		}
		s.properties = map[string]*shape{}
		for name, schema := range properties {
			if s.properties[name], err = parseShape(schema); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	case "additionalProperties":
		if open, ok := value.(bool); ok {
			s.closed = !open
			return nil
		}
		s.others, err = parseShape(value)
	case "items":
		s.items, err = parseShape(value)
	default:
		number, ok := value.(json.Number)
		if !ok || !slices.Contains(boundWords, word) {
			return fmt.Errorf("is no word that documents are checked by, or no number")
		}
		s.bounds[word], err = number.Float64()
	}
	return err
}

func texts(value any) (all []string, err error) {
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("must be a list")
	}
	for _, one := range list {
		text, ok := one.(string)
		if !ok {
			return nil, fmt.Errorf("must be a list of texts")
		}
		all = append(all, text)
	}
	return all, nil
}

// decodeDocument reads one JSON document. Numbers keep their digits.
func decodeDocument(text []byte) (value any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err = decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err = decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("text follows the document")
	}
	return value, nil
}

// check says what of a value does not fit and where, nothing if all of it fits.
func (s *shape) check(value any, place string) (at, wrong string) {
	if len(s.types) > 0 && !slices.ContainsFunc(s.types, func(name string) bool { return isOf(value, name) }) {
		var want []string
		for _, name := range s.types {
			want = append(want, shapeTypes[name])
		}
		return place, "must be " + strings.Join(want, " or ")
	}
	if s.choices != nil && !slices.ContainsFunc(s.choices, func(choice any) bool { return reflect.DeepEqual(choice, value) }) {
		text, _ := json.Marshal(s.choices)
		return place, "must be one of " + string(text)
	}
	switch value := value.(type) {
	case json.Number:
		number, err := value.Float64()
		if err != nil {
			return place, "must be a smaller number"
		}
		return place, s.bounded("minimum", "maximum", number, "")
	case string:
		return place, s.bounded("minLength", "maxLength", float64(utf8.RuneCountInString(value)), " characters")
	case []any:
		if wrong := s.bounded("minItems", "maxItems", float64(len(value)), " items"); wrong != "" {
			return place, wrong
		}
		for i, item := range value {
			if s.items == nil {
				break
			}
			if at, wrong := s.items.check(item, place+"/"+strconv.Itoa(i)); wrong != "" {
				return at, wrong
			}
		}
	case map[string]any:
		return s.checkObject(value, place)
	}
	return place, ""
}

func (s *shape) checkObject(object map[string]any, place string) (at, wrong string) {
	for _, name := range s.required {
		if _, ok := object[name]; !ok {
			return place, fmt.Sprintf("needs %q", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		property, ok := s.properties[name]
		switch {
		case ok:
		case s.closed:
			return place, fmt.Sprintf("must not have %q", name)
		case s.others == nil:
			continue
		default:
			property = s.others
		}
		step := strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		if at, wrong := property.check(object[name], place+"/"+step); wrong != "" {
			return at, wrong
		}
	}
	return place, ""
}

// bounded says which bound a number, or the length of something, is out of.
func (s *shape) bounded(least, most string, size float64, unit string) string {
	if limit, ok := s.bounds[least]; ok && size < limit {
		return fmt.Sprintf("must be at least %v%s", limit, unit)
	}
	if limit, ok := s.bounds[most]; ok && size > limit {
		return fmt.Sprintf("must be at most %v%s", limit, unit)
	}
	return ""
}

func isOf(value any, name string) bool {
	switch value := value.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case json.Number:
		number, err := value.Float64()
		return name == "number" || name == "integer" && err == nil && number == math.Trunc(number)
	case []any:
		return name == "array"
	}
	return name == "object"
}
