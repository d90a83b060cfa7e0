package signin

import (
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/sessions"
	"zygo/app/identity/signin"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// front sends a visitor on: a member home, a stranger to the sign-in.
func front(s *web.Site, r *edge.Request) (*edge.Response, error) {
	if _, err := edge.Recognize(s.Identity.Sessions, r); err == nil {
		return edge.Redirect("/dashboard"), nil
	}
	done, err := s.Identity.SignIn.IsSetUp(r.Context)
	if err != nil || !done {
		return edge.Redirect("/login"), err
	}
	page := markup.StandalonePage{
		Title: "Welcome",
		Lead: "This is Zygo at " + strings.TrimPrefix(strings.TrimPrefix(s.URL, "https://"), "http://") +
			". It belongs to those who have an account here.",
		Look:   web.Look(r),
		Others: []markup.Action{{Label: "Sign in", Icon: "user", Href: "/login"}},
	}
	if offersSignUp(s, r) {
		page.Others = append(page.Others, markup.Action{Label: "Make an account", Icon: "user-plus", Href: "/signup"})
	}
	return s.Show(r, http.StatusOK, page)
}

// login is the sign-in, or on an instance without accounts the way to the first one.
func login(s *web.Site, r *edge.Request) (*edge.Response, error) {
	done, err := s.Identity.SignIn.IsSetUp(r.Context)
	if err != nil {
		return nil, err
	}
	if !done {
		return s.Show(r, http.StatusOK, markup.StandalonePage{Title: "Set up Zygo", Look: web.Look(r),
			Lead:   "This instance has no account yet. Open the set-up link that Zygo printed when it started; on the server, zygo setup makes the account without a link.",
			Notice: &markup.Strip{Tone: markup.Info, Text: "The link works once and for 30 minutes. Restarting Zygo prints another one."}})
	}
	if _, err := edge.Recognize(s.Identity.Sessions, r); err == nil {
		return edge.Redirect(web.Next(r.Query.Get("next"))), nil
	}
	page := signInPage(s, r, "", r.Query.Get("next"))
	if r.Query.Get("kept") != "" {
		page.Notice = &markup.Strip{
			Tone: markup.Info,
			Text: "Your session has ended, and nothing was saved. What you typed is kept in this browser; sign in to go on with it.",
		}
	}
	return s.Show(r, http.StatusOK, page)
}

func signInPage(s *web.Site, r *edge.Request, email, to string) markup.StandalonePage {
	page := markup.StandalonePage{
		Title: "Sign in", Look: web.Look(r), Action: "/login", Submit: "Sign in", Hidden: []markup.Hidden{
			{Name: "next", Value: web.Next(to)},
		},
		Fields: []markup.FieldView{
			{Kind: markup.FieldEmail, Name: "email", Label: "E-mail", Value: email, Required: true, Autocomplete: "username"},
			{
				Kind:         markup.FieldPassword,
				Name:         "password",
				Label:        "Password",
				Required:     true,
				Autocomplete: "current-password",
				Forgot:       "/forgot-password",
			},
		},
	}
	if offersSignUp(s, r) {
		page.Foot = []markup.Link{{Label: "Make an account", Href: "/signup"}}
	}
	if s.Identity.Tenants.PasskeysWork(r.Context, r.Host) {
		page.Passkey = &markup.PasskeyButton{Purpose: "sign_in", Next: web.Next(to), Label: "Sign in with a passkey"}
	}
	page.Others = s.ProviderButtons("Sign in with ", signin.SocialSignIn, to, s.Identity.Credentials.Providers())
	elsewhere(s, r, &page)
	return page
}

func signIn(s *web.Site, r *edge.Request) (*edge.Response, error) {
	if err := edge.CheckSameOrigin(r); err != nil {
		return nil, err
	}
	form, err := web.SingleForm(r)
	if err != nil {
		return nil, err
	}
	token, person, err := s.Identity.SignIn.ByPassword(r.Context, form.Get("email"), form.Get("password"), signin.Device{
		Remembered: r.Kept(signin.DeviceCookieName),
		Known:      r.Kept(sessions.KnownCookieName),
	}, r.Origin())
	if err == nil {
		response := s.Welcome(r, token, person, web.Next(form.Get("next")))
		preferred, err := s.Identity.Accounts.Preferences(person)
		for name, value := range web.LookOf(preferred) {
			if value != "" { // what nobody chose leaves the browser as it is
				response.Header.Add("Set-Cookie", web.LookCookie(name, value, r.Secure()))
			}
		}
		return response, err
	}
	if signin.IsUnverified(err) {
		page := verifyPage(r, form.Get("email"))
		page.Notice = &markup.Strip{Tone: markup.Warn, Text: "This account waits until its address is confirmed."}
		return s.Show(r, edge.Status(fault.Forbidden), page)
	}
	if asked := asksFactor(r, err, web.Next(form.Get("next"))); asked != nil {
		return asked, nil
	}
	public := fault.Public(r.Slowed(err))
	if public.Code == fault.Internal {
		return nil, err
	}
	edge.LogFailure(s.Log, r, err)
	page := signInPage(s, r, form.Get("email"), form.Get("next"))
	page.Notice = &markup.Strip{Tone: markup.Bad, Text: public.Message}
	return s.ShowRefused(r, public, page)
}

// setup is the form behind the printed link.
func setup(s *web.Site, r *edge.Request) (*edge.Response, error) {
	token := r.Query.Get("token")
	if err := s.Identity.SignIn.CheckSetup(r.Context, token); err != nil {
		return setupRefused(s, r, err)
	}
	return s.Show(r, http.StatusOK, setupPage(r, token, signin.First{}))
}

// setupRefused says why the link does not work; an instance that has accounts has nothing to set up.
func setupRefused(s *web.Site, r *edge.Request, err error) (*edge.Response, error) {
	public := fault.Public(err)
	if public.Code == fault.Conflict {
		return edge.Redirect("/login"), nil
	}
	if public.Code == fault.Internal {
		return nil, err
	}
	return s.ShowRefused(r, public, markup.StandalonePage{
		Title:  "Set up Zygo",
		Look:   web.Look(r),
		Notice: &markup.Strip{Tone: markup.Bad, Text: public.Message},
	})
}

func setupPage(r *edge.Request, token string, first signin.First) markup.StandalonePage {
	return markup.StandalonePage{
		Title:  "Set up Zygo",
		Look:   web.Look(r),
		Lead:   "This link works once. It makes you the operator of this instance and the owner of its first organization.",
		Action: "/setup",
		Submit: "Create account and organization",
		Wide:   true,
		Hidden: []markup.Hidden{{Name: "token", Value: token}},
		Fields: []markup.FieldView{
			{
				Kind:         markup.FieldText,
				Name:         "name",
				Label:        "Your name",
				Value:        first.Name,
				Required:     true,
				Autocomplete: "name",
				MaxLength:    100,
			},
			{
				Kind:         markup.FieldEmail,
				Name:         "email",
				Label:        "E-mail",
				Value:        first.Email,
				Required:     true,
				Autocomplete: "username",
				MaxLength:    254,
			},
			{
				Kind:         markup.FieldPassword,
				Name:         "password",
				Label:        "Password",
				Required:     true,
				Autocomplete: "new-password",
				MinLength:    web.ShortestPassword,
				Help:         "At least 10 characters; a few unrelated words are easiest. Pasting works.",
			},
			{
				Kind:         markup.FieldText,
				Name:         "organization",
				Label:        "Organization",
				Value:        first.Organization,
				Required:     true,
				Autocomplete: "organization",
				MaxLength:    100,
			},
		},
	}
}

func setUp(s *web.Site, r *edge.Request) (*edge.Response, error) {
	if err := edge.CheckSameOrigin(r); err != nil {
		return nil, err
	}
	form, err := web.SingleForm(r)
	if err != nil {
		return nil, err
	}
	first := signin.First{
		Name:         form.Get("name"),
		Email:        form.Get("email"),
		Password:     form.Get("password"),
		Organization: form.Get("organization"),
	}
	token, person, err := s.Identity.SignIn.SetUp(r.Context, form.Get("token"), first, r.Origin())
	if err == nil {
		return s.Welcome(r, token, person, "/dashboard"), nil
	}
	errors := web.FieldErrors(err)
	if errors == nil {
		return setupRefused(s, r, err)
	}
	page := setupPage(r, form.Get("token"), first)
	for i, field := range page.Fields {
		if message, ok := errors[field.Name]; ok {
			page.Fields[i].Error = web.Sentence(field.Label, message)
		}
	}
	return s.Show(r, edge.Status(fault.Invalid), page)
}

// signOut ends the session, and lets the browser forget the pages and drafts that it kept.
func signOut(v *web.Visit) (*edge.Response, error) {
	if err := v.Site.Identity.SignIn.SignOut(v.Person); err != nil {
		return nil, err
	}
	to := "/login"
	if onward := v.Form.Get("next"); onward != "" {
		to = web.Next(onward)
	}
	response := edge.Redirect(to)
	response.SetCookie(v.Request, sessions.Cookie(""))
	response.Header.Set("Clear-Site-Data", `"cache", "storage"`)
	return response, nil
}

func switchTenant(v *web.Visit) (*edge.Response, error) {
	return v.Site.EnterTenant(v, v.Param("id"))
}
