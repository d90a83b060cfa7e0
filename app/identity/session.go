package identity

import (
	"context"
	"time"

	"zygo/app/fault"
	"zygo/app/identity/accounts"
	"zygo/app/identity/credentials"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/identity/provider"
	"zygo/app/identity/sessions"
	"zygo/app/identity/tenants"
	"zygo/app/identity/throttle"
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
	// CreateOrganizations says who may make organizations beside operators.
	CreateOrganizations string
	// Providers are those by which people may sign in beside a password.
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

// Accounts signs people in and recognizes them.
type Accounts struct {
	kernel   *resource.Kernel
	settings Settings
	throttle *throttle.Throttle
	outbox   *outbox.Outbox
	// mails slows down those who make Zygo send mails.
	mails *throttle.Throttle

	Tenants     *tenants.Service
	Sessions    *sessions.Service
	Credentials *credentials.Service
	Members     *members.Service
	Accounts    *accounts.Service
}

// NewAccounts serves the accounts of an instance, whose mails go through the outbox.
func NewAccounts(kernel *resource.Kernel, mails *outbox.Outbox, settings Settings) *Accounts {
	now := func() time.Time { return kernel.Now().Go() }
	slowed := throttle.New(now)
	a := &Accounts{
		kernel:   kernel,
		settings: settings,
		throttle: throttle.New(now),
		outbox:   mails,
		mails:    slowed,

		Tenants: tenants.New(kernel, mails, tenants.Options{
			URL:       settings.URL,
			LookupTXT: settings.LookupTXT,
			Proved:    settings.Proved,
			Mails:     slowed,
		}),
	}
	a.Sessions = sessions.New(kernel, a.Tenants, sessions.Options{Idle: settings.Idle, Absolute: settings.Absolute})
	a.Credentials = credentials.New(a.Tenants, a.Sessions, mails, credentials.Options{Providers: settings.Providers, Guesses: a.throttle})
	a.Members = members.New(kernel, a.Tenants, a.Sessions, members.Options{
		CreateOrganizations: settings.CreateOrganizations,
		StrangersCreate:     settings.SignUp == SignUpOpen || settings.SignUp == SignUpDomains,
		MayAdmit:            settings.MayAdmit,
		Mails:               slowed,
	})
	a.Accounts = accounts.New(a.Tenants, a.Sessions, a.Credentials, mails, accounts.Options{
		Belongings: settings.Belongings,
		Tables:     tables,
		Mails:      slowed,
		Guesses:    a.throttle,
	})
	return a
}

// Device is what the browser that signs in kept of earlier times, empty where it is new: the token by which it is not asked for
// a second factor, and the one by which it is known.
type Device struct{ Remembered, Known string }

// SignIn checks an address and a password and opens a session. The token is given once and stored nowhere. Anyone who has a
// second factor gets a fault MFARequired with a Challenge, unless the device is remembered.
func (a *Accounts) SignIn(ctx context.Context, email, password string, device Device,
	origin resource.Origin) (token string, person *people.Person, err error) {
	email = people.SoughtAddress(email)
	system := a.kernel.System(ctx, "sign-in knows the address before the organization").As(resource.Actor{Kind: "system"}, origin)
	users, err := resource.Select[people.User](system, "SELECT * FROM {user} WHERE email = ?", email)
	if err != nil {
		return "", nil, err
	}
	var user people.User
	if len(users) > 0 {
		user = users[0]
	}
	limits := guesses(system, user, email, device.Known)
	if err := a.throttle.Try(limits...); err != nil {
		slowed, _ := fault.As(err)
		slowed.Message = "Too many attempts at this account, or from this network. Wait a little. A passkey, a browser that signed in before and the link of “Forgot password?” work at once."
		return "", nil, slowed
	}
	matches, err := a.Credentials.PasswordMatches(ctx, password, user.PasswordHash)
	if err != nil {
		a.throttle.Undo(limits...)
		return "", nil, err
	}
	if !matches || user.SuspendedAt != 0 {
		// An unknown address is recorded too, because a write more or less would tell it from a known one.
		if err := system.Record("user", "sign_in", user.ID, resource.Failure); err != nil {
			return "", nil, err
		}
		return "", nil, fault.New(fault.Unauthenticated, "The e-mail address or the password is wrong.")
	}
	a.throttle.Right(limits...)
	if user.Unverified {
		return "", nil, errUnverified()
	}
	if err := a.askFactor(system, user, device.Remembered); err != nil {
		return "", nil, err
	}
	return a.open(system, user, origin)
}

// open makes a session for a user, and tells them of a device that is new.
func (a *Accounts) open(system *resource.Session, user people.User, origin resource.Origin) (string, *people.Person, error) {
	return a.Sessions.Open(system, user, origin, func(s *resource.Session) error { return a.noteDevice(s, user, origin) })
}

// SignOut ends the person's session.
func (a *Accounts) SignOut(p *people.Person) error {
	return p.Personal().Write(func(s *resource.Session) error {
		if err := sessions.End(s, p.SessionID); err != nil {
			return err
		}
		return s.Record("user", "signed_out", p.User.ID, resource.Success)
	})
}
