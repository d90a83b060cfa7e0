package signin

import (
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/signin"
	"zygo/app/outbox"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// verifyPage asks to follow the link in the mail, and offers another one.
func verifyPage(r *edge.Request, email string) markup.StandalonePage {
	return markup.StandalonePage{
		Title:  "Confirm your e-mail address",
		Look:   web.Look(r),
		Lead:   "Follow the link in the mail that was sent to you. It works for 24 hours.",
		Action: "/verify-email/resend",
		Submit: "Send another link",
		Fields: []markup.FieldView{web.EmailField(email)},
		Foot:   web.BackToSignIn,
	}
}

func verifyForm(s *web.Site, r *edge.Request) (*edge.Response, error) {
	token := r.Query.Get("token")
	if token == "" {
		return s.Show(r, http.StatusOK, verifyPage(r, ""))
	}
	return s.Show(r, http.StatusOK, provePage(r, token))
}

// provePage asks the person who follows the link for the password of the sign-up: somebody else may have made it.
func provePage(r *edge.Request, token string) markup.StandalonePage {
	return markup.StandalonePage{
		Title:  "Confirm your e-mail address",
		Look:   web.Look(r),
		Action: "/verify-email",
		Submit: "Confirm this address",
		Lead:   "Enter the password that you signed up with, and your account is ready. If you did not sign up, close this page.",
		Hidden: []markup.Hidden{{Name: "token", Value: token}},
		Foot:   web.BackToSignIn,
		Fields: []markup.FieldView{
			{Kind: markup.FieldPassword, Name: "password", Label: "Password", Required: true, Autocomplete: "current-password",
				Forgot: "/forgot-password"},
		},
	}
}

func verify(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	given := signin.Confirmation{Token: form.Get("token")}
	if password := field.Password(form.Get("password")); form.Has("password") {
		given.Password = &password
	}
	token, person, err := s.Identity.SignIn.VerifyEmail(r.Context, given, r.Origin())
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
	if err := s.Identity.SignIn.ResendVerification(r.Context, form.Get("email"), r.Origin()); err != nil {
		return s.Refuse(r, page, err)
	}
	page = s.MailedPage(page)
	page.Notice = s.Delivered(outbox.Email, markup.Strip{
		Tone: markup.Info,
		Text: "If this address waits for its confirmation, another link is on its way.",
	}, web.LinkKept)
	return s.Show(r, http.StatusOK, page)
}

func confirmPage(r *edge.Request) markup.StandalonePage {
	return markup.StandalonePage{
		Title:  "Change of your e-mail address",
		Look:   web.Look(r),
		Lead:   "The change needs the links in both mails: to the present and to the new address.",
		Action: "/confirm-email",
		Submit: "Agree to the change",
		Hidden: []markup.Hidden{{Name: "token", Value: r.Query.Get("token")}},
	}
}

func confirm(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	page := markup.StandalonePage{
		Title: "Change of your e-mail address",
		Look:  web.Look(r),
		Foot:  []markup.Link{{Label: "Go to Zygo", Href: "/dashboard"}},
	}
	person, err := edge.Recognize(s.Identity.Sessions, r)
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		return nil, err
	}
	waits, err := s.Identity.Accounts.ConfirmEmail(r.Context, form.Get("token"), person, r.Origin())
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
