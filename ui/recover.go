package ui

import (
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/outbox"
)

// The pages for somebody who can't sign in yet: a forgotten password, a new account, an address to confirm. A link in a mail
// leads to a page with a button, because programs that look into mails follow links and would use them up.

// backToSignIn stands under each of these pages.
var backToSignIn = []Link{{"Back to the sign-in", "/login"}}

// alone shows a page for nobody in particular; form serves what is sent from it, which no other site may send.
func (s *Site) alone(make func(r *edge.Request) AlonePage) edge.Handler {
	return s.open(func(s *Site, r *edge.Request) (*edge.Response, error) { return s.show(r, http.StatusOK, make(r)) })
}

func (s *Site) form(handle func(s *Site, r *edge.Request, form url.Values) (*edge.Response, error)) edge.Handler {
	return s.open(func(s *Site, r *edge.Request) (*edge.Response, error) {
		if err := edge.CheckSameOrigin(r); err != nil {
			return nil, err
		}
		form, err := singleForm(r)
		if err != nil {
			return nil, err
		}
		return handle(s, r, form)
	})
}

// refuse shows a page again with what is wrong: beside the fields, or above the button.
func (s *Site) refuse(r *edge.Request, page AlonePage, err error) (*edge.Response, error) {
	public := fault.Public(err)
	if public.Code == fault.Internal {
		return nil, err
	}
	edge.LogFailure(s.log, r, err)
	errors := fieldErrors(err)
	if errors == nil {
		page.Notice = &Strip{Tone: Bad, Text: public.Message}
	}
	if message, ok := errors["token"]; ok {
		page.Notice = &Strip{Tone: Bad, Text: sentence("This link", message)}
	}
	for i, field := range page.Fields {
		if message, ok := errors[field.Name]; ok {
			page.Fields[i].Error = sentence(field.Label, message)
		}
	}
	return s.showRefused(r, public, page)
}

func newPassword(label string) FieldView {
	return FieldView{Kind: FieldPassword, Name: "password", Label: label, Required: true, Autocomplete: "new-password", MinLength: shortestPassword,
		Help: "At least 10 characters; a few unrelated words are easiest. Pasting works."}
}

func emailField(value string) FieldView {
	return FieldView{Kind: FieldEmail, Name: "email", Label: "E-mail", Value: value, Required: true, Autocomplete: "username", MaxLength: 254}
}

func forgotPage(r *edge.Request) AlonePage {
	return AlonePage{Title: "Forgot your password?", Look: look(r), Lead: "A link to set another one comes by e-mail.", Action: "/forgot-password", Submit: "Send the link",
		Fields: []FieldView{emailField(r.Query.Get("email"))}, Foot: backToSignIn}
}

func (s *Site) forgot(r *edge.Request, form url.Values) (*edge.Response, error) {
	if err := s.accounts.ForgotPassword(r.Context, form.Get("email"), r.Origin()); err != nil {
		page := forgotPage(r)
		page.Fields[0].Value = form.Get("email")
		return s.refuse(r, page, err)
	}
	return s.show(r, http.StatusOK, s.mailedPage(AlonePage{Title: "Look into your mailbox", Look: look(r), Foot: backToSignIn,
		Lead: "If " + form.Get("email") + " has an account, a link is on its way. It works for one hour, and once."}))
}

// accountField says whose password is set, so that a password manager saves it for the right account.
func accountField(email field.Email) FieldView {
	return FieldView{Kind: FieldEmail, Name: "username", Label: "E-mail", Value: email.String(), ReadOnly: true, Autocomplete: "username"}
}

func resetPage(r *edge.Request, token string, email field.Email) AlonePage {
	return AlonePage{Title: "Set a new password", Look: look(r), Lead: "All sessions end with it; sign in with the new one then.", Action: "/reset-password", Submit: "Set the password",
		Hidden: []Hidden{{"token", token}}, Fields: []FieldView{accountField(email), newPassword("New password")}, Foot: backToSignIn}
}

func (s *Site) resetForm(r *edge.Request) (*edge.Response, error) {
	token := r.Query.Get("token")
	user, err := s.accounts.CheckReset(r.Context, token)
	if err != nil {
		return s.refuseReset(r, err)
	}
	return s.show(r, http.StatusOK, resetPage(r, token, user.Email))
}

func (s *Site) refuseReset(r *edge.Request, err error) (*edge.Response, error) {
	return s.refuse(r, AlonePage{Title: "Set a new password", Look: look(r), Foot: []Link{{"Ask for another link", "/forgot-password"}, backToSignIn[0]}}, err)
}

func (s *Site) reset(r *edge.Request, form url.Values) (*edge.Response, error) {
	user, err := s.accounts.CheckReset(r.Context, form.Get("token"))
	if err != nil {
		return s.refuseReset(r, err)
	}
	known, err := s.accounts.ResetByToken(r.Context, form.Get("token"), form.Get("password"), r.Origin())
	if err != nil {
		return s.refuse(r, resetPage(r, form.Get("token"), user.Email), err)
	}
	page := s.signInPage(r, "", "")
	page.Notice = &Strip{Tone: Good, Text: "Your password was changed. Sign in with it."}
	response, err := s.show(r, http.StatusOK, page)
	if err == nil {
		response.SetCookie(r, identity.KnownCookie(known))
	}
	return response, err
}

// offersSignUp tells whether a link to the sign-up helps some strangers.
func (s *Site) offersSignUp(r *edge.Request) bool {
	offered, err := s.accounts.OffersSignUp(r.Context)
	return offered && err == nil
}

func (s *Site) signUpPage(r *edge.Request, in identity.Joining) AlonePage {
	page := AlonePage{Title: "Make an account", Look: look(r), Action: "/signup", Submit: "Make the account", Wide: true, Foot: backToSignIn,
		Fields: []FieldView{
			{Kind: FieldText, Name: "name", Label: "Your name", Value: in.Name, Required: true, Autocomplete: "name", MaxLength: 100},
			emailField(in.Email), newPassword("Password"),
		}}
	page.Fields = append(page.Fields, s.organizationField(in.Organization)...)
	if !s.accounts.MaySignUp() {
		page.Lead = "People join by invitation, or with an address at a domain of their organization."
	}
	return page
}

// organizationField asks for the name of a new organization, where strangers may make one.
func (s *Site) organizationField(value string) []FieldView {
	if !s.accounts.MaySignUp() {
		return nil
	}
	return []FieldView{{Kind: FieldText, Name: "organization", Label: "Organization", Value: value, Autocomplete: "organization", MaxLength: 100, Help: "Makes a new one, of which you are the owner. Leave it empty to be taken into one that is there."}}
}

func (s *Site) signUpForm(r *edge.Request) (*edge.Response, error) {
	if !s.offersSignUp(r) {
		return s.show(r, http.StatusOK, AlonePage{Title: "Make an account", Look: look(r), Foot: backToSignIn,
			Lead: "People join this instance by invitation. Ask an administrator of your organization."})
	}
	page := s.signUpPage(r, identity.Joining{})
	page.Others = s.providerButtons("Sign up with ", identity.SocialSignIn, "", s.vouching())
	return s.show(r, http.StatusOK, page)
}

func (s *Site) signUp(r *edge.Request, form url.Values) (*edge.Response, error) {
	in := identity.Joining{Name: form.Get("name"), Email: form.Get("email"), Password: field.Password(form.Get("password")), Organization: form.Get("organization")}
	if err := s.accounts.SignUp(r.Context, in, r.Origin()); err != nil {
		page := s.signUpPage(r, in)
		page.Others = s.providerButtons("Sign up with ", identity.SocialSignIn, "", s.vouching())
		return s.refuse(r, page, err)
	}
	return s.show(r, http.StatusOK, s.mailedPage(verifyPage(r, in.Email)))
}

// mailedPage is a page whose lead speaks of a mail. If the instance can't send it, the page says that instead.
func (s *Site) mailedPage(page AlonePage) AlonePage {
	if !s.outbox.Sends(outbox.Email) {
		page.Lead, page.Notice = "", s.delivered(outbox.Email, Strip{}, linkKept)
	}
	return page
}

// delivered is what a page says after a message was written: said if the instance sends it, and otherwise where it is kept and who
// can pass it on.
func (s *Site) delivered(by outbox.Channel, said Strip, kept string) *Strip {
	if s.outbox.Sends(by) {
		return &said
	}
	return &Strip{Tone: Warn, Text: kept, Remedy: "Ask the operator of this instance to pass it on to you."}
}

const linkKept = "This instance sends no mail, so the link waits in its outbox."

// verifyPage asks to follow the link in the mail, and offers another one.
func verifyPage(r *edge.Request, email string) AlonePage {
	return AlonePage{Title: "Confirm your e-mail address", Look: look(r), Lead: "Follow the link in the mail that was sent to you. It works for 24 hours.", Action: "/verify-email/resend", Submit: "Send another link",
		Fields: []FieldView{emailField(email)}, Foot: backToSignIn}
}

func (s *Site) verifyForm(r *edge.Request) (*edge.Response, error) {
	token := r.Query.Get("token")
	if token == "" {
		return s.show(r, http.StatusOK, verifyPage(r, ""))
	}
	return s.show(r, http.StatusOK, provePage(r, token))
}

// provePage asks the person who follows the link for the password of the sign-up: somebody else may have made it.
func provePage(r *edge.Request, token string) AlonePage {
	return AlonePage{Title: "Confirm your e-mail address", Look: look(r), Action: "/verify-email", Submit: "Confirm this address",
		Lead:   "Enter the password that you signed up with, and your account is ready. If you did not sign up, close this page.",
		Hidden: []Hidden{{"token", token}}, Foot: backToSignIn,
		Fields: []FieldView{{Kind: FieldPassword, Name: "password", Label: "Password", Required: true, Autocomplete: "current-password",
			Forgot: "/forgot-password"}}}
}

func (s *Site) verify(r *edge.Request, form url.Values) (*edge.Response, error) {
	given := identity.Confirmation{Token: form.Get("token")}
	if password := field.Password(form.Get("password")); form.Has("password") {
		given.Password = &password
	}
	token, person, err := s.accounts.VerifyEmail(r.Context, given, r.Origin())
	if _, ended := fieldErrors(err)["token"]; ended {
		return s.refuse(r, verifyPage(r, ""), err)
	}
	if err != nil {
		return s.refuse(r, provePage(r, form.Get("token")), err)
	}
	return s.welcome(r, token, person, "/dashboard"), nil
}

func (s *Site) resend(r *edge.Request, form url.Values) (*edge.Response, error) {
	page := verifyPage(r, form.Get("email"))
	if err := s.accounts.ResendVerification(r.Context, form.Get("email"), r.Origin()); err != nil {
		return s.refuse(r, page, err)
	}
	page = s.mailedPage(page)
	page.Notice = s.delivered(outbox.Email, Strip{Tone: Info, Text: "If this address waits for its confirmation, another link is on its way."}, linkKept)
	return s.show(r, http.StatusOK, page)
}

func confirmPage(r *edge.Request) AlonePage {
	return AlonePage{Title: "Change of your e-mail address", Look: look(r), Lead: "The change needs the links in both mails: to the present and to the new address.", Action: "/confirm-email", Submit: "Agree to the change",
		Hidden: []Hidden{{"token", r.Query.Get("token")}}}
}

func (s *Site) confirm(r *edge.Request, form url.Values) (*edge.Response, error) {
	page := AlonePage{Title: "Change of your e-mail address", Look: look(r), Foot: []Link{{"Go to Zygo", "/dashboard"}}}
	person, err := edge.Recognize(s.accounts, r)
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		return nil, err
	}
	waits, err := s.accounts.ConfirmEmail(r.Context, form.Get("token"), person, r.Origin())
	if fault.Is(err, fault.Unauthenticated) {
		back := "/confirm-email?" + url.Values{"token": {form.Get("token")}}.Encode()
		page.Foot = []Link{{"Sign in", "/login?" + url.Values{"next": {back}}.Encode()}}
	}
	if err != nil {
		return s.refuse(r, page, err)
	}
	page.Notice = &Strip{Tone: Good, Text: "Your address is changed. Sign in with the new one from now on."}
	if waits {
		page.Notice = &Strip{Tone: Info, Text: "Agreed. The change is made when the link in the other mail is followed too."}
	}
	return s.show(r, http.StatusOK, page)
}
