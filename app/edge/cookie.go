package edge

import (
	"net/http"

	"zygo/app/operation"
)

// hostPrefix keeps other hosts of the domain from setting a cookie; browsers take it over HTTPS only.
const hostPrefix = "__Host-"

// Kept is what this instance keeps in the browser under a name, empty where there is nothing.
func (r *Request) Kept(name string) string { return r.Cookie(r.cookieName(name)) }

func (r *Request) cookieName(name string) string {
	if r.secure {
		return hostPrefix + name
	}
	return name
}

// SetCookie gives the browser a cookie with the answer to a request, or takes it back where it has no value.
func (response *Response) SetCookie(r *Request, c operation.Cookie) {
	if response.Header == nil {
		response.Header = http.Header{}
	}
	cookie := http.Cookie{
		Name:     r.cookieName(c.Name),
		Value:    c.Value,
		Path:     "/",
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
		Secure:   r.secure,
		MaxAge:   int(c.Life.Seconds()),
	}
	if c.Value == "" {
		cookie.MaxAge = -1
	}
	response.Header.Add("Set-Cookie", cookie.String())
}
