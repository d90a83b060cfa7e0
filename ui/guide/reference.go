package guide

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/ui/web"
)

// nodeReference describes every node type from its declaration, as Markdown.
func nodeReference() string {
	var b strings.Builder
	b.WriteString("\nEvery field takes an expression in `{{ }}` unless it says that it is taken as it stands.\n")
	b.WriteString("The node types of outside services, such as Slack, are on [pages of their own](/docs/services).\n")
	for _, t := range node.All() {
		if t.Category == node.ServicesCategory {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s Its type is `%s`.", t.Title, t.Help, t.Name)
		if len(t.Outputs) > 1 {
			fmt.Fprintf(&b, " Its outputs are `%s`.", strings.Join(t.Outputs, "`, `"))
		}
		b.WriteString("\n")
		if len(t.Fields()) > 0 {
			b.WriteString("\n| Field | What it takes |\n| --- | --- |\n")
		}
		for _, f := range t.Fields() {
			describeField(&b, f, "")
		}
		for i := range t.Examples {
			describeExample(&b, &t.Examples[i])
		}
	}
	return b.String()
}

// describeExample shows what a node makes of some items. The tests of the node types run it.
func describeExample(b *strings.Builder, e *node.Example) {
	for _, part := range []struct{ line, text string }{
		{"For example, this configuration", e.Config},
		{"makes of these items", e.In},
		{"these:", e.Out},
	} {
		fmt.Fprintf(b, "\n%s\n\n```json\n%s\n```\n", part.line, part.text)
	}
}

func describeField(b *strings.Builder, f *field.Field, prefix string) {
	words := []string{}
	if f.Required {
		words = append(words, "Required.")
	}
	if f.Help != "" {
		words = append(words, f.Help)
	}
	if len(f.Choices) > 0 {
		labels := make([]string, len(f.Choices))
		for i, c := range f.Choices {
			labels[i] = c.Label
		}
		words = append(words, "One of: "+strings.Join(labels, "; ")+".")
	}
	if f.Default != "" {
		words = append(words, "`"+f.Default+"` when empty.")
	}
	if f.Literal {
		words = append(words, "Taken as it stands.")
	}
	if f.Secrets {
		words = append(words, "May use `$secrets`.")
	}
	fmt.Fprintf(b, "| %s%s | %s |\n", prefix, f.Label, inCell(strings.Join(words, " ")))
	for _, column := range f.Rows() {
		describeField(b, column, f.Label+": ")
	}
}

// inCell keeps a text in one cell of a Markdown table.
func inCell(text string) string { return cellSigns.Replace(text) }

var cellSigns = strings.NewReplacer("|", `\|`, "\n", " ")

// document is what the reference reads of an OpenAPI document.
type document struct {
	Paths      map[string]pathItem
	Components struct{ Schemas map[string]*schema }
}

// pathItem is what one path can do.
type pathItem struct{ Get, Post, Put, Patch, Delete *apiOperation }

func (p pathItem) operations() map[string]*apiOperation {
	return map[string]*apiOperation{"get": p.Get, "post": p.Post, "put": p.Put, "patch": p.Patch, "delete": p.Delete}
}

type apiOperation struct {
	Summary, Description string
	Parameters           []struct {
		Name, In string
	}
	RequestBody struct {
		Content map[string]struct{ Schema *schema }
	}
}

type schema struct {
	Ref         string `json:"$ref"`
	Type        any
	Format      string
	Description string
	Enum        []any
	Properties  map[string]*schema
	Required    []string
}

// methods in the order in which one meets them.
var methods = []string{"get", "post", "patch", "put", "delete"}

// apiPage is the slug of the reference's first page; what stands below it begins so too.
const apiPage = "api"

// apiReference is the OpenAPI document as pages in Markdown: what each operation is for, what it takes and what it needs.
// The first page leads to one for each resource.
func apiReference(text []byte) ([]guidePage, error) {
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	var index strings.Builder
	index.WriteString("\nAll paths but those of `api` and `health` begin with `/api/v1`. A client signs in with `POST /auth/login` and sends the access token as `Authorization: Bearer …`; it is good for 15 minutes, " +
		"and `POST /auth/refresh` exchanges the refresh token for the next two. A refresh token that comes twice ends the session. " +
		"The same as a document for tools: [/api/openapi.json](/api/openapi.json).\n\n")
	parts := map[string]*strings.Builder{}
	paths := slices.SortedFunc(maps.Keys(d.Paths), func(a, b string) int { return cmp.Compare(a, b) })
	for _, path := range paths {
		first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		if parts[first] == nil {
			parts[first] = &strings.Builder{}
		}
		for _, method := range methods {
			if o := d.Paths[path].operations()[method]; o != nil {
				d.describe(parts[first], method, path, *o)
			}
		}
	}
	pages := []guidePage{{slug: apiPage, title: "API"}}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		title := strings.ReplaceAll(name, "-", " ")
		title = strings.ToUpper(title[:1]) + title[1:]
		slug := apiPage + "-" + strings.Trim(notSlug.ReplaceAllString(name, "-"), "-")
		fmt.Fprintf(&index, "- [%s](/docs/%s)\n", title, slug)
		pages = append(pages, guidePage{slug: slug, title: "API: " + web.Lower(title), text: parts[name].String(), above: apiPage})
	}
	pages[0].text = index.String()
	return pages, nil
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

func (d *document) describe(b *strings.Builder, method, path string, o apiOperation) {
	fmt.Fprintf(b, "\n## %s %s\n\n%s. %s\n", strings.ToUpper(method), path, strings.TrimSuffix(o.Summary, "."), o.Description)
	var names []string
	for _, p := range o.Parameters {
		if p.In == "query" {
			names = append(names, "`"+p.Name+"`")
		}
	}
	if names != nil {
		fmt.Fprintf(b, "\nQuery: %s.\n", strings.Join(names, ", "))
	}
	body := d.resolve(o.RequestBody.Content["application/json"].Schema)
	if body == nil || len(body.Properties) == 0 {
		return
	}
	b.WriteString("\n| Field of the body | Type | Meaning |\n| --- | --- | --- |\n")
	for _, name := range slices.Sorted(maps.Keys(body.Properties)) {
		field := d.resolve(body.Properties[name])
		words := field.Description
		if slices.Contains(body.Required, name) {
			words = strings.TrimSpace("Required. " + words)
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", name, field.typeWords(), inCell(words))
	}
}

func (d *document) resolve(s *schema) *schema {
	if s == nil {
		return nil
	}
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return d.Components.Schemas[name]
	}
	return s
}

// typeWords say what a value is.
func (s *schema) typeWords() string {
	if len(s.Enum) > 0 {
		values := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			values[i] = fmt.Sprintf("`%v`", v)
		}
		return strings.Join(values, ", ")
	}
	switch t := s.Type.(type) {
	case string:
		return strings.TrimSpace(t + " " + s.Format)
	case []any:
		words := make([]string, len(t))
		for i, v := range t {
			words[i] = fmt.Sprint(v)
		}
		return strings.Join(words, " or ")
	}
	return "any"
}
