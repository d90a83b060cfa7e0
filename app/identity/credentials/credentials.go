// Package credentials is by what people show who they are: passwords, authenticator apps, passkeys, phones, backup codes and
// accounts at providers, and the proof of somebody who is signed in. Start with factor.go.
package credentials

import (
	"slices"

	"zygo/app/identity/provider"
	"zygo/app/identity/sessions"
	"zygo/app/identity/tenants"
	"zygo/app/identity/throttle"
	"zygo/app/operation"
	"zygo/app/outbox"
	"zygo/app/resource"
)

// Tables are those without surfaces.
var Tables = []*resource.Table{questions, totps, backupCodes, passkeys, rememberedDevices, connectedAccounts, phones, phoneCodes}

// Options are what credentials need of the instance.
type Options struct {
	// Providers are those by which people may sign in besides a password.
	Providers []provider.Named
	// Guesses slows down those who guess.
	Guesses *throttle.Throttle
}

// Service checks what people show, and changes it for its owners.
type Service struct {
	tenants  *tenants.Service
	sessions *sessions.Service
	outbox   *outbox.Outbox
	settings Options
	hasher   hasher
}

// New serves the credentials of an instance, whose codes go through the outbox.
func New(tenants *tenants.Service, sessions *sessions.Service, mails *outbox.Outbox, settings Options) *Service {
	return &Service{tenants: tenants, sessions: sessions, outbox: mails, settings: settings, hasher: newHasher()}
}

// Operations are what people do with their credentials.
func (a *Service) Operations() []operation.Operation {
	return slices.Concat(a.factorOperations(), a.passkeyOperations())
}
