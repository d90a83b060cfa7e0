// Package accounts is what people do with their own account: profile, picture, preferences, password and address, a copy of all
// that is kept of them, and its deletion. Start with profile.go, then delete.go.
package accounts

import (
	"slices"

	"zygo/app/identity/credentials"
	"zygo/app/identity/sessions"
	"zygo/app/identity/tenants"
	"zygo/app/identity/throttle"
	"zygo/app/operation"
	"zygo/app/outbox"
	"zygo/app/resource"
)

// Tables are those without surfaces.
var Tables = []*resource.Table{links, preferences, avatars}

// Options are what is kept of a person elsewhere, and what slows people down.
type Options struct {
	// Belongings are what other areas keep of a person. Tables are those of this area: the rows of one with a column user_id are
	// that person's alone, and go with their account.
	Belongings []Belongings
	Tables     []*resource.Table
	// Mails slows down those who make Zygo send mails, Guesses those who ask for much.
	Mails, Guesses *throttle.Throttle
}

// Service changes accounts for their owners.
type Service struct {
	tenants     *tenants.Service
	sessions    *sessions.Service
	credentials *credentials.Service
	outbox      *outbox.Outbox
	settings    Options
}

// New serves the accounts of an instance, whose mails go through the outbox.
func New(tenants *tenants.Service, sessions *sessions.Service, credentials *credentials.Service, mails *outbox.Outbox,
	settings Options) *Service {
	return &Service{
		tenants:     tenants,
		sessions:    sessions,
		credentials: credentials,
		outbox:      mails,
		settings:    settings,
	}
}

// Operations are what people do with their account.
func (a *Service) Operations() []operation.Operation {
	return slices.Concat(a.accountOperations(), a.habitOperations())
}
