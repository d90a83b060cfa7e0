package web

import (
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
)

// ReadForm reads the form of a request and refuses one without the session's token.
func (v *Visit) ReadForm() (err error) {
	if v.IsForm() {
		return v.readParts()
	}
	if v.Form, err = formOf(v.Request); err != nil {
		return err
	}
	return edge.CheckForm(v.Person, v.Form)
}

// formOf reads the fields that a browser sent.
func formOf(r *edge.Request) (url.Values, error) {
	if len(r.Body) > 0 {
		if err := r.CheckType("application/x-www-form-urlencoded"); err != nil {
			return nil, err
		}
	}
	form, err := url.ParseQuery(string(r.Body))
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The form can't be read.")
	}
	return form, nil
}

// SingleForm is formOf for a page without a session, where no field can come twice: what checks one must not see another than
// what acts.
func SingleForm(r *edge.Request) (url.Values, error) {
	form, err := formOf(r)
	for name, values := range form {
		if len(values) > 1 {
			return nil, fault.New(fault.BadRequest, "The form has %q twice.", name)
		}
	}
	return form, err
}
