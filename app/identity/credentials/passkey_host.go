package credentials

import (
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"zygo/app/fault"
	"zygo/app/resource"
)

// AddressOf is the host at which a passkey works.
func (a *Service) AddressOf(p Passkey) string {
	if p.Host == "" {
		return a.tenants.Host()
	}
	return p.Host
}

// relyingParty is the host that a session's request came to, in the words of WebAuthn.
func (a *Service) relyingParty(system *resource.Session) (*webauthn.WebAuthn, error) {
	keys, err := a.tenants.PasskeyHostAt(system, system.Origin.Host)
	if err != nil {
		return nil, err
	}
	refused := fault.New(fault.Unavailable, "Passkeys need an https address with a host name. The operator sets it as server.base_url.")
	if keys.Origin == "" {
		return nil, refused
	}
	party, err := webauthn.New(&webauthn.Config{RPID: keys.Name, RPDisplayName: "Zygo", RPOrigins: []string{keys.Origin},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey:      protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired,
		}})
	if err != nil { // the request named a port that is none
		return nil, refused.Because(err)
	}
	return party, nil
}

// hasPasskeyAt tells whether a user has a passkey that a host can ask for.
func (a *Service) hasPasskeyAt(system *resource.Session, user, host string) (bool, error) {
	keys, err := a.tenants.PasskeyHostAt(system, host)
	if err != nil {
		return false, err
	}
	return resource.SelectOne[bool](system, "SELECT EXISTS (SELECT 1 FROM {passkey} WHERE user_id = ? AND host = ?)", user, keys.Name)
}
