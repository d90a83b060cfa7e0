package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
)

// factorRoutes are the second factors of accounts.
func (a *API) factorRoutes() []edge.Route {
	const get, post, patch, remove = http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete
	public := func(path string, handle func(r *edge.Request) (*edge.Response, error)) edge.Route {
		handler := func(r *edge.Request) *edge.Response {
			return a.limited(r, "address "+identity.Network(r.Address), a.open(handle))
		}
		return edge.Route{Method: post, Path: Base + path, Permission: "public", Handler: handler}
	}
	own := func(method, path string, handle personal) edge.Route {
		return edge.Route{Method: method, Path: Base + path, Handler: a.enrolling(handle)}
	}
	return []edge.Route{
		public("auth/mfa/challenge", a.answerChallenge),
		own(get, "auth/mfa", a.factors),
		own(post, "auth/mfa/totp/setup", a.setUpTOTP),
		own(post, "auth/mfa/totp/verify", a.verifyTOTP),
		own(remove, "auth/mfa/totp", a.disableTOTP),
		own(post, "auth/mfa/backup-codes", a.newBackupCodes),
		own(remove, "auth/mfa/devices/{id}", a.forgetDevice),
		own(get, "auth/passkeys", a.passkeys),
		own(post, "auth/passkeys/register/begin", a.beginPasskey),
		own(post, "auth/passkeys/register/finish", a.finishPasskey),
		public("auth/passkeys/login/begin", a.beginPasskeySignIn),
		public("auth/passkeys/login/finish", a.finishPasskeySignIn),
		own(patch, "auth/passkeys/{id}", a.renamePasskey),
		own(remove, "auth/passkeys/{id}", a.removePasskey),
	}
}

// factorOperations describe them.
var factorOperations = []written{
	{"POST", "auth/mfa/challenge", "Answer the challenge of a sign-in with `code`; `method` may say whether it is one of `totp`, `sms` or `backup_code`; without `challenge`, the person who is signed in proves again who they are with `code` or `password`", optional("challenge", "code", "method", "password"), schema{"type": "object"}},
	{"GET", "auth/mfa", "The second factors of the person", nil, schemaOf(reflect.TypeFor[*identity.Factors](), false, nil)},
	{"POST", "auth/mfa/totp/setup", "Begin to set up an authenticator app", nil, schemaOf(reflect.TypeFor[identity.TOTPSetup](), false, nil)},
	{"POST", "auth/mfa/totp/verify", "Confirm the app by a code; the first factor comes with backup codes", object("code"), schema{"type": "object"}},
	{"DELETE", "auth/mfa/totp", "Turn the app off, by password and code", object("password", "code"), schema{"type": "null"}},
	{"POST", "auth/mfa/backup-codes", "Make ten backup codes in place of those before", nil, schema{"type": "object"}},
	{"DELETE", "auth/mfa/devices/{id}", "Ask a remembered device for the second factor again", nil, schema{"type": "null"}},
	{"GET", "auth/passkeys", "The passkeys of the person", nil, schemaOf(reflect.TypeFor[[]identity.Passkey](), false, nil)},
	{"POST", "auth/passkeys/register/begin", "Begin to make a passkey", nil, schemaOf(reflect.TypeFor[identity.Ceremony](), false, nil)},
	{"POST", "auth/passkeys/register/finish", "Keep the passkey that the device made", optional("ceremony", "name"), schema{"type": "object"}},
	{"POST", "auth/passkeys/login/begin", "Begin a sign-in by passkey, the answer to a `challenge`, or with `purpose` proof another proof of who is signed in", optional("challenge", "purpose"), schemaOf(reflect.TypeFor[identity.Ceremony](), false, nil)},
	{"POST", "auth/passkeys/login/finish", "Finish what begin began", optional("ceremony", "challenge", "purpose"), schema{"type": "object"}},
	{"PATCH", "auth/passkeys/{id}", "Give a passkey another name", object("name"), schema{"type": "null"}},
	{"DELETE", "auth/passkeys/{id}", "Remove a passkey", nil, schema{"type": "null"}},
}

// optional is an object whose texts may be missing, as may what the device signed and whether it is to be remembered.
func optional(texts ...string) schema {
	of := object(texts...)
	delete(of, "required")
	properties := of["properties"].(schema)
	properties["credential"], properties["remember"] = schema{"type": "object"}, schema{"type": "boolean"}
	return of
}

// factorAnswer is what answers a question: a code, a password or what a passkey signed, and to which question.
type factorAnswer struct {
	Challenge string `json:"challenge"`
	Code      string `json:"code"`
	// Method repeats one of the methods of the challenge. The code says it too, so that it may be missing.
	Method     string          `json:"method"`
	Password   string          `json:"password"`
	Purpose    string          `json:"purpose"`
	Ceremony   string          `json:"ceremony"`
	Credential json.RawMessage `json:"credential"`
	Remember   bool            `json:"remember"`
}

// challenge is that of the body, or of the cookie of a browser.
func (in *factorAnswer) challenge(r *edge.Request) string {
	if in.Challenge == "" && in.Purpose == "" {
		return r.Cookie(edge.ChallengeCookieName(r.Secure()))
	}
	return in.Challenge
}

// answerChallenge finishes a sign-in. Without a challenge somebody who is signed in proves again who they are.
func (a *API) answerChallenge(r *edge.Request) (*edge.Response, error) {
	var in factorAnswer
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if in.Challenge == "" {
		p, err := edge.RecognizeEnrolling(a.accounts, r)
		if err != nil {
			return nil, err
		}
		token, err := a.accounts.Prove(p, in.Password, in.Code)
		if err != nil {
			return nil, err
		}
		return a.welcome(r, token, p)
	}
	if in.Method != "" && !slices.Contains([]string{"totp", "sms", "backup_code"}, in.Method) {
		return nil, fault.InvalidField("method", "must be totp, sms or backup_code; a passkey answers at auth/passkeys/login/finish")
	}
	token, p, err := a.accounts.AnswerChallenge(r.Context, in.Challenge, in.Code, r.Origin())
	if err != nil {
		return nil, err
	}
	return a.entered(r, token, p, in.Remember)
}

// entered answers somebody who answered a challenge, and remembers their browser where they wish it.
func (a *API) entered(r *edge.Request, token string, p *identity.Person, remember bool) (*edge.Response, error) {
	response, err := a.welcome(r, token, p)
	if err != nil || !isBrowser(r) {
		return response, err
	}
	response.Header.Add("Set-Cookie", edge.ChallengeCookie("", r.Secure()))
	if remember {
		device, err := a.accounts.Remember(p)
		if err != nil {
			return nil, err
		}
		response.Header.Add("Set-Cookie", edge.DeviceCookie(device, r.Secure()))
	}
	return response, nil
}

func (a *API) factors(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	factors, err := a.accounts.Factors(p)
	if err != nil {
		return nil, err
	}
	return answer(factors, nil)
}

func (a *API) setUpTOTP(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	setup, err := a.accounts.SetUpTOTP(p)
	if err != nil {
		return nil, err
	}
	return answer(setup, nil)
}

func (a *API) verifyTOTP(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	var in factorAnswer
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	enrolled, err := a.accounts.VerifyTOTP(p, in.Code)
	if err != nil {
		return nil, err
	}
	return a.enrolled(r, p, enrolled)
}

// enrolled answers a new factor: the codes that came with it, and a renewed session where it opened one.
func (a *API) enrolled(r *edge.Request, p *identity.Person, with *identity.Enrolled) (*edge.Response, error) {
	if with.Token == "" {
		return answer(map[string]any{"backup_codes": with.BackupCodes}, nil)
	}
	return a.renewed(r, with.Token, p, with.BackupCodes)
}

func (a *API) disableTOTP(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	var in factorAnswer
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if err := a.accounts.DisableTOTP(p, in.Password, in.Code); err != nil {
		return nil, err
	}
	return noContent(), nil
}

func (a *API) newBackupCodes(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	codes, err := a.accounts.NewBackupCodes(p)
	if err != nil {
		return nil, err
	}
	return answer(map[string]any{"backup_codes": codes}, nil)
}

func (a *API) forgetDevice(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	if err := a.accounts.ForgetDevice(p, r.Param("id")); err != nil {
		return nil, err
	}
	return noContent(), nil
}

func (a *API) passkeys(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	factors, err := a.accounts.Factors(p)
	if err != nil {
		return nil, err
	}
	return answer(factors.Passkeys, nil)
}

func (a *API) beginPasskey(_ *edge.Request, p *identity.Person) (*edge.Response, error) {
	ceremony, err := a.accounts.BeginPasskey(p)
	if err != nil {
		return nil, err
	}
	return answer(ceremony, nil)
}

func (a *API) finishPasskey(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	var in struct {
		Ceremony   string          `json:"ceremony"`
		Name       string          `json:"name"`
		Credential json.RawMessage `json:"credential"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	enrolled, err := a.accounts.FinishPasskey(p, in.Ceremony, in.Name, in.Credential)
	if err != nil {
		return nil, err
	}
	return a.enrolled(r, p, enrolled)
}

func (a *API) renamePasskey(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	var in struct {
		Name string `json:"name"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if err := a.accounts.RenamePasskey(p, r.Param("id"), in.Name); err != nil {
		return nil, err
	}
	return noContent(), nil
}

func (a *API) removePasskey(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	if err := a.accounts.RemovePasskey(p, r.Param("id")); err != nil {
		return nil, err
	}
	return noContent(), nil
}

// proof is the purpose of somebody who is signed in and proves again who they are.
const proof = "proof"

func (a *API) beginPasskeySignIn(r *edge.Request) (*edge.Response, error) {
	var in factorAnswer
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	var ceremony *identity.Ceremony
	var err error
	switch challenge := in.challenge(r); {
	case in.Purpose == proof:
		var p *identity.Person
		if p, err = edge.RecognizeEnrolling(a.accounts, r); err == nil {
			ceremony, err = a.accounts.BeginPasskeyProof(p)
		}
	case in.Purpose != "" && in.Purpose != "sign_in":
		err = fault.InvalidField("purpose", "is sign_in, proof, or left out")
	case challenge != "":
		ceremony, err = a.accounts.BeginPasskeyAnswer(r.Context, challenge, r.Origin())
	default:
		ceremony, err = a.accounts.BeginPasskeySignIn(r.Context, r.Origin())
	}
	if err != nil {
		return nil, err
	}
	return answer(ceremony, nil)
}

func (a *API) finishPasskeySignIn(r *edge.Request) (*edge.Response, error) {
	var in factorAnswer
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if in.Purpose == proof {
		p, err := edge.RecognizeEnrolling(a.accounts, r)
		if err != nil {
			return nil, err
		}
		token, err := a.accounts.ProveByPasskey(p, in.Ceremony, in.Credential)
		if err != nil {
			return nil, err
		}
		return a.welcome(r, token, p)
	}
	var token string
	var p *identity.Person
	var err error
	if challenge := in.challenge(r); challenge != "" {
		token, p, err = a.accounts.AnswerByPasskey(r.Context, challenge, in.Ceremony, in.Credential, r.Origin())
	} else {
		token, p, err = a.accounts.SignInByPasskey(r.Context, in.Ceremony, in.Credential, r.Origin())
	}
	if err != nil {
		return nil, err
	}
	return a.entered(r, token, p, in.Remember)
}
