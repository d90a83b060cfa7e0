package api

import (
	"strings"

	"zygo/app/field"
	"zygo/app/resource"
)

func (d *document) kind(spec *resource.Spec, above *resource.Spec) {
	name := schemaName(spec.Name)
	read, write, required := fieldSchemas(spec.Fields)
	d.schemas[name] = schema{"type": "object", "properties": read, "additionalProperties": false, "description": spec.Help}
	d.schemas[name+"Update"] = schema{"type": "object", "properties": write, "additionalProperties": false}
	create := schema{"type": "object", "properties": write, "additionalProperties": false}
	if len(required) > 0 {
		create["required"] = required
	}
	d.schemas[name+"Create"] = create
	one := schema{"$ref": "#/components/schemas/" + name}
	path, id := spec.API, "/{id}"
	if above != nil {
		path, id = above.API+"/{id}/"+spec.Segment, "/{child_id}"
	}
	many := field.Lower(spec.PluralLabel())
	permission := func(verb string) string { return resource.Permission(spec.Name, verb) }
	if spec.Has(resource.List) {
		operation := d.add("GET", path, "List "+many, permission(resource.List), nil, schema{"type": "array", "items": one})
		operation["parameters"] = append(pathParameters(path), listParameters(spec)...)
		operation["responses"].(schema)["2XX"].(schema)["content"].(schema)["text/csv"] = schema{"schema": schema{"type": "string"}}
	}
	if spec.Has(resource.Create) {
		operation := d.add("POST", path, "Create "+spec.One(), permission(resource.Create),
			schema{"$ref": "#/components/schemas/" + name + "Create"}, one)
		operation["parameters"] = append(pathParameters(path), idempotencyKey())
	}
	if spec.Has(resource.Import) && spec.Parent == nil {
		d.imports(path, many, permission(resource.Import))
	}
	d.oneRow(spec, path+id, name)
	d.bulk(spec, path, many)
}

// oneRow describes what can be done with one row, whose schema has a name.
func (d *document) oneRow(spec *resource.Spec, path, name string) {
	one := schema{"$ref": "#/components/schemas/" + name}
	permission := func(verb string) string { return resource.Permission(spec.Name, verb) }
	changes := func(method, rest, summary, verb string, body, data schema) {
		operation := d.add(method, path+rest, summary, permission(verb), body, data)
		operation["parameters"] = append(pathParameters(path+rest),
			header("If-Match", "The version that the change is meant for, in quotes; 412 where another is stored."))
	}
	if spec.Has(resource.Get) {
		d.add("GET", path, "Get "+spec.One(), permission(resource.Get), nil, one)
		if spec.HoldsFiles() {
			operation := d.add("GET", path+"/files/{field}", "The content of a file of "+spec.One(), permission(resource.Get), nil, nil)
			operation["responses"].(schema)["2XX"] = schema{
				"description": "The content",
				"content":     schema{"*/*": schema{"schema": schema{"type": "string", "format": "binary"}}},
			}
		}
	}
	if spec.Has(resource.Update) {
		changes("PATCH", "", "Change "+spec.One(), resource.Update, schema{"$ref": "#/components/schemas/" + name + "Update"}, one)
	}
	if spec.Has(resource.Delete) {
		changes("DELETE", "", "Move "+spec.One()+" to the trash", resource.Delete, nil, schema{"type": "null"})
		d.add("POST", path+"/restore", "Take "+spec.One()+" back from the trash", permission(resource.Restore), nil, one)
		d.add("POST", path+"/purge", "End "+spec.One()+" in the trash for good; 409 while other rows refer to it",
			permission(resource.Purge), nil, schema{"type": "null"})
	}
	for _, action := range spec.Actions {
		changes("POST", "/"+action.Name, action.Label+" "+spec.One(), action.Name, bodyOf(action.Fields), one)
	}
}

// bulk describes how what can be done with one row is done with many.
func (d *document) bulk(spec *resource.Spec, path, many string) {
	var verbs []any
	for _, verb := range []string{resource.Update, resource.Delete} {
		if spec.Has(verb) {
			verbs = append(verbs, verb)
		}
	}
	if spec.Has(resource.Delete) {
		verbs = append(verbs, resource.Restore)
	}
	for _, action := range spec.Actions {
		verbs = append(verbs, action.Name)
	}
	if verbs == nil {
		return
	}
	body := schema{
		"type":                 "object",
		"required":             []string{"action", "ids"},
		"additionalProperties": false,
		"properties": schema{
			"action": schema{"enum": verbs},
			"ids":    schema{"type": "array", "minItems": 1, "maxItems": resource.MostRows, "items": schema{"type": "string"}},
			"fields": schema{"type": "object", "description": "What an update sets, or what the action asks for."},
		},
	}
	outcome := schema{
		"type":     "object",
		"required": []string{"id", "success"},
		"properties": schema{
			"id":      schema{"type": "string"},
			"success": schema{"type": "boolean"},
			"error":   schema{"$ref": "#/components/schemas/Problem"},
		},
	}
	d.add("POST", path+"/bulk", "Do the same with up to 100 "+many+"; each is told for itself",
		resource.Permission(spec.Name, resource.List), body, schema{"type": "array", "items": outcome})
}

// fieldSchemas describe fields as they are read, those that can be written, and the names of those that must be given.
func fieldSchemas(fields []*field.Field) (read, write schema, required []string) {
	read, write = schema{}, schema{}
	for _, f := range fields {
		if f.Internal {
			continue
		}
		described := schema{}
		for key, value := range f.Type.Schema(f) {
			described[key] = value
		}
		if f.Help != "" {
			described["description"] = f.Help
		}
		if f.Dropdown != "" {
			described["x-dropdown"] = f.Dropdown
		}
		read[f.Name] = described
		if described["writeOnly"] == true {
			read[f.Name] = schema{"type": "null", "description": "Written and never shown."}
		}
		if f.Writable() {
			write[f.Name] = described
			if f.Required && f.Default == "" {
				required = append(required, f.Name)
			}
		} else {
			described["readOnly"] = true
		}
	}
	return read, write, required
}

// imports describes the import of a table, whose body is CSV.
func (d *document) imports(path, many, permission string) {
	number := schema{"type": "integer"}
	operation := d.add("POST", path+"/import", "Create "+many+" from a table, whose first line names the fields", permission, schema{},
		schema{
			"type": "object",
			"properties": schema{
				"rows": number, "created": number, "failed": number, "ignored_columns": schema{"type": "array", "items": text},
				"errors": schema{
					"type":  "array",
					"items": schema{"type": "object", "properties": schema{"row": number, "field": text, "message": text}},
				}},
		})
	operation["parameters"] = []any{
		schema{"name": "dry_run", "in": "query", "description": "Check each row and store none.", "schema": schema{"type": "boolean"}},
	}
	operation["requestBody"] = schema{"required": true, "content": schema{"text/csv": schema{"schema": text}}}
}

// schemaName is a kind's name as schemas are named: access_log is AccessLog.
func schemaName(kind string) string {
	var name strings.Builder
	for word := range strings.SplitSeq(kind, "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}

func listParameters(spec *resource.Spec) []any {
	parameter := func(name string, of schema) any { return schema{"name": name, "in": "query", "schema": of} }
	var sorts []any
	all := []any{
		parameter("page", schema{"type": "integer", "minimum": 1}),
		parameter("limit", schema{"type": "integer", "minimum": 1, "maximum": resource.MostRows}),
		parameter("cursor", schema{"type": "string"}), parameter("search", schema{"type": "string"}),
		parameter("sort_order", schema{"enum": []any{"asc", "desc"}}), parameter("fields", schema{"type": "string"}),
		parameter("deleted", schema{"type": "boolean"}),
	}
	if spec.State != "" {
		all = append(all, schema{"name": "states", "in": "query", "schema": schema{"type": "boolean"},
			"description": "Count the rows in each state as metadata.states, without the filter on it. It costs more than the page where there are many rows."})
	}
	for _, f := range spec.Fields {
		if f.List || f.Standard && !f.Internal {
			sorts = append(sorts, f.Name)
		}
		if f.Filter {
			all = append(all, parameter("filter["+f.Name+"]", schema{"type": "string"}))
		}
	}
	return append(all, parameter("sort_by", schema{"enum": sorts}))
}

func idempotencyKey() schema {
	return header("Idempotency-Key", "The same key and body answer the first result again for 24 hours.")
}
