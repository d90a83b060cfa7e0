package node

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"zygo/app/field"
	"zygo/app/value"
)

// Field describes one parameter, as its Go type and its tag z declare it. The tag's words are those of a resource's field
// where they mean the same: required, max=, min=, default=, label=, short, fold, help=. Beside them:
//
//	secret      an expression here may use $secrets
//	literal     the text is taken as it stands and never as an expression
//	long, code  the widget is a large one, or an editor
//	when=F:A|B  shown when the field F is A or B
//	text        a list of strings is entered as one text, which is one entry
//	addresses   a text in place of a list is cut as people write recipients, else at its commas
//	document=F  a text here is JSON that somebody wrote, when the choice F is json
//
// The Go types are string, bool, int, float64, value.Value for anything, a choice (a string with Choices), a list of
// strings or choices, and a list of structs, whose fields are Rows.
type Field struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Help     string   `json:"help,omitempty"`
	Widget   string   `json:"widget"` // text, long, code, boolean, number, choice, value, texts, choices or rows
	Required bool     `json:"required,omitempty"`
	Secret   bool     `json:"secret,omitempty"`
	Literal  bool     `json:"literal,omitempty"`
	Short    bool     `json:"short,omitempty"`
	Fold     bool     `json:"fold,omitempty"`
	Default  string   `json:"default,omitempty"`
	Min      int      `json:"min,omitempty"`
	Max      int      `json:"max,omitempty"`
	Choices  []Choice `json:"choices,omitempty"`
	When     *When    `json:"when,omitempty"`
	Rows     []*Field `json:"rows,omitempty"`

	index     int
	declared  reflect.Type
	document  string // the choice that says whether a text here is JSON
	addresses bool
}

// isDocument tells whether a text in the field is JSON that somebody wrote.
func (f *Field) isDocument(among []*Field, config value.Value) bool {
	if f.document == "" {
		return false
	}
	for _, chooses := range among {
		if chooses.Name == f.document {
			chosen := config.Get(chooses.Name)
			return chosen.Raw() == "json" || chosen.IsMissing() && chooses.Default == "json"
		}
	}
	return false
}

// Choice is one value of a field with a fixed set of them.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// When is the condition under which a form shows a field.
type When struct {
	Field  string   `json:"field"`
	Values []string `json:"values"`
}

// Most of what a field without a bound of its own accepts.
const (
	longestText = 64 << 10
	mostRows    = 200
)

var valueType = reflect.TypeFor[value.Value]()

func fieldsOf(t reflect.Type) ([]*Field, error) {
	fields := []*Field{}
	for i := range t.NumField() {
		declared := t.Field(i)
		if !declared.IsExported() {
			continue
		}
		f := &Field{Name: snakeCase(declared.Name), index: i, declared: declared.Type}
		f.Label = strings.ToUpper(f.Name[:1]) + strings.ReplaceAll(f.Name[1:], "_", " ")
		if err := f.read(declared.Tag.Get("z")); err != nil {
			return nil, fmt.Errorf("%s: %w", declared.Name, err)
		}
		fields = append(fields, f)
	}
	return fields, nil
}

func (f *Field) read(tag string) error {
	t := f.declared
	element := t
	if t.Kind() == reflect.Slice {
		element = t.Elem()
	}
	chooser, isChoice := reflect.Zero(element).Interface().(interface{ Choices() []Choice })
	if isChoice {
		f.Choices = chooser.Choices()
	}
	var err error
	switch {
	case t == valueType:
		f.Widget = "value"
	case t.Kind() == reflect.Slice && isChoice:
		f.Widget = "choices"
	case t.Kind() == reflect.Slice && element.Kind() == reflect.String:
		f.Widget = "texts"
	case t.Kind() == reflect.Slice && element.Kind() == reflect.Struct:
		f.Widget = "rows"
		f.Rows, err = fieldsOf(element)
	case isChoice:
		f.Widget = "choice"
	case t.Kind() == reflect.String:
		f.Widget = "text"
	case t.Kind() == reflect.Bool:
		f.Widget = "boolean"
	case t.Kind() == reflect.Int, t.Kind() == reflect.Float64:
		f.Widget = "number"
	default:
		err = fmt.Errorf("%s is no type of a parameter", t)
	}
	for err == nil && tag != "" {
		if help, ok := strings.CutPrefix(tag, "help="); ok {
			f.Help = help
			return nil
		}
		var word string
		word, tag, _ = strings.Cut(tag, ",")
		err = f.word(word)
	}
	return err
}

func (f *Field) word(word string) (err error) {
	name, argument, _ := strings.Cut(word, "=")
	switch name {
	case "required":
		f.Required = true
	case "secret":
		f.Secret = true
	case "literal":
		f.Literal = true
	case "short":
		f.Short = true
	case "fold":
		f.Fold = true
	case "text", "long", "code":
		f.Widget = name
	case "addresses":
		f.addresses = true
	case "document":
		f.document = argument
	case "default":
		f.Default = argument
	case "label":
		f.Label = argument
	case "min":
		f.Min, err = strconv.Atoi(argument)
	case "max":
		f.Max, err = strconv.Atoi(argument)
	case "when":
		field, values, _ := strings.Cut(argument, ":")
		f.When = &When{field, strings.Split(values, "|")}
	default:
		err = fmt.Errorf("unknown word %q in the tag", word)
	}
	return err
}

// snakeCase is the name in JSON: ReplyTo is reply_to, HTML is html.
func snakeCase(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) {
			if i > 0 && (unicode.IsLower(rune(name[i-1])) || i+1 < len(name) && unicode.IsLower(rune(name[i+1]))) {
				b.WriteByte('_')
			}
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Schema is the JSON schema of the configuration. Where an expression may stand, a text with {{ is valid too.
func (t *Type) Schema() field.Schema { return objectSchema(t.fields) }

func objectSchema(fields []*Field) field.Schema {
	properties, required := field.Schema{}, []string{}
	for _, f := range fields {
		properties[f.Name] = f.schema()
		if f.Required && f.When == nil && f.Default == "" {
			required = append(required, f.Name)
		}
	}
	s := field.Schema{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func (f *Field) schema() field.Schema {
	texts := field.Schema{"type": "string"}
	if f.Choices != nil {
		values := make([]string, len(f.Choices))
		for i, c := range f.Choices {
			values[i] = c.Value
		}
		texts["enum"] = values
	}
	s := texts
	switch f.shape() {
	case "text", "long", "code":
		s["maxLength"] = f.most()
	case "boolean":
		s = field.Schema{"type": "boolean"}
	case "number":
		s = field.Schema{"type": map[bool]string{true: "integer", false: "number"}[f.declared.Kind() == reflect.Int]}
		if f.Max != 0 {
			s["minimum"], s["maximum"] = f.Min, f.Max
		}
	case "texts", "choices":
		s = field.Schema{"anyOf": []field.Schema{{"type": "array", "items": texts, "maxItems": f.most()}, texts}}
	case "rows":
		s = field.Schema{"type": "array", "items": objectSchema(f.Rows), "maxItems": f.most()}
	case "value":
		s = field.Schema{}
	}
	if expressible := f.Widget == "choice" || f.Widget == "boolean" || f.Widget == "number" || f.Widget == "choices"; expressible && !f.Literal {
		s = field.Schema{"anyOf": []field.Schema{s, {"type": "string", "pattern": `\{\{`}}}
	}
	s["title"] = f.Label
	if f.Help != "" {
		s["description"] = f.Help
	}
	return s
}

// shape is the widget, except that texts may be entered as one.
func (f *Field) shape() string {
	if f.Widget == "text" && f.declared.Kind() == reflect.Slice {
		return "texts"
	}
	return f.Widget
}

// most is the bound of a text's bytes or a list's entries.
func (f *Field) most() int {
	switch {
	case f.Max != 0:
		return f.Max
	case f.declared.Kind() == reflect.Slice:
		return mostRows
	}
	return longestText
}
