package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/resource"
)

// The handlers of every kind. What differs between kinds is in their declarations.

func (a *API) list(kind resource.Resource) edge.Handler {
	return a.signedIn(func(r *edge.Request, p *identity.Person) (*edge.Response, error) {
		query, only, err := edge.ListQuery(r)
		if err != nil {
			return nil, err
		}
		for _, name := range only {
			if f, ok := kind.Spec().Field(name); !ok || f.Internal {
				return nil, fault.New(fault.BadRequest, "A %s has no field %q.", kind.Spec().Name, name)
			}
		}
		if wantsCSV(r) {
			return edge.ExportCSV(p, kind, query, only)
		}
		page, err := kind.List(p.Session, query)
		if err != nil {
			return nil, err
		}
		out := append(make([]byte, 0, 1024*len(page.Rows)+256), `{"success":true,"data":[`...)
		for i, row := range page.Rows {
			if i > 0 {
				out = append(out, ',')
			}
			out = kind.AppendJSON(out, row, only)
		}
		out = append(out, `],"metadata":{"total":`...)
		out = strconv.AppendInt(out, int64(page.Total), 10)
		out = append(out, `,"page":`...)
		out = strconv.AppendInt(out, int64(page.Page), 10)
		out = append(out, `,"limit":`...)
		out = strconv.AppendInt(out, int64(page.Limit), 10)
		if page.NextCursor != "" {
			out = append(out, `,"next_cursor":"`+page.NextCursor+`"`...)
		}
		return edge.NewResponse(http.StatusOK, "application/json", append(out, '}', '}')), nil
	})
}

// wantsCSV tells whether the client asks for a list as a table for spreadsheets.
func wantsCSV(r *edge.Request) bool {
	return strings.HasPrefix(strings.TrimSpace(r.Header.Get("Accept")), "text/csv")
}

// row answers one row with its version as ETag.
func row(status int, kind resource.Resource, record resource.Record) *edge.Response {
	response := envelope(status, kind.AppendJSON(nil, record, nil))
	response.Header.Set("ETag", etag(kind.Version(record)))
	return response
}

func (a *API) get(kind resource.Resource) edge.Handler {
	return a.signedIn(func(r *edge.Request, p *identity.Person) (*edge.Response, error) {
		record, err := kind.Get(p.Session, r.Param("id"))
		if err != nil {
			return nil, err
		}
		return row(http.StatusOK, kind, record), nil
	})
}

// create answers the first result again where the client repeats its request with the same Idempotency-Key.
func (a *API) create(kind resource.Resource) edge.Handler {
	return a.signedIn(func(r *edge.Request, p *identity.Person) (*edge.Response, error) {
		in, err := input(r)
		if err != nil {
			return nil, err
		}
		body, err := p.Once(repeatable(r), func(s *resource.Session) ([]byte, error) {
			record, err := kind.Create(s, in)
			if err != nil {
				return nil, err
			}
			return kind.AppendJSON(nil, record, nil), nil
		})
		if err != nil {
			return nil, err
		}
		var made struct {
			ID      string
			Version int64
		}
		if err := json.Unmarshal(body, &made); err != nil {
			return nil, err
		}
		response := envelope(http.StatusCreated, body)
		response.Header.Set("Location", "/api/v1/"+kind.Spec().Path+"/"+made.ID)
		response.Header.Set("ETag", etag(made.Version))
		return response, nil
	})
}

// repeatable names a request that its client may repeat.
func repeatable(r *edge.Request) resource.Request {
	return resource.Request{Key: r.Header.Get("Idempotency-Key"), Route: r.Method + " " + r.Path, Body: string(r.Body)}
}

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

func (a *API) update(kind resource.Resource) edge.Handler {
	return a.signedIn(func(r *edge.Request, p *identity.Person) (*edge.Response, error) {
		version, err := ifMatch(r)
		if err != nil {
			return nil, err
		}
		in, err := input(r)
		if err != nil {
			return nil, err
		}
		record, err := kind.Update(p.Session, r.Param("id"), version, in)
		if err != nil {
			return nil, err
		}
		return row(http.StatusOK, kind, record), nil
	})
}

func (a *API) remove(kind resource.Resource) edge.Handler {
	return a.signedIn(func(r *edge.Request, p *identity.Person) (*edge.Response, error) {
		version, err := ifMatch(r)
		if err != nil {
			return nil, err
		}
		if err := kind.Remove(p.Session, r.Param("id"), version); err != nil {
			return nil, err
		}
		return noContent(), nil
	})
}

func (a *API) restore(kind resource.Resource) edge.Handler {
	return a.signedIn(func(r *edge.Request, p *identity.Person) (*edge.Response, error) {
		record, err := kind.Restore(p.Session, r.Param("id"))
		if err != nil {
			return nil, err
		}
		return row(http.StatusOK, kind, record), nil
	})
}

func (a *API) act(kind resource.Resource, action string) edge.Handler {
	return a.signedIn(func(r *edge.Request, p *identity.Person) (*edge.Response, error) {
		version, err := ifMatch(r)
		if err != nil {
			return nil, err
		}
		if err := requireJSON(r); err != nil {
			return nil, err
		}
		record, err := kind.Act(p.Session, r.Param("id"), action, version)
		if err != nil {
			return nil, err
		}
		return row(http.StatusOK, kind, record), nil
	})
}
