package expression

import (
	"strings"
	"testing"

	"zygo/app/value"
)

func TestADocumentHoldsItsExpressions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"a": 1}`:               `{"a":1}`,
		` [1, "b"] `:             `[1,"b"]`,
		`{{ $json }}`:            `"{{ $json }}"`,
		`{"n": {{ $json.n }}}`:   `{"n":"{{ $json.n }}"}`,
		`{"n": "{{ $json.n }}"}`: `{"n":"{{ $json.n }}"}`,
		`{"m": "Hi {{ $json.a }}, \"{{ $json.b }}\""}`: `{"m":"Hi {{ $json.a }}, \"{{ $json.b }}\""}`,
		`[{{ 1 }}, {{ {a: "}"} }}]`:                    `["{{ 1 }}","{{ {a: \"}\"} }}"]`,
		`{"a": "\{{ no }}"}`:                           `{"a":"\\{{ no }}"}`,
		`{"path": "C:\u005c{{ $json.x }}"}`:            `{"path":"C:{{ \"\\\\\" }}{{ $json.x }}"}`,
		`{"a": "{{ $json.x }}` + "\ue000" + `1"}`:      `{"a":"{{ $json.x }}` + "\ue000" + `1"}`,
		`12345678901234567890`:                         `12345678901234567890`,
	} {
		v, err := Document(text)
		if err != nil || v.JSON() != want {
			t.Errorf("%s is %s, want %s: %v", text, v.JSON(), want, err)
		}
	}
	for text, wrong := range map[string]string{
		`hello`: "", `{"n": {{ 1 }}`: "", `{"{{ $json.k }}": 1}`: "name of a field", `{"a": {{ 1 }} {{ 2 }}}`: "", `"a" {{ 1 }}`: "",
		`{{ 1`: "not closed", ``: "",
	} {
		if v, err := Document(text); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%s is %s, %v", text, v.JSON(), err)
		}
	}
}

// FuzzDocument wants what is written back to be a template of the same expressions.
func FuzzDocument(f *testing.F) {
	for _, text := range []string{`{"a": {{ 1 }}, "b": "x{{ 2 }}"}`, `["\\{{ 1 }}"]`, `"\u005c{{ 1 }}"`, "\"\ue000{{ 1 }}\""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Document(text)
		if err != nil {
			return
		}
		count := 0
		var walk func(v value.Value)
		walk = func(v value.Value) {
			if v.Kind() == value.StringKind {
				parts, err := split(v.Raw())
				if err != nil {
					t.Errorf("%q holds %q: %v", text, v.Raw(), err)
				}
				for _, p := range parts {
					if p.source != "" && p.source != ` "\\" ` {
						count++
					}
				}
			}
			for _, element := range v.Elements() {
				walk(element)
			}
			for _, element := range v.Members() {
				walk(element)
			}
		}
		walk(v)
		before, err := split(strings.TrimSpace(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range before {
			if p.source != "" && p.source != ` "\\" ` {
				count--
			}
		}
		if count != 0 {
			t.Errorf("%q becomes %s", text, v.JSON())
		}
	})
}
