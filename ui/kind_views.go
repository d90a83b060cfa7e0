package ui

import (
	"net/url"
	"slices"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/platform"
)

// tabs are the views of a list: the whole, what concerns the person, and those that were kept.
func (l lister) tabs() []Tab {
	parameters := l.parameters()
	tabs := []Tab{{Label: "All", Href: l.wholeHref(), Current: l.look.open == nil && len(parameters) == 0}}
	for _, f := range l.spec.Fields {
		if f.To == "user" && f.Filter && !f.Internal {
			mine := url.Values{"filter[" + f.Name + "]": {l.person.User.ID}}
			tabs = append(tabs, Tab{Label: "Mine", Href: l.here.path + queryText(mine), Current: l.look.open == nil && parameters.Encode() == mine.Encode()})
			break
		}
	}
	for i := range l.look.views {
		view := &l.look.views[i]
		tabs = append(tabs, Tab{Label: view.Name, Href: viewHref(l.spec, view), Current: view == l.look.open})
	}
	return tabs
}

// wholeHref leads to the list without any filter, also where another view opens first.
func (l lister) wholeHref() string {
	if l.look.view(l.look.kept.ViewID) != nil {
		return l.here.path + "?" + viewParameter + "=" + wholeList
	}
	return l.here.path
}

// parameters are those of the list that a view keeps.
func (l lister) parameters() url.Values {
	kept := listParameters(l.here.values)
	for name := range pageParameters {
		kept.Del(name)
	}
	if kept.Get("search") == "" {
		kept.Del("search") // what an empty search field sends
	}
	return kept
}

// keeping is what can be done with views from here.
func (l lister) keeping() *ViewMenu {
	menu := &ViewMenu{
		Fields:   []Hidden{{"kind", l.spec.Name}, {"query", l.parameters().Encode()}, {"columns", strings.Join(l.columnNames(), ",")}},
		MayShare: l.person.Holds("view:share"),
	}
	open := l.look.open
	if open == nil {
		return menu
	}
	path := "/views/" + open.ID
	menu.Open = open.Name
	if open.OwnerID == l.person.User.ID {
		menu.Rename = path
		if open.Query != l.parameters().Encode() || open.Columns != strings.Join(l.columnNames(), ",") {
			menu.Actions = append(menu.Actions, Action{Label: "Replace by what is shown", Icon: "save", Post: path, Fields: append(slices.Clone(menu.Fields), Hidden{"replace", "yes"})})
		}
		switch {
		case open.Shared != platform.Nobody:
			menu.Actions = append(menu.Actions, Action{Label: "Share no longer", Icon: "lock", Post: path, Fields: []Hidden{{"shared", string(platform.Nobody)}}})
		case menu.MayShare:
			menu.Actions = append(menu.Actions, Action{Label: "Share with the organization", Icon: "users", Post: path, Fields: []Hidden{{"shared", string(platform.Organization)}}})
		}
	}
	if l.look.kept.ViewID == open.ID {
		menu.Actions = append(menu.Actions, Action{Label: "Open first no longer", Icon: "star", Post: path, Fields: []Hidden{{"first", "no"}}})
	} else {
		menu.Actions = append(menu.Actions, Action{Label: "Open first", Icon: "star", Post: path, Fields: []Hidden{{"first", "yes"}}})
	}
	if menu.Rename != "" || l.person.Holds("view:delete") {
		body := "The rows that it shows stay."
		if open.Shared != platform.Nobody {
			body = "It leaves the lists of everybody. The rows that it shows stay."
		}
		menu.Actions = append(menu.Actions, Action{Label: "Delete view", Icon: "trash-2", Post: path + "/delete", Danger: true, Confirm: &Confirm{Title: "Delete view", Body: body}})
	}
	return menu
}

// keepView makes a view of what a list shows.
func (s *Site) keepView(v *visit) (*edge.Response, error) {
	change := v.viewChange()
	view, err := platform.CreateView(v.person.Session, v.form.Get("kind"), &change)
	return v.afterView(view, err, "Save view")
}

// changeView renames a view, shares it, replaces what it shows, or makes it the one that opens first.
func (s *Site) changeView(v *visit) (*edge.Response, error) {
	change := v.viewChange()
	change.ID = v.Param("id")
	if !v.form.Has("replace") {
		change.Parameters, change.Columns = nil, nil
	}
	if !v.form.Has("name") {
		change.Name = nil
	}
	if !v.form.Has("shared") {
		change.Shared = nil
	}
	view, err := platform.ChangeView(v.person.Session, &change)
	return v.afterView(view, err, "Rename view")
}

// viewChange is what a form says of a view.
func (v *visit) viewChange() platform.ViewChange {
	name, shared := v.form.Get("name"), platform.Sharing(v.form.Get("shared"))
	if shared == "" {
		shared = platform.Nobody
	}
	change := platform.ViewChange{Name: &name, Shared: &shared, Parameters: map[string]string{}, Columns: []string{}}
	if parameters, err := url.ParseQuery(v.form.Get("query")); err == nil {
		for name := range parameters {
			change.Parameters[name] = parameters.Get(name)
		}
	}
	if columns := v.form.Get("columns"); columns != "" {
		change.Columns = strings.Split(columns, ",")
	}
	if v.form.Has("first") {
		first := v.form.Get("first") == "yes"
		change.First = &first
	}
	return change
}

// afterView shows the view, or asks again for a name where the given one can't be used.
func (v *visit) afterView(view *platform.View, err error, submit string) (*edge.Response, error) {
	if err == nil {
		return edge.Redirect(viewHref(v.site.kind(view.Kind).Spec(), view)), nil
	}
	if !v.form.Has("name") || !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
		return nil, err
	}
	page := &FormPage{Shell: v.shell(submit), Heading: submit, Submit: submit, Action: v.Path, Cancel: "/dashboard",
		Groups: []FieldGroup{{Rows: [][]FieldView{{{Kind: FieldText, Name: "name", Label: "Name", Value: v.form.Get("name"), Required: true}}}}}}
	for _, name := range []string{"kind", "query", "columns", "shared"} {
		if v.form.Has(name) {
			page.Hidden = append(page.Hidden, Hidden{name, v.form.Get(name)})
		}
	}
	if kind, ok := v.site.kernel.Kind(v.form.Get("kind")); ok {
		page.Cancel = "/" + kind.Spec().Path
		page.Crumbs = []Crumb{{kind.Spec().PluralLabel(), page.Cancel}}
	}
	return v.refused(page, err)
}

// deleteView deletes a view and shows the whole list.
func (s *Site) deleteView(v *visit) (*edge.Response, error) {
	view, err := platform.ViewOf(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	spec := s.kind(view.Kind).Spec()
	if v.form.Get("confirm") == "" {
		return v.ask("Delete view", view.Name, "The rows that it shows stay.", viewHref(spec, view))
	}
	if err := platform.DeleteView(v.person.Session, view.ID); err != nil {
		return nil, err
	}
	return edge.Redirect("/" + spec.Path), nil
}
