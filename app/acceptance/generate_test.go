package acceptance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// The rows of the contract suite are made from the OpenAPI document alone.

// schema is a JSON schema as far as the generator reads it.
type schema struct {
	Type       any
	Enum       []string
	Format     string
	MaxLength  int
	Properties map[string]*schema
	Required   []string
	ReadOnly   bool   `json:"readOnly"`
	WriteOnly  bool   `json:"writeOnly"`
	Kind       string `json:"x-kind"`
	Pattern    string
	Examples   []any
	Dropdown   string `json:"x-dropdown"`
	Upload     string `json:"x-upload"`
}

func (s *schema) is(kind string) bool {
	if text, ok := s.Type.(string); ok {
		return text == kind
	}
	list, _ := s.Type.([]any)
	return slices.Contains(list, any(kind))
}

type openapi struct {
	Paths      map[string]map[string]any
	Components struct{ Schemas map[string]*schema }
}

func document(t testing.TB, i *instance) openapi {
	t.Helper()
	var d openapi
	if err := json.Unmarshal((&client{i: i}).call("GET", "/api/openapi.json", nil).body, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// schemaName is a kind's name as schemas are named: access_log is AccessLog.
func schemaName(kind string) string {
	var name strings.Builder
	for word := range strings.SplitSeq(kind, "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}

// special are values for the few fields whose form the tags can't say.
var special = map[string]func(n int) any{
	"secret.name":                      func(n int) any { return fmt.Sprintf("SECRET_%d", n) },
	"template.kind":                    func(int) any { return "incident" },
	"instance_template.kind":           func(int) any { return "incident" },
	"dropdown.category":                func(int) any { return "sample_category" },
	"instance_dropdown.category":       func(int) any { return "sample_category" },
	"template_field.name":              func(n int) any { return fmt.Sprintf("field_%d", n) },
	"template_field.category":          func(int) any { return "" },
	"instance_template_field.name":     func(n int) any { return fmt.Sprintf("field_%d", n) },
	"instance_template_field.category": func(int) any { return "" },
	"workflow.nodes":                   func(int) any { return []any{} },
	"workflow.connections":             func(int) any { return []any{} },
	"workflow.settings":                func(int) any { return map[string]any{} },
	"grant.permission":                 func(int) any { return "asset:read" },
	"grant.role":                       func(int) any { return "viewer" },
	"grant.resource_id":                func(int) any { return "" },
	"grant.until":                      func(int) any { return "2099-01-31T09:30:00.000Z" },
	"access_request.permission":        func(int) any { return "asset:read" },
	"access_request.resource_id":       func(int) any { return "" },
	"permission_template.permissions":  func(int) any { return []string{"asset:read"} },
	"domain.name":                      func(n int) any { return fmt.Sprintf("desk%d.example.test", n) },
	"feature_flag.organization":        func(int) any { return "" },
	"tenant.slug":                      func(n int) any { return fmt.Sprintf("slug-%d", n) },
}

// needed are references that a row may lack, but only where it has another one.
var needed = map[string]bool{"grant.workspace": true}

var referred atomic.Int64

// generate makes the body of a new row with the marker in every text.
func (d openapi) generate(t testing.TB, c *client, kind, marker string, n int, known map[string]kindPath) map[string]any {
	t.Helper()
	of := d.Components.Schemas[schemaName(kind)+"Create"]
	if of == nil {
		t.Fatalf("the document lacks the schema of a new %s", kind)
	}
	row := map[string]any{}
	for name, field := range of.Properties {
		if f, ok := special[kind+"."+name]; ok {
			row[name] = f(n)
			continue
		}
		switch {
		case field.Dropdown != "":
			// What is offered is the organization's business.
		case field.Kind == kind:
			// A kind that refers to itself would be made without end.
		case field.Kind != "" && field.is("array"):
			named := fmt.Sprintf("%s %d", marker, referred.Add(1)) // what several rows refer to has other names each time
			row[name] = []any{c.create(d, field.Kind, named+"a", n, known)["id"], c.create(d, field.Kind, named+"b", n, known)["id"]}
		case field.Kind != "":
			if to := known[field.Kind]; slices.Contains(of.Required, name) && to.has("POST", "") {
				row[name] = c.create(d, field.Kind, marker, n, known)["id"]
			} else if slices.Contains(of.Required, name) {
				row[name] = c.first(to.path)
			} else if needed[kind+"."+name] {
				row[name] = c.create(d, field.Kind, fmt.Sprintf("%s %d", marker, referred.Add(1)), n, known)["id"]
			}
		case field.Upload != "":
			row[name] = c.upload(marker+" <script>.png", smallPicture)
		case len(field.Examples) > 0:
			row[name] = field.Examples[0]
		case len(field.Enum) > 0:
			row[name] = field.Enum[0]
		case field.Format == "date-time":
			row[name] = "2026-01-31T09:30:00.000Z"
		case field.is("string"):
			row[name] = fmt.Sprintf("%s %d <script>alert(1)</script>", marker, n)
			if long := len(row[name].(string)); field.MaxLength > 0 && long > field.MaxLength {
				short := fmt.Sprintf("%d %s", n, marker)
				row[name] = short[:min(len(short), field.MaxLength-1)]
			}
		case field.is("integer"):
			row[name] = n + 1
		case field.is("boolean"):
			row[name] = true
		case field.is("array"):
			row[name] = []string{marker}
		}
	}
	return row
}

// first is the id of a row of a kind that can't be made.
func (c *client) first(path string) string {
	c.i.t.Helper()
	var rows []struct{ ID string }
	c.must(c.call("GET", path+"?sort_by=created_at&sort_order=asc&limit=1", nil), 200, &rows)
	return rows[0].ID
}

func (c *client) create(d openapi, kind, marker string, n int, known map[string]kindPath) map[string]any {
	c.i.t.Helper()
	return c.createAt(known[kind].at(c, d, marker, known), d, kind, marker, n, known)
}

func (c *client) createAt(path string, d openapi, kind, marker string, n int, known map[string]kindPath) map[string]any {
	c.i.t.Helper()
	var made map[string]any
	c.must(c.call("POST", path, d.generate(c.i.t, c, kind, marker, n, known)), 201, &made)
	return made
}

// body is what a route of a kind takes: a new row, what an action asks for, or the same for many.
func (d openapi) body(t testing.TB, c *client, k kindPath, route, id, marker string, known map[string]kindPath) any {
	t.Helper()
	method, rest, _ := strings.Cut(route, " ")
	switch {
	case method == "GET":
		return nil
	case rest == "":
		return d.generate(t, c, k.name, marker, 2, known)
	case rest == "/bulk":
		for _, verb := range []string{"update", "delete"} {
			if k.has(map[string]string{"update": "PATCH", "delete": "DELETE"}[verb], "/{id}") {
				return map[string]any{"action": verb, "ids": []string{id}}
			}
		}
		return map[string]any{"action": k.actions()[0], "ids": []string{id}}
	}
	return map[string]any{}
}
