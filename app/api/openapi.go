package api

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/outbox"
	"zygo/app/resource"
)

// OpenAPI describes every operation under /api/v1 from the kinds and from the types of the hand-written operations.
func OpenAPI(k *resource.Kernel, operations []resource.Operation, version string) []byte {
	d := document{paths: map[string]map[string]any{}, schemas: map[string]any{}}
	d.schemas["Error"] = schema{"type": "object", "required": []string{"success", "error"}, "properties": schema{
		"success": schema{"const": false}, "error": schema{"$ref": "#/components/schemas/Problem"}}}
	d.schemas["Problem"] = schema{"type": "object", "required": []string{"code", "message", "request_id"}, "properties": schema{
		"code": schema{"type": "string"}, "message": schema{"type": "string"}, "details": schema{}, "request_id": schema{"type": "string"}}}
	for _, h := range slices.Concat(handWritten, factorOperations, socialOperations, phoneOperations, peopleOperations, invitationOperations, tenantOperations, domainOperations, organizationOperations) {
		d.add(h.method, h.path, h.summary, "", h.body, h.data)
	}
	d.upload()
	for _, h := range atRoot {
		d.add("GET", h.path, h.summary, "", nil, nil)
		d.paths["/"+h.path]["servers"] = []any{schema{"url": "/"}}
		d.paths["/"+h.path]["get"].(map[string]any)["security"] = []any{}
		d.paths["/"+h.path]["get"].(map[string]any)["responses"].(schema)["2XX"].(schema)["content"] = schema{"application/json": schema{"schema": schema{"type": "object"}}}
	}
	d.avatar()
	d.journeys()
	d.export()
	for _, o := range operations {
		d.add(o.Method, o.Path, o.Summary, o.Permission, schemaOf(o.In, true, nil), schemaOf(o.Out, false, nil))
	}
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
		"info":    schema{"title": "Zygo", "version": version, "description": "One shape for every resource: an envelope, the same list parameters, the same errors."},
		"servers": []any{schema{"url": "/api/v1"}},
		"paths":   d.paths,
		"components": schema{"schemas": d.schemas, "securitySchemes": schema{
			"session": schema{"type": "apiKey", "in": "cookie", "name": "zygo_session"},
			"bearer":  schema{"type": "http", "scheme": "bearer"}}},
		"security": []any{schema{"session": []string{}}, schema{"bearer": []string{}}},
	})
	if err != nil {
		panic("the OpenAPI document holds something that is no JSON: " + err.Error())
	}
	return out
}

type schema = field.Schema

type document struct {
	paths   map[string]map[string]any
	schemas map[string]any
}

// written describes a route that is no operation.
type written struct {
	method, path, summary string
	body, data            schema
}

// handWritten describes the routes that need the request itself and so can't be operations.
var handWritten = []written{
	{"POST", "auth/login", "Sign in with an e-mail address and a password", object("email", "password"), schema{"type": "object"}},
	{"POST", "auth/refresh", "Exchange a refresh token for the next pair of tokens; each is good once", object("refresh_token"), schemaOf(reflect.TypeFor[identity.Tokens](), false, nil)},
	{"POST", "auth/signup", "Make an account, and an organization where one is named; a mail asks to confirm the address", bodyOf[identity.Joining](), schema{"type": "null"}},
	{"POST", "auth/verify-email", "Confirm the address of an account by the token of a mail and the password of the sign-up that it was mailed for, and sign in. The password may be left out where nobody signed up with another one", bodyOf[identity.Confirmation](), schema{"type": "object"}},
	{"POST", "auth/resend-verification", "Mail another link to confirm an address; the answer is the same for every address", bodyOf[emailInput](), schema{"type": "null"}},
	{"POST", "auth/forgot-password", "Mail a link to set a new password; the answer is the same for every address", bodyOf[emailInput](), schema{"type": "null"}},
	{"POST", "auth/reset-password", "Set a new password by the token of a mail, and end every session", bodyOf[resetInput](), schema{"type": "null"}},
	{"POST", "auth/confirm-email", "Agree to a change of address by the token of a mail; it needs both mails", bodyOf[tokenInput](), schemaOf(reflect.TypeFor[confirmedOutput](), false, nil)},
	{"POST", "auth/logout", "End the session", nil, schema{"type": "null"}},
	{"GET", "users/me", "The person of the session", nil, schema{"type": "object"}},
	{"PATCH", "users/me", "Change the name, language or time zone of your account", bodyOf[identity.ProfileChange](), schema{"type": "object"}},
	{"DELETE", "users/me/avatar", "Take your picture away", nil, schema{"type": "null"}},
	{"POST", "users/me/change-password", "Set a new password with the present one, and end your other sessions; this one goes on with new tokens", bodyOf[passwordInput](), schema{"type": "object"}},
	{"POST", "users/me/change-email", "Begin to change your address; links in mails to the present and to the new one confirm it", bodyOf[newEmailInput](), schema{"type": "null"}},
	{"GET", "users/me/preferences", "How pages look to you and what you are told", nil, schemaOf(reflect.TypeFor[identity.Preferences](), false, nil)},
	{"PATCH", "users/me/preferences", "Change how pages look to you and what you are told", bodyOf[identity.PreferenceChange](), schemaOf(reflect.TypeFor[identity.Preferences](), false, nil)},
	{"GET", "users/me/sessions", "Your sessions that are open", nil, schemaOf(reflect.TypeFor[[]identity.OpenSession](), false, nil)},
	{"DELETE", "users/me/sessions/{id}", "End one of your sessions", nil, schema{"type": "null"}},
	{"GET", "admin/outbox", "The mails and text messages of the last 30 days, newest first and without what they say; for operators", nil, schemaOf(reflect.TypeFor[[]outbox.Message](), false, nil)},
	{"GET", "admin/outbox/{id}", "A mail or text message with what it says; for operators", nil, schemaOf(reflect.TypeFor[outbox.Message](), false, nil)},
	{"POST", "admin/outbox/{id}/send", "Hand a mail or text message over once more; for operators", nil, schema{"type": "null"}},
	{"GET", "audit-logs", "What happened in the organization, newest first", nil, schemaOf(reflect.TypeFor[[]auditEntry](), false, nil)},
	{"GET", "search", "Find rows of every kind that the person may read, best first", nil, schemaOf(reflect.TypeFor[[]resource.Found](), false, nil)},
	{"GET", "events/stream", "Changes as they happen, as server-sent events", nil, nil},
	{"GET", "executions/{id}/stream", "The events of one execution, as server-sent events or over a WebSocket", nil, nil},
	{"POST", "tenants/{id}/switch", "Make another organization the current one; the session goes on with new tokens", nil, schema{"type": "object"}},
}

// atRoot are the routes that stand beside the API, for whoever watches the instance or reads this document.
var atRoot = []struct{ path, summary string }{
	{"health", "Whether the process answers"},
	{"health/ready", "Whether it can do its work"},
	{"api/openapi.json", "This document"},
}

func bodyOf[T any]() schema { return schemaOf(reflect.TypeFor[T](), false, nil) }

func object(texts ...string) schema {
	properties := schema{}
	for _, name := range texts {
		properties[name] = schema{"type": "string"}
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
	operation := map[string]any{"summary": summary, "operationId": strings.ToLower(method) + "_" + regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(path), "_")}
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
	operation["responses"] = schema{"2XX": success, "default": schema{"description": "An error", "content": schema{"application/json": schema{"schema": schema{"$ref": "#/components/schemas/Error"}}}}}
	if d.paths["/"+path] == nil {
		d.paths["/"+path] = map[string]any{}
	}
	if _, ok := d.paths["/"+path][strings.ToLower(method)]; ok {
		return operation // an operation stands before the kind's own route, here as in the routes
	}
	d.paths["/"+path][strings.ToLower(method)] = operation
	return operation
}

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
	path, id := spec.Path, "/{id}"
	if above != nil {
		path, id = above.Path+"/{id}/"+spec.Segment, "/{child_id}"
	}
	many := strings.ToLower(spec.PluralLabel())
	permission := func(verb string) string { return resource.Permission(spec.Name, verb) }
	if spec.Has(resource.List) {
		operation := d.add("GET", path, "List "+many, permission(resource.List), nil, schema{"type": "array", "items": one})
		operation["parameters"] = append(pathParameters(path), listParameters(spec)...)
		operation["responses"].(schema)["2XX"].(schema)["content"].(schema)["text/csv"] = schema{"schema": schema{"type": "string"}}
	}
	if spec.Has(resource.Create) {
		operation := d.add("POST", path, "Create "+spec.One(), permission(resource.Create), schema{"$ref": "#/components/schemas/" + name + "Create"}, one)
		operation["parameters"] = append(pathParameters(path), header("Idempotency-Key", "The same key and body answer the first result again for 24 hours."))
	}
	if spec.Has(resource.Import) && spec.Parent == nil {
		d.imports(path, many, permission(resource.Import))
	}
	changes := func(method, rest, summary, verb string, body, data schema) {
		operation := d.add(method, path+id+rest, summary, permission(verb), body, data)
		operation["parameters"] = append(pathParameters(path+id+rest), header("If-Match", "The version that the change is meant for, in quotes; 412 where another is stored."))
	}
	if spec.Has(resource.Get) {
		d.add("GET", path+id, "Get "+spec.One(), permission(resource.Get), nil, one)
		if spec.HoldsFiles() {
			operation := d.add("GET", path+id+"/files/{field}", "The content of a file of "+spec.One(), permission(resource.Get), nil, nil)
			operation["responses"].(schema)["2XX"] = schema{"description": "The content", "content": schema{"*/*": schema{}}}
		}
	}
	if spec.Has(resource.Update) {
		changes("PATCH", "", "Change "+spec.One(), resource.Update, schema{"$ref": "#/components/schemas/" + name + "Update"}, one)
	}
	if spec.Has(resource.Delete) {
		changes("DELETE", "", "Move "+spec.One()+" to the trash", resource.Delete, nil, schema{"type": "null"})
		d.add("POST", path+id+"/restore", "Take "+spec.One()+" back from the trash", permission(resource.Restore), nil, one)
		d.add("POST", path+id+"/purge", "End "+spec.One()+" in the trash for ever; 409 while other rows refer to it", permission(resource.Purge), nil, schema{"type": "null"})
	}
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
		var body schema
		if action.Fields != nil {
			_, asked, required := fieldSchemas(action.Fields)
			body = schema{"type": "object", "properties": asked, "additionalProperties": false}
			if len(required) > 0 {
				body["required"] = required
			}
		}
		changes("POST", "/"+action.Name, action.Label+" "+spec.One(), action.Name, body, one)
		verbs = append(verbs, action.Name)
	}
	if verbs != nil {
		d.add("POST", path+"/bulk", "Do the same with up to 100 "+many+"; each is told for itself", permission(resource.List), schema{"type": "object", "required": []string{"action", "ids"}, "additionalProperties": false,
			"properties": schema{"action": schema{"enum": verbs}, "ids": schema{"type": "array", "minItems": 1, "maxItems": resource.MostRows, "items": schema{"type": "string"}},
				"fields": schema{"type": "object", "description": "What an update sets, or what the action asks for."}}},
			schema{"type": "array", "items": schema{"type": "object", "required": []string{"id", "success"}, "properties": schema{"id": schema{"type": "string"}, "success": schema{"type": "boolean"},
				"error": schema{"$ref": "#/components/schemas/Problem"}}}})
	}
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
	number, text := schema{"type": "integer"}, schema{"type": "string"}
	operation := d.add("POST", path+"/import", "Create "+many+" from a table, whose first line names the fields", permission, schema{}, schema{"type": "object", "properties": schema{
		"rows": number, "created": number, "failed": number, "ignored_columns": schema{"type": "array", "items": text},
		"errors": schema{"type": "array", "items": schema{"type": "object", "properties": schema{"row": number, "field": text, "message": text}}}}})
	operation["parameters"] = []any{schema{"name": "dry_run", "in": "query", "description": "Check each row and store none.", "schema": schema{"type": "boolean"}}}
	operation["requestBody"] = schema{"required": true, "content": schema{"text/csv": schema{"schema": text}}}
}

// upload describes the one operation whose body is a form.
func (d *document) upload() {
	text := schema{"type": "string"}
	operation := d.add("POST", "files", "Upload a file, which a field of a row takes by its id within a day", "file:create", schema{}, schema{"type": "object", "properties": schema{
		"id": text, "name": text, "media_type": text, "size": schema{"type": "integer"}, "sha256": text}})
	operation["requestBody"] = schema{"required": true, "content": schema{"multipart/form-data": schema{"schema": schema{"type": "object", "required": []string{"file"},
		"properties": schema{"file": schema{"type": "string", "format": "binary"}}}}}}
}

// avatar describes the picture of a person: it is sent as a form and comes back as JPEG.
func (d *document) avatar() {
	operation := d.add("POST", "users/me/avatar", "Set your picture: PNG, JPEG or WebP up to 5 MiB, made a square of 256 pixels", "", schema{}, schema{"type": "null"})
	operation["requestBody"] = schema{"required": true, "content": schema{"multipart/form-data": schema{"schema": schema{"type": "object", "required": []string{"file"},
		"properties": schema{"file": schema{"type": "string", "format": "binary"}}}}}}
	shown := d.add("GET", "users/{id}/avatar", "The picture of a person", "user:read", nil, nil)
	shown["responses"].(schema)["2XX"] = schema{"description": "The picture", "content": schema{"image/jpeg": schema{}}}
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
		parameter("page", schema{"type": "integer", "minimum": 1}), parameter("limit", schema{"type": "integer", "minimum": 1, "maximum": resource.MostRows}),
		parameter("cursor", schema{"type": "string"}), parameter("search", schema{"type": "string"}),
		parameter("sort_order", schema{"enum": []any{"asc", "desc"}}), parameter("fields", schema{"type": "string"}), parameter("deleted", schema{"type": "boolean"}),
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

// schemaOf describes an operation's Go type; within are the structs around it, since one may hold itself. For an input nil
// means that it has no body.
func schemaOf(t reflect.Type, input bool, within []reflect.Type) schema {
	if t == nil {
		return schema{}
	}
	switch t {
	case reflect.TypeFor[field.Time]():
		return schema{"type": []any{"string", "null"}, "format": "date-time"}
	case reflect.TypeFor[field.Ref]():
		return schema{"type": []any{"string", "null"}, "format": "uuid"}
	case reflect.TypeFor[field.JSON](), reflect.TypeFor[json.RawMessage]():
		return schema{}
	}
	switch t.Kind() {
	case reflect.Pointer:
		if input {
			return schemaOf(t.Elem(), input, within)
		}
		return schema{"anyOf": []any{schemaOf(t.Elem(), false, within), schema{"type": "null"}}}
	case reflect.String:
		return schema{"type": "string"}
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return schema{"type": "integer"}
	case reflect.Float64:
		return schema{"type": "number"}
	case reflect.Slice:
		return schema{"type": "array", "items": schemaOf(t.Elem(), false, within)}
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": schemaOf(t.Elem(), false, within)}
	case reflect.Struct:
		if slices.Contains(within, t) {
			return schema{"type": "object"}
		}
		within = append(within[:len(within):len(within)], t)
		properties := schema{}
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			if name != "" && name != "-" {
				properties[name] = schemaOf(t.Field(i).Type, false, within)
			}
		}
		if input && len(properties) == 0 {
			return nil
		}
		return schema{"type": "object", "properties": properties}
	}
	return schema{}
}
