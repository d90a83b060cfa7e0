// Package catalogue knows what an instance has by its list of routes and its OpenAPI document alone, and makes rows of every
// kind from them.
package catalogue

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// Route is one line of `zygo routes --json`.
type Route struct{ Method, Path, Permission, Kind string }

// Routes are all routes, by path.
func Routes(t testing.TB) []Route {
	t.Helper()
	out, _, code := instance.Command(t, "routes", "--json")
	if code != 0 {
		t.Fatalf("zygo routes ends with %d", code)
	}
	var all []Route
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// Kind is a kind with its routes by method and path behind its own. A child's path has the place of its parent's id.
type Kind struct {
	Name, Path string
	Routes     map[string]bool
}

// OfOperators tells that the kind belongs to the instance, whose operators alone have it.
func (k Kind) OfOperators() bool { return strings.HasPrefix(k.Path, "admin/") }

// IsChild tells that the rows hang on others.
func (k Kind) IsChild() bool { return strings.Contains(k.Path, "/{id}/") }

// At is the kind's path; for a child, below a new row of its parent.
func (k Kind) At(c *instance.Client, d OpenAPI, marker string, known map[string]Kind) string {
	above, _, child := strings.Cut(k.Path, "/{id}/")
	if !child {
		return k.Path
	}
	for _, parent := range known {
		if parent.Path == above {
			return strings.Replace(k.Path, "{id}", Create(c, d, parent.Name, marker, int(referred.Add(1))+100_000, known)["id"].(string), 1)
		}
	}
	c.Instance.T.Fatalf("no kind stands at %s", above)
	return ""
}

// Has tells whether the kind has a route, with what stands behind its path.
func (k Kind) Has(method, rest string) bool { return k.Routes[method+" "+rest] }

// Actions are the domain verbs.
func (k Kind) Actions() []string {
	var all []string
	for r := range k.Routes {
		if name, ok := strings.CutPrefix(r, "POST /{id}/"); ok && name != "restore" {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// Kinds are the kinds that have routes of the API.
func Kinds(t testing.TB) []Kind {
	t.Helper()
	byName := map[string]*Kind{}
	var order []string
	for _, r := range Routes(t) {
		if r.Kind == "" || !strings.HasPrefix(r.Path, "/api/v1/") {
			continue
		}
		path := strings.TrimPrefix(r.Path, "/api/v1/")
		// The shortest path of a kind is its list's.
		base := path
		if k := byName[r.Kind]; k != nil {
			base = k.Path
		}
		k := byName[r.Kind]
		if k == nil {
			k = &Kind{Name: r.Kind, Path: base, Routes: map[string]bool{}}
			byName[r.Kind] = k
			order = append(order, r.Kind)
		}
		k.Routes[r.Method+" "+strings.ReplaceAll(strings.TrimPrefix(path, base), "{child_id}", "{id}")] = true
	}
	var all []Kind
	for _, name := range order {
		all = append(all, *byName[name])
	}
	if len(all) < 6 {
		t.Fatalf("only %d kinds have routes", len(all))
	}
	return all
}

// ByName finds kinds by their names.
func ByName(all []Kind) map[string]Kind {
	known := map[string]Kind{}
	for _, k := range all {
		known[k.Name] = k
	}
	return known
}

// Parameter matches a place in a path.
var Parameter = regexp.MustCompile(`\{[a-z_.]+\}`)

// RequestID matches what differs between two answers that are the same.
var RequestID = regexp.MustCompile(`"request_id":"[^"]+"`)

// Schema is a JSON schema as far as the generator reads it.
type Schema struct {
	Type       any
	Enum       []string
	Format     string
	MaxLength  int
	Properties map[string]*Schema
	Required   []string
	ReadOnly   bool   `json:"readOnly"`
	WriteOnly  bool   `json:"writeOnly"`
	Kind       string `json:"x-kind"`
	Pattern    string
	Examples   []any
	Dropdown   string `json:"x-dropdown"`
	Upload     string `json:"x-upload"`
}

// Is tells whether the schema allows the JSON type.
func (s *Schema) Is(kind string) bool {
	if text, ok := s.Type.(string); ok {
		return text == kind
	}
	list, _ := s.Type.([]any)
	return slices.Contains(list, any(kind))
}

// OpenAPI is the document as far as the generator reads it.
type OpenAPI struct {
	Paths      map[string]map[string]any
	Components struct{ Schemas map[string]*Schema }
}

// Document reads the OpenAPI document of an instance.
func Document(t testing.TB, i *instance.Instance) OpenAPI {
	t.Helper()
	var d OpenAPI
	if err := json.Unmarshal((&instance.Client{Instance: i}).Call("GET", "/api/openapi.json", nil).Body, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// SchemaName is a kind's name as schemas are named: access_log is AccessLog.
func SchemaName(kind string) string {
	var name strings.Builder
	for word := range strings.SplitSeq(kind, "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}
