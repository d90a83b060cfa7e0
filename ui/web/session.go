package web

import (
	"zygo/app/edge"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
)

// Welcome gives the browser its session, and lets it be known the next time.
func (s *Site) Welcome(r *edge.Request, token string, person *people.Person, to string) *edge.Response {
	response := edge.Redirect(to)
	response.SetCookie(r, sessions.Cookie(token))
	response.SetCookie(r, sessions.KnownCookie(s.Identity.Sessions.KnowBrowser(person)))
	return response
}

// EnterTenant makes an organization the current one and begins at its home.
func (s *Site) EnterTenant(v *Visit, id string) (*edge.Response, error) {
	token, _, err := s.Identity.Sessions.Switch(v.Person, id)
	if err != nil {
		return nil, err
	}
	v.SetCookies(sessions.Cookie(token))
	return edge.Redirect("/dashboard"), nil
}

// SetCookies gives the browser cookies of the accounts with the answer.
func (v *Visit) SetCookies(cookies ...operation.Cookie) {
	v.accountCookies = append(v.accountCookies, cookies...)
}
