package signin

import (
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/identity/sessions"
	"zygo/ui/markup"
	"zygo/ui/web"
)

func forgotPage(r *edge.Request) markup.StandalonePage {
	return markup.StandalonePage{
		Title:  "Forgot your password?",
		Look:   web.Look(r),
		Lead:   "A link to set another one comes by e-mail.",
		Action: "/forgot-password",
		Submit: "Send the link",
		Fields: []markup.FieldView{web.EmailField(r.Query.Get("email"))},
		Foot:   web.BackToSignIn,
	}
}

func forgot(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	if err := s.Identity.SignIn.ForgotPassword(r.Context, form.Get("email"), r.Origin()); err != nil {
		page := forgotPage(r)
		page.Fields[0].Value = form.Get("email")
		return s.Refuse(r, page, err)
	}
	return s.Show(r, http.StatusOK, s.MailedPage(markup.StandalonePage{
		Title: "Look into your mailbox",
		Look:  web.Look(r),
		Foot:  web.BackToSignIn,
		Lead:  "If " + form.Get("email") + " has an account, a link is on its way. It works for one hour, and once.",
	}))
}

func resetPage(r *edge.Request, token string, email field.Email) markup.StandalonePage {
	return markup.StandalonePage{
		Title:  "Set a new password",
		Look:   web.Look(r),
		Lead:   "All sessions end with it; sign in with the new one then.",
		Action: "/reset-password",
		Submit: "Set the password",
		Hidden: []markup.Hidden{{Name: "token", Value: token}},
		Fields: []markup.FieldView{web.AccountField(email), web.NewPassword("New password")},
		Foot:   web.BackToSignIn,
	}
}

func resetForm(s *web.Site, r *edge.Request) (*edge.Response, error) {
	token := r.Query.Get("token")
	user, err := s.Identity.SignIn.CheckReset(r.Context, token)
	if err != nil {
		return refuseReset(s, r, err)
	}
	return s.Show(r, http.StatusOK, resetPage(r, token, user.Email))
}

func refuseReset(s *web.Site, r *edge.Request, err error) (*edge.Response, error) {
	return s.Refuse(r, markup.StandalonePage{
		Title: "Set a new password",
		Look:  web.Look(r),
		Foot:  []markup.Link{{Label: "Ask for another link", Href: "/forgot-password"}, web.BackToSignIn[0]},
	}, err)
}

func reset(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	user, err := s.Identity.SignIn.CheckReset(r.Context, form.Get("token"))
	if err != nil {
		return refuseReset(s, r, err)
	}
	known, err := s.Identity.SignIn.ResetByToken(r.Context, form.Get("token"), form.Get("password"), r.Origin())
	if err != nil {
		return s.Refuse(r, resetPage(r, form.Get("token"), user.Email), err)
	}
	page := signInPage(s, r, "", "")
	page.Notice = &markup.Strip{Tone: markup.Good, Text: "Your password was changed. Sign in with it."}
	response, err := s.Show(r, http.StatusOK, page)
	if err == nil {
		response.SetCookie(r, sessions.KnownCookie(known))
	}
	return response, err
}
