package signin

import (
	"zygo/app/field"
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
)

// passkeyFor is the question that a passkey is to answer: that of a challenge, of a sign-in, or of another proof.
type passkeyFor struct {
	Challenge string
	Purpose   PasskeyPurpose
}

// PasskeyPurpose is what a passkey is asked for.
type PasskeyPurpose string

// proof is the purpose of somebody who is signed in and proves again who they are.
const proof PasskeyPurpose = "proof"

// Choices are the purposes; none is a sign-in or the answer to the challenge that waits in the browser.
func (PasskeyPurpose) Choices() []field.Choice {
	return []field.Choice{{Value: "sign_in", Label: "Sign in"}, {Value: string(proof), Label: "Prove again who you are"}}
}

// passkeyAnswer is what a device signed. Sign-ins say what for, in the fields of passkeyFor.
type passkeyAnswer struct {
	Challenge  string
	Purpose    PasskeyPurpose
	Ceremony   string
	Credential field.JSON
	Remember   bool
}

// challengeOf is the challenge of the input, or that of a browser's cookie where it names no purpose.
func challengeOf(c *operation.Call, challenge string, purpose PasskeyPurpose) string {
	if challenge == "" && purpose == "" {
		return c.Cookie(ChallengeCookieName)
	}
	return challenge
}

func (a *Service) beginPasskeySignIn(c *operation.Call, in *passkeyFor) (*credentials.Ceremony, error) {
	if in.Purpose == proof {
		p, err := people.Caller(c)
		if err != nil {
			return nil, err
		}
		return a.credentials.BeginPasskeyProof(p)
	}
	if challenge := challengeOf(c, in.Challenge, in.Purpose); challenge != "" {
		return a.BeginPasskeyAnswer(c.Context, challenge, c.Origin)
	}
	return a.BeginPasskey(c.Context, c.Origin)
}

func (a *Service) finishPasskeySignIn(c *operation.Call, in *passkeyAnswer) (*sessions.Entered, error) {
	if in.Purpose == proof {
		p, err := people.Caller(c)
		if err != nil {
			return nil, err
		}
		token, err := a.credentials.ProveByPasskey(p, in.Ceremony, in.Credential)
		return a.sessions.Welcome(c, token, p, err)
	}
	if challenge := challengeOf(c, in.Challenge, in.Purpose); challenge != "" {
		token, p, err := a.AnswerByPasskey(c.Context, challenge, in.Ceremony, in.Credential, c.Origin)
		return a.entered(c, token, p, in.Remember, err)
	}
	token, p, err := a.ByPasskey(c.Context, in.Ceremony, in.Credential, c.Origin)
	return a.entered(c, token, p, in.Remember, err)
}
