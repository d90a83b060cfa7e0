package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
)

// Signing in by a provider. A browser goes through these routes, so that what goes wrong leads to a page that says it; the
// pages themselves are in ui.

// socialRoutes are the way to a provider and back, and what a person has linked.
func (a *API) socialRoutes() []edge.Route {
	const get, post, remove = http.MethodGet, http.MethodPost, http.MethodDelete
	public := func(method, path string, handle func(r *edge.Request) (*edge.Response, error)) edge.Route {
		handler := func(r *edge.Request) *edge.Response {
			return a.limited(r, "address "+identity.Network(r.Address), a.open(handle))
		}
		return edge.Route{Method: method, Path: Base + path, Permission: "public", Handler: handler}
	}
	return []edge.Route{
		public(get, "auth/oauth/{provider}", a.depart),
		public(get, "auth/oauth/{provider}/callback", a.arrive),
		public(post, "auth/oauth/{provider}/callback", a.arriveByForm),
		public(post, "auth/oauth/signup", a.signUpByProvider),
		{Method: post, Path: Base + "auth/oauth/link", Handler: a.signedIn(a.link)},
		{Method: remove, Path: Base + "auth/oauth/{provider}", Handler: a.signedIn(a.unlink)},
		{Method: get, Path: Base + "users/me/connected-accounts", Handler: a.signedIn(a.connectedAccounts)},
	}
}

// socialOperations describe them.
var socialOperations = []written{
	{"GET", "auth/oauth/{provider}", "Go to google, github, microsoft or apple, to sign in, or with `purpose` link or prove to link an account or prove again who you are; `next` is the page to go to afterwards", nil, nil},
	{"GET", "auth/oauth/{provider}/callback", "Where the provider sends the browser back to; it goes on to a page", nil, nil},
	{"POST", "auth/oauth/{provider}/callback", "The same for a provider that answers by a form", nil, nil},
	{"POST", "auth/oauth/signup", "Make the account that waits in this browser, by the name that its owner gives", optionalTexts("name", "organization"), schema{"type": "object"}},
	{"POST", "auth/oauth/link", "Link the account at a provider that waits in this browser", nil, schemaOf(reflect.TypeFor[linkedOutput](), false, nil)},
	{"DELETE", "auth/oauth/{provider}", "Unlink the account at a provider, unless it is the last way to sign in", nil, schema{"type": "null"}},
	{"GET", "users/me/connected-accounts", "The accounts at providers that sign you in", nil, schemaOf(reflect.TypeFor[[]identity.ConnectedAccount](), false, nil)},
}

// journeys says what the routes take that lead a browser on, and that they do.
func (d *document) journeys() {
	for path, methods := range map[string]map[string][]string{
		"/auth/oauth/{provider}":          {"get": {"purpose", "next"}},
		"/auth/oauth/{provider}/callback": {"get": {"state", "code", "error"}, "post": nil},
	} {
		for method, names := range methods {
			operation := d.paths[path][method].(map[string]any)
			parameters := pathParameters(path)
			for _, name := range names {
				parameters = append(parameters, schema{"name": name, "in": "query", "schema": schema{"type": "string"}})
			}
			operation["parameters"], operation["security"] = parameters, []any{}
			responses := operation["responses"].(schema)
			delete(responses, "2XX")
			responses["303"] = schema{"description": "The browser goes on"}
		}
	}
	form := d.paths["/auth/oauth/{provider}/callback"]["post"].(map[string]any)
	form["requestBody"] = schema{"required": true, "content": schema{"application/x-www-form-urlencoded": schema{"schema": object("state")}}}
}

func optionalTexts(texts ...string) schema {
	of := object(texts...)
	delete(of, "required")
	return of
}

type linkedOutput struct {
	Provider string `json:"provider"`
	Email    string `json:"email"`
}

// depart sends the browser to the provider.
func (a *API) depart(r *edge.Request) (*edge.Response, error) {
	d := identity.Departure{Provider: r.Param("provider"), Purpose: r.Query.Get("purpose"), Next: edge.Next(r.Query.Get("next")),
		Browser: r.Cookie(edge.JourneyCookieName(r.Secure()))}
	var err error
	switch d.Purpose {
	case "":
		d.Purpose = identity.SocialSignIn
	case identity.SocialLink:
		d.Person, err = edge.Recognize(a.accounts, r)
	case identity.SocialProve:
		d.Person, err = edge.RecognizeEnrolling(a.accounts, r)
	}
	if err != nil {
		return a.stranded(r, d.Provider, err), nil
	}
	address, token, err := a.accounts.Depart(r.Context, d, r.Origin())
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return nil, err
	}
	if err != nil {
		return a.stranded(r, d.Provider, err), nil
	}
	response := edge.Redirect(address)
	response.Header.Set("Set-Cookie", edge.JourneyCookie(token, r.Secure()))
	return response, nil
}

// stranded leads to the page that says what went wrong; the log has the cause.
func (a *API) stranded(r *edge.Request, provider string, err error) *edge.Response {
	a.log.Warn("a sign-in by a provider failed", "request", r.ID, "provider", provider, "error", err)
	return edge.Redirect(edge.SocialPath + "?" + url.Values{"problem": {identity.ReasonOf(err)}, "provider": {provider}, "request": {r.ID}}.Encode())
}

// arriveByForm sends a browser that a provider made post its answer to the same address by GET. The form comes from the
// provider's site, and with it the browser sends none of our cookies, which are SameSite=Lax; with the second request it does.
// The answer is worth nothing to another browser, so that it may stand in an address for that moment.
func (a *API) arriveByForm(r *edge.Request) (*edge.Response, error) {
	if err := a.accounts.Offers(r.Param("provider")); err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(r.Body))
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The form can't be read.")
	}
	kept := url.Values{}
	for _, name := range []string{"state", "code", "error"} {
		if value := form.Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	var user struct {
		Name struct{ FirstName, LastName string }
	}
	// Only Apple's first answer has it; without a name the person gives one.
	if json.Unmarshal([]byte(form.Get("user")), &user) == nil {
		kept.Set("name", strings.TrimSpace(user.Name.FirstName+" "+user.Name.LastName))
	}
	return edge.Redirect(identity.CallbackPath(r.Param("provider")) + "?" + kept.Encode()), nil
}

// arrive takes the provider's answer and sends the browser to where it leads.
func (a *API) arrive(r *edge.Request) (*edge.Response, error) {
	in := identity.Return{Provider: r.Param("provider"), State: r.Query.Get("state"), Code: r.Query.Get("code"), Name: r.Query.Get("name"), Refusal: r.Query.Get("error"),
		Browser: r.Cookie(edge.JourneyCookieName(r.Secure())), Device: r.Cookie(edge.DeviceCookieName(r.Secure()))}
	// Nobody has to be signed in: only a link and a proof need it, and refuse where it is not so.
	in.Person, _ = edge.RecognizeEnrolling(a.accounts, r)
	arrival, err := a.accounts.Arrive(r.Context, in, r.Origin())
	if fault.Is(err, fault.NotFound) {
		return nil, err
	}
	// The browser's token stays, for the journeys of its other tabs.
	return a.arrived(r, in.Provider, arrival, err), nil
}

func (a *API) arrived(r *edge.Request, provider string, arrival identity.Arrival, err error) *edge.Response {
	next := edge.Next(arrival.Next)
	if f, ok := fault.As(err); ok {
		if asked, is := f.Details.(identity.Challenge); is {
			response := edge.Redirect(edge.ChallengePath + "?next=" + url.QueryEscape(next))
			response.Header.Set("Set-Cookie", edge.ChallengeCookie(asked.Challenge, r.Secure()))
			return response
		}
	}
	switch {
	case identity.IsUnverified(err):
		return edge.Redirect("/verify-email")
	case err != nil:
		return a.stranded(r, provider, err)
	case arrival.Pending != "":
		response := edge.Redirect(edge.SocialPath + "?next=" + url.QueryEscape(next))
		response.Header.Set("Set-Cookie", edge.PendingCookie(arrival.Pending, r.Secure()))
		return response
	}
	response := edge.Redirect(next)
	response.Header.Set("Set-Cookie", edge.SessionCookie(arrival.Token, r.Secure()))
	return response
}

func (a *API) signUpByProvider(r *edge.Request) (*edge.Response, error) {
	var in struct {
		Name         string `json:"name"`
		Organization string `json:"organization"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	token, p, err := a.accounts.SignUpBy(r.Context, r.Cookie(edge.PendingCookieName(r.Secure())), in.Name, in.Organization, r.Origin())
	if err != nil {
		return nil, err
	}
	return a.settled(r)(a.welcome(r, token, p))
}

func (a *API) link(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	linked, err := a.accounts.Link(p, r.Cookie(edge.PendingCookieName(r.Secure())))
	if err != nil {
		return nil, err
	}
	return a.settled(r)(answer(linkedOutput{linked.Claim.Provider, linked.Claim.Email}, nil))
}

// settled takes back the cookie of what waits no more.
func (a *API) settled(r *edge.Request) func(*edge.Response, error) (*edge.Response, error) {
	return func(response *edge.Response, err error) (*edge.Response, error) {
		if err == nil {
			response.Header.Add("Set-Cookie", edge.PendingCookie("", r.Secure()))
		}
		return response, err
	}
}

func (a *API) unlink(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	if err := a.accounts.Unlink(p, r.Param("provider")); err != nil {
		return nil, err
	}
	return noContent(), nil
}

func (a *API) connectedAccounts(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	ways, err := a.accounts.Ways(p)
	if err != nil {
		return nil, err
	}
	return answer(ways.Connected, nil)
}
