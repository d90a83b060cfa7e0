package kinds

import (
	"net/url"
	"slices"
	"strings"

	"zygo/app/field"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/ui/web"
)

// Lister builds the parts of one list.
type Lister struct {
	*web.Visit
	Kind  resource.Resource
	Spec  *resource.Spec
	query resource.Query
	here  Address
	view  listView
	// Fixed are the filters of the page itself, which its address does not carry.
	Fixed []resource.Filter
}

// listView is how the person looks at a list: their views, their columns, and the view that is open.
type listView struct {
	views []platform.View
	kept  platform.ListPreference
	open  *platform.View
}

func listViewOf(v *web.Visit, spec *resource.Spec) (look listView, err error) {
	if look.kept, err = platform.ListPreferenceOf(v.Person.Session, spec.Name); err != nil {
		return look, err
	}
	if look.views, err = platform.ViewsOf(v.Person.Session, spec.Name); err != nil {
		return look, err
	}
	look.open = look.view(v.Query.Get(viewParameter))
	return look, nil
}

func (look listView) view(id string) *platform.View {
	if at := slices.IndexFunc(look.views, func(view platform.View) bool { return view.ID == id }); at >= 0 {
		return &look.views[at]
	}
	return nil
}

func viewHref(spec *resource.Spec, view *platform.View) string {
	parameters := view.Parameters()
	parameters.Set(viewParameter, view.ID)
	return "/" + spec.Path + web.QueryText(parameters)
}

// columnNames are the columns that the list shows where they are not the usual ones: those of the address, of the open
// view, or of the person.
func (l Lister) columnNames() []string {
	switch {
	case l.Query.Has(columnsParameter):
		return strings.Split(l.Query.Get(columnsParameter), ",")
	case l.view.open != nil && l.view.open.Columns != "":
		return l.view.open.ColumnNames()
	}
	return l.view.kept.ColumnNames()
}

// columns are those that the list shows, as they are declared.
func (l Lister) columns() []*field.Field {
	names := l.columnNames()
	if names == nil {
		return columnsOf(l.Spec)
	}
	first := nameColumn(l.Spec)
	return arranged(l.Spec, func(f *field.Field) bool { return f == first || slices.Contains(names, f.Name) })
}

// rowHref is the page of a row, with the list that leads to it.
func (l Lister) rowHref(id string) string {
	kept := url.Values{}
	for name, values := range l.here.Values {
		if !pageParameters[name] {
			kept[name] = values
		}
	}
	for i, pairs := 0, filterPairs(l.Fixed); i < len(pairs); i += 2 {
		kept.Set(pairs[i], pairs[i+1])
	}
	return "/" + l.Spec.Path + "/" + id + Carried(kept.Encode())
}

// parameters are those of the list that a view keeps.
func (l Lister) parameters() url.Values {
	kept := listParameters(l.here.Values)
	for name := range pageParameters {
		kept.Del(name)
	}
	if kept.Get("search") == "" {
		kept.Del("search") // what an empty search field sends
	}
	return kept
}
