// Package signin is every way in: by a password, a passkey or an account at a provider, with the second factor where there is
// one, by the link of a mail, by signing up, and by the first set-up of an instance. Start with password.go, then challenge.go
// for the second factor and open.go for the session that follows.
package signin

import (
	"slices"

	"zygo/app/identity/accounts"
	"zygo/app/identity/credentials"
	"zygo/app/identity/members"
	"zygo/app/identity/sessions"
	"zygo/app/identity/tenants"
	"zygo/app/identity/throttle"
	"zygo/app/operation"
	"zygo/app/resource"
)

// Tables are those without surfaces.
var Tables = []*resource.Table{setups, knownDevices}

// Options are what an operator sets of the way in.
type Options struct {
	// SignUp says who may sign up by themselves, Domains at which domains where it is SignUpDomains.
	SignUp  string
	Domains []string
	// Guesses slows down those who guess.
	Guesses *throttle.Throttle
}

// MaySignUp tells whether anybody can sign up by themselves.
func (o Options) MaySignUp() bool { return o.SignUp == SignUpOpen || o.SignUp == SignUpDomains }

// Service lets people in.
type Service struct {
	kernel      *resource.Kernel
	tenants     *tenants.Service
	sessions    *sessions.Service
	credentials *credentials.Service
	members     *members.Service
	accounts    *accounts.Service
	settings    Options
}

// New serves the ways into an instance.
func New(kernel *resource.Kernel, tenants *tenants.Service, sessions *sessions.Service, credentials *credentials.Service,
	members *members.Service, accounts *accounts.Service, settings Options) *Service {
	return &Service{
		kernel:      kernel,
		tenants:     tenants,
		sessions:    sessions,
		credentials: credentials,
		members:     members,
		accounts:    accounts,
		settings:    settings,
	}
}

// Operations are what strangers do to get in, and how people get out.
func (a *Service) Operations() []operation.Operation {
	return slices.Concat(a.signInOperations(), a.socialOperations())
}
