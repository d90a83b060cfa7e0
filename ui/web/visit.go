package web

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
)

// recognizer finds the person behind a request.
type recognizer = func(*sessions.Service, *edge.Request) (*people.Person, error)

// Visit finds who it is. A form is read by signedIn, once.
func (s *Site) Visit(r *edge.Request) (*Visit, error) { return s.visitOf(r, edge.Recognize) }

func (s *Site) visitOf(r *edge.Request, recognize recognizer) (*Visit, error) {
	person, err := recognize(s.Identity.Sessions, r)
	if err != nil {
		return nil, err
	}
	v := &Visit{Request: r, Site: s, Person: person}
	if r.Method != http.MethodPost && person.Tenant.ID != "" {
		v.Head, err = person.Head()
	}
	return v, err
}
