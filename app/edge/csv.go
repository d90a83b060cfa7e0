package edge

import (
	"net/http"

	"zygo/app/exchange"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// ExportCSV answers a list as a table that the browser saves; see exchange.Export.
func ExportCSV(p *people.Person, kind resource.Resource, query resource.Query, only []string, before string) (*Response, error) {
	write, err := exchange.Export(p.Session, kind, query, only, before)
	if err != nil {
		return nil, err
	}
	response := NewResponse(http.StatusOK, "text/csv; charset=utf-8", nil)
	response.Header.Set("Content-Disposition", `attachment; filename="`+kind.Spec().Plural+`.csv"`)
	response.Stream = write
	return response, nil
}
