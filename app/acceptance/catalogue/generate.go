package catalogue

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"zygo/app/acceptance/instance"
)

// special are values for the few fields whose form the tags can't say.
var special = map[string]func(n int) any{
	"secret.name":                      func(n int) any { return fmt.Sprintf("SECRET_%d", n) },
	"variable.name":                    func(n int) any { return fmt.Sprintf("variable_%d", n) },
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

// Generate makes the body of a new row with the marker in every text.
func (d OpenAPI) Generate(t testing.TB, c *instance.Client, kind, marker string, n int, known map[string]Kind) map[string]any {
	t.Helper()
	of := d.Components.Schemas[SchemaName(kind)+"Create"]
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
		case field.Kind != "" && field.Is("array"):
			named := fmt.Sprintf("%s %d", marker, referred.Add(1)) // what several rows refer to has other names each time
			row[name] = []any{Create(c, d, field.Kind, named+"a", n, known)["id"], Create(c, d, field.Kind, named+"b", n, known)["id"]}
		case field.Kind != "":
			if to := known[field.Kind]; slices.Contains(of.Required, name) && to.Has("POST", "") {
				row[name] = Create(c, d, field.Kind, marker, n, known)["id"]
			} else if slices.Contains(of.Required, name) {
				row[name] = c.First(to.Path)
			} else if needed[kind+"."+name] {
				row[name] = Create(c, d, field.Kind, fmt.Sprintf("%s %d", marker, referred.Add(1)), n, known)["id"]
			}
		case field.Upload != "":
			row[name] = c.Upload(marker+" <script>.png", instance.SmallPicture)
		case len(field.Examples) > 0:
			row[name] = field.Examples[0]
		case len(field.Enum) > 0:
			row[name] = field.Enum[0]
		case field.Format == "date-time":
			row[name] = "2026-01-31T09:30:00.000Z"
		case field.Is("string"):
			row[name] = fmt.Sprintf("%s %d <script>alert(1)</script>", marker, n)
			if long := len(row[name].(string)); field.MaxLength > 0 && long > field.MaxLength {
				short := fmt.Sprintf("%d %s", n, marker)
				row[name] = short[:min(len(short), field.MaxLength-1)]
			}
		case field.Is("integer"):
			row[name] = n + 1
		case field.Is("boolean"):
			row[name] = true
		case field.Is("array"):
			row[name] = []string{strings.ReplaceAll(marker, ",", "")} // tags have none
		}
	}
	return row
}

// Create makes a row of a kind, and of what it refers to.
func Create(c *instance.Client, d OpenAPI, kind, marker string, n int, known map[string]Kind) map[string]any {
	c.Instance.T.Helper()
	return CreateAt(c, known[kind].At(c, d, marker, known), d, kind, marker, n, known)
}

// CreateAt is Create at a path, such as below a parent.
func CreateAt(c *instance.Client, path string, d OpenAPI, kind, marker string, n int, known map[string]Kind) map[string]any {
	c.Instance.T.Helper()
	var made map[string]any
	c.Must(c.Call("POST", path, d.Generate(c.Instance.T, c, kind, marker, n, known)), 201, &made)
	return made
}

// Body is what a route of a kind takes: a new row, what an action asks for, or the same for many.
func (d OpenAPI) Body(t testing.TB, c *instance.Client, k Kind, route, id, marker string, known map[string]Kind) any {
	t.Helper()
	method, rest, _ := strings.Cut(route, " ")
	switch {
	case method == "GET":
		return nil
	case rest == "":
		return d.Generate(t, c, k.Name, marker, 2, known)
	case rest == "/bulk":
		for _, verb := range []string{"update", "delete"} {
			if k.Has(map[string]string{"update": "PATCH", "delete": "DELETE"}[verb], "/{id}") {
				return map[string]any{"action": verb, "ids": []string{id}}
			}
		}
		return map[string]any{"action": k.Actions()[0], "ids": []string{id}}
	}
	return map[string]any{}
}
