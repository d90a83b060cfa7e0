package kinds

import (
	"zygo/app/edge"
	"zygo/app/resource"
	"zygo/app/sheet"
	"zygo/ui/web"
)

// export answers the rows of a kind, as its list filters and sorts them, as a file for spreadsheets, of which
// Excel takes one for UTF-8 only by its byte order mark.
func export(s *web.Site, kind resource.Resource) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		query, _, err := edge.ListQuery(v.Request)
		if err != nil {
			return nil, err
		}
		return edge.ExportCSV(v.Person, kind, query, nil, sheet.ByteOrderMark)
	})
}

// exportHref exports what the list shows, on all its pages.
func (l Lister) exportHref() string {
	return Address{"/" + l.Spec.Path + "/export", l.here.Values}.With(
		append(filterPairs(l.Fixed), viewParameter, "", columnsParameter, "")...)
}
