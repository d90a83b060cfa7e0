package ui

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

// A kind's page is overridden by a file in templates/kinds, such as incident.detail.html: it takes the place of what stands
// inside the shell, with the value of the generic page as its data. It may use every template that the generic pages use.

// overridable are the pages that a file can override, by their template.
var overridable = map[string]string{"list": "list-body", "detail": "detail-body", "form": "form-body"}

// kindPage is a page of one kind's rows.
type kindPage interface{ ofKind() string }

func (p ListPage) ofKind() string   { return p.Kind }
func (p DetailPage) ofKind() string { return p.Kind }
func (p FormPage) ofKind() string   { return p.Kind }

// parseOverrides adds the files of templates/kinds to the set, and gives the kinds that they are for.
func parseOverrides(set *template.Template, files fs.FS) ([]string, error) {
	names, err := fs.Glob(files, "templates/kinds/*.html")
	if err != nil {
		return nil, err
	}
	var kinds []string
	for _, name := range names {
		kind, page, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".html"), ".")
		body, ok := overridable[page]
		if !ok {
			return nil, fmt.Errorf("%s overrides no page; its name is that of a kind, then list, detail or form", name)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		body, page = body+":"+kind, page+":"+kind
		if _, err := set.New(body).Parse(string(text)); err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		if _, err := set.New(page).Parse(`{{template "open" .Shell}}{{template "` + body + `" .}}{{template "close" .Shell}}`); err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		kinds = append(kinds, kind)
	}
	return kinds, nil
}

// nameFor is the template of a page or fragment: the one of its kind, where there is one.
func (p *Pages) nameFor(name string, page Page) string {
	if of, ok := page.(kindPage); ok && p.templates.Lookup(name+":"+of.ofKind()) != nil {
		return name + ":" + of.ofKind()
	}
	return name
}
