package signin

import (
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/outbox"
	"zygo/ui/markup"
	"zygo/ui/web"
)

func forgotPage(r *edge.Request) markup.AlonePage {
	return markup.AlonePage{Title: "Forgot your password?", Look: web.Look(r), Lead: "A link to set another one comes by e-mail.", Action: "/forgot-password", Submit: "Send the link",
		Fields: []markup.FieldView{web.EmailField(r.Query.Get("email"))}, Foot: web.BackToSignIn}
}

func forgot(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	if err := s.Accounts.ForgotPassword(r.Context, form.Get("email"), r.Origin()); err != nil {
		page := forgotPage(r)
		page.Fields[0].Value = form.Get("email")
		return s.Refuse(r, page, err)
	}
	return s.Show(r, http.StatusOK, s.MailedPage(markup.AlonePage{Title: "Look into your mailbox", Look: web.Look(r), Foot: web.BackToSignIn,
		Lead: "If " + form.Get("email") + " has an account, a link is on its way. It works for one hour, and once."}))
}

func resetPage(r *edge.Request, token string, email field.Email) markup.AlonePage {
	return markup.AlonePage{Title: "Set a new password", Look: web.Look(r), Lead: "All sessions end with it; sign in with the new one then.", Action: "/reset-password", Submit: "Set the password",
		Hidden: []markup.Hidden{{Name: "token", Value: token}}, Fields: []markup.FieldView{web.AccountField(email), web.NewPassword("New password")}, Foot: web.BackToSignIn}
}

func resetForm(s *web.Site, r *edge.Request) (*edge.Response, error) {
	token := r.Query.Get("token")
	user, err := s.Accounts.CheckReset(r.Context, token)
	if err != nil {
		return refuseReset(s, r, err)
	}
	return s.Show(r, http.StatusOK, resetPage(r, token, user.Email))
}

func refuseReset(s *web.Site, r *edge.Request, err error) (*edge.Response, error) {
	return s.Refuse(r, markup.AlonePage{Title: "Set a new password", Look: web.Look(r), Foot: []markup.Link{{Label: "Ask for another link", Href: "/forgot-password"}, web.BackToSignIn[0]}}, err)
}

func reset(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	user, err := s.Accounts.CheckReset(r.Context, form.Get("token"))
	if err != nil {
		return refuseReset(s, r, err)
	}
	known, err := s.Accounts.ResetByToken(r.Context, form.Get("token"), form.Get("password"), r.Origin())
	if err != nil {
		return s.Refuse(r, resetPage(r, form.Get("token"), user.Email), err)
	}
	page := signInPage(s, r, "", "")
	page.Notice = &markup.Strip{Tone: markup.Good, Text: "Your password was changed. Sign in with it."}
	response, err := s.Show(r, http.StatusOK, page)
	if err == nil {
		response.SetCookie(r, identity.KnownCookie(known))
	}
	return response, err
}

// offersSignUp tells whether a link to the sign-up helps some strangers.
func offersSignUp(s *web.Site, r *edge.Request) bool {
	offered, err := s.Accounts.OffersSignUp(r.Context)
	return offered && err == nil
}

func signUpPage(s *web.Site, r *edge.Request, in identity.Joining) markup.AlonePage {
	page := markup.AlonePage{Title: "Make an account", Look: web.Look(r), Action: "/signup", Submit: "Make the account", Wide: true, Foot: web.BackToSignIn,
		Fields: []markup.FieldView{
			{Kind: markup.FieldText, Name: "name", Label: "Your name", Value: in.Name, Required: true, Autocomplete: "name", MaxLength: 100},
			web.EmailField(in.Email), web.NewPassword("Password"),
		}}
	page.Fields = append(page.Fields, organizationField(s, in.Organization)...)
	if !s.Accounts.MaySignUp() {
		page.Lead = "People join by invitation, or with an address at a domain of their organization."
	}
	return page
}

// organizationField asks for the name of a new organization, where strangers may make one.
func organizationField(s *web.Site, value string) []markup.FieldView {
	if !s.Accounts.MaySignUp() {
		return nil
	}
	return []markup.FieldView{{Kind: markup.FieldText, Name: "organization", Label: "Organization", Value: value, Autocomplete: "organization", MaxLength: 100, Help: "Makes a new one, of which you are the owner. Leave it empty to be taken into one that is there."}}
}

func signUpForm(s *web.Site, r *edge.Request) (*edge.Response, error) {
	if !offersSignUp(s, r) {
		return s.Show(r, http.StatusOK, markup.AlonePage{Title: "Make an account", Look: web.Look(r), Foot: web.BackToSignIn,
			Lead: "People join this instance by invitation. Ask an administrator of your organization."})
	}
	page := signUpPage(s, r, identity.Joining{})
	page.Others = s.ProviderButtons("Sign up with ", identity.SocialSignIn, "", vouching(s))
	return s.Show(r, http.StatusOK, page)
}

func signUp(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	in := identity.Joining{Name: form.Get("name"), Email: form.Get("email"), Password: field.Password(form.Get("password")), Organization: form.Get("organization")}
	if err := s.Accounts.SignUp(r.Context, in, r.Origin()); err != nil {
		page := signUpPage(s, r, in)
		page.Others = s.ProviderButtons("Sign up with ", identity.SocialSignIn, "", vouching(s))
		return s.Refuse(r, page, err)
	}
	return s.Show(r, http.StatusOK, s.MailedPage(verifyPage(r, in.Email)))
}

// verifyPage asks to follow the link in the mail, and offers another one.
func verifyPage(r *edge.Request, email string) markup.AlonePage {
	return markup.AlonePage{Title: "Confirm your e-mail address", Look: web.Look(r), Lead: "Follow the link in the mail that was sent to you. It works for 24 hours.", Action: "/verify-email/resend", Submit: "Send another link",
		Fields: []markup.FieldView{web.EmailField(email)}, Foot: web.BackToSignIn}
}

func verifyForm(s *web.Site, r *edge.Request) (*edge.Response, error) {
	token := r.Query.Get("token")
	if token == "" {
		return s.Show(r, http.StatusOK, verifyPage(r, ""))
	}
	return s.Show(r, http.StatusOK, provePage(r, token))
}

// provePage asks the person who follows the link for the password of the sign-up: somebody else may have made it.
func provePage(r *edge.Request, token string) markup.AlonePage {
	return markup.AlonePage{Title: "Confirm your e-mail address", Look: web.Look(r), Action: "/verify-email", Submit: "Confirm this address",
		Lead:   "Enter the password that you signed up with, and your account is ready. If you did not sign up, close this page.",
		Hidden: []markup.Hidden{{Name: "token", Value: token}}, Foot: web.BackToSignIn,
		Fields: []markup.FieldView{{Kind: markup.FieldPassword, Name: "password", Label: "Password", Required: true, Autocomplete: "current-password",
			Forgot: "/forgot-password"}}}
}

func verify(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	given := identity.Confirmation{Token: form.Get("token")}
	if password := field.Password(form.Get("password")); form.Has("password") {
		given.Password = &password
	}
	token, person, err := s.Accounts.VerifyEmail(r.Context, given, r.Origin())
	if _, ended := web.FieldErrors(err)["token"]; ended {
		return s.Refuse(r, verifyPage(r, ""), err)
	}
	if err != nil {
		return s.Refuse(r, provePage(r, form.Get("token")), err)
	}
	return s.Welcome(r, token, person, "/dashboard"), nil
}

func resend(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	page := verifyPage(r, form.Get("email"))
	if err := s.Accounts.ResendVerification(r.Context, form.Get("email"), r.Origin()); err != nil {
		return s.Refuse(r, page, err)
	}
	page = s.MailedPage(page)
	page.Notice = s.Delivered(outbox.Email, markup.Strip{Tone: markup.Info, Text: "If this address waits for its confirmation, another link is on its way."}, web.LinkKept)
	return s.Show(r, http.StatusOK, page)
}

func confirmPage(r *edge.Request) markup.AlonePage {
	return markup.AlonePage{Title: "Change of your e-mail address", Look: web.Look(r), Lead: "The change needs the links in both mails: to the present and to the new address.", Action: "/confirm-email", Submit: "Agree to the change",
		Hidden: []markup.Hidden{{Name: "token", Value: r.Query.Get("token")}}}
}

func confirm(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	page := markup.AlonePage{Title: "Change of your e-mail address", Look: web.Look(r), Foot: []markup.Link{{Label: "Go to Zygo", Href: "/dashboard"}}}
	person, err := edge.Recognize(s.Accounts, r)
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		return nil, err
	}
	waits, err := s.Accounts.ConfirmEmail(r.Context, form.Get("token"), person, r.Origin())
	if fault.Is(err, fault.Unauthenticated) {
		back := "/confirm-email?" + url.Values{"token": {form.Get("token")}}.Encode()
		page.Foot = []markup.Link{{Label: "Sign in", Href: "/login?" + url.Values{"next": {back}}.Encode()}}
	}
	if err != nil {
		return s.Refuse(r, page, err)
	}
	page.Notice = &markup.Strip{Tone: markup.Good, Text: "Your address is changed. Sign in with the new one from now on."}
	if waits {
		page.Notice = &markup.Strip{Tone: markup.Info, Text: "Agreed. The change is made when the link in the other mail is followed too."}
	}
	return s.Show(r, http.StatusOK, page)
}
