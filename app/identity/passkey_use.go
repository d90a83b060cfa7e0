package identity

import (
	"context"
	"encoding/base64"
	"encoding/json"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"zygo/app/identity/people"
	"zygo/app/resource"
)

// A passkey opens a session by itself, answers the challenge of a sign-in by password, or proves again who sits there.

// SignInByPasskey opens a session for the person whose passkey signed. It needs no password and no other factor.
func (a *Accounts) SignInByPasskey(ctx context.Context, ceremony string, answer []byte, origin resource.Origin) (string, *people.Person,
	error) {
	system := a.Tenants.Anonymous(ctx, origin)
	user, err := a.checkPasskey(system, passkeySignIn, ceremony, "", answer, done)
	if err != nil {
		return "", nil, err
	}
	return a.openFor(system, user, origin)
}

// BeginPasskeyAnswer asks for a passkey of the user whose sign-in waits for a second factor.
func (a *Accounts) BeginPasskeyAnswer(ctx context.Context, token string, origin resource.Origin) (*Ceremony, error) {
	system := a.Tenants.Anonymous(ctx, origin)
	c, err := asked(system, token, signInChallenge)
	if err != nil {
		return nil, err
	}
	return a.askOwnPasskey(system, c.UserID)
}

// AnswerByPasskey finishes a sign-in by password with a passkey.
func (a *Accounts) AnswerByPasskey(ctx context.Context, token, ceremony string, answer []byte,
	origin resource.Origin) (string, *people.Person, error) {
	system := a.Tenants.Anonymous(ctx, origin)
	c, err := asked(system, token, signInChallenge)
	if err != nil {
		return "", nil, err
	}
	user, err := a.checkPasskey(system, passkeyProof, ceremony, c.UserID, answer, c.close)
	if err != nil {
		return "", nil, err
	}
	return a.openFor(system, user, origin)
}

// BeginPasskeyProof asks for a passkey of somebody who is signed in.
func (a *Accounts) BeginPasskeyProof(p *people.Person) (*Ceremony, error) {
	return a.askOwnPasskey(p.Personal(), p.User.ID)
}

// ProveByPasskey is Prove with a passkey.
func (a *Accounts) ProveByPasskey(p *people.Person, ceremony string, answer []byte) (string, error) {
	system := p.Personal()
	token, renew := a.Sessions.Renewal(p)
	_, err := a.checkPasskey(system, passkeyProof, ceremony, p.User.ID, answer, renew)
	return token, err
}

func (a *Accounts) askOwnPasskey(system *resource.Session, user string) (*Ceremony, error) {
	party, err := a.relyingParty(system)
	if err != nil {
		return nil, err
	}
	owner, err := ownerOf(system, user, party.Config.RPID)
	if err != nil {
		return nil, err
	}
	options, held, err := party.BeginLogin(owner)
	if err != nil {
		return nil, errPasskey(err)
	}
	return askPasskey(system, user, passkeyProof, options, held)
}

// checkPasskey verifies what a device signed for a ceremony, keeps the key's counter, and does then in the same write. The key
// is the user's, and without one the device says whose it is. Only those of the request's host are known here.
func (a *Accounts) checkPasskey(system *resource.Session, purpose, ceremony, user string, answer []byte,
	then func(s *resource.Session) error) (string, error) {
	party, err := a.relyingParty(system)
	if err != nil {
		return "", err
	}
	asked, held, err := answered(system, party, ceremony, purpose)
	if err == nil && asked != user {
		err = errPasskey(nil)
	}
	if err != nil {
		return "", err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return "", errPasskey(err)
	}
	var credential *webauthn.Credential
	if user != "" {
		owner, err := ownerOf(system, user, party.Config.RPID)
		if err != nil {
			return "", err
		}
		if credential, err = party.ValidateLogin(owner, held, parsed); err != nil {
			return "", errPasskey(err)
		}
	} else {
		var owner webauthn.User
		owner, credential, err = party.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
			return ownerOf(system, string(handle), party.Config.RPID)
		}, held, parsed)
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
			[]resource.Pair{
				{Column: "user_id", Value: user},
				{Column: "credential_id", Value: base64.RawURLEncoding.EncodeToString(credential.ID)},
			})
		if err != nil {
			return err
		}
		if count == 0 {
			return errPasskey(nil)
		}
		return then(s)
	})
}
