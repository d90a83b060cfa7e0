package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	"zygo/app/field"
	"zygo/app/operation"
	"zygo/app/resource"
)

// OpenAPI describes every operation under /api/v1 from the kinds and from the types of the hand-written operations.
func OpenAPI(k *resource.Kernel, operations []operation.Operation, version string) []byte {
	d := document{paths: map[string]map[string]any{}, schemas: map[string]any{}}
	d.schemas["Error"] = schema{"type": "object", "required": []string{"success", "error"}, "properties": schema{
		"success": schema{"const": false}, "error": schema{"$ref": "#/components/schemas/Problem"}}}
	d.schemas["Problem"] = schema{"type": "object", "required": []string{"code", "message", "request_id"}, "properties": schema{
		"code": schema{"type": "string"}, "message": schema{"type": "string"}, "details": schema{}, "request_id": schema{"type": "string"}}}
	for _, h := range atRoot {
		d.add("GET", h.path, h.summary, "", nil, nil)
		shown := d.paths["/"+h.path]["get"].(map[string]any)
		d.paths["/"+h.path]["servers"] = []any{schema{"url": "/"}}
		shown["security"] = []any{}
		shown["responses"].(schema)["2XX"].(schema)["content"] = schema{"application/json": schema{"schema": h.answer}}
	}
	d.add("GET", "audit-logs", "What happened in the organization, newest first", "audit:read", nil,
		field.SchemaOf(reflect.TypeFor[[]auditEntry]()))
	d.stream("events/stream", "Changes as they happen, as server-sent events")
	d.stream("workflows/{id}/editors/stream", "Who else has the editor of a workflow open, as server-sent events; the caller counts as one as long as it follows")
	d.stream("executions/{id}/stream", "The events of one execution, as server-sent events or over a WebSocket")
	for i := range operations {
		d.operation(k, &operations[i])
	}
	d.aliases()
	for _, kind := range k.Kinds() {
		spec := kind.Spec()
		if spec.Parent == nil {
			d.kind(spec, nil)
			continue
		}
		above, _ := k.Kind(spec.Parent.To)
		d.kind(spec, above.Spec())
	}
	out, err := json.Marshal(schema{
		"openapi": "3.1.0",
		"info": schema{
			"title":       "Zygo",
			"version":     version,
			"description": "One shape for every resource: an envelope, the same list parameters, the same errors.",
		},
		"servers": []any{schema{"url": "/api/v1"}},
		"paths":   d.paths,
		"components": schema{"schemas": d.schemas, "securitySchemes": schema{
			"session": schema{"type": "apiKey", "in": "cookie", "name": "zygo_session"},
			"bearer": schema{"type": "http", "scheme": "bearer",
				"description": "An API key, or the access token of a session."}}},
		"security": []any{schema{"session": []string{}}, schema{"bearer": []string{}}},
	})
	if err != nil {
		panic("the OpenAPI document holds something that is no JSON: " + err.Error())
	}
	return out
}

// aliases describes the operations of kinds at their other addresses.
func (d *document) aliases() {
	for _, also := range aliases {
		one := schema{"$ref": "#/components/schemas/" + schemaName(also.kind)}
		var body schema
		data := one
		switch also.verb {
		case resource.List:
			data = schema{"type": "array", "items": one}
		case resource.Create:
			body = schema{"$ref": "#/components/schemas/" + schemaName(also.kind) + "Create"}
		case resource.Update:
			body = schema{"$ref": "#/components/schemas/" + schemaName(also.kind) + "Update"}
		}
		d.add(also.method, also.path, also.summary, resource.Permission(also.kind, also.verb), body, data)
	}
}

type schema = field.Schema

type document struct {
	paths   map[string]map[string]any
	schemas map[string]any
}

// atRoot are the routes outside the API, for monitoring and for readers of this document.
var atRoot = []struct {
	path, summary string
	answer        schema
}{
	{"health", "Whether the process answers", object("status", "version")},
	{
		"health/ready",
		"Whether it can do its work",
		schema{"type": "object", "properties": schema{"status": text, "checks": object("database")}},
	},
	{"api/openapi.json", "This document", schema{"type": "object", "properties": schema{"openapi": text}}},
}

var text = schema{"type": "string"}

// object has texts alone.
func object(texts ...string) schema {
	properties := schema{}
	for _, name := range texts {
		properties[name] = text
	}
	return schema{"type": "object", "required": texts, "properties": properties}
}

var pathParameter = regexp.MustCompile(`\{([a-z_]+)\}`)

func pathParameters(path string) []any {
	var parameters []any
	for _, match := range pathParameter.FindAllStringSubmatch(path, -1) {
		parameters = append(parameters, schema{"name": match[1], "in": "path", "required": true, "schema": schema{"type": "string"}})
	}
	return parameters
}

func header(name, help string) schema {
	return schema{"name": name, "in": "header", "description": help, "schema": schema{"type": "string"}}
}

func (d *document) add(method, path, summary, permission string, body, data schema) map[string]any {
	operation := map[string]any{
		"summary":     summary,
		"operationId": strings.ToLower(method) + "_" + regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(path), "_"),
	}
	if permission != "" {
		operation["description"] = "Needs the permission `" + permission + "`."
	}
	if parameters := pathParameters(path); parameters != nil {
		operation["parameters"] = parameters
	}
	if body != nil {
		operation["requestBody"] = schema{"required": true, "content": schema{"application/json": schema{"schema": body}}}
	}
	success := schema{"description": "Done"}
	if data != nil {
		success["content"] = schema{"application/json": schema{"schema": schema{"type": "object", "required": []string{"success", "data"},
			"properties": schema{"success": schema{"const": true}, "data": data, "metadata": schema{"type": "object"}}}}}
	}
	operation["responses"] = schema{
		"2XX": success,
		"default": schema{
			"description": "An error",
			"content":     schema{"application/json": schema{"schema": schema{"$ref": "#/components/schemas/Error"}}},
		},
	}
	if d.paths["/"+path] == nil {
		d.paths["/"+path] = map[string]any{}
	}
	if _, ok := d.paths["/"+path][strings.ToLower(method)]; ok {
		return operation // an operation stands before the kind's own route, here as in the routes
	}
	d.paths["/"+path][strings.ToLower(method)] = operation
	return operation
}

// stream describes a route that goes on answering.
func (d *document) stream(path, summary string) {
	operation := d.add("GET", path, summary, "", nil, nil)
	operation["responses"].(schema)["2XX"] = schema{
		"description": "The events",
		"content":     schema{"text/event-stream": schema{"schema": text}},
	}
}

// operation describes an operation from its declaration.
func (d *document) operation(k *resource.Kernel, o *operation.Operation) {
	fields, err := o.Fields()
	if err != nil {
		panic(err.Error()) // a wrong declaration
	}
	var inPath, inQuery, inBody []*field.Field
	for _, f := range fields {
		switch {
		case o.InPath(f):
			inPath = append(inPath, f)
		case o.Method == http.MethodGet:
			inQuery = append(inQuery, f)
		default:
			inBody = append(inBody, f)
		}
	}
	shown := d.add(o.Method, o.Path, o.Summary, o.Permission, nil, answerOf(k, o.Out))
	if parameters := append(parametersOf(inPath, "path"), parametersOf(inQuery, "query")...); parameters != nil {
		shown["parameters"] = parameters
	}
	if body := bodyOf(inBody); body != nil {
		shown["requestBody"] = schema{"required": body["required"] != nil, "content": schema{mediaType(o): schema{"schema": body}}}
	}
	if o.Uploads {
		file := schema{
			"type":       "object",
			"required":   []string{"file"},
			"properties": schema{"file": schema{"type": "string", "format": "binary"}},
		}
		shown["requestBody"] = schema{"required": true, "content": schema{"multipart/form-data": schema{"schema": file}}}
	}
	if o.Caller == operation.Public {
		shown["security"] = []any{schema{}}
	}
	if o.Creates {
		shown["parameters"] = append(parametersOf(inPath, "path"), idempotencyKey())
	}
	responses := shown["responses"].(schema)
	switch o.Out {
	case reflect.TypeFor[operation.Redirect]():
		delete(responses, "2XX")
		responses["303"] = schema{"description": "The browser goes on"}
	case reflect.TypeFor[operation.Content]():
		file := schema{"type": "string", "format": "binary"}
		if o.Media == "application/json" {
			file = schema{"type": "object", "additionalProperties": true}
		}
		responses["2XX"] = schema{"description": "The file", "content": schema{o.Media: schema{"schema": file}}}
	}
}

func mediaType(o *operation.Operation) string {
	if o.Posted {
		return "application/x-www-form-urlencoded"
	}
	return "application/json"
}

func parametersOf(fields []*field.Field, in string) []any {
	var parameters []any
	for _, f := range fields {
		parameter := schema{"name": f.Name, "in": in, "schema": f.Type.Schema(f)}
		if f.Required {
			parameter["required"] = true
		}
		if f.Help != "" {
			parameter["description"] = f.Help
		}
		parameters = append(parameters, parameter)
	}
	return parameters
}

// bodyOf describes what an action or an operation is told, nil where it is nothing.
func bodyOf(fields []*field.Field) schema {
	if len(fields) == 0 {
		return nil
	}
	_, asked, required := fieldSchemas(fields)
	body := schema{"type": "object", "properties": asked, "additionalProperties": false}
	if len(required) > 0 {
		body["required"] = required
	}
	return body
}

// answerOf describes what an operation answers; a row of a kind is described with its kind.
func answerOf(k *resource.Kernel, out reflect.Type) schema {
	switch answer := reflect.Zero(out).Interface().(type) {
	case interface{ RowType() reflect.Type }:
		for _, kind := range k.Kinds() {
			if kind.Table().Holds(answer.RowType()) {
				return schema{"$ref": "#/components/schemas/" + schemaName(kind.Spec().Name)}
			}
		}
	case operation.Listed:
		rows, _ := out.FieldByName("Rows")
		return field.SchemaOf(rows.Type)
	}
	return field.SchemaOf(out)
}
