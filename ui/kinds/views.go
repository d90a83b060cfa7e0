package kinds

import (
	"net/url"
	"slices"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/platform"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// tabs are the views of a list: the whole, what concerns the person, and those that were kept.
func (l Lister) tabs() []markup.Tab {
	parameters := l.parameters()
	tabs := []markup.Tab{{Label: "All", Href: l.wholeHref(), Current: l.view.open == nil && len(parameters) == 0}}
	for _, f := range l.Spec.Fields {
		if f.To == "user" && f.Filter && !f.Internal {
			mine := url.Values{"filter[" + f.Name + "]": {l.Person.User.ID}}
			tabs = append(tabs, markup.Tab{
				Label:   "Mine",
				Href:    l.here.Path + web.QueryText(mine),
				Current: l.view.open == nil && parameters.Encode() == mine.Encode(),
			})
			break
		}
	}
	for i := range l.view.views {
		view := &l.view.views[i]
		tabs = append(tabs, markup.Tab{Label: view.Name, Href: viewHref(l.Spec, view), Current: view == l.view.open})
	}
	return tabs
}

// wholeHref leads to the list without any filter, also where another view opens first.
func (l Lister) wholeHref() string {
	if l.view.view(l.view.kept.ViewID) != nil {
		return l.here.Path + "?" + viewParameter + "=" + wholeList
	}
	return l.here.Path
}

// keeping is what can be done with views from here.
func (l Lister) keeping() *markup.ViewMenu {
	menu := &markup.ViewMenu{
		Fields: []markup.Hidden{
			{Name: "kind", Value: l.Spec.Name},
			{Name: "query", Value: l.parameters().Encode()},
			{Name: "columns", Value: strings.Join(l.columnNames(), ",")},
		},
		MayShare: l.Person.Holds("view:share"),
	}
	open := l.view.open
	if open == nil {
		return menu
	}
	path := "/views/" + open.ID
	menu.Open = open.Name
	press := func(label, icon string, fields ...markup.Hidden) {
		menu.Actions = append(menu.Actions, markup.Action{Label: label, Icon: icon, Post: path, Fields: fields})
	}
	if open.OwnerID == l.Person.User.ID {
		menu.Rename = path
		if open.Query != l.parameters().Encode() || open.Columns != strings.Join(l.columnNames(), ",") {
			press("Replace by what is shown", "save", append(slices.Clone(menu.Fields), markup.Hidden{Name: "replace", Value: "yes"})...)
		}
		switch {
		case open.Shared != platform.Nobody:
			press("Share no longer", "lock", markup.Hidden{Name: "shared", Value: string(platform.Nobody)})
		case menu.MayShare:
			press("Share with the organization", "users", markup.Hidden{Name: "shared", Value: string(platform.Organization)})
		}
	}
	if l.view.kept.ViewID == open.ID {
		press("Open first no longer", "star", markup.Hidden{Name: "first", Value: "no"})
	} else {
		press("Open first", "star", markup.Hidden{Name: "first", Value: "yes"})
	}
	if menu.Rename != "" || l.Person.Holds("view:delete") {
		body := "The rows that it shows stay."
		if open.Shared != platform.Nobody {
			body = "It leaves the lists of everybody. The rows that it shows stay."
		}
		menu.Actions = append(menu.Actions, markup.Action{
			Label:   "Delete view",
			Icon:    "trash-2",
			Post:    path + "/delete",
			Danger:  true,
			Confirm: &markup.Confirm{Title: "Delete view", Body: body},
		})
	}
	return menu
}

// keepView makes a view of what a list shows.
func keepView(v *web.Visit) (*edge.Response, error) {
	change := viewChange(v)
	view, err := platform.CreateView(v.Person.Session, v.Form.Get("kind"), &change)
	return afterView(v, view, err, "Save view")
}

// changeView renames a view, shares it, replaces what it shows, or makes it the one that opens first.
func changeView(v *web.Visit) (*edge.Response, error) {
	change := viewChange(v)
	change.ID = v.Param("id")
	if !v.Form.Has("replace") {
		change.Parameters, change.Columns = nil, nil
	}
	if !v.Form.Has("name") {
		change.Name = nil
	}
	if !v.Form.Has("shared") {
		change.Shared = nil
	}
	view, err := platform.ChangeView(v.Person.Session, &change)
	return afterView(v, view, err, "Rename view")
}

// viewChange is what a form says of a view.
func viewChange(v *web.Visit) platform.ViewChange {
	name, shared := v.Form.Get("name"), platform.Sharing(v.Form.Get("shared"))
	if shared == "" {
		shared = platform.Nobody
	}
	change := platform.ViewChange{Name: &name, Shared: &shared, Parameters: map[string]string{}, Columns: []string{}}
	if parameters, err := url.ParseQuery(v.Form.Get("query")); err == nil {
		for name := range parameters {
			change.Parameters[name] = parameters.Get(name)
		}
	}
	if columns := v.Form.Get("columns"); columns != "" {
		change.Columns = strings.Split(columns, ",")
	}
	if v.Form.Has("first") {
		first := v.Form.Get("first") == "yes"
		change.First = &first
	}
	return change
}

// afterView shows the view, or asks again for a name where the given one can't be used.
func afterView(v *web.Visit, view *platform.View, err error, submit string) (*edge.Response, error) {
	if err == nil {
		return edge.Redirect(viewHref(v.Site.Kind(view.Kind).Spec(), view)), nil
	}
	if !v.Form.Has("name") || !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
		return nil, err
	}
	page := &markup.FormPage{Shell: v.Shell(submit), Heading: submit, Submit: submit, Action: v.Path, Cancel: "/dashboard",
		Groups: []markup.FieldGroup{
			{
				Rows: [][]markup.FieldView{
					{{Kind: markup.FieldText, Name: "name", Label: "Name", Value: v.Form.Get("name"), Required: true}},
				},
			},
		}}
	for _, name := range []string{"kind", "query", "columns", "shared"} {
		if v.Form.Has(name) {
			page.Hidden = append(page.Hidden, markup.Hidden{Name: name, Value: v.Form.Get(name)})
		}
	}
	if kind, ok := v.Site.Kernel.Kind(v.Form.Get("kind")); ok {
		page.Cancel = "/" + kind.Spec().Path
		page.Crumbs = []markup.Crumb{{Label: kind.Spec().PluralLabel(), Href: page.Cancel}}
	}
	return Refused(v, page, err)
}

// deleteView deletes a view and shows the whole list.
func deleteView(v *web.Visit) (*edge.Response, error) {
	view, err := platform.ViewOf(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	spec := v.Site.Kind(view.Kind).Spec()
	if v.Form.Get("confirm") == "" {
		return Ask(v, "Delete view", view.Name, "The rows that it shows stay.", viewHref(spec, view))
	}
	if err := platform.DeleteView(v.Person.Session, view.ID); err != nil {
		return nil, err
	}
	return edge.Redirect("/" + spec.Path), nil
}
