package identity

import (
	"context"
	"slices"
	"time"

	"zygo/app/identity/accounts"
	"zygo/app/identity/credentials"
	"zygo/app/identity/keys"
	"zygo/app/identity/members"
	"zygo/app/identity/operators"
	"zygo/app/identity/provider"
	"zygo/app/identity/sessions"
	"zygo/app/identity/signin"
	"zygo/app/identity/tenants"
	"zygo/app/identity/throttle"
	"zygo/app/operation"
	"zygo/app/outbox"
	"zygo/app/resource"
)

// Settings are what an operator sets of sign-in.
type Settings struct {
	// Idle ends sessions that are unused for this long. Absolute is the longest that a session can last.
	Idle, Absolute time.Duration
	// URL is the instance's address, without a slash at the end. Links in mails carry it, it issues the access tokens, and passkeys
	// belong to its host, except those of the domains of organizations.
	URL string
	// SignUp says who may sign up by themselves, Domains at which domains where it is SignUpDomains.
	SignUp  string
	Domains []string
	// CreateOrganizations says who may make organizations besides operators.
	CreateOrganizations string
	// Providers are those by which people may sign in besides a password.
	Providers []provider.Named
	// Belongings are what the other areas keep of a person.
	Belongings []accounts.Belongings
	// LookupTXT asks the DNS for the text records of a name.
	LookupTXT func(ctx context.Context, name string) ([]string, error)
	// Proved is called with each domain whose record was found; nil for nobody.
	Proved func(host string)
	// MayAdmit refuses an actor who may not take others into a team.
	MayAdmit func(s *resource.Session, team string) error
}

// Services are those of the rooms.
type Services struct {
	kernel *resource.Kernel

	Tenants     *tenants.Service
	Sessions    *sessions.Service
	Credentials *credentials.Service
	Members     *members.Service
	Accounts    *accounts.Service
	SignIn      *signin.Service
	Operators   *operators.Service
	Keys        *keys.Service
}

// New puts the services of an instance together, whose mails go through the outbox: each knows those below it.
func New(kernel *resource.Kernel, mails *outbox.Outbox, settings Settings) *Services {
	now := func() time.Time { return kernel.Now().Go() }
	guesses, asked := throttle.New(now), throttle.New(now)
	waysIn := signin.Options{SignUp: settings.SignUp, Domains: settings.Domains, Guesses: guesses}
	a := &Services{kernel: kernel}
	a.Tenants = tenants.New(kernel, mails, tenants.Options{
		URL:       settings.URL,
		LookupTXT: settings.LookupTXT,
		Proved:    settings.Proved,
		Mails:     asked,
	})
	a.Sessions = sessions.New(kernel, a.Tenants, sessions.Options{Idle: settings.Idle, Absolute: settings.Absolute})
	a.Credentials = credentials.New(a.Tenants, a.Sessions, mails, credentials.Options{Providers: settings.Providers, Guesses: guesses})
	a.Members = members.New(kernel, a.Tenants, a.Sessions, members.Options{
		CreateOrganizations: settings.CreateOrganizations,
		StrangersCreate:     waysIn.MaySignUp(),
		MayAdmit:            settings.MayAdmit,
		Mails:               asked,
	})
	a.Accounts = accounts.New(a.Tenants, a.Sessions, a.Credentials, mails, accounts.Options{
		Belongings: settings.Belongings,
		Tables:     tables,
		Mails:      asked,
		Guesses:    guesses,
	})
	a.SignIn = signin.New(kernel, a.Tenants, a.Sessions, a.Credentials, a.Members, a.Accounts, waysIn)
	a.Keys = keys.New(kernel)
	a.Operators = operators.New(kernel, a.Sessions, a.Credentials, a.Members)
	return a
}

// Operations are what people do with accounts and organizations. The list itself needs nothing of an instance.
func (a *Services) Operations() []operation.Operation {
	return slices.Concat(a.SignIn.Operations(), a.Accounts.Operations(), a.Credentials.Operations(), a.Members.Operations(),
		a.Operators.Operations())
}
