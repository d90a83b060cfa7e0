package kinds

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// askVerb is the form of a verb that has to be told something.
func askVerb(s *web.Site, kind resource.Resource, does verb) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Get(v.Person.Session, id)
		if err != nil {
			return nil, err
		}
		if kind.Spec().May(does.Name) {
			if err := v.Person.Require(kind.Spec(), does.Name, id); err != nil {
				return nil, err
			}
		}
		values := map[string]string{}
		for _, f := range does.Fields {
			if values[f.Name] = f.Default; v.Query.Has(f.Name) {
				values[f.Name] = v.Query.Get(f.Name)
			}
		}
		page, err := verbForm(v, kind, record, does, values)
		if err != nil {
			return nil, err
		}
		return v.Show(http.StatusOK, page)
	})
}

func verbForm(v *web.Visit, kind resource.Resource, record resource.Record, does verb, values map[string]string) (*markup.FormPage, error) {
	spec, back := kind.Spec(), "/"+kind.Spec().Path+"/"+kind.ID(record)+Kept(v)
	crumbs, err := crumbs(v, kind)
	if err != nil {
		return nil, err
	}
	known, err := widget.Referenced(v, kind, []resource.Record{record}, columnsOf(spec)[:min(1, len(columnsOf(spec)))])
	if err != nil {
		return nil, err
	}
	heading, title := does.Label+" "+web.Lower(spec.Label()), Title(v, kind, record, known)
	page := &markup.FormPage{
		Shell:   v.Shell(heading + " " + title),
		Crumbs:  append(crumbs, markup.Crumb{Label: title, Href: back}),
		Heading: heading,
		Submit:  does.Label,
		Danger:  does.Danger,
		Action:  "/" + spec.Path + "/" + kind.ID(record) + "/" + does.Name + Kept(v),
		Cancel:  back,
	}
	group := markup.FieldGroup{}
	for i, f := range does.Fields {
		view, err := widget.Field(v, f, values[f.Name])
		if err != nil {
			return nil, err
		}
		view.First = i == 0
		group.Rows = append(group.Rows, []markup.FieldView{view})
	}
	page.Groups = []markup.FieldGroup{group}
	return page, nil
}

// act carries out a verb on a row. One that is dangerous needs the answer to the question that its form asks, and one
// that asks for something comes back with what is wrong with it.
func act(s *web.Site, kind resource.Resource, does verb) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		back := "/" + spec.Path + "/" + id + Kept(v)
		if does.Danger && does.Fields == nil && v.Form.Get("confirm") == "" {
			record, err := kind.Get(v.Person.Session, id)
			if err != nil {
				return nil, err
			}
			return Ask(v, does.Label+" "+web.Lower(spec.Label()), kind.Title(record), does.question, back)
		}
		err := does.do(v, kind, id, widget.Given(v, spec, does.Fields))
		if err == nil {
			return edge.Redirect(back), nil
		}
		record, missing := kind.Get(v.Person.Session, id)
		if does.Fields == nil || missing != nil {
			return nil, err
		}
		page, wrong := verbForm(v, kind, record, does, Typed(does.Fields, v.Form))
		if wrong != nil {
			return nil, wrong
		}
		return Refused(v, page, err)
	})
}

// verbRoutes are the pages of a kind's verbs: a form for those that ask for something, and what carries them out.
func verbRoutes(s *web.Site, kind resource.Resource, add func(method, path, verb string, handler edge.Handler)) {
	for _, does := range verbs(s, kind.Spec()) {
		if does.Fields != nil {
			add("GET", "/"+does.Name, does.Name, askVerb(s, kind, does))
		}
		add("POST", "/"+does.Name, does.Name, act(s, kind, does))
	}
}
