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

// opensWith leads to the view that the person wants to see first, where the address asks for nothing itself.
func opensWith(v *web.Visit, kind resource.Resource) (*edge.Response, error) {
	if len(v.Query) > 0 || web.IsFragment(v.Request) {
		return nil, nil
	}
	look, err := listViewOf(v, kind.Spec())
	if err != nil {
		return nil, err
	}
	if first := look.view(look.kept.ViewID); first != nil {
		return edge.Redirect(viewHref(kind.Spec(), first)), nil
	}
	return nil, nil
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
		look, err := listViewOf(v, spec)
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
