package identity

import (
	"context"
	"encoding/base64"
	"encoding/json"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"zygo/app/resource"
)

// A passkey opens a session by itself, answers the challenge of a sign-in by password, or proves again who sits there.

// SignInByPasskey opens a session for whoever's passkey signed. It needs no password and no other factor.
func (a *Accounts) SignInByPasskey(ctx context.Context, ceremony string, answer []byte, origin resource.Origin) (string, *Person, error) {
	system := a.stranger(ctx, origin)
	_, held, err := answered(system, ceremony, passkeySignIn)
	if err != nil {
		return "", nil, err
	}
	user, err := a.checkPasskey(system, "", held, answer, done)
	if err != nil {
		return "", nil, err
	}
	return a.openFor(system, user, origin)
}

// BeginPasskeyAnswer asks for a passkey of the user whose sign-in waits for a second factor.
func (a *Accounts) BeginPasskeyAnswer(ctx context.Context, token string) (*Ceremony, error) {
	system := a.stranger(ctx, resource.Origin{})
	c, err := asked(system, token, signInChallenge)
	if err != nil {
		return nil, err
	}
	return a.askOwnPasskey(system, c.UserID)
}

// AnswerByPasskey finishes a sign-in by password with a passkey.
func (a *Accounts) AnswerByPasskey(ctx context.Context, token, ceremony string, answer []byte, origin resource.Origin) (string, *Person, error) {
	system := a.stranger(ctx, origin)
	c, err := asked(system, token, signInChallenge)
	if err != nil {
		return "", nil, err
	}
	user, held, err := answered(system, ceremony, passkeyProof)
	if err == nil && user != c.UserID {
		err = errPasskey(nil)
	}
	if err == nil {
		_, err = a.checkPasskey(system, user, held, answer, c.close)
	}
	if err != nil {
		return "", nil, err
	}
	return a.openFor(system, user, origin)
}

// BeginPasskeyProof asks for a passkey of somebody who is signed in.
func (a *Accounts) BeginPasskeyProof(p *Person) (*Ceremony, error) {
	return a.askOwnPasskey(a.own(p), p.User.ID)
}

// ProveByPasskey is Prove with a passkey.
func (a *Accounts) ProveByPasskey(p *Person, ceremony string, answer []byte) (string, error) {
	system := a.own(p)
	user, held, err := answered(system, ceremony, passkeyProof)
	if err == nil && user != p.User.ID {
		err = errPasskey(nil)
	}
	if err != nil {
		return "", err
	}
	token, renew := a.renewal(p)
	_, err = a.checkPasskey(system, user, held, answer, renew)
	return token, err
}

func (a *Accounts) askOwnPasskey(system *resource.Session, user string) (*Ceremony, error) {
	party, err := a.relyingParty()
	if err != nil {
		return nil, err
	}
	owner, err := ownerOf(system, user)
	if err != nil {
		return nil, err
	}
	options, held, err := party.BeginLogin(owner)
	if err != nil {
		return nil, errPasskey(err)
	}
	return askPasskey(system, user, passkeyProof, options, held)
}

// checkPasskey verifies what a device signed, keeps the key's counter, and does then in the same write. Without a user the
// device says whose key it is.
func (a *Accounts) checkPasskey(system *resource.Session, user string, held webauthn.SessionData, answer []byte, then func(s *resource.Session) error) (string, error) {
	party, err := a.relyingParty()
	if err != nil {
		return "", err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return "", errPasskey(err)
	}
	var credential *webauthn.Credential
	if user != "" {
		owner, err := ownerOf(system, user)
		if err != nil {
			return "", err
		}
		if credential, err = party.ValidateLogin(owner, held, parsed); err != nil {
			return "", errPasskey(err)
		}
	} else {
		var owner webauthn.User
		owner, credential, err = party.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) { return ownerOf(system, string(handle)) }, held, parsed)
		if err != nil {
			return "", errPasskey(err)
		}
		user = string(owner.WebAuthnID())
	}
	if credential.Authenticator.CloneWarning {
		if err := system.Record("user", "passkey_copied", user, resource.Denied); err != nil {
			return "", err
		}
		return "", errPasskey(nil)
	}
	text, err := json.Marshal(credential)
	if err != nil {
		return "", err
	}
	return user, system.Write(func(s *resource.Session) error {
		count, err := s.Change(passkeys, []resource.Pair{{Column: "credential", Value: text}, {Column: "used_at", Value: s.Now}},
			[]resource.Pair{{Column: "user_id", Value: user}, {Column: "credential_id", Value: base64.RawURLEncoding.EncodeToString(credential.ID)}})
		if err != nil {
			return err
		}
		if count == 0 {
			return errPasskey(nil)
		}
		return then(s)
	})
}
