package api

import (
	"encoding/json"
	"net/http"

	"zygo/app/edge"
	"zygo/app/exchange"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// importTable creates the rows of a CSV body, or with dry_run tells what would become of them.
func (a *API) importTable(kind resource.Resource) edge.Handler {
	return a.signedIn(func(r *edge.Request, p *people.Person) (*edge.Response, error) {
		if err := p.Require(kind.Spec(), resource.Import, ""); err != nil {
			return nil, err
		}
		if err := r.CheckType("text/csv"); err != nil {
			return nil, err
		}
		table, err := exchange.Read(kind.Spec(), r.Body)
		if err != nil {
			return nil, err
		}
		result, err := table.Store(p.Session, kind, r.Query.Get("dry_run") == "true")
		if err != nil {
			return nil, err
		}
		data, err := json.Marshal(result)
		return envelope(http.StatusOK, data), err
	})
}
