package web

import (
	"net/http"

	"zygo/app/edge"
)

// Enrolling is signedIn for what somebody needs who has to set up a second factor first.
func (s *Site) Enrolling(handle func(v *Visit) (*edge.Response, error)) edge.Handler {
	return s.recognized(edge.RecognizeEnrolling, handle)
}

// Page makes routes to pages for people who are signed in, those of a kind where it is named.
func (s *Site) Page(kind string) func(method, path, permission string, handle func(v *Visit) (*edge.Response, error)) edge.Route {
	return func(method, path, permission string, handle func(v *Visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Kind: kind, Handler: s.SignedIn(handle)}
	}
}

// SignedIn runs a handler for a person; anybody else is sent to the sign-in. A form has to carry the session's token.
func (s *Site) SignedIn(handle func(v *Visit) (*edge.Response, error)) edge.Handler {
	return s.recognized(edge.Recognize, handle)
}

func (s *Site) recognized(recognize recognizer, handle func(v *Visit) (*edge.Response, error)) edge.Handler {
	return s.Handle(func(s *Site, r *edge.Request) (*edge.Response, error) {
		v, err := s.visitOf(r, recognize)
		if err != nil {
			return nil, err
		}
		if r.Method == http.MethodPost {
			if err := v.ReadForm(); err != nil {
				return nil, edge.Explain(v.Person, err)
			}
		}
		response, err := handle(v)
		if IsStale(err) && v.Form != nil {
			response, err = v.Show(http.StatusOK, s.Reauthenticate(v, r.Path, v.Form))
		}
		if err == nil {
			v.endDraft(response)
			response.Header["Set-Cookie"] = append(response.Header["Set-Cookie"], v.Cookies...)
			for _, cookie := range v.accountCookies {
				response.SetCookie(r, cookie)
			}
		}
		return response, edge.Explain(v.Person, err)
	})
}

// Handle runs a handler for anybody; what it refuses is answered with a page.
func (s *Site) Handle(handle func(s *Site, r *edge.Request) (*edge.Response, error)) edge.Handler {
	return func(r *edge.Request) *edge.Response {
		response, err := handle(s, r)
		if err != nil {
			return s.Fail(r, err)
		}
		return response
	}
}
