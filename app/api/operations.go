package api

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/operation"
	"zygo/app/request"
	"zygo/app/resource"
)

// operation serves an operation of an area.
func (a *API) operation(o operation.Operation) edge.Handler {
	fields, err := o.Fields()
	if err != nil {
		panic(err.Error()) // a wrong declaration
	}
	run := func(r *edge.Request, c *operation.Call) (*edge.Response, error) {
		given, err := operationInput(r, &o, fields)
		if err != nil {
			return nil, err
		}
		if err := describe(r, c); err != nil {
			return nil, err
		}
		response, err := outcomeOf(&o, fields, c, given)
		if err != nil {
			return nil, err
		}
		for _, cookie := range c.Cookies {
			response.SetCookie(r, cookie)
		}
		if c.Clears {
			response.Header.Set("Clear-Site-Data", `"cache", "storage"`)
		}
		return response, nil
	}
	personal := func(r *edge.Request, p *people.Person) (*edge.Response, error) {
		return run(r, &operation.Call{Session: p.Session, Caller: p})
	}
	switch o.Caller {
	case operation.Public:
		return a.public(func(r *edge.Request) (*edge.Response, error) {
			if err := edge.CheckSameOrigin(r); err != nil && !o.Posted {
				return nil, err
			}
			c := &operation.Call{Session: a.kernel.Nobody(r.Context, r.Origin())}
			if p, err := edge.RecognizeEnrolling(a.services.Sessions, r); err == nil {
				c.Caller = p
			} else {
				c.Refused = err
			}
			return run(r, c)
		})
	case operation.Entering:
		return a.enrolling(personal)
	}
	return a.signedIn(personal)
}

// describe tells a call what the request brings with its input.
func describe(r *edge.Request, c *operation.Call) (err error) {
	c.Browser = isBrowser(r)
	c.Cookie = r.Kept
	c.Slowed = r.Slowed
	c.Repeatable = repeatable(r)
	c.Upload = func(take func(name string, content io.Reader) error) error { return takeFile(r, take) }
	c.Version, err = ifMatch(r)
	return err
}

// isBrowser tells whether a page of this instance asks, which keeps its session in a cookie.
func isBrowser(r *edge.Request) bool { return r.Header.Get("Zygo-Client") == "web" }

// takeFile reads a form with one file.
func takeFile(r *edge.Request, take func(name string, content io.Reader) error) error {
	given := false
	err := r.EachPart(func(part *multipart.Part) error {
		if part.FormName() != "file" || given {
			return fault.New(fault.BadRequest, "The form has one part, which is called file.")
		}
		given = true
		return take(part.FileName(), part)
	})
	if err == nil && !given {
		err = fault.InvalidField("file", "is required")
	}
	return err
}

// outcomeOf carries an operation out and encodes what it answers.
func outcomeOf(o *operation.Operation, fields []*field.Field, c *operation.Call, given resource.Input) (*edge.Response, error) {
	if err := o.Permit(c, given); err != nil {
		return nil, err
	}
	if o.Creates {
		body, err := request.Once(c.Session, c.Repeatable, func(s *resource.Session) ([]byte, error) {
			c.Session = s
			out, err := o.Run(c, fields, given)
			if err != nil {
				return nil, err
			}
			return json.Marshal(out)
		})
		if err != nil {
			return nil, err
		}
		return envelope(http.StatusCreated, body), nil
	}
	out, err := o.Run(c, fields, given)
	if err != nil {
		return nil, err
	}
	switch out := out.(type) {
	case operation.Redirect:
		return edge.Redirect(string(out)), nil
	case operation.Content:
		return edge.NewContent(o.Media, out), nil
	case operation.Listed:
		rows, metadata := out.Envelope()
		body, err := json.Marshal(map[string]any{"success": true, "data": rows, "metadata": metadata})
		return edge.NewResponse(http.StatusOK, "application/json", body), err
	}
	data, err := json.Marshal(out)
	status := http.StatusOK
	if accepted, ok := out.(operation.Accepted); ok && accepted.Accepted() {
		status = http.StatusAccepted
	}
	if _, ok := out.(operation.Making); ok {
		status = http.StatusCreated
	}
	return envelope(status, data), err
}

// operationInput is what a request gives for the fields of an operation: from the path, and from the query of a GET, the form
// of another site or else the body.
func operationInput(r *edge.Request, o *operation.Operation, fields []*field.Field) (resource.Input, error) {
	given, values := resource.Input{}, url.Values{}
	var err error
	switch {
	case o.Method == http.MethodGet:
		values = r.Query
	case o.Posted:
		if values, err = url.ParseQuery(string(r.Body)); err != nil {
			err = fault.New(fault.BadRequest, "The form can't be read.").Because(err)
		}
	case len(r.Body) > 0 && !bytes.Equal(r.Body, []byte("null")):
		given, err = input(r)
	}
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		switch {
		case o.InPath(f):
			if _, twice := given[f.Name]; twice {
				return nil, fault.InvalidField(f.Name, "stands in the address and can't be set here")
			}
			given[f.Name] = resource.Text(r.Param(f.Name))
		case len(values[f.Name]) > 1:
			return nil, fault.New(fault.BadRequest, "The parameter %q stands twice.", f.Name)
		case values.Get(f.Name) != "":
			given[f.Name] = resource.Text(values.Get(f.Name))
		}
	}
	return given, nil
}
