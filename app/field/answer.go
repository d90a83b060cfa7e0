package field

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// SchemaOf describes a Go type as encoding/json writes it: what an operation answers. A type that writes itself says what by a
// method Schema.
func SchemaOf(t reflect.Type) Schema { return schemaOf(t, nil) }

// schemaOf knows the structs around a type, since one may hold itself.
func schemaOf(t reflect.Type, within []reflect.Type) Schema {
	if described, ok := reflect.Zero(t).Interface().(documented); ok && t.Kind() != reflect.Pointer {
		return described.Schema()
	}
	switch t {
	case reflect.TypeFor[Time]():
		return Schema{"type": []any{"string", "null"}, "format": "date-time"}
	case reflect.TypeFor[Ref]():
		return Schema{"type": []any{"string", "null"}, "format": "uuid"}
	case reflect.TypeFor[JSON](), reflect.TypeFor[json.RawMessage]():
		return Schema{}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return Schema{"anyOf": []any{schemaOf(t.Elem(), within), Schema{"type": "null"}}}
	case reflect.String:
		return Schema{"type": "string"}
	case reflect.Bool:
		return Schema{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return Schema{"type": "integer"}
	case reflect.Float64:
		return Schema{"type": "number"}
	case reflect.Slice:
		return Schema{"type": "array", "items": schemaOf(t.Elem(), within)}
	case reflect.Map:
		return Schema{"type": "object", "additionalProperties": schemaOf(t.Elem(), within)}
	case reflect.Struct:
		if slices.Contains(within, t) {
			return Schema{"type": "object", "description": "The same again."}
		}
		properties := Schema{}
		addProperties(properties, t, append(within[:len(within):len(within)], t))
		return Schema{"type": "object", "properties": properties}
	}
	return Schema{}
}

func addProperties(properties Schema, t reflect.Type, within []reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			of := f.Type
			if of.Kind() == reflect.Pointer {
				of = of.Elem()
			}
			if of.Kind() == reflect.Struct {
				addProperties(properties, of, within)
			}
			continue
		}
		if name == "" || name == "-" {
			continue
		}
		properties[name] = schemaOf(f.Type, within)
		if f.Type.Kind() == reflect.Pointer && strings.Contains(options, "omitempty") {
			properties[name] = schemaOf(f.Type.Elem(), within)
		}
		if help, ok := strings.CutPrefix(f.Tag.Get("z"), "help="); ok {
			properties[name].(Schema)["description"] = help
		}
	}
}
