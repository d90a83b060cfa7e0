package edge

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/resource"
	"zygo/store"
)

// FormToken is the field that every form of a page carries.
const FormToken = "form_token"

// Origin is where a request came from, for the ledger.
func (r *Request) Origin() resource.Origin {
	return resource.Origin{RequestID: r.ID, Address: r.Address, UserAgent: r.Header.Get("User-Agent"), Host: r.Host}
}

// Recognize finds the person behind a request's bearer token or cookie. A cookie is refused on a request that another
// site made the browser send, and somebody whose organization keeps them out or waits for their second factor is refused everywhere but
// where RecognizeEnrolling stands.
func Recognize(in *sessions.Service, r *Request) (*people.Person, error) {
	person, err := RecognizeEnrolling(in, r)
	if err == nil {
		err = person.Refusal()
	}
	if err != nil {
		return nil, err
	}
	return person, nil
}

// Explain tells a person who is in no organization so, where they asked for what is in one. It gives any other error as it is.
func Explain(p *people.Person, err error) error {
	if p.Tenant.ID == "" && errors.Is(err, store.ErrNoScope) {
		return fault.New(fault.Forbidden,
			"You are in no organization, so there is nothing to see here. Ask an administrator of yours to take you in.").Because(err)
	}
	return err
}

// RecognizeEnrolling is Recognize for what somebody needs who has to set up a second factor first, or to go to another
// organization.
func RecognizeEnrolling(in *sessions.Service, r *Request) (*people.Person, error) {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return in.RecognizeBearer(r.Context, bearer, r.Origin())
	}
	token := r.Cookie(hostPrefix + sessions.CookieName)
	if token == "" {
		token = r.Cookie(sessions.CookieName)
	}
	if token == "" {
		return nil, fault.New(fault.Unauthenticated, "Sign in to go on.")
	}
	if err := CheckSameOrigin(r); err != nil {
		return nil, err
	}
	return in.Recognize(r.Context, token, r.Origin())
}

// CheckSameOrigin refuses a writing request that a browser sends on behalf of another site.
func CheckSameOrigin(r *Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	refused := fault.New(fault.Forbidden, "This request came from another site and was not carried out.")
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return nil
	case "":
	default:
		return refused
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return nil // no browser: browsers send one of the two
	}
	if from, err := url.Parse(origin); err != nil || from.Host != r.Host {
		return refused
	}
	return nil
}

// NewFormToken is the value of FormToken for one page. Each page has another one that stands for the same session: a constant
// one beside text that a stranger chose could be guessed from the sizes of compressed pages.
func NewFormToken(p *people.Person) string {
	secret := []byte(p.FormToken)
	masked := make([]byte, 2*len(secret))
	rand.Read(masked[:len(secret)])
	subtle.XORBytes(masked[len(secret):], masked[:len(secret)], secret)
	return base64.RawURLEncoding.EncodeToString(masked)
}

// CheckForm refuses a form that does not carry a token of the session.
func CheckForm(p *people.Person, form url.Values) error {
	masked, err := base64.RawURLEncoding.DecodeString(form.Get(FormToken))
	secret := make([]byte, len(p.FormToken))
	if err == nil && len(masked) == 2*len(secret) {
		subtle.XORBytes(secret, masked[:len(secret)], masked[len(secret):])
	}
	if len(secret) == 0 || subtle.ConstantTimeCompare(secret, []byte(p.FormToken)) != 1 {
		return fault.New(fault.Forbidden, "This form is from an earlier session. Load the page again and repeat it.")
	}
	return nil
}
