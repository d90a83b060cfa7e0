package kinds

import (
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// crumbs lead back from a page of a kind to its list, and from a child to the row above.
func crumbs(v *web.Visit, kind resource.Resource) ([]markup.Crumb, error) {
	spec := kind.Spec()
	list := markup.Crumb{Label: spec.PluralLabel(), Href: ListHref(v, spec)}
	if spec.Parent == nil {
		return []markup.Crumb{list}, nil
	}
	above := Above(v.Site, spec)
	parent, err := above.Get(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	path := "/" + above.Spec().Path
	return []markup.Crumb{
		{Label: above.Spec().PluralLabel(), Href: path},
		{Label: above.Title(parent), Href: path + "/" + v.Param("id")},
		list,
	}, nil
}

// home is the page that shows a row after it was made: its own, and for a child the one that it hangs on.
func home(v *web.Visit, kind resource.Resource, id string) string {
	spec := kind.Spec()
	if spec.Parent == nil {
		return "/" + spec.Path + "/" + id
	}
	return "/" + Above(v.Site, spec).Spec().Path + "/" + v.Param("id")
}
