package signin

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
)

// Signing in by a provider. A browser goes through these operations, so that what goes wrong leads to a page that says it.

// ChallengePath is the page on which a sign-in waits for its second factor, SocialPath that on which one by a provider waits
// to be confirmed or says why it failed.
const (
	ChallengePath = "/auth/mfa-challenge"
	SocialPath    = "/auth/oauth/callback"
)

type departing struct {
	Provider string
	Purpose  string `z:"help=link or prove to link an account or prove again who you are; left out to sign in."`
	Next     string `z:"max=4000,help=The page to go to afterwards."`
}

// providerAnswer is what a provider sends the browser back with. Apple posts it as a form, with the name of the person the first time.
type providerAnswer struct {
	Provider string
	State    string
	Code     string `z:"max=8000"`
	Error    string
	Name     string
	User     field.JSON
}

type signingUp struct{ Name, Organization string }

type byProvider struct{ Provider string }

// Linked is an account at a provider that signs a person in from now on.
type Linked struct {
	Provider string `json:"provider"`
	Email    string `json:"email"`
}

func (a *Service) socialOperations() []operation.Operation {
	byForm := people.Public(http.MethodPost, "auth/oauth/{provider}/callback", "The same for a provider that answers by a form", a.arriveByForm)
	byForm.Posted = true
	return []operation.Operation{
		people.Public(http.MethodGet, "auth/oauth/{provider}",
			"Go to google, github, microsoft or apple, to sign in, or with `purpose` link or prove to link an "+
				"account or prove again who you are; "+
				"`next` is the page to go to afterwards", a.depart),
		people.Public(http.MethodGet, "auth/oauth/{provider}/callback", "Where the provider sends the browser back to; it goes on to a page", a.arrive),
		byForm,
		people.Public(http.MethodPost, "auth/oauth/signup", "Make the account that waits in this browser, by the name that its owner gives",
			func(c *operation.Call, in *signingUp) (*sessions.Entered, error) {
				token, p, err := a.SignUpBy(c.Context, c.Cookie(PendingCookieName), in.Name, in.Organization, c.Origin)
				out, err := a.sessions.Welcome(c, token, p, err)
				if err == nil {
					c.SetCookie(PendingCookie(""))
				}
				return out, err
			}),
		people.Handle(http.MethodPost, "auth/oauth/link", "Link the account at a provider that waits in this browser",
			func(c *operation.Call, p *people.Person, _ *people.Nothing) (Linked, error) {
				linked, err := a.Link(p, c.Cookie(PendingCookieName))
				if err != nil {
					return Linked{}, err
				}
				c.SetCookie(PendingCookie(""))
				return Linked{linked.Claim.Provider, linked.Claim.Email}, nil
			}),
		people.Act(http.MethodDelete, "auth/oauth/{provider}", "Unlink the account at a provider, unless it is the last way to sign in",
			func(p *people.Person, in *byProvider) error { return a.credentials.Unlink(p, in.Provider) }),
	}
}

// depart sends the browser to the provider.
func (a *Service) depart(c *operation.Call, in *departing) (operation.Redirect, error) {
	d := Departure{Provider: in.Provider, Purpose: in.Purpose, Next: Next(in.Next), Browser: c.Cookie(JourneyCookieName)}
	var err error
	switch d.Purpose {
	case "":
		d.Purpose = SocialSignIn
	case SocialLink:
		if d.Person, err = people.Caller(c); err == nil {
			err = d.Person.Refusal()
		}
	case SocialProve:
		d.Person, err = people.Caller(c)
	}
	if err != nil {
		return a.stranded(c, d.Provider, err), nil
	}
	address, token, err := a.Depart(c.Context, d, c.Origin)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return "", err
	}
	if err != nil {
		return a.stranded(c, d.Provider, err), nil
	}
	c.SetCookie(JourneyCookie(token))
	return operation.Redirect(address), nil
}

// stranded leads to the page that says what went wrong; the log has the cause.
func (a *Service) stranded(c *operation.Call, provider string, err error) operation.Redirect {
	a.kernel.Log().Warn("a sign-in by a provider failed", "request", c.Origin.RequestID, "provider", provider, "error", err)
	query := url.Values{"problem": {ReasonOf(err)}, "provider": {provider}, "request": {c.Origin.RequestID}}
	return operation.Redirect(SocialPath + "?" + query.Encode())
}

// arriveByForm sends a browser that a provider made post its answer to the same address by GET. The form comes from the
// provider's site, and with it the browser sends none of our cookies, which are SameSite=Lax; with the second request it does.
// The answer is worth nothing to another browser, so that it may stand in an address for that moment.
func (a *Service) arriveByForm(_ *operation.Call, in *providerAnswer) (operation.Redirect, error) {
	if err := a.Offers(in.Provider); err != nil {
		return "", err
	}
	kept := url.Values{}
	for name, value := range map[string]string{"state": in.State, "code": in.Code, "error": in.Error} {
		if value != "" {
			kept.Set(name, value)
		}
	}
	var user struct {
		Name struct{ FirstName, LastName string }
	}
	// Only Apple's first answer has it; without a name the person gives one.
	if json.Unmarshal(in.User, &user) == nil {
		kept.Set("name", strings.TrimSpace(user.Name.FirstName+" "+user.Name.LastName))
	}
	return operation.Redirect(CallbackPath(in.Provider) + "?" + kept.Encode()), nil
}

// arrive takes the provider's answer and sends the browser to where it leads.
func (a *Service) arrive(c *operation.Call, in *providerAnswer) (operation.Redirect, error) {
	given := Return{
		Provider: in.Provider,
		State:    in.State,
		Code:     in.Code,
		Name:     in.Name,
		Refusal:  in.Error,
		Browser:  c.Cookie(JourneyCookieName),
		Device:   c.Cookie(DeviceCookieName),
	}
	// Nobody has to be signed in: only a link and a proof need it, and refuse where it is not so.
	given.Person, _ = people.Caller(c)
	arrival, err := a.Arrive(c.Context, given, c.Origin)
	if fault.Is(err, fault.NotFound) {
		return "", err
	}
	// The browser's token stays, for the journeys of its other tabs.
	next := Next(arrival.Next)
	var refused *fault.Error
	if errors.As(err, &refused) {
		if asked, is := refused.Details.(Challenge); is {
			c.SetCookie(ChallengeCookie(asked.Challenge))
			return operation.Redirect(ChallengePath + "?next=" + url.QueryEscape(next)), nil
		}
	}
	switch {
	case IsUnverified(err):
		return "/verify-email", nil
	case err != nil:
		return a.stranded(c, in.Provider, err), nil
	case arrival.Pending != "":
		c.SetCookie(PendingCookie(arrival.Pending))
		return operation.Redirect(SocialPath + "?next=" + url.QueryEscape(next)), nil
	}
	c.SetCookie(sessions.Cookie(arrival.Token))
	return operation.Redirect(next), nil
}

// Next is where to go after signing in: a page of this instance, never another site.
func Next(to string) string {
	parsed, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, ` \`) || parsed.Host != "" ||
		parsed.Path == "/login" {
		return "/dashboard"
	}
	return to
}
