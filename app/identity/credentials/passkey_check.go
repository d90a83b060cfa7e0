package credentials

import (
	"encoding/base64"
	"encoding/json"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"zygo/app/identity/people"
	"zygo/app/resource"
)

// BeginPasskeyProof asks for a passkey of somebody who is signed in.
func (a *Service) BeginPasskeyProof(p *people.Person) (*Ceremony, error) {
	return a.AskPasskey(p.Personal(), p.User.ID)
}

// ProveByPasskey is Prove with a passkey.
func (a *Service) ProveByPasskey(p *people.Person, ceremony string, answer []byte) (string, error) {
	system := p.Personal()
	token, renew := a.sessions.Renewal(p)
	return token, a.CheckPasskey(system, ceremony, p.User.ID, answer, renew)
}

// AskAnyPasskey asks a device for any passkey of the host.
func (a *Service) AskAnyPasskey(system *resource.Session) (*Ceremony, error) {
	party, err := a.relyingParty(system)
	if err != nil {
		return nil, err
	}
	options, held, err := party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, err
	}
	return askPasskey(system, "", passkeySignIn, options, held)
}

// CheckAnyPasskey verifies the answer to AskAnyPasskey, and gives the user whose passkey it is.
func (a *Service) CheckAnyPasskey(system *resource.Session, ceremony string, answer []byte) (user string, err error) {
	return a.checkPasskey(system, passkeySignIn, ceremony, "", answer, func(*resource.Session) error { return nil })
}

// AskPasskey asks for a passkey of a user.
func (a *Service) AskPasskey(system *resource.Session, user string) (*Ceremony, error) {
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

// CheckPasskey verifies the answer to AskPasskey, and does then in the same write.
func (a *Service) CheckPasskey(system *resource.Session, ceremony, user string, answer []byte,
	then func(s *resource.Session) error) error {
	_, err := a.checkPasskey(system, passkeyProof, ceremony, user, answer, then)
	return err
}

// checkPasskey verifies what a device signed for a ceremony, keeps the key's counter, and does then in the same write. The key
// is the user's, and without one the device says whose it is. Only those of the request's host are known here.
func (a *Service) checkPasskey(system *resource.Session, purpose, ceremony, user string, answer []byte,
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
