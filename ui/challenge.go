package ui

import (
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
)

// challengePath is where a sign-in waits for its second factor.
const challengePath = identity.ChallengePath

// PasskeyButton asks the browser for a passkey.
type PasskeyButton struct {
	// Purpose is sign_in, challenge, or proof; Next is where to go afterwards.
	Purpose, Next, Label string
}

// asksFactor sends a browser on that gave the right password and has to give a second factor.
func asksFactor(r *edge.Request, err error, to string) *edge.Response {
	f, ok := fault.As(err)
	asked, is := detailsOf(f, ok).(identity.Challenge)
	if !is {
		return nil
	}
	response := edge.Redirect(challengePath + "?next=" + url.QueryEscape(to))
	response.SetCookie(r, identity.ChallengeCookie(asked.Challenge))
	return response
}

func (s *Site) challenge(r *edge.Request) (*edge.Response, error) {
	page, refused, err := s.challengePage(r, r.Query.Get("next"))
	if err != nil || refused != nil {
		return refused, err
	}
	return s.show(r, http.StatusOK, page)
}

// challengePage asks for the second factor. Without an open challenge the sign-in begins again.
func (s *Site) challengePage(r *edge.Request, to string) (AlonePage, *edge.Response, error) {
	factors, err := s.accounts.Methods(r.Context, r.Kept(identity.ChallengeCookieName), r.Origin())
	if fault.Is(err, fault.Unauthenticated) {
		return AlonePage{}, edge.Redirect("/login?next=" + url.QueryEscape(next(to))), nil
	}
	if err != nil {
		return AlonePage{}, nil, err
	}
	label, lead := "Backup code", "Use a passkey, or type one of your backup codes."
	switch {
	case factors.TOTP:
		label, lead = "Code or backup code", "Type the code that your authenticator app shows, or one of your backup codes."
	case factors.SMS:
		label, lead = "Code or backup code", "Let us send a code to your phone, or type one of your backup codes."
	case !factors.PasskeyHere:
		lead = "Your passkey belongs to another address. Sign in at " + s.accounts.AddressOf(factors.Passkeys[0]) + ", or type one of your backup codes."
	}
	page := AlonePage{Title: "Second factor", Look: look(r), Lead: lead, Action: challengePath, Submit: "Go on",
		Hidden: []Hidden{{"next", next(to)}}, Foot: []Link{{"Sign in as somebody else", "/login"}},
		Fields: []FieldView{codeField("code", label), {Kind: FieldCheck, Name: "remember", Label: "Don't ask on this device for 30 days", Required: true}}}
	if factors.PasskeyHere {
		page.Passkey = &PasskeyButton{Purpose: "challenge", Next: next(to), Label: "Use a passkey"}
	}
	if factors.SMS {
		page.Second = &SecondButton{Name: challengeText, Label: "Send me a code", Icon: "phone"}
	}
	return page, nil, nil
}

func (s *Site) answerChallenge(r *edge.Request) (*edge.Response, error) {
	if err := edge.CheckSameOrigin(r); err != nil {
		return nil, err
	}
	form, err := singleForm(r)
	if err != nil {
		return nil, err
	}
	if form.Get(challengeText) != "" {
		return s.textChallenge(r, form)
	}
	token, person, err := s.accounts.AnswerChallenge(r.Context, r.Kept(identity.ChallengeCookieName), form.Get("code"), r.Origin())
	if err != nil {
		return s.refusedChallenge(r, form, err)
	}
	response := s.welcome(r, token, person, next(form.Get("next")))
	response.SetCookie(r, identity.ChallengeCookie(""))
	if form.Get("remember") != "" {
		device, err := s.accounts.Remember(person)
		if err != nil {
			return nil, err
		}
		response.SetCookie(r, identity.DeviceCookie(device))
	}
	return response, nil
}

// refusedChallenge asks again and says what was wrong.
func (s *Site) refusedChallenge(r *edge.Request, form url.Values, err error) (*edge.Response, error) {
	public := fault.Public(err)
	if public.Code == fault.Internal {
		return nil, err
	}
	edge.LogFailure(s.log, r, err)
	page, refused, failed := s.challengePage(r, form.Get("next"))
	if failed != nil || refused != nil {
		return refused, failed
	}
	page.Notice = &Strip{Tone: Bad, Text: public.Message}
	return s.showRefused(r, public, page)
}
