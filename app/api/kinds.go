package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/request"
	"zygo/app/resource"
)

// The handlers of every kind. What differs between kinds is in their declarations.

// rows runs a handler on a kind's rows: all that the person may see, or those below the row that the path names.
func (a *API) rows(kind resource.Resource,
	handle func(r *edge.Request, p *people.Person, kind resource.Resource, id string) (*edge.Response, error)) edge.Handler {
	return a.signedIn(func(r *edge.Request, p *people.Person) (*edge.Response, error) {
		if kind.Spec().Parent == nil {
			return handle(r, p, kind, r.Param("id"))
		}
		below, err := kind.Under(p.Session, r.Param("id"))
		if err != nil {
			return nil, err
		}
		return handle(r, p, below, r.Param("child_id"))
	})
}

func (a *API) list(kind resource.Resource) edge.Handler {
	return a.rows(kind, func(r *edge.Request, p *people.Person, kind resource.Resource, _ string) (*edge.Response, error) {
		return listRows(r, p, kind)
	})
}

// listRows answers a list of rows, narrowed by filters that the request has no say in.
func listRows(r *edge.Request, p *people.Person, kind resource.Resource, narrow ...resource.Filter) (*edge.Response, error) {
	query, only, err := edge.ListQuery(r)
	if err != nil {
		return nil, err
	}
	for _, name := range only {
		if f, ok := kind.Spec().Field(name); !ok || f.Internal {
			return nil, fault.New(fault.BadRequest, "A %s has no field %q.", kind.Spec().Name, name)
		}
	}
	query.Filters = append(query.Filters, narrow...)
	if wantsCSV(r) {
		return edge.ExportCSV(p, kind, query, only, "")
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
	if page.States != nil {
		states, err := json.Marshal(page.States)
		if err != nil {
			return nil, err
		}
		out = append(append(out, `,"states":`...), states...)
	}
	return edge.NewResponse(http.StatusOK, "application/json", append(out, '}', '}')), nil
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
	return a.rows(kind, func(r *edge.Request, p *people.Person, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Get(p.Session, id)
		if err != nil {
			return nil, err
		}
		return row(http.StatusOK, kind, record), nil
	})
}

// create answers the first result again where the client repeats its request with the same Idempotency-Key.
func (a *API) create(kind resource.Resource) edge.Handler {
	return a.rows(kind, func(r *edge.Request, p *people.Person, kind resource.Resource, _ string) (*edge.Response, error) {
		in, err := input(r)
		if err != nil {
			return nil, err
		}
		body, err := request.Once(p.Session, repeatable(r), func(s *resource.Session) ([]byte, error) {
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
		response.Header.Set("Location", strings.TrimSuffix(r.Path, "/")+"/"+made.ID)
		response.Header.Set("ETag", etag(made.Version))
		return response, nil
	})
}

// repeatable names a request that its client may repeat.
func repeatable(r *edge.Request) request.Repeatable {
	return request.Repeatable{Key: r.Header.Get("Idempotency-Key"), Route: r.Method + " " + r.Path, Body: string(r.Body)}
}

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

func (a *API) update(kind resource.Resource) edge.Handler {
	return a.rows(kind, func(r *edge.Request, p *people.Person, kind resource.Resource, id string) (*edge.Response, error) {
		version, err := ifMatch(r)
		if err != nil {
			return nil, err
		}
		in, err := input(r)
		if err != nil {
			return nil, err
		}
		record, err := kind.Update(p.Session, id, version, in)
		if err != nil {
			return nil, err
		}
		return row(http.StatusOK, kind, record), nil
	})
}

func (a *API) remove(kind resource.Resource) edge.Handler {
	return a.rows(kind, func(r *edge.Request, p *people.Person, kind resource.Resource, id string) (*edge.Response, error) {
		version, err := ifMatch(r)
		if err != nil {
			return nil, err
		}
		if err := kind.Remove(p.Session, id, version); err != nil {
			return nil, err
		}
		return noContent(), nil
	})
}

func (a *API) restore(kind resource.Resource) edge.Handler {
	return a.rows(kind, func(r *edge.Request, p *people.Person, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Restore(p.Session, id)
		if err != nil {
			return nil, err
		}
		return row(http.StatusOK, kind, record), nil
	})
}

func (a *API) purge(kind resource.Resource) edge.Handler {
	return a.rows(kind, func(_ *edge.Request, p *people.Person, kind resource.Resource, id string) (*edge.Response, error) {
		if err := kind.Purge(p.Session, id); err != nil {
			return nil, err
		}
		return noContent(), nil
	})
}

func (a *API) act(kind resource.Resource, action string) edge.Handler {
	return a.rows(kind, func(r *edge.Request, p *people.Person, kind resource.Resource, id string) (*edge.Response, error) {
		version, err := ifMatch(r)
		if err != nil {
			return nil, err
		}
		in := resource.Input{}
		if len(r.Body) > 0 {
			if in, err = input(r); err != nil {
				return nil, err
			}
		}
		record, err := kind.Act(p.Session, id, action, version, in)
		if err != nil {
			return nil, err
		}
		return row(http.StatusOK, kind, record), nil
	})
}

// outcome is what became of one row of many.
type outcome struct {
	ID      string     `json:"id"`
	Success bool       `json:"success"`
	Error   *errorBody `json:"error,omitempty"`
}

// bulk does the same with many rows; each tells for itself whether it was done.
func (a *API) bulk(kind resource.Resource) edge.Handler {
	return a.rows(kind, func(r *edge.Request, p *people.Person, kind resource.Resource, _ string) (*edge.Response, error) {
		given, err := input(r)
		if err != nil {
			return nil, err
		}
		var body struct {
			Action string
			IDs    []string
			Fields json.RawMessage
		}
		for name := range given {
			if name != "action" && name != "ids" && name != "fields" {
				return nil, fault.InvalidField(name, "is not known here")
			}
		}
		if err := json.Unmarshal(r.Body, &body); err != nil {
			return nil, fault.New(fault.BadRequest, "action is a text, ids a list of texts, fields an object.")
		}
		in := resource.Input{}
		if body.Fields != nil {
			if in, err = field.DecodeInput(body.Fields); err != nil {
				return nil, err
			}
		}
		done, err := request.Bulk(p.Session, kind, body.Action, body.IDs, in)
		if err != nil {
			return nil, err
		}
		outcomes, failed := make([]outcome, len(done)), 0
		for i, one := range done {
			outcomes[i] = outcome{ID: one.ID, Success: one.Err == nil}
			if one.Err != nil {
				failed++
				edge.LogFailure(a.log, r, one.Err)
				outcomes[i].Error = publicError(r, one.Err)
			}
		}
		answer, err := json.Marshal(map[string]any{
			"success":  true,
			"data":     outcomes,
			"metadata": map[string]int{"total": len(outcomes), "failed": failed},
		})
		return edge.NewResponse(http.StatusOK, "application/json", answer), err
	})
}

func (a *API) download(kind resource.Resource) edge.Handler {
	return a.rows(kind, func(r *edge.Request, p *people.Person, kind resource.Resource, id string) (*edge.Response, error) {
		return edge.Download(p, a.uploads, kind, id, r.Param("field"))
	})
}
