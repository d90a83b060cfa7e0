package field_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"zygo/app/field"
	"zygo/app/value"
)

// told has one field of every type that only operations and nodes are told.
type told struct {
	Anything value.Value
	Needed   value.Value `z:"required"`
	Amount   float64     `z:"min=-1,max=9"`
	Count    int         `z:"min=0,max=5,default=3"`
	Token    field.Exact `z:"max=9"`
	Colours  []colour    `z:"default=red,max=3"`
	Names    []string    `z:"max=3"`
	Mails    semicolons
	Values   field.OneOrMany
	Yes      bool  `z:"default=true"`
	Rows     []row `z:"max=2"`
}

type colour string

func (colour) Choices() []field.Choice { return []field.Choice{{Value: "red"}, {Value: "blue"}} }

type semicolons []string

func (semicolons) Split(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' })
}

type row struct {
	Name string  `z:"required,label=Its name,help=What it is called."`
	Size float64 `z:"default=1.5"`
}

func toldFields(t testing.TB) map[string]*field.Field {
	t.Helper()
	declared, err := field.Declared(reflect.TypeFor[told]())
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*field.Field{}
	for _, f := range declared {
		byName[f.Name] = f
	}
	return byName
}

func TestWhatIsToldAsText(t *testing.T) {
	t.Parallel()
	all := toldFields(t)
	for _, c := range []struct{ field, text, want string }{
		{"anything", "5", "5"},
		{"anything", ` {"a": [1]} `, `{"a":[1]}`},
		{"anything", "five", `"five"`},
		{"anything", "1.50", "1.50"},
		{"anything", `"5"`, `"5"`},
		{"anything", "{{ $json.a }}", `"{{ $json.a }}"`},
		{"anything", "", "null"},
		{"needed", "", "!is required"},
		{"needed", "null", "null"},
		{"amount", " 2.5 ", "2.5"},
		{"amount", "", "0"},
		{"amount", "9.1", "!must lie between -1 and 9"},
		{"amount", "1,5", "!must be a number"},
		{"amount", "NaN", "!must be a number"},
		{"count", "0", "0"},
		{"count", "-1", "!must lie between 0 and 5"},
		{"count", "1.5", "!must be a whole number"},
		{"token", "  a \n", `"  a \n"`},
		{"token", "0123456789", "!9 is the most"},
		{"colours", "blue, red", `["blue","red"]`},
		{"colours", "green", "!must be one of red, blue"},
		{"colours", "", "[]"},
		{"names", "a\nb, c", `["a","b","c"]`},
		{"names", `"a, b", c`, `["a, b","c"]`},
		{"names", "a,b,c,d", "!must be a list of at most 3 entries"},
		{"mails", "a,b;c", `["a,b","c"]`},
		{"values", "a, b", `"a, b"`},
		{"rows", `[{"name": "a"}]`, `[{"name":"a","size":1.5}]`},
		{"rows", "", "[]"},
		{"rows", `[{"name":"a"},{}]`, "!entry 2: name is required"},
		{"rows", `[{"colour":1}]`, "!entry 1: colour is not known here"},
		{"rows", `[{"size":"1"}]`, "!entry 1: size must be a number"},
		{"rows", `{}`, "!must be a list of objects"},
		{"rows", `[{},{},{}]`, "!must be a list of at most 2 entries"},
	} {
		got, wrong := read(all[c.field], c.text)
		if part, refused := strings.CutPrefix(c.want, "!"); refused && !strings.Contains(wrong, part) || !refused && got != c.want {
			t.Errorf("%s %q is %s%s, want %s", c.field, c.text, got, wrong, c.want)
		}
		f := all[c.field]
		v, again := f.New(), f.New()
		if wrong != "" {
			continue
		}
		if err := f.Type.FromText(f, c.text, v); err != nil {
			t.Errorf("%s %q: %v", c.field, c.text, err)
		}
		if err := f.Type.FromText(f, f.Type.Text(v), again); err != nil || string(f.Type.AppendJSON(nil, again)) != got {
			t.Errorf("%s %q is shown as %q, which is something else: %v", c.field, c.text, f.Type.Text(v), err)
		}
	}
}

func TestWhatIsToldAsData(t *testing.T) {
	t.Parallel()
	all := toldFields(t)
	for _, c := range []struct{ field, given, written, generous string }{
		{"anything", `"5"`, `"5"`, `"5"`},
		{"anything", `null`, "null", "null"},
		{"needed", "null", "null", "null"},
		{"amount", `1.5`, "1.5", "1.5"},
		{"amount", `" 1.5 "`, "!must be a number", "1.5"},
		{"amount", `""`, "!must be a number", "!must be a number"},
		{"amount", "null", "0", "0"},
		{"count", "4", "4", "4"},
		{"count", `"4"`, "!must be a number", "4"},
		{"count", "4.0", "!must be a whole number", "4"},
		{"count", "4.5", "!must be a whole number", "!must be a whole number"},
		{"count", "null", "3", "3"},
		{"count", "1e300", "!must be a whole number", "!must be a whole number"},
		{"count", "6", "!must lie", "!must lie"},
		{"count", "true", "!must be a number", "!must be a number"},
		{"yes", "false", "false", "false"},
		{"yes", `"false"`, "!must be true or false", "false"},
		{"yes", "0", "!must be true or false", "false"},
		{"yes", `"yes"`, "!must be true", "!must be true"},
		{"yes", "null", "true", "true"},
		{"token", `" a\n"`, `" a\n"`, `" a\n"`},
		{"token", "5", "!must be a text", `"5"`},
		{"token", `[1]`, "!must be a text", `"[1]"`},
		{"colours", `["blue"]`, `["blue"]`, `["blue"]`},
		{"colours", `"blue,red"`, `["blue","red"]`, `["blue","red"]`},
		{"colours", "null", `["red"]`, `["red"]`},
		{"colours", `["green"]`, "!must be one of", "!must be one of"},
		{"names", `["a,b","c"]`, `["a,b","c"]`, `["a,b","c"]`},
		{"names", `[["a","b"],1]`, "!must be a list of texts", `["a","b","1"]`},
		{"names", `5`, "!must be a list of texts", `["5"]`},
		{"mails", `"a,b;c"`, `["a,b","c"]`, `["a,b","c"]`},
		{"values", `"a,b"`, `"a,b"`, `"a,b"`},
		{"values", `["a","b"]`, `["a","b"]`, `["a","b"]`},
		{"values", "7", "7", "7"},
	} {
		given, err := value.Parse([]byte(c.given), value.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for want, generous := range map[string]bool{c.written + "\x00": false, c.generous: true} {
			f := all[c.field]
			v := f.New()
			wrong := f.Take(given, v, generous)
			got := string(f.Type.AppendJSON(nil, v))
			want = strings.TrimSuffix(want, "\x00")
			part, refused := strings.CutPrefix(want, "!")
			if refused && !strings.Contains(wrong, part) || !refused && (wrong != "" || got != want) {
				t.Errorf("%s of %s, generous %v, is %s %s, want %s", c.field, c.given, generous, got, wrong, want)
			}
		}
	}
}

func TestSchemasOfWhatIsTold(t *testing.T) {
	t.Parallel()
	all := toldFields(t)
	for name, want := range map[string]string{
		"anything": `{}`,
		"amount":   `{"maximum":9,"minimum":-1,"type":"number"}`,
		"count":    `{"maximum":5,"minimum":0,"type":"integer"}`,
		"token":    `{"maxLength":9,"type":"string"}`,
		"colours":  `{"items":{"enum":["red","blue"],"type":"string"},"maxItems":3,"type":"array"}`,
		"names":    `{"items":{"type":"string"},"maxItems":3,"type":"array"}`,
		"values":   `{"anyOf":[{"items":{"type":"string"},"maxItems":1000,"type":"array"},{"type":"string"}]}`,
		"rows": `{"items":{"additionalProperties":false,"properties":{"name":{"description":"What it is called.","maxLength":1000,"title":"Its name","type":"string"},` +
			`"size":{"title":"Size","type":"number"}},"required":["name"],"type":"object"},"maxItems":2,"type":"array"}`,
	} {
		if got, err := json.Marshal(all[name].Type.Schema(all[name])); err != nil || string(got) != want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, want)
		}
	}
}

func TestWordsOfTags(t *testing.T) {
	t.Parallel()
	type mode struct {
		Mode colour `z:"default=red"`
	}
	declared, err := field.Declared(reflect.TypeFor[struct {
		mode
		Body value.Value `z:"secrets,when=mode:red|blue,document=kind"`
		Kind kind        `z:"literal"`
	}]())
	if err != nil {
		t.Fatal(err)
	}
	body := declared[1]
	if !body.Secrets || body.Literal || body.When.Field != "mode" || len(body.When.Values) != 2 || body.Document != "kind" ||
		!declared[2].Literal {
		t.Errorf("the fields are %+v", declared)
	}
	for _, wrong := range []any{
		struct {
			A string `z:"secret"`
		}{},
		struct {
			A string `z:"when=b:c"`
		}{},
		struct {
			A string `z:"when=mode:green"`
			mode
		}{},
		struct {
			A value.Value `z:"document=mode"`
			mode
		}{},
		struct{ A []int }{},
		struct {
			A []struct {
				B string `z:"long"`
			}
		}{},
	} {
		if _, err := field.Declared(reflect.TypeOf(wrong)); err == nil {
			t.Errorf("%T is taken", wrong)
		}
	}
}

type kind string

func (kind) Choices() []field.Choice { return []field.Choice{{Value: "json"}, {Value: "text"}} }
