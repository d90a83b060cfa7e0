package field

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"

	"zygo/app/value"
)

// textsType is a list of texts, or of choices, in the order in which they were given. Operations and nodes take it; it is no
// column. A text in its place is cut at commas and line ends, or by the Go type where it is splitting.
type textsType struct{ listType }

// splitting is a Go type that cuts texts into entries in a way of its own. It cuts at line ends too, unless it never cuts.
type splitting interface{ Split(text string) []string }

func (textsType) Name() string { return "texts" }

func (textsType) Schema(f *Field) Schema {
	entry := Schema{"type": "string"}
	if f.Choices != nil {
		entry = choiceType{}.Schema(f)
	}
	return Schema{"type": "array", "maxItems": f.longest(maxEntries), "items": entry}
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
	split := splitList
	if own, ok := v.Interface().(splitting); ok {
		split = own.Split
	}
	setTexts(v, split(text))
	return nil
}

// splitList cuts a text into its entries. One in quotes keeps its commas.
func splitList(text string) []string {
	read := csv.NewReader(strings.NewReader(text))
	read.TrimLeadingSpace, read.LazyQuotes, read.FieldsPerRecord = true, true, -1
	lines, err := read.ReadAll()
	if err != nil {
		return []string{text}
	}
	entries := slices.Concat(lines...)
	for i := range entries {
		entries[i] = strings.TrimSpace(entries[i])
	}
	return slices.DeleteFunc(entries, func(entry string) bool { return entry == "" })
}

func setTexts(v reflect.Value, texts []string) {
	v.Set(reflect.MakeSlice(v.Type(), len(texts), len(texts)))
	for i, text := range texts {
		v.Index(i).SetString(text)
	}
}

// Text has an entry on each line, in quotes where it would be cut without them.
func (t textsType) Text(v reflect.Value) string {
	if _, ok := v.Interface().(splitting); ok {
		return strings.Join(t.entries(v), "\n")
	}
	var text strings.Builder
	write := csv.NewWriter(&text)
	for _, entry := range t.entries(v) {
		_ = write.Write([]string{entry}) // into memory
	}
	write.Flush()
	return strings.TrimSuffix(text.String(), "\n")
}

func (t textsType) Check(f *Field, v reflect.Value) string {
	if wrong := f.checkCount(v.Len(), maxEntries); wrong != "" || f.Choices == nil {
		return wrong
	}
	for i := range v.Len() {
		if wrong := (choiceType{}).Check(f, v.Index(i)); wrong != "" {
			return wrong
		}
	}
	return ""
}

// take gives a list within the list its entries in its place: an expression for one entry may give several.
func (textsType) take(f *Field, given value.Value, v reflect.Value) error {
	if given.Kind() != value.ListKind {
		return f.Type.FromText(f, plain(given), v)
	}
	setTexts(v, flatTexts(given))
	return nil
}

func flatTexts(list value.Value) []string {
	var texts []string
	for _, element := range list.Elements() {
		if element.Kind() != value.ListKind {
			texts = append(texts, element.Text())
		}
		for _, inner := range element.Elements() {
			texts = append(texts, inner.Text())
		}
	}
	return texts
}

// choicesType is a list of choices.
type choicesType struct{ textsType }

func (choicesType) Name() string { return "choices" }

// OneOrMany is a text, or a list of texts where there are several. A text is one entry, whatever it holds. What an expression gave
// stays what it is, so that a request can write it in a form of its own.
type OneOrMany struct{ Given value.Value }

// Texts are the entries as texts. A list within the list has its entries in its place, and what is missing has none.
func (o OneOrMany) Texts() []string {
	switch {
	case o.Given.IsMissing():
		return nil
	case o.Given.Kind() != value.ListKind:
		return []string{plain(o.Given)}
	}
	return flatTexts(o.Given)
}

type oneOrManyType struct{ valueType }

func (oneOrManyType) Name() string { return "one_or_many" }

func (oneOrManyType) Schema(f *Field) Schema {
	return Schema{"anyOf": []Schema{textsType{}.Schema(f), {"type": "string"}}}
}

func (t oneOrManyType) AppendJSON(out []byte, v reflect.Value) []byte {
	return t.valueType.AppendJSON(out, v.Field(0))
}

func (t oneOrManyType) FromJSON(f *Field, raw []byte, v reflect.Value) error {
	return t.valueType.FromJSON(f, raw, v.Field(0))
}

func (oneOrManyType) FromText(_ *Field, text string, v reflect.Value) error {
	v.Set(reflect.ValueOf(OneOrMany{value.String(text)}))
	return nil
}

func (oneOrManyType) Text(v reflect.Value) string {
	return strings.Join(v.Interface().(OneOrMany).Texts(), "\n")
}

func (oneOrManyType) Check(f *Field, v reflect.Value) string {
	return f.checkCount(len(v.Interface().(OneOrMany).Texts()), maxEntries)
}

func (t oneOrManyType) take(f *Field, given value.Value, v reflect.Value) error {
	return t.valueType.take(f, given, v.Field(0))
}
