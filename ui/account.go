package ui

import (
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/resource"
)

// front sends a visitor on: a member home, a stranger to the sign-in.
func (s *Site) front(r *edge.Request) (*edge.Response, error) {
	if _, err := edge.Recognize(s.accounts, r); err == nil {
		return edge.Redirect("/dashboard"), nil
	}
	done, err := s.accounts.IsSetUp(r.Context)
	if err != nil || !done {
		return edge.Redirect("/login"), err
	}
	page := AlonePage{Title: "Welcome", Lead: "This is Zygo at " + strings.TrimPrefix(strings.TrimPrefix(s.url, "https://"), "http://") + ". It belongs to those who have an account here.", Look: look(r),
		Others: []Action{{Label: "Sign in", Icon: "user", Href: "/login"}}}
	if s.offersSignUp(r) {
		page.Others = append(page.Others, Action{Label: "Make an account", Icon: "user-plus", Href: "/signup"})
	}
	return s.show(r, http.StatusOK, page)
}

// login is the sign-in, or on an instance without accounts the way to the first one.
func (s *Site) login(r *edge.Request) (*edge.Response, error) {
	done, err := s.accounts.IsSetUp(r.Context)
	if err != nil {
		return nil, err
	}
	if !done {
		return s.show(r, http.StatusOK, AlonePage{Title: "Set up Zygo", Look: look(r),
			Lead:   "This instance has no account yet. Open the set-up link that Zygo printed when it started; on the server, zygo setup makes the account without a link.",
			Notice: &Strip{Tone: Info, Text: "The link works once and for 30 minutes. Restarting Zygo prints another one."}})
	}
	if _, err := edge.Recognize(s.accounts, r); err == nil {
		return edge.Redirect(next(r.Query.Get("next"))), nil
	}
	page := s.signInPage(r, "", r.Query.Get("next"))
	if r.Query.Get("kept") != "" {
		page.Notice = &Strip{Tone: Info, Text: "Your session has ended, and nothing was saved. What you typed is kept in this browser; sign in to go on with it."}
	}
	return s.show(r, http.StatusOK, page)
}

func (s *Site) signInPage(r *edge.Request, email, to string) AlonePage {
	page := AlonePage{
		Title: "Sign in", Look: look(r), Action: "/login", Submit: "Sign in", Hidden: []Hidden{{"next", next(to)}},
		Fields: []FieldView{
			{Kind: FieldEmail, Name: "email", Label: "E-mail", Value: email, Required: true, Autocomplete: "username"},
			{Kind: FieldPassword, Name: "password", Label: "Password", Required: true, Autocomplete: "current-password", Forgot: "/forgot-password"},
		},
	}
	if s.offersSignUp(r) {
		page.Foot = []Link{{"Make an account", "/signup"}}
	}
	if s.accounts.PasskeysWork(r.Context, r.Host) {
		page.Passkey = &PasskeyButton{Purpose: "sign_in", Next: next(to), Label: "Sign in with a passkey"}
	}
	page.Others = s.providerButtons("Sign in with ", identity.SocialSignIn, to, s.accounts.Providers())
	s.elsewhere(r, &page)
	return page
}

// next is where to go after signing in: a page of this instance, never another site.
func next(to string) string { return identity.Next(to) }

func (s *Site) signIn(r *edge.Request) (*edge.Response, error) {
	if err := edge.CheckSameOrigin(r); err != nil {
		return nil, err
	}
	form, err := singleForm(r)
	if err != nil {
		return nil, err
	}
	token, person, err := s.accounts.SignIn(r.Context, form.Get("email"), form.Get("password"), identity.Device{Remembered: r.Kept(identity.DeviceCookieName), Known: r.Kept(identity.KnownCookieName)}, r.Origin())
	if err == nil {
		response := s.welcome(r, token, person, next(form.Get("next")))
		preferred, err := s.accounts.Preferences(person)
		for name, value := range lookOf(preferred) {
			if value != "" { // what nobody chose leaves the browser as it is
				response.Header.Add("Set-Cookie", lookCookie(name, value, r.Secure()))
			}
		}
		return response, err
	}
	if identity.IsUnverified(err) {
		page := verifyPage(r, form.Get("email"))
		page.Notice = &Strip{Tone: Warn, Text: "This account waits until its address is confirmed."}
		return s.show(r, edge.Status(fault.Forbidden), page)
	}
	if asked := asksFactor(r, err, next(form.Get("next"))); asked != nil {
		return asked, nil
	}
	public := fault.Public(r.Slowed(err))
	if public.Code == fault.Internal {
		return nil, err
	}
	edge.LogFailure(s.log, r, err)
	page := s.signInPage(r, form.Get("email"), form.Get("next"))
	page.Notice = &Strip{Tone: Bad, Text: public.Message}
	return s.showRefused(r, public, page)
}

// welcome gives the browser its session, and lets it be known the next time.
func (s *Site) welcome(r *edge.Request, token string, person *identity.Person, to string) *edge.Response {
	response := edge.Redirect(to)
	response.SetCookie(r, identity.SessionCookie(token))
	response.SetCookie(r, identity.KnownCookie(s.accounts.KnowBrowser(person)))
	return response
}

// setup is the form behind the printed link.
func (s *Site) setup(r *edge.Request) (*edge.Response, error) {
	token := r.Query.Get("token")
	if err := s.accounts.CheckSetup(r.Context, token); err != nil {
		return s.setupRefused(r, err)
	}
	return s.show(r, http.StatusOK, setupPage(r, token, identity.First{}))
}

// setupRefused says why the link does not work; an instance that has accounts has nothing to set up.
func (s *Site) setupRefused(r *edge.Request, err error) (*edge.Response, error) {
	public := fault.Public(err)
	if public.Code == fault.Conflict {
		return edge.Redirect("/login"), nil
	}
	if public.Code == fault.Internal {
		return nil, err
	}
	return s.showRefused(r, public, AlonePage{Title: "Set up Zygo", Look: look(r), Notice: &Strip{Tone: Bad, Text: public.Message}})
}

// shortestPassword is where the meter begins; identity has the last word.
const shortestPassword = 10

func setupPage(r *edge.Request, token string, first identity.First) AlonePage {
	return AlonePage{
		Title: "Set up Zygo", Look: look(r), Lead: "This link works once. It makes you the operator of this instance and the owner of its first organization.",
		Action: "/setup", Submit: "Create account and organization", Wide: true, Hidden: []Hidden{{"token", token}},
		Fields: []FieldView{
			{Kind: FieldText, Name: "name", Label: "Your name", Value: first.Name, Required: true, Autocomplete: "name", MaxLength: 100},
			{Kind: FieldEmail, Name: "email", Label: "E-mail", Value: first.Email, Required: true, Autocomplete: "username", MaxLength: 254},
			{Kind: FieldPassword, Name: "password", Label: "Password", Required: true, Autocomplete: "new-password", MinLength: shortestPassword, Help: "At least 10 characters; a few unrelated words are easiest. Pasting works."},
			{Kind: FieldText, Name: "organization", Label: "Organization", Value: first.Organization, Required: true, Autocomplete: "organization", MaxLength: 100},
		},
	}
}

func (s *Site) setUp(r *edge.Request) (*edge.Response, error) {
	if err := edge.CheckSameOrigin(r); err != nil {
		return nil, err
	}
	form, err := singleForm(r)
	if err != nil {
		return nil, err
	}
	first := identity.First{Name: form.Get("name"), Email: form.Get("email"), Password: form.Get("password"), Organization: form.Get("organization")}
	token, person, err := s.accounts.SetUp(r.Context, form.Get("token"), first, r.Origin())
	if err == nil {
		return s.welcome(r, token, person, "/dashboard"), nil
	}
	errors := fieldErrors(err)
	if errors == nil {
		return s.setupRefused(r, err)
	}
	page := setupPage(r, form.Get("token"), first)
	for i, field := range page.Fields {
		if message, ok := errors[field.Name]; ok {
			page.Fields[i].Error = sentence(field.Label, message)
		}
	}
	return s.show(r, edge.Status(fault.Invalid), page)
}

// signOut ends the session, and lets the browser forget the pages and drafts that it kept.
func (s *Site) signOut(v *visit) (*edge.Response, error) {
	if err := s.accounts.SignOut(v.person); err != nil {
		return nil, err
	}
	to := "/login"
	if onward := v.form.Get("next"); onward != "" {
		to = next(onward)
	}
	response := edge.Redirect(to)
	response.SetCookie(v.Request, identity.SessionCookie(""))
	response.Header.Set("Clear-Site-Data", `"cache", "storage"`)
	return response, nil
}

func (s *Site) switchTenant(v *visit) (*edge.Response, error) {
	return s.enterTenant(v, v.Param("id"))
}

// enterTenant makes an organization the current one and begins at its home.
func (s *Site) enterTenant(v *visit, id string) (*edge.Response, error) {
	token, _, err := s.accounts.Switch(v.person, id)
	if err != nil {
		return nil, err
	}
	v.setCookies(identity.SessionCookie(token))
	return edge.Redirect("/dashboard"), nil
}

// mayWrite tells whether the person may make rows of the kind with that name.
func (v *visit) mayCreate(name string) bool {
	kind, ok := v.site.kernel.Kind(name)
	return ok && kind.Spec().Has(resource.Create) && v.person.May(kind.Spec(), resource.Create)
}
