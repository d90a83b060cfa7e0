// Package provider speaks with those who vouch for people: Google, Microsoft and Apple by OpenID Connect, GitHub by OAuth
// 2.0. It knows nothing of accounts: it gives the address where somebody agrees, and turns the code that comes back into a
// Claim. Every request goes through the guard of outgoing connections. Start with Provider, then openid.go and github.go.
package provider

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"zygo/app/fault"
	"zygo/app/outgoing"
)

// Claim is what a provider says of somebody. Provider and Subject are who it is: the provider never gives the subject to
// somebody else, which holds of no address.
type Claim struct {
	Provider string `json:"provider"`
	Subject  string `json:"subject"`
	// Email is for reading; only where it is Verified does the provider vouch that it is the person's own.
	Email    string `json:"email"`
	Verified bool   `json:"verified"`
	Name     string `json:"name"`
}

// Question is what one sign-in sends along and wants back.
type Question struct {
	State, Nonce string
	// Verifier is the secret half of PKCE.
	Verifier string
	// Redirect is the address of this instance to which the answer comes.
	Redirect string
	// Again asks that the person shows once more who they are, where the provider can ask for that.
	Again bool
}

// Answer is what came back.
type Answer struct {
	Code string
	// Name is what Apple tells with the token, at the first sign-in only.
	Name string
}

// Provider is one of those who vouch.
type Provider interface {
	// Ask gives the address at which the person agrees.
	Ask(ctx context.Context, q Question) (string, error)
	// Claim turns an answer to the question into who it is.
	Claim(ctx context.Context, q Question, a Answer) (Claim, error)
}

// Named is a provider with its names.
type Named struct {
	// Name stands in addresses, Label is for people.
	Name, Label string
	Provider
}

// Secret is what a client shows with a code: a text that the provider gave, or one made for each use.
type Secret func(now time.Time) (string, error)

// Fixed is a secret that stays.
func Fixed(secret string) Secret {
	return func(time.Time) (string, error) { return secret, nil }
}

const (
	exchangeTime = 15 * time.Second
	mostBytes    = 1 << 20
)

// client reaches providers through the guard, and reads no endless answers.
func client(guard *outgoing.Guard) *http.Client {
	c := guard.Client(outgoing.Options{Time: exchangeTime})
	c.Transport = bounded{c.Transport}
	return c
}

type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(r)
	if err == nil {
		response.Body = http.MaxBytesReader(nil, response.Body, mostBytes)
	}
	return response, err
}

// read gives the body of a JSON request, and is a fault where the provider does not answer with success.
func read(c *http.Client, r *http.Request) ([]byte, error) {
	r.Header.Set("Accept", "application/json")
	response, err := c.Do(r)
	if err != nil {
		return nil, unreachable(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, unreachable(err)
	}
	if response.StatusCode != http.StatusOK {
		err := errors.New("it answers " + response.Status)
		if response.StatusCode >= http.StatusInternalServerError {
			return nil, unreachable(err)
		}
		return nil, refused(err)
	}
	return body, nil
}

// exchange gives the tokens for a code.
func exchange(ctx context.Context, c *http.Client, config oauth2.Config, q Question, a Answer) (*oauth2.Token, error) {
	token, err := config.Exchange(context.WithValue(ctx, oauth2.HTTPClient, c), a.Code, oauth2.VerifierOption(q.Verifier))
	var answered *oauth2.RetrieveError
	switch {
	case err == nil:
		return token, nil
	case errors.As(err, &answered) && answered.Response.StatusCode < http.StatusInternalServerError:
		// The text of the answer is the provider's; its code is enough for the log.
		return nil, refused(errors.New("the code was not taken: " + answered.Response.Status + " " + answered.ErrorCode))
	}
	return nil, unreachable(err)
}

// unreachable is for what may work later, refused for what this provider said and can't be trusted or used.
func unreachable(err error) error {
	return fault.New(fault.Unavailable, "the provider can't be reached").Because(outgoing.Explain(err))
}

func refused(err error) error {
	return fault.New(fault.Forbidden, "the provider's answer was not accepted").Because(err)
}
