package kinds

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// menu is the actions of one row of a list.
func menu(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		menu := markup.ActionMenu{Shell: markup.Shell{Token: edge.NewFormToken(v.Person)}}
		if v.Query.Get("deleted") == "true" {
			record, err := inTrash(v, kind, id)
			if err != nil {
				return nil, err
			}
			if v.Person.May(spec, resource.Delete) {
				restore, purge := trashActions(kind, record)
				menu.Actions = []markup.Action{restore, purge}
			}
			return v.Show(http.StatusOK, menu)
		}
		record, err := kind.Get(v.Person.Session, id)
		if err != nil {
			return nil, err
		}
		primary, others := Actions(v, kind, record, true)
		if primary != nil {
			menu.Actions = []markup.Action{*primary}
		}
		menu.Actions = append(menu.Actions, others...)
		for i := range menu.Actions {
			menu.Actions[i].Key = "" // the page has the keys
		}
		return v.Show(http.StatusOK, menu)
	})
}
