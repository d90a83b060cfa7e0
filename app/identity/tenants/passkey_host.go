package tenants

import (
	"context"
	"net"
	"net/url"
	"strings"

	"zygo/app/resource"
)

// A passkey belongs to a host name, and a device signs for no other. The instance's own host and those of organizations below
// it have their passkeys in common, because all of these names are the operator's. A verified domain is its organization's,
// which can lead it to a server of its own: it has passkeys of its own, and never asks for those of the instance.

// PasskeyHost is whose passkeys a request's host has, and the one page that may ask for them; without an origin none may.
type PasskeyHost struct{ Name, Origin string }

// PasskeyHostAt is the PasskeyHost of a host. One that is none of the instance's has its passkeys and no page that may ask for them.
func (a *Service) PasskeyHostAt(system *resource.Session, host string) (PasskeyHost, error) {
	at, err := a.AtIn(system, host)
	return a.PasskeyHostOf(at, host), err
}

// PasskeyHostOf is PasskeyHostAt where the organization of the host is known.
func (a *Service) PasskeyHostOf(at Tenant, host string) PasskeyHost {
	base, err := url.Parse(a.settings.URL)
	if err != nil {
		return PasskeyHost{}
	}
	own, name := HostName(base.Host), HostName(host)
	keys := PasskeyHost{Name: own}
	if name != own {
		if at.ID == "" {
			return keys
		}
		if !strings.HasSuffix(name, "."+own) {
			keys.Name = name
		}
		// Nobody enters a suspended organization, and browsers share nothing with the hosts below a name such as localhost.
		if at.SuspendedAt != 0 || keys.Name == own && !strings.Contains(own, ".") {
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
	keys.Origin = page.String()
	return keys
}

// PasskeysWork tells whether a host can have passkeys: they belong to a name, never to a number, and need HTTPS.
func (a *Service) PasskeysWork(ctx context.Context, host string) bool {
	keys, err := a.PasskeyHostAt(a.Anonymous(ctx, resource.Origin{}), host)
	return err == nil && keys.Origin != ""
}
