package api

import (
	"encoding/json"
	"mime"
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/resource"
)

// importTable creates the rows of a CSV body, or with dry_run tells what would become of them.
func (a *API) importTable(kind resource.Resource) edge.Handler {
	return a.signedIn(func(r *edge.Request, p *identity.Person) (*edge.Response, error) {
		if err := p.Require(kind.Spec(), resource.Import, ""); err != nil {
			return nil, err
		}
		if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "text/csv" {
			return nil, fault.New(fault.UnsupportedMedia, "Send the table as text/csv.")
		}
		table, err := edge.ReadTable(kind.Spec(), r.Body)
		if err != nil {
			return nil, err
		}
		result, err := edge.ImportTable(p, kind, table, r.Query.Get("dry_run") == "true")
		if err != nil {
			return nil, err
		}
		data, err := json.Marshal(result)
		return envelope(http.StatusOK, data), err
	})
}
