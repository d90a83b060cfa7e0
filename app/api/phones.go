package api

import (
	"net/http"
	"reflect"

	"zygo/app/edge"
	"zygo/app/identity"
)

// phoneRoutes are the codes by text message.
func (a *API) phoneRoutes() []edge.Route {
	send := func(r *edge.Request) *edge.Response {
		return a.limited(r, "address "+identity.Network(r.Address), a.open(a.sendCode))
	}
	return []edge.Route{
		{Method: http.MethodPost, Path: Base + "auth/mfa/sms/setup", Handler: a.enrolling(a.setUpPhone)},
		{Method: http.MethodPost, Path: Base + "auth/phone/verify", Handler: a.enrolling(a.verifyPhone)},
		{Method: http.MethodPost, Path: Base + "auth/mfa/sms/verify", Handler: a.enrolling(a.enrolPhone)},
		{Method: http.MethodDelete, Path: Base + "auth/mfa/sms", Handler: a.enrolling(a.removePhone)},
		{Method: http.MethodPost, Path: Base + "auth/mfa/sms/send", Permission: "public", Handler: send},
	}
}

// phoneOperations describe them.
var phoneOperations = []written{
	{"POST", "auth/mfa/sms/setup", "Send a code to `phone`, a number with the country's code, which is to become the person's; 429 where too many were sent", object("phone"), schemaOf(reflect.TypeFor[identity.CodeSent](), false, nil)},
	{"POST", "auth/phone/verify", "Prove by the `code` of the set-up that the number is the person's, and make it no second factor", object("code"), schema{"type": "null"}},
	{"POST", "auth/mfa/sms/verify", "Prove by the `code` of the set-up that the number is the person's, and make it a second factor, for which each sign-in asks from then on; the first factor comes with backup codes", object("code"), schema{"type": "object"}},
	{"DELETE", "auth/mfa/sms", "Remove the phone", nil, schema{"type": "null"}},
	{"POST", "auth/mfa/sms/send", "Send a code to the phone, for the `challenge` of a sign-in, or without one for another proof of who is signed in; `auth/mfa/challenge` takes it. 429 where too many were sent", optional("challenge"), schemaOf(reflect.TypeFor[identity.CodeSent](), false, nil)},
}

type phoneInput struct {
	Phone string `json:"phone"`
}

type codeInput struct {
	Code string `json:"code"`
}

func (a *API) setUpPhone(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[phoneInput](r)
	if err != nil {
		return nil, err
	}
	return answer(a.accounts.SetUpPhone(p, in.Phone))
}

func (a *API) verifyPhone(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[codeInput](r)
	if err != nil {
		return nil, err
	}
	return answer(nil, a.accounts.VerifyPhone(p, in.Code))
}

func (a *API) enrolPhone(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[codeInput](r)
	if err != nil {
		return nil, err
	}
	enrolled, err := a.accounts.EnrolPhone(p, in.Code)
	if err != nil {
		return nil, err
	}
	return a.enrolled(r, p, enrolled)
}

func (a *API) removePhone(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.RemovePhone(p))
}

func (a *API) sendCode(r *edge.Request) (*edge.Response, error) {
	var in factorAnswer
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if in.Challenge != "" {
		return answer(a.accounts.TextChallenge(r.Context, in.Challenge, r.Origin()))
	}
	p, err := edge.RecognizeEnrolling(a.accounts, r)
	if err != nil {
		return nil, err
	}
	return answer(a.accounts.TextProof(p))
}
