package account

import (
	"net/http"
	"net/url"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/credentials"
	"zygo/app/identity/provider"
	"zygo/app/identity/sessions"
	"zygo/app/identity/signin"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// textProof sends a code to somebody who proves again who they are, and keeps the form that waits for it.
func textProof(v *web.Visit, to string) (*edge.Response, error) {
	sent, err := v.Site.Identity.Credentials.TextProof(v.Person)
	public := fault.Public(err)
	if err != nil && public.Code == fault.Internal {
		return nil, err
	}
	page := ReauthenticationPage(v, to, repeated(v))
	if err != nil {
		page.Notice = &markup.Strip{Tone: markup.Bad, Text: public.Message}
		return v.ShowRefused(public, page)
	}
	page.Notice = v.Site.CodeNotice(sent)
	return v.Show(http.StatusOK, page)
}

// provePath is where somebody shows again who they are before a sensitive act.
const provePath = "/settings/security/confirm"

// The proof's own fields, whose names no other form has.
const (
	proofPassword = "proof_password"
	proofCode     = "proof_code"
	proofTo       = "proof_to"
	proofRepeat   = "proof_repeat"
	proofText     = "proof_text"
)

// ReauthenticationPage asks for a password or a factor. The form that was refused goes along, and is carried out afterwards.
func ReauthenticationPage(v *web.Visit, to string, form url.Values) markup.StandalonePage {
	page := markup.StandalonePage{
		Title:  "Confirm that it is you",
		Look:   web.Look(v.Request),
		Lead:   "What you are about to do needs your password or a second factor again.",
		Token:  edge.NewFormToken(v.Person),
		Action: provePath,
		Submit: "Go on",
		Hidden: []markup.Hidden{{Name: proofTo, Value: web.Next(to)}},
		Fields: []markup.FieldView{
			{Kind: markup.FieldPassword, Name: proofPassword, Label: "Password", Required: true, Autocomplete: "current-password"},
		},
	}
	ways, err := v.Site.Identity.Credentials.SignInMethods(v.Person)
	passwordless := err == nil && !ways.Password
	if passwordless {
		page.Fields = nil
		page.Lead = "What you are about to do needs a fresh proof of who you are. After a provider confirmed it, do it once more."
		page.Foot = []markup.Link{{Label: "Cancel", Href: "/dashboard"}}
		page.Others = proofButtons(v, ways, to, form != nil)
	}
	if factors, err := v.Site.Identity.Credentials.Factors(v.Person); err == nil && factors.Any() {
		code := web.CodeField(proofCode, "Code of your second factor")
		if code.Required = passwordless; !passwordless {
			code.Label, page.Fields[0].Required = "Or a code of your second factor", false
		}
		if !passwordless || factors.TOTP || factors.BackupCodes > 0 {
			page.Fields = append(page.Fields, code)
		}
		if factors.PasskeyHere {
			page.Passkey = &markup.PasskeyButton{Purpose: "proof", Label: "Use a passkey"}
		}
		if factors.SMS {
			page.Second = &markup.SecondButton{Name: proofText, Label: "Send me a code", Icon: "phone"}
		}
	}
	if len(page.Fields) == 0 {
		page.Action = ""
	}
	if form != nil {
		page.Hidden = append(page.Hidden, markup.Hidden{Name: proofRepeat, Value: "true"})
	}
	for name, values := range form {
		if name == edge.FormToken || strings.HasPrefix(name, "proof_") {
			continue
		}
		for _, value := range values {
			page.Hidden = append(page.Hidden, markup.Hidden{Name: name, Value: value})
		}
	}
	return page
}

func askProof(v *web.Visit) (*edge.Response, error) {
	return v.Show(http.StatusOK, ReauthenticationPage(v, v.Query.Get("to"), nil))
}

func prove(v *web.Visit) (*edge.Response, error) {
	to := web.Next(v.Form.Get(proofTo))
	if v.Form.Get(proofText) != "" {
		return textProof(v, to)
	}
	if v.Person.RequireRecent() != nil {
		token, err := v.Site.Identity.Credentials.Prove(v.Person, v.Form.Get(proofPassword), v.Form.Get(proofCode))
		if err != nil {
			public := fault.Public(err)
			if public.Code == fault.Internal {
				return nil, err
			}
			page := ReauthenticationPage(v, to, repeated(v))
			page.Notice = &markup.Strip{Tone: markup.Bad, Text: public.Message}
			for name, message := range web.FieldErrors(err) {
				page.Notice.Text = web.Sentence(map[string]string{"password": "Password", "code": "Code"}[name], message)
			}
			return v.ShowRefused(public, page)
		}
		v.SetCookies(sessions.Cookie(token))
	}
	response := edge.Redirect(to)
	if v.Form.Get(proofRepeat) != "" {
		// The browser sends the same form again, to where it was refused.
		response.Status = http.StatusTemporaryRedirect
	}
	return response, nil
}

// repeated is the form that waits for the proof, nil for none.
func repeated(v *web.Visit) url.Values {
	if v.Form.Get(proofRepeat) == "" {
		return nil
	}
	return v.Form
}

// proofButtons let somebody without a password prove who they are. A form that was refused can't go along, so that they come
// back to the page on which it stood.
func proofButtons(v *web.Visit, ways *credentials.SignInMethods, to string, refused bool) []markup.Action {
	var linked []provider.Named
	for _, one := range v.Site.Identity.Credentials.Providers() {
		for _, mine := range ways.Connected {
			if mine.Provider == one.Name {
				linked = append(linked, one)
			}
		}
	}
	if refused {
		to = web.PageOf(to)
	}
	return v.Site.ProviderButtons("Confirm with ", signin.SocialProve, to, linked)
}
