package ui

import (
	"zygo/app/edge"
	"zygo/app/resource"
	"zygo/app/sheet"
)

// export answers the rows of a kind, as its list filters and sorts them, as a file for spreadsheets, of which
// Excel takes one for UTF-8 only by its byte order mark.
func (s *Site) export(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		query, _, err := edge.ListQuery(v.Request)
		if err != nil {
			return nil, err
		}
		return edge.ExportCSV(v.person, kind, query, nil, sheet.ByteOrderMark)
	})
}

// exportHref exports what the list shows, on all its pages.
func (l lister) exportHref() string {
	return address{"/" + l.spec.Path + "/export", l.here.values}.with(append(filterPairs(l.fixed), viewParameter, "", columnsParameter, "")...)
}
