package web

import (
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/operation"
)

// Next is where to go after signing in: a page of this instance, never another site.
func Next(to string) string { return identity.Next(to) }

// Welcome gives the browser its session, and lets it be known the next time.
func (s *Site) Welcome(r *edge.Request, token string, person *identity.Person, to string) *edge.Response {
	response := edge.Redirect(to)
	response.SetCookie(r, identity.SessionCookie(token))
	response.SetCookie(r, identity.KnownCookie(s.Accounts.KnowBrowser(person)))
	return response
}

// EnterTenant makes an organization the current one and begins at its home.
func (s *Site) EnterTenant(v *Visit, id string) (*edge.Response, error) {
	token, _, err := s.Accounts.Switch(v.Person, id)
	if err != nil {
		return nil, err
	}
	v.SetCookies(identity.SessionCookie(token))
	return edge.Redirect("/dashboard"), nil
}

// Enrolling is signedIn for what somebody needs who has to set up a second factor first.
func (s *Site) Enrolling(handle func(v *Visit) (*edge.Response, error)) edge.Handler {
	return s.recognized(edge.RecognizeEnrolling, handle)
}

// IsStale tells whether an act was refused for want of a recent proof.
func IsStale(err error) bool {
	f, ok := fault.As(err)
	_, recent := DetailsOf(f, ok).(fault.Recent)
	return recent
}

// DetailsOf are the details of a fault, nil where an error is none.
func DetailsOf(f *fault.Error, ok bool) any {
	if !ok {
		return nil
	}
	return f.Details
}

// SetCookies gives the browser cookies of the accounts with the answer.
func (v *Visit) SetCookies(cookies ...operation.Cookie) {
	v.accountCookies = append(v.accountCookies, cookies...)
}
