package markup

import (
	"fmt"
	"html/template"
	"strings"
)

// A kind's page is overridden by a file in templates/kinds, such as incident.detail.html: it takes the place of what stands
// inside the shell, with the value of the generic page as its data. It may use every template that the generic pages use.

// overridable are the pages that a file can override, by their template.
var overridable = map[string]string{"list": "list-body", "detail": "detail-body", "form": "form-body"}

// kindPage is a page of one kind's rows.
type kindPage interface{ ofKind() string }

func (p ListPage) ofKind() string { return p.Kind }

func (p DetailPage) ofKind() string { return p.Kind }

func (p FormPage) ofKind() string { return p.Kind }

// addOverrides gives the files of templates/kinds, which the set has by their path, the names of the pages that they override. It
// returns the kinds that they are for.
func addOverrides(set *template.Template) (kinds []string, err error) {
	for _, file := range set.Templates() {
		name, ok := strings.CutPrefix(file.Name(), "kinds/")
		if !ok {
			continue
		}
		kind, page, _ := strings.Cut(name, ".")
		body, ok := overridable[page]
		if !ok {
			return nil, fmt.Errorf("%s overrides no page; its name is that of a kind, then list, detail or form", file.Name())
		}
		body, page = body+":"+kind, page+":"+kind
		if _, err := set.New(body).Parse(`{{template "` + file.Name() + `" .}}`); err != nil {
			return nil, fmt.Errorf("override with %s: %w", file.Name(), err)
		}
		if _, err := set.New(page).Parse(`{{template "open" .Shell}}{{template "` + body + `" .}}{{template "close" .Shell}}`); err != nil {
			return nil, fmt.Errorf("override with %s: %w", file.Name(), err)
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
