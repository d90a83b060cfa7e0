// Package field is what the fields of kinds, actions, operations and nodes can be: how a value of a Go type is stored, read,
// checked and described. Each type is one small file that knows its column, JSON schema and validation; start with Field and
// Type.
package field

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"zygo/app/value"
	"zygo/store"
)

// Field is one field of a struct, as its Go type and its tag declare it. The tag z holds words separated by commas:
//
//	required     an empty value is refused
//	max=N, min=N characters of a text, value of a number, seconds, smallest units of money, entries of a list
//	default=X    the value of a new row whose input lacks the field
//	list         stands in lists, and lists sort by it
//	filter       lists filter by it (each field of a list does anyway)
//	search       free text finds it; a reference is found by what it names, in kinds without texts of their own
//	readonly     set by code only; shown
//	internal     on no surface at all
//	unique       no two live rows of the tenant share it
//	dropdown=X   a text from the dropdown values of a category, which organizations edit, or tags that pages show in their words
//	row_of=F     the id of a row; the field F names its kind, or a permission on it
//	to=KIND      what a reference or a list of them points to
//	inverse=TEXT what the page of the other row calls the rows that name it, where their kind alone doesn't say it
//	tie          a reference to a user by which the row goes when the user leaves the tenant
//	short        stands beside another short field in a form
//	fold         stands under "More" in a form
//	when=F:A|B   has a meaning, and is shown in a form, only when the field F is A or B
//	apart        stands on a page of its own, and not on those of the kind
//	label=TEXT   what people call the field, where its name doesn't say it
//	literal      taken as it stands where other fields, the parameters of a node, may hold expressions
//	secrets      an expression here may use the organization's secrets
//	document=F   a text here is a JSON document when the choice F is json
//	help=TEXT    one sentence under the input; it must be the last word, since it may hold commas
//
// A word that is not in this list is a wrong declaration and stops the program at its start. Everything else is said by the
// Go type: text in one line (string), LongText, Markdown, Code or Exact; int, float64, bool, value.Value for anything; Time,
// Date, Duration, Money and the others with a file here; a choice, which is a string with a method Choices; a slice of texts,
// of choices, or of structs with fields of their own, which are its rows.
type Field struct {
	Name, Label, Help                        string
	Type                                     Type
	Required, List, Filter, Search, Readonly bool
	Internal, Unique, Short, Fold, Standard  bool
	Tie, Apart, Literal, Secrets             bool
	Max, Min                                 int
	Default, To, Dropdown, RowOf, Inverse    string
	Document                                 string
	When                                     *When
	Choices                                  []Choice
	index                                    []int
	of                                       reflect.Type
	bounded                                  bool // from below, by a minimum that may be zero
}

// AlwaysDocument stands in Document where a text is a JSON document whatever else is chosen.
const AlwaysDocument = "*"

// Type is what all fields of one Go type share: how a value is read, written and described. Each lives in a file of its
// own. What the kernel has to know beyond it are traits.
type Type interface {
	// Name says which type it is, to those who show values.
	Name() string
	// Schema is the JSON schema of a value.
	Schema(f *Field) Schema
	// AppendJSON encodes a value.
	AppendJSON(out []byte, v reflect.Value) []byte
	// FromJSON decodes into v. The error is a sentence for the person who sent it.
	FromJSON(f *Field, raw []byte, v reflect.Value) error
	// FromText reads what a form, a filter or a CSV cell holds.
	FromText(f *Field, text string, v reflect.Value) error
	// Text is the inverse of FromText.
	Text(v reflect.Value) string
	// Check tells in a sentence what the tag's bounds forbid, or is empty.
	Check(f *Field, v reflect.Value) string
}

// Schema is a JSON schema of the 2020-12 draft, as OpenAPI 3.1 uses it.
type Schema map[string]any

// Choice is one value of a field with a fixed set of them.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
	// Tone colours its badge: red, amber, green, blue or grey.
	Tone string `json:"tone,omitempty"`
}

// standard are the fields that Row and InstanceRow bring: shown, never set by input.
var standard = map[string]bool{
	"id":           true,
	"tenant_id":    true,
	"workspace_id": true,
	"version":      true,
	"created_at":   true,
	"updated_at":   true,
	"deleted_at":   true,
}

// Declared reads the declaration of a struct's fields, those of embedded structs among them.
func Declared(t reflect.Type) ([]*Field, error) {
	var fields []*Field
	for i := range t.NumField() {
		declared := t.Field(i)
		if declared.Anonymous {
			embedded, err := Declared(declared.Type)
			if err != nil {
				return nil, err
			}
			for _, f := range embedded {
				f.index = append([]int{i}, f.index...)
			}
			fields = append(fields, embedded...)
			continue
		}
		if !declared.IsExported() || declared.Name == "N" {
			continue
		}
		f := &Field{Name: store.SnakeCase(declared.Name), index: []int{i}, of: declared.Type}
		f.Label = Label(f.Name)
		f.Standard = standard[f.Name]
		f.Readonly = f.Standard
		f.Internal = f.Name == "deleted_at"
		var err error
		if f.Type, err = typeOf(declared.Type); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t.Name(), declared.Name, err)
		}
		f.Choices = choicesOf(declared.Type)
		if err := f.parseTag(declared.Tag.Get("z")); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t.Name(), declared.Name, err)
		}
		if f.isReferring() != (f.To != "") {
			return nil, fmt.Errorf("%s.%s: a reference, and nothing else, has to=", t.Name(), declared.Name)
		}
		fields = append(fields, f)
	}
	return fields, related(fields)
}

// BecomeReference makes a standard field one that input sets: the id of a row of a kind.
func (f *Field) BecomeReference(kind, label, help string) {
	f.Type, f.To, f.Label, f.Help = referenceType{}, kind, label, help
	f.Standard, f.Readonly, f.Filter, f.Fold = false, false, true, true
}

func (f *Field) parseTag(tag string) error {
	for tag != "" {
		if help, ok := strings.CutPrefix(tag, "help="); ok {
			f.Help = help
			return nil
		}
		var word string
		word, tag, _ = strings.Cut(tag, ",")
		name, value, _ := strings.Cut(word, "=")
		if f.flag(name) {
			continue
		}
		if err := f.set(name, value); err != nil {
			return err
		}
	}
	return nil
}

// flag sets what a word of the tag alone says, and tells whether it is one.
func (f *Field) flag(word string) bool {
	switch word {
	case "required":
		f.Required = true
	case "list":
		f.List, f.Filter = true, true
	case "filter":
		f.Filter = true
	case "search":
		f.Search = true
	case "readonly":
		f.Readonly = true
	case "internal":
		f.Internal, f.Readonly = true, true
	case "unique":
		f.Unique = true
	case "short":
		f.Short = true
	case "fold":
		f.Fold = true
	case "apart":
		f.Apart = true
	case "tie":
		f.Tie = true
	case "literal":
		f.Literal = true
	case "secrets":
		f.Secrets = true
	default:
		return false
	}
	return true
}

// set sets what a word of the tag says with its value.
func (f *Field) set(name, value string) (err error) {
	switch name {
	case "max":
		f.Max, err = strconv.Atoi(value)
	case "min":
		f.Min, err = strconv.Atoi(value)
		f.bounded = true
	case "when":
		f.When = newWhen(value)
	case "document":
		f.Document = value
	case "default":
		f.Default = value
	case "label":
		f.Label = value
	case "to":
		f.To = value
	case "inverse":
		f.Inverse = value
	case "row_of":
		f.RowOf = value
	case "dropdown":
		f.Dropdown = value
	default:
		err = fmt.Errorf("unknown word %q in the tag", name)
	}
	return err
}

// Of is the field's value in a row.
func (f *Field) Of(row reflect.Value) reflect.Value { return row.FieldByIndex(f.index) }

// New is an empty value of the field's Go type, which can be set.
func (f *Field) New() reflect.Value { return reflect.New(f.of).Elem() }

// Writable tells whether input may set the field.
func (f *Field) Writable() bool { return !f.Readonly && !f.Internal }

// Offers tells whether a value is chosen from a list: the choices of its type, or dropdown values.
func (f *Field) Offers() bool {
	return len(f.Choices) > 0 || f.Dropdown != "" && f.of.Kind() == reflect.String
}

// goTypes are the types that a Go type alone makes.
var goTypes = map[reflect.Type]Type{
	reflect.TypeFor[Time]():        timeType{},
	reflect.TypeFor[Ref]():         referenceType{},
	reflect.TypeFor[Refs]():        referencesType{},
	reflect.TypeFor[LongText]():    longTextType{},
	reflect.TypeFor[Markdown]():    markdownType{},
	reflect.TypeFor[Code]():        codeType{},
	reflect.TypeFor[Tags]():        tagsType{},
	reflect.TypeFor[JSON]():        jsonType{},
	reflect.TypeFor[Secret]():      secretType{},
	reflect.TypeFor[Date]():        dayType,
	reflect.TypeFor[Duration]():    durationType{},
	reflect.TypeFor[Money]():       moneyType{},
	reflect.TypeFor[Email]():       emailType,
	reflect.TypeFor[URL]():         urlType,
	reflect.TypeFor[Phone]():       phoneType,
	reflect.TypeFor[Colour]():      colourType,
	reflect.TypeFor[Address]():     addressType{},
	reflect.TypeFor[File]():        fileType{},
	reflect.TypeFor[Image]():       imageType{},
	reflect.TypeFor[Custom]():      customType{},
	reflect.TypeFor[Password]():    passwordType{},
	reflect.TypeFor[Exact]():       exactType{},
	reflect.TypeFor[OneOrMany]():   oneOrManyType{},
	reflect.TypeFor[value.Value](): valueType{},
}

// typeOf finds the Type of a Go type.
func typeOf(t reflect.Type) (Type, error) {
	if found, ok := goTypes[t]; ok {
		return found, nil
	}
	if t.Implements(reflect.TypeFor[documented]()) {
		return newDocumentType(t)
	}
	switch t.Kind() {
	case reflect.Slice:
		return listOf(t)
	case reflect.String:
		if choicesOf(t) != nil {
			return choiceType{}, nil
		}
		return textType{}, nil
	case reflect.Int, reflect.Int64:
		return numberType{}, nil
	case reflect.Float64:
		return decimalType{}, nil
	case reflect.Bool:
		return booleanType{}, nil
	case reflect.Pointer:
		return newOptionalType(t)
	case reflect.Struct, reflect.Map:
		return structuredType{}, nil
	}
	return nil, fmt.Errorf("%s is no field type", t)
}
