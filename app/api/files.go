package api

import (
	"encoding/json"
	"mime/multipart"
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/platform"
	"zygo/app/resource"
)

// upload stores the file of a form, for a field of a row to take.
func (a *API) upload(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	if err := a.uploads.Require(p.Session); err != nil {
		return nil, err
	}
	var stored *platform.Upload
	err := r.EachPart(func(part *multipart.Part) error {
		if part.FormName() != "file" || stored != nil {
			return fault.New(fault.BadRequest, "The form has one part, which is called file.")
		}
		made, err := a.uploads.Add(p.Session, part.FileName(), part)
		stored = &made
		return err
	})
	if err != nil {
		return nil, err
	}
	if stored == nil {
		return nil, fault.InvalidField("file", "is required")
	}
	data, err := json.Marshal(stored)
	return envelope(http.StatusCreated, data), err
}

func (a *API) download(kind resource.Resource) edge.Handler {
	return a.rows(kind, func(r *edge.Request, p *identity.Person, kind resource.Resource, id string) (*edge.Response, error) {
		return edge.Download(p, a.uploads, kind, id, r.Param("field"))
	})
}
