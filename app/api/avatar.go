package api

import (
	"mime/multipart"
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
)

// setAvatar makes the file of a form the person's picture.
func (a *API) setAvatar(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	given := false
	err := r.EachPart(func(part *multipart.Part) error {
		if part.FormName() != "file" || given {
			return fault.New(fault.BadRequest, "The form has one part, which is called file.")
		}
		given = true
		return a.accounts.SetAvatar(p, part)
	})
	if err == nil && !given {
		err = fault.InvalidField("file", "is required")
	}
	return answer(nil, err)
}

func (a *API) removeAvatar(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.RemoveAvatar(p))
}

func (a *API) avatar(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	picture, err := a.accounts.Avatar(p, r.Param("id"))
	if err != nil {
		return nil, err
	}
	response := edge.NewResponse(http.StatusOK, "image/jpeg", picture)
	response.Header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	return response, nil
}
