package kinds

import (
	"encoding/json"
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// TemplateChoice offers the beginnings that a new row can have: the organization's and the instance's apart.
type TemplateChoice struct {
	Shell   markup.Shell
	Crumbs  []markup.Crumb
	Heading string
	// Action is the form that the chosen template fills.
	Action string
	Groups []TemplateGroup
}

func (TemplateChoice) Template() string { return "template-choice" }

// TemplateGroup is the templates of one source.
type TemplateGroup struct {
	Title     string
	Templates []TemplateOffer
}

// TemplateOffer is one template with its text filled from samples, and what it asks for.
type TemplateOffer struct {
	ID, Name, Description string
	Title, Markdown       string
	// Fields is what rows made from it have besides the usual.
	Fields    string
	Variables []markup.FieldView
}

// variablePrefix begins the parameters that fill a template's holes.
const variablePrefix = "variable."

// chooseTemplate is the page that offers the templates for a new row.
func chooseTemplate(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, _ string) (*edge.Response, error) {
		spec := kind.Spec()
		if err := v.Person.Require(spec, resource.Create, ""); err != nil {
			return nil, err
		}
		all, err := v.Person.Templates(spec.Name)
		if err != nil {
			return nil, err
		}
		crumbs, err := crumbs(v, kind)
		if err != nil {
			return nil, err
		}
		heading := "Start " + spec.One() + " from a template"
		page := &TemplateChoice{Shell: v.Shell(heading), Crumbs: crumbs, Heading: heading, Action: "/" + spec.Path + "/new"}
		for _, source := range []struct{ name, title string }{
			{"organization", "Of " + v.Person.Tenant.Name},
			{"instance", "Of this instance"},
		} {
			group := TemplateGroup{Title: source.title}
			for _, t := range all {
				if t.Source == source.name {
					group.Templates = append(group.Templates, offerOf(t))
				}
			}
			if group.Templates != nil {
				page.Groups = append(page.Groups, group)
			}
		}
		return v.Show(http.StatusOK, page)
	})
}

func offerOf(t resource.Template) TemplateOffer {
	samples := map[string]string{}
	for _, variable := range t.Variables {
		samples[variable.Name] = variable.Sample
	}
	offer := TemplateOffer{
		ID:          t.ID,
		Name:        t.Name,
		Description: t.Description,
		Title:       field.FillHoles(t.Title, samples),
		Markdown:    field.FillHoles(t.Body, samples),
	}
	for _, variable := range t.Variables {
		offer.Variables = append(offer.Variables, markup.FieldView{
			Kind:        markup.FieldText,
			Name:        variablePrefix + variable.Name,
			Label:       field.Label(variable.Name),
			Placeholder: variable.Sample,
			Part:        true,
		})
	}
	labels := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		labels[i] = f.Label
	}
	offer.Fields = strings.Join(labels, ", ")
	return offer
}

// begin gives the values that a template has for a new row, with its holes filled from the address.
func begin(v *web.Visit, spec *resource.Spec, values map[string]string) error {
	template, found, err := widget.CustomTemplate(v, spec, v.Query.Get("template"))
	if err != nil || !found {
		return err
	}
	given := map[string]string{}
	for name := range v.Query {
		if variable, ok := strings.CutPrefix(name, variablePrefix); ok && v.Query.Get(name) != "" {
			given[variable] = v.Query.Get(name)
		}
	}
	if spec.Title != nil && template.Title != "" {
		values[spec.Title.Name] = field.FillHoles(template.Title, given)
	}
	text := false
	for _, f := range spec.Fields {
		switch kind := f.Type.Name(); {
		case kind == "markdown" && f.Writable() && !text:
			values[f.Name], text = field.FillHoles(template.Body, given), true
		case kind == "tags" && f.Writable():
			values[f.Name] = strings.Join(template.Tags, ", ")
		case kind == "custom":
			custom, err := json.Marshal(field.Custom{Template: template.ID, Values: map[string]json.RawMessage{}})
			if err != nil {
				return err
			}
			values[f.Name] = string(custom)
		}
	}
	return nil
}
