package identity

import (
	"context"
	"net"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"zygo/app/fault"
	"zygo/app/resource"
)

// A passkey belongs to a host name, and a device signs for no other. The instance's own host and those of organizations below
// it have their passkeys in common, because all of these names are the operator's. A verified domain is its organization's,
// which can lead it to a server of its own: it has passkeys of its own, and never asks for those of the instance.

// keyHost is whose passkeys a request's host has, and the one page that may ask for them; without an origin none may.
type keyHost struct{ name, origin string }

// keysAt is the keyHost of a host. One that is none of the instance's has its passkeys and no page that may ask for them.
func (a *Accounts) keysAt(system *resource.Session, host string) (keyHost, error) {
	at, err := a.tenantAt(system, host)
	return a.keysOf(at, host), err
}

// keysOf is keysAt where the organization of the host is known.
func (a *Accounts) keysOf(at Tenant, host string) keyHost {
	base, err := url.Parse(a.settings.URL)
	if err != nil {
		return keyHost{}
	}
	own, name := hostName(base.Host), hostName(host)
	keys := keyHost{name: own}
	if name != own {
		if at.ID == "" {
			return keys
		}
		if !strings.HasSuffix(name, "."+own) {
			keys.name = name
		}
		// Nobody enters a suspended organization, and browsers share nothing with the hosts below a name such as localhost.
		if at.SuspendedAt != 0 || keys.name == own && !strings.Contains(own, ".") {
			return keys
		}
	}
	// Browsers know passkeys on pages that nobody could have changed on the way, which those of one's own machine are too.
	local := name == "localhost" || strings.HasSuffix(name, ".localhost")
	if name == "" || net.ParseIP(name) != nil || base.Scheme != "https" && !local {
		return keys
	}
	page := url.URL{Scheme: base.Scheme, Host: name}
	if name == own {
		page.Host = base.Host
	} else if _, port, err := net.SplitHostPort(host); err == nil {
		page.Host = net.JoinHostPort(name, port)
	}
	keys.origin = page.String()
	return keys
}

// PasskeysWork tells whether a host can have passkeys: they belong to a name, never to a number, and need HTTPS.
func (a *Accounts) PasskeysWork(ctx context.Context, host string) bool {
	keys, err := a.keysAt(a.anonymousSession(ctx, resource.Origin{}), host)
	return err == nil && keys.origin != ""
}

// AddressOf is the host at which a passkey works.
func (a *Accounts) AddressOf(p Passkey) string {
	if p.Host == "" {
		return a.ownHost()
	}
	return p.Host
}

// relyingParty is the host that a session's request came to, in the words of WebAuthn.
func (a *Accounts) relyingParty(system *resource.Session) (*webauthn.WebAuthn, error) {
	keys, err := a.keysAt(system, system.Origin.Host)
	if err != nil {
		return nil, err
	}
	refused := fault.New(fault.Unavailable, "Passkeys need an https address with a host name. The operator sets it as server.base_url.")
	if keys.origin == "" {
		return nil, refused
	}
	party, err := webauthn.New(&webauthn.Config{RPID: keys.name, RPDisplayName: "Zygo", RPOrigins: []string{keys.origin},
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
func (a *Accounts) hasPasskeyAt(system *resource.Session, user, host string) (bool, error) {
	keys, err := a.keysAt(system, host)
	if err != nil {
		return false, err
	}
	return resource.SelectOne[bool](system, "SELECT EXISTS (SELECT 1 FROM {passkey} WHERE user_id = ? AND host = ?)", user, keys.name)
}
