package kinds

import (
	"net/url"
	"slices"
	"strings"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// Beside the parameters of the list itself, which the API has too, the address of a page says how the list is looked at:
// the view that is open, and columns that were chosen in it and not kept yet.
const (
	viewParameter    = "view"
	columnsParameter = "columns"
	// wholeList in place of a view is the list without any, for those whose list opens with one.
	wholeList = "all"
)

// listParameters are the parameters of the list itself.
func listParameters(values url.Values) url.Values {
	kept := url.Values{}
	for name, list := range values {
		if name != viewParameter && name != columnsParameter {
			kept[name] = list
		}
	}
	return kept
}

// listLook is how the person looks at a list: their views, their columns, and the view that is open.
type listLook struct {
	views []platform.View
	kept  platform.ListLook
	open  *platform.View
}

func lookAt(v *web.Visit, spec *resource.Spec) (look listLook, err error) {
	if look.kept, err = platform.LookOf(v.Person.Session, spec.Name); err != nil {
		return look, err
	}
	if look.views, err = platform.ViewsOf(v.Person.Session, spec.Name); err != nil {
		return look, err
	}
	look.open = look.view(v.Query.Get(viewParameter))
	return look, nil
}

func (look listLook) view(id string) *platform.View {
	if at := slices.IndexFunc(look.views, func(view platform.View) bool { return view.ID == id }); at >= 0 {
		return &look.views[at]
	}
	return nil
}

// opensWith leads to the view that the person wants to see first, where the address asks for nothing itself.
func opensWith(v *web.Visit, kind resource.Resource) (*edge.Response, error) {
	if len(v.Query) > 0 || web.IsFragment(v.Request) {
		return nil, nil
	}
	look, err := lookAt(v, kind.Spec())
	if err != nil {
		return nil, err
	}
	if first := look.view(look.kept.ViewID); first != nil {
		return edge.Redirect(viewHref(kind.Spec(), first)), nil
	}
	return nil, nil
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
	case l.look.open != nil && l.look.open.Columns != "":
		return l.look.open.ColumnNames()
	}
	return l.look.kept.ColumnNames()
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

// columnChoice offers every field that the list can show.
func (l Lister) columnChoice() *markup.ColumnChoice {
	shown, first := l.columns(), nameColumn(l.Spec)
	choice := &markup.ColumnChoice{Action: "/" + l.Spec.Path + "/columns", Back: l.here.Values.Encode(), Changed: l.columnNames() != nil}
	names := platform.Showable(l.Spec)
	for _, f := range arranged(l.Spec, func(f *field.Field) bool { return f != first && slices.Contains(names, f.Name) }) {
		choice.Options = append(choice.Options, markup.Option{Value: f.Name, Label: f.Label, Chosen: slices.Contains(shown, f)})
	}
	return choice
}

// chooseColumns keeps which columns the person sees. In an open view they are a change to it, which waits to be kept.
func chooseColumns(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		if err := v.Person.Require(spec, resource.List, ""); err != nil {
			return nil, err
		}
		back, err := url.ParseQuery(v.Form.Get("back"))
		if err != nil {
			back = url.Values{}
		}
		names := v.Form["column"]
		if v.Form.Has("usual") {
			names = nil
		} else if len(names) == 0 {
			names = []string{nameColumn(spec).Name}
		}
		look, err := lookAt(v, spec)
		if err != nil {
			return nil, err
		}
		back.Del(columnsParameter)
		if look.view(back.Get(viewParameter)) == nil {
			if err := platform.ChooseColumns(v.Person.Session, spec, names); err != nil {
				return nil, err
			}
		} else {
			if names == nil {
				for _, f := range columnsOf(spec) {
					names = append(names, f.Name)
				}
			}
			back.Set(columnsParameter, strings.Join(names, ","))
		}
		return edge.Redirect("/" + spec.Path + web.QueryText(back)), nil
	})
}
