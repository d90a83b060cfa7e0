package field

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestAShapeTakesWhatItsSchemaTakes(t *testing.T) {
	t.Parallel()
	schemas := []string{
		`{}`, `{"type": "object"}`, `{"type": ["string", "null"]}`, `{"type": "integer", "minimum": -2, "maximum": 7.5}`,
		`{"type": "number", "title": "T"}`,
		`{"enum": ["", "a", null, true]}`, `{"enum": [[1], {"a": "b"}]}`, `{"minLength": 1, "maxLength": 2}`, `{"type": "boolean"}`,
		`{"required": ["a", "b"]}`, `{"properties": {"a": {"type": "string"}}}`, `{"properties": {"a": {}}, "additionalProperties": false}`,
		`{"properties": {"a": {}}, "additionalProperties": {"type": "integer"}}`, `{"additionalProperties": true, "required": []}`,
		`{"type": "array", "minItems": 1, "maxItems": 2}`, `{"items": {"type": "array", "items": {"type": "object", "required": ["a"]}}}`,
		`{"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"enum": ["x"]}}, "additionalProperties": false}}}`,
	}
	documents := []string{
		`null`, `true`, `false`, `""`, `"a"`, `"äö"`, `"abc"`, `0`, `-2`, `-3`, `7.5`, `8`, `1.0`, `1e2`, `1e-2`, `[]`, `[1]`, `[1, 2, 3]`,
		`[[]]`, `[[{}]]`, `[[{"a": 1}], []]`,
		`{}`, `{"a": "b"}`, `{"a": 1}`, `{"a": null, "b": 2}`, `{"b": 2}`, `{"b": "x"}`, `{"a": {"b": "x"}}`, `{"a": {"b": "y"}}`,
		`{"a": {"c": "x"}}`,
	}
	for _, schema := range schemas {
		parsed, err := decodeDocument([]byte(schema))
		if err != nil {
			t.Fatal(err)
		}
		shape, err := parseShape(parsed)
		if err != nil {
			t.Fatalf("%s: %v", schema, err)
		}
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource("schema", parsed); err != nil {
			t.Fatal(err)
		}
		reference := compiler.MustCompile("schema")
		for _, document := range documents {
			value, err := decodeDocument([]byte(document))
			if err != nil {
				t.Fatal(err)
			}
			again, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(document)))
			if err != nil {
				t.Fatal(err)
			}
			_, wrong := shape.check(value, "")
			if err := reference.Validate(again); (err == nil) != (wrong == "") {
				t.Errorf("%s with %s: %q, for the reference %v", document, schema, wrong, err)
			}
		}
	}
}

func TestAShapeSaysWhereADocumentDoesNotFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ schema, document, place, wrong string }{
		{`{"type": ["string", "null"]}`, `5`, "", "must be text or null"},
		{`{"items": {"type": "integer"}}`, `[1, 1.5]`, "/1", "must be a whole number"},
		{`{"required": ["name"]}`, `{}`, "", `needs "name"`},
		{`{"properties": {"a/b": {"maxLength": 2}}}`, `{"a/b": "xyz"}`, "/a~1b", "must be at most 2 characters"},
		{`{"additionalProperties": false}`, `{"x": 1}`, "", `must not have "x"`},
		{`{"properties": {"a": {"items": {"enum": ["x", 1]}}}}`, `{"a": ["x", "y"]}`, "/a/1", `must be one of ["x",1]`},
		{`{"maximum": 3}`, `1e999`, "", "must be a smaller number"},
	} {
		parsed, err := decodeDocument([]byte(c.schema))
		if err != nil {
			t.Fatal(err)
		}
		shape, err := parseShape(parsed)
		if err != nil {
			t.Fatal(err)
		}
		value, err := decodeDocument([]byte(c.document))
		if err != nil {
			t.Fatal(err)
		}
		if place, wrong := shape.check(value, ""); place != c.place || wrong != c.wrong {
			t.Errorf("%s with %s: %q at %q", c.document, c.schema, wrong, place)
		}
	}
}

func TestAShapeRefusesWordsThatItDoesNotCheck(t *testing.T) {
	t.Parallel()
	for schema, wrong := range map[string]string{
		`[]`: "is an object", `{"pattern": "a"}`: "pattern", `{"items": {"oneOf": []}}`: "items: oneOf", `{"type": "text"}`: "no type",
		`{"type": 1}`:      "list",
		`{"minimum": "1"}`: "number", `{"required": "a"}`: "list", `{"properties": {"a": 1}}`: "a schema is an object",
		`{"enum": "a"}`: "list",
	} {
		parsed, err := decodeDocument([]byte(schema))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseShape(parsed); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%s: %v", schema, err)
		}
	}
	for _, document := range []string{``, `{`, `1 2`, `{} x`} {
		if _, err := decodeDocument([]byte(document)); err == nil {
			t.Errorf("%s is a document", document)
		}
	}
}
