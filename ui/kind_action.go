package ui

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/resource"
)

// askVerb is the form of a verb that has to be told something.
func (s *Site) askVerb(kind resource.Resource, does verb) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Get(v.person.Session, id)
		if err != nil {
			return nil, err
		}
		if kind.Spec().May(does.Name) {
			if err := v.person.Require(kind.Spec(), does.Name, id); err != nil {
				return nil, err
			}
		}
		values := map[string]string{}
		for _, f := range does.Fields {
			if values[f.Name] = f.Default; v.Query.Has(f.Name) {
				values[f.Name] = v.Query.Get(f.Name)
			}
		}
		page, err := v.verbForm(kind, record, does, values)
		if err != nil {
			return nil, err
		}
		return v.show(http.StatusOK, page)
	})
}

func (v *visit) verbForm(kind resource.Resource, record resource.Record, does verb, values map[string]string) (*FormPage, error) {
	spec, back := kind.Spec(), "/"+kind.Spec().Path+"/"+kind.ID(record)+v.kept()
	crumbs, err := v.crumbs(kind)
	if err != nil {
		return nil, err
	}
	known, err := v.referenced(kind, []resource.Record{record}, columnsOf(spec)[:min(1, len(columnsOf(spec)))])
	if err != nil {
		return nil, err
	}
	heading, title := does.Label+" "+lower(spec.Label()), v.title(kind, record, known)
	page := &FormPage{Shell: v.shell(heading + " " + title), Crumbs: append(crumbs, Crumb{title, back}), Heading: heading, Submit: does.Label, Danger: does.Danger,
		Action: "/" + spec.Path + "/" + kind.ID(record) + "/" + does.Name + v.kept(), Cancel: back}
	group := FieldGroup{}
	for i, f := range does.Fields {
		view, err := v.field(f, values[f.Name])
		if err != nil {
			return nil, err
		}
		view.First = i == 0
		group.Rows = append(group.Rows, []FieldView{view})
	}
	page.Groups = []FieldGroup{group}
	return page, nil
}

// act carries out a verb on a row. One that is dangerous needs the answer to the question that its form asks, and one
// that asks for something comes back with what is wrong with it.
func (s *Site) act(kind resource.Resource, does verb) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		back := "/" + spec.Path + "/" + id + v.kept()
		if does.Danger && does.Fields == nil && v.form.Get("confirm") == "" {
			record, err := kind.Get(v.person.Session, id)
			if err != nil {
				return nil, err
			}
			return v.ask(does.Label+" "+lower(spec.Label()), kind.Title(record), does.question, back)
		}
		err := does.do(v, kind, id, v.given(spec, does.Fields))
		if err == nil {
			return edge.Redirect(back), nil
		}
		record, missing := kind.Get(v.person.Session, id)
		if does.Fields == nil || missing != nil {
			return nil, err
		}
		page, wrong := v.verbForm(kind, record, does, typed(does.Fields, v.form))
		if wrong != nil {
			return nil, wrong
		}
		return v.refused(page, err)
	})
}
