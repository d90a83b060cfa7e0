package signin

import (
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/signin"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// asksFactor sends a browser on that gave the right password and has to give a second factor.
func asksFactor(r *edge.Request, err error, to string) *edge.Response {
	f, ok := fault.As(err)
	asked, is := web.DetailsOf(f, ok).(signin.Challenge)
	if !is {
		return nil
	}
	response := edge.Redirect(web.ChallengePath + "?next=" + url.QueryEscape(to))
	response.SetCookie(r, signin.ChallengeCookie(asked.Challenge))
	return response
}

func challenge(s *web.Site, r *edge.Request) (*edge.Response, error) {
	page, refused, err := challengePage(s, r, r.Query.Get("next"))
	if err != nil || refused != nil {
		return refused, err
	}
	return s.Show(r, http.StatusOK, page)
}

// challengePage asks for the second factor. Without an open challenge the sign-in begins again.
func challengePage(s *web.Site, r *edge.Request, to string) (markup.StandalonePage, *edge.Response, error) {
	factors, err := s.Identity.SignIn.Methods(r.Context, r.Kept(signin.ChallengeCookieName), r.Origin())
	if fault.Is(err, fault.Unauthenticated) {
		return markup.StandalonePage{}, edge.Redirect("/login?next=" + url.QueryEscape(web.Next(to))), nil
	}
	if err != nil {
		return markup.StandalonePage{}, nil, err
	}
	label, lead := "Backup code", "Use a passkey, or type one of your backup codes."
	switch {
	case factors.TOTP:
		label, lead = "Code or backup code", "Type the code that your authenticator app shows, or one of your backup codes."
	case factors.SMS:
		label, lead = "Code or backup code", "Let us send a code to your phone, or type one of your backup codes."
	case !factors.PasskeyHere:
		lead = "Your passkey belongs to another address. Sign in at " + s.Identity.Credentials.AddressOf(factors.Passkeys[0]) +
			", or type one of your backup codes."
	}
	page := markup.StandalonePage{Title: "Second factor", Look: web.Look(r), Lead: lead, Action: web.ChallengePath, Submit: "Go on",
		Hidden: []markup.Hidden{
			{Name: "next", Value: web.Next(to)},
		}, Foot: []markup.Link{{Label: "Sign in as somebody else", Href: "/login"}},
		Fields: []markup.FieldView{
			web.CodeField("code", label),
			{Kind: markup.FieldCheck, Name: "remember", Label: "Don't ask on this device for 30 days", Required: true},
		}}
	if factors.PasskeyHere {
		page.Passkey = &markup.PasskeyButton{Purpose: "challenge", Next: web.Next(to), Label: "Use a passkey"}
	}
	if factors.SMS {
		page.Second = &markup.SecondButton{Name: challengeText, Label: "Send me a code", Icon: "phone"}
	}
	return page, nil, nil
}

func answerChallenge(s *web.Site, r *edge.Request) (*edge.Response, error) {
	if err := edge.CheckSameOrigin(r); err != nil {
		return nil, err
	}
	form, err := web.SingleForm(r)
	if err != nil {
		return nil, err
	}
	if form.Get(challengeText) != "" {
		return textChallenge(s, r, form)
	}
	token, person, err := s.Identity.SignIn.AnswerChallenge(r.Context, r.Kept(signin.ChallengeCookieName), form.Get("code"), r.Origin())
	if err != nil {
		return refusedChallenge(s, r, form, err)
	}
	response := s.Welcome(r, token, person, web.Next(form.Get("next")))
	response.SetCookie(r, signin.ChallengeCookie(""))
	if form.Get("remember") != "" {
		device, err := s.Identity.Credentials.Remember(person)
		if err != nil {
			return nil, err
		}
		response.SetCookie(r, signin.DeviceCookie(device))
	}
	return response, nil
}

// refusedChallenge asks again and says what was wrong.
func refusedChallenge(s *web.Site, r *edge.Request, form url.Values, err error) (*edge.Response, error) {
	public := fault.Public(err)
	if public.Code == fault.Internal {
		return nil, err
	}
	edge.LogFailure(s.Log, r, err)
	page, refused, failed := challengePage(s, r, form.Get("next"))
	if failed != nil || refused != nil {
		return refused, failed
	}
	page.Notice = &markup.Strip{Tone: markup.Bad, Text: public.Message}
	return s.ShowRefused(r, public, page)
}

// challengeText is the button of the challenge that asks for a code by text message.
const challengeText = "challenge_text"

// textChallenge sends a code to anyone who waits for the second factor of a sign-in.
func textChallenge(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	sent, err := s.Identity.SignIn.TextChallenge(r.Context, r.Kept(signin.ChallengeCookieName), r.Origin())
	if err != nil {
		return refusedChallenge(s, r, form, err)
	}
	page, refused, err := challengePage(s, r, form.Get("next"))
	if err != nil || refused != nil {
		return refused, err
	}
	page.Notice = s.CodeNotice(sent)
	return s.Show(r, http.StatusOK, page)
}
