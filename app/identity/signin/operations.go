package signin

import (
	"net/http"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
)

type signingIn struct {
	Email    string
	Password field.Password
}

type newPassword struct {
	Token    string
	Password field.Password
}

// Waiting tells that something is still to be confirmed by the link of a mail.
type Waiting struct {
	Waits bool `json:"waits" z:"help=The link of another mail is still to be followed."`
}

func (a *Service) signInOperations() []operation.Operation {
	return []operation.Operation{
		people.Public(http.MethodPost, "auth/login", "Sign in with an e-mail address and a password", a.login),
		people.Public(http.MethodPost, "auth/refresh", "Exchange a refresh token for the next pair of tokens; each is good once",
			func(c *operation.Call, in *struct{ RefreshToken string }) (sessions.Tokens, error) {
				return a.sessions.Refresh(c.Context, in.RefreshToken, c.Origin)
			}),
		people.PublicAct(http.MethodPost, "auth/signup", "Make an account, and an organization where one is named; a mail asks to confirm the address",
			func(c *operation.Call, in *Joining) error { return a.SignUp(c.Context, *in, c.Origin) }),
		people.Public(http.MethodPost, "auth/verify-email",
			"Confirm the address of an account by the token of a mail and the password of the sign-up that it "+
				"was mailed for, and sign in. "+
				"The password may be left out where nobody signed up with another one",
			func(c *operation.Call, in *Confirmation) (*sessions.Entered, error) {
				token, p, err := a.VerifyEmail(c.Context, *in, c.Origin)
				return a.sessions.Welcome(c, token, p, err)
			}),
		people.PublicAct(http.MethodPost, "auth/resend-verification", "Mail another link to confirm an address; the answer is the same for every address",
			func(c *operation.Call, in *people.Mailed) error {
				return a.ResendVerification(c.Context, in.Email, c.Origin)
			}),
		people.PublicAct(http.MethodPost, "auth/forgot-password", "Mail a link to set a new password; the answer is the same for every address",
			func(c *operation.Call, in *people.Mailed) error {
				return a.ForgotPassword(c.Context, in.Email, c.Origin)
			}),
		people.PublicAct(http.MethodPost, "auth/reset-password", "Set a new password by the token of a mail, and end every session", a.resetByToken),
		people.Public(http.MethodPost, "auth/confirm-email", "Agree to a change of address by the token of a mail; it needs both mails", a.confirmEmail),
		people.Handle(http.MethodPost, "auth/logout", "End the session", a.logout).Open(operation.Entering),
		people.Handle(http.MethodPost, "tenants/{id}/switch", "Make another organization the current one; the session goes on with new tokens",
			func(c *operation.Call, p *people.Person, in *people.ByID) (*sessions.Entered, error) {
				token, p, err := a.sessions.Switch(p, in.ID)
				return a.sessions.Welcome(c, token, p, err)
			}).Open(operation.Entering),
		people.Public(http.MethodPost, "auth/mfa/challenge",
			"Answer the challenge of a sign-in with `code`; `method` may say whether it is one of `totp`, `sms` "+
				"or `backup_code`; "+
				"without `challenge`, the person who is signed in proves again who they are with `code` or `password`", a.answerChallenge),
		people.Public(http.MethodPost, "auth/mfa/sms/send",
			"Send a code to the phone, for the `challenge` of a sign-in, or without one for another proof of who "+
				"is signed in; "+
				"`auth/mfa/challenge` takes it. 429 where too many were sent", a.textCode),
		people.Public(http.MethodPost, "auth/passkeys/login/begin",
			"Begin a sign-in by passkey, the answer to a `challenge`, or with `purpose` proof another proof of "+
				"who is signed in", a.beginPasskeySignIn),
		people.Public(http.MethodPost, "auth/passkeys/login/finish", "Finish what begin began", a.finishPasskeySignIn),
		people.Public(http.MethodPost, "invitations/{token}/accept",
			"Join an organization by the token of a link: signed in with the invited address, or with a name and "+
				"a password for a new account. "+
				"The session goes on there with new tokens. By a link that was not mailed, the answer waits: a mail confirms the address first",
			a.acceptInvitation),
	}
}

func (a *Service) login(c *operation.Call, in *signingIn) (*sessions.Entered, error) {
	device := Device{Remembered: c.Cookie(DeviceCookieName), Known: c.Cookie(sessions.KnownCookieName)}
	token, p, err := a.ByPassword(c.Context, in.Email, string(in.Password), device, c.Origin)
	if err != nil {
		return nil, c.Slowed(err)
	}
	return a.sessions.Welcome(c, token, p, nil)
}

func (a *Service) logout(c *operation.Call, p *people.Person, _ *people.Nothing) (operation.Done, error) {
	if err := a.SignOut(p); err != nil {
		return operation.Done{}, err
	}
	c.SetCookie(sessions.Cookie(""))
	c.Clears = true
	return operation.Done{}, nil
}

func (a *Service) resetByToken(c *operation.Call, in *newPassword) error {
	known, err := a.ResetByToken(c.Context, in.Token, string(in.Password), c.Origin)
	if err == nil && c.Browser {
		c.SetCookie(sessions.KnownCookie(known))
	}
	return err
}

// confirmEmail knows the person where one is signed in, and asks nobody to be.
func (a *Service) confirmEmail(c *operation.Call, in *people.ByToken) (Waiting, error) {
	p, err := people.Caller(c)
	if err == nil {
		err = p.Refusal()
	}
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		return Waiting{}, err
	}
	waits, err := a.accounts.ConfirmEmail(c.Context, in.Token, p, c.Origin)
	return Waiting{waits}, err
}

// factorAnswer is what answers a question: a code, a password or what a passkey signed, and to which question.
type factorAnswer struct {
	Challenge string
	Code      field.Password
	Method    FactorMethod `z:"help=One of the methods of the challenge. The code says it too, so that it may be missing."`
	Password  field.Password
	Remember  bool `z:"help=Ask this browser for no second factor for a while."`
}

// FactorMethod is what gives the code of a second factor.
type FactorMethod string

// Choices are the methods that give a code; a passkey answers by itself.
func (FactorMethod) Choices() []field.Choice {
	return []field.Choice{
		{Value: "totp", Label: "Authenticator app"},
		{Value: "sms", Label: "Text message"},
		{Value: "backup_code", Label: "Backup code"},
	}
}

// answerChallenge finishes a sign-in. Without a challenge somebody who is signed in proves again who they are.
func (a *Service) answerChallenge(c *operation.Call, in *factorAnswer) (*sessions.Entered, error) {
	if in.Challenge == "" {
		p, err := people.Caller(c)
		if err != nil {
			return nil, err
		}
		token, err := a.credentials.Prove(p, string(in.Password), string(in.Code))
		return a.sessions.Welcome(c, token, p, err)
	}
	token, p, err := a.AnswerChallenge(c.Context, in.Challenge, string(in.Code), c.Origin)
	return a.entered(c, token, p, in.Remember, err)
}

// entered is Welcome for somebody who answered a challenge; it remembers their browser where they wish that.
func (a *Service) entered(c *operation.Call, token string, p *people.Person, remember bool, err error) (*sessions.Entered, error) {
	out, err := a.sessions.Welcome(c, token, p, err)
	if err != nil || !c.Browser {
		return out, err
	}
	c.SetCookie(ChallengeCookie(""))
	if remember {
		device, err := a.credentials.Remember(p)
		if err != nil {
			return nil, err
		}
		c.SetCookie(DeviceCookie(device))
	}
	return out, nil
}

type challenged struct{ Challenge string }

func (a *Service) textCode(c *operation.Call, in *challenged) (*credentials.CodeSent, error) {
	if in.Challenge != "" {
		return a.TextChallenge(c.Context, in.Challenge, c.Origin)
	}
	p, err := people.Caller(c)
	if err != nil {
		return nil, err
	}
	return a.credentials.TextProof(p)
}
