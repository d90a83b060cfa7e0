package api

import (
	"encoding/json"
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
)

// The operations on accounts need the person or the origin of the request, which an area's operation does not have.

type emailInput struct {
	Email string `json:"email"`
}

type tokenInput struct {
	Token string `json:"token"`
}

type resetInput struct {
	Token    string `json:"token"`
	Password string `json:"password"`
}

type passwordInput struct {
	CurrentPassword string `json:"current_password"`
	Password        string `json:"password"`
}

type newEmailInput struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

type confirmedOutput struct {
	// Waits tells that the link in another mail is still to be followed.
	Waits bool `json:"waits"`
}

// read fills a body that anybody may send, but no other site's page.
func read[T any](r *edge.Request) (in T, err error) {
	err = decode(r, &in)
	return in, err
}

func answer(data any, err error) (*edge.Response, error) {
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(data)
	return envelope(http.StatusOK, body), err
}

func (a *API) signUp(r *edge.Request) (*edge.Response, error) {
	in, err := read[identity.Joining](r)
	if err != nil {
		return nil, err
	}
	return answer(nil, a.accounts.SignUp(r.Context, in, r.Origin()))
}

func (a *API) verifyEmail(r *edge.Request) (*edge.Response, error) {
	in, err := read[identity.Confirmation](r)
	if err != nil {
		return nil, err
	}
	token, person, err := a.accounts.VerifyEmail(r.Context, in, r.Origin())
	if err != nil {
		return nil, err
	}
	return a.welcome(r, token, person)
}

func (a *API) resendVerification(r *edge.Request) (*edge.Response, error) {
	in, err := read[emailInput](r)
	if err != nil {
		return nil, err
	}
	return answer(nil, a.accounts.ResendVerification(r.Context, in.Email, r.Origin()))
}

func (a *API) forgotPassword(r *edge.Request) (*edge.Response, error) {
	in, err := read[emailInput](r)
	if err != nil {
		return nil, err
	}
	return answer(nil, a.accounts.ForgotPassword(r.Context, in.Email, r.Origin()))
}

func (a *API) resetPassword(r *edge.Request) (*edge.Response, error) {
	in, err := read[resetInput](r)
	if err != nil {
		return nil, err
	}
	known, err := a.accounts.ResetByToken(r.Context, in.Token, in.Password, r.Origin())
	response, err := answer(nil, err)
	if err == nil && isBrowser(r) {
		response.Header.Add("Set-Cookie", edge.KnownCookie(known, r.Secure()))
	}
	return response, err
}

func (a *API) confirmEmail(r *edge.Request) (*edge.Response, error) {
	in, err := read[tokenInput](r)
	if err != nil {
		return nil, err
	}
	person, err := edge.Recognize(a.accounts, r)
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		return nil, err
	}
	waits, err := a.accounts.ConfirmEmail(r.Context, in.Token, person, r.Origin())
	return answer(confirmedOutput{waits}, err)
}

func (a *API) changeMe(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[identity.ProfileChange](r)
	if err != nil {
		return nil, err
	}
	err = a.accounts.ChangeProfile(p, in)
	return answer(userOf(p), err)
}

func (a *API) changePassword(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[passwordInput](r)
	if err != nil {
		return nil, err
	}
	token, err := a.accounts.ChangePassword(p, in.CurrentPassword, in.Password)
	if err != nil {
		return nil, err
	}
	return a.welcome(r, token, p)
}

func (a *API) changeEmail(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[newEmailInput](r)
	if err != nil {
		return nil, err
	}
	return answer(nil, a.accounts.ChangeEmail(p, in.Email, in.Password))
}

func (a *API) preferences(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(a.accounts.Preferences(p))
}

func (a *API) changePreferences(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[identity.PreferenceChange](r)
	if err != nil {
		return nil, err
	}
	return answer(a.accounts.ChangePreferences(p, in))
}

func (a *API) sessions(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(a.accounts.Sessions(p))
}

func (a *API) endSession(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.EndSession(p, r.Param("id")))
}
