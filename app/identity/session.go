package identity

import (
	"context"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/provider"
	"zygo/app/identity/tenants"
	"zygo/app/identity/throttle"
	"zygo/app/identity/tokens"
	"zygo/app/outbox"
	"zygo/app/resource"
)

// session is a signed-in browser or client. Only the hash of its token is stored. What a request needs of it is remembered until a
// commit changes any of that, so that ending it holds at once.
type session struct {
	N         int64
	ID        string
	Hash      string
	UserID    string
	TenantID  string
	FormToken string
	Address   string
	UserAgent string
	CreatedAt field.Time
	SeenAt    field.Time
	// ProvedAt is when the person last showed who they are, by password or factor.
	ProvedAt field.Time
	// Host is the domain of an organization at which it was opened, and the only one where it is good; empty for the instance's.
	Host string
}

var sessions = sessionTable()

func sessionTable() *resource.Table {
	t := resource.NewTable[session]("session")
	t.Visible = resource.Nothing
	t.Subject = "id"
	t.Unique = [][]string{{"hash"}}
	t.Indexes = []resource.Index{{Columns: []string{"user_id"}}}
	return t
}

// seenEvery limits the writes of "last seen" to one in this time.
const seenEvery = 5 * time.Minute

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
	// CreateOrganizations says who may make organizations beside operators, StrangersCreate that anybody may sign up with one.
	CreateOrganizations string
	StrangersCreate     bool
	// Providers are those by which people may sign in beside a password.
	Providers []provider.Named
	// Belongings are what the other areas keep of a person, Tables those of this area.
	Belongings []Belongings
	Tables     []*resource.Table
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
	hasher   hasher
	throttle *throttle.Throttle
	signing  signing
	outbox   *outbox.Outbox
	// mails slows down those who make Zygo send mails.
	mails *throttle.Throttle

	Tenants *tenants.Service
}

// NewAccounts serves the accounts of an instance, whose mails go through the outbox.
func NewAccounts(kernel *resource.Kernel, mails *outbox.Outbox, settings Settings) *Accounts {
	now := func() time.Time { return kernel.Now().Go() }
	settings.Tables = tables
	settings.StrangersCreate = settings.SignUp == SignUpOpen || settings.SignUp == SignUpDomains
	slowed := throttle.New(now)
	return &Accounts{
		kernel:   kernel,
		settings: settings,
		hasher:   newHasher(),
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
	matches, err := a.passwordMatches(ctx, password, user.PasswordHash)
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
	return a.openSession(system, user, origin, func(s *resource.Session) error { return a.noteDevice(s, user, origin) })
}

// openSession makes a session for a user in the organization that they were in last, and does along in the same write.
func (a *Accounts) openSession(system *resource.Session, user people.User, origin resource.Origin,
	along func(s *resource.Session) error) (string, *people.Person, error) {
	token := tokens.New()
	row := session{ID: resource.NewID(), Hash: tokens.Hash(token), UserID: user.ID, FormToken: tokens.New(), Address: origin.Address,
		UserAgent: origin.UserAgent[:min(len(origin.UserAgent), 500)], CreatedAt: system.Now, SeenAt: system.Now, ProvedAt: system.Now}
	entered, err := a.entrance(system, user.ID, origin.Host)
	if err != nil {
		return "", nil, err
	}
	if row.Host, err = a.domainOf(system, origin.Host); err != nil {
		return "", nil, err
	}
	err = system.As(user.Actor(), origin).Write(func(s *resource.Session) error {
		tenants, err := resource.Select[string](s,
			`SELECT m.tenant_id FROM {membership} m JOIN {tenant} t ON t.id = m.tenant_id AND t.suspended_at IS NULL AND (t.delete_at IS NULL OR m.role = 'owner') LEFT JOIN {session} o ON o.user_id = m.user_id AND o.tenant_id = m.tenant_id
			WHERE m.user_id = ? AND m.status = 'active' ORDER BY m.tenant_id = ? DESC, o.seen_at DESC, m.n LIMIT 1`, user.ID, entered)
		if err != nil {
			return err
		}
		row.N, row.TenantID = 0, ""
		if len(tenants) > 0 {
			row.TenantID = tenants[0]
		}
		if err := s.Insert(sessions, &row); err != nil {
			return err
		}
		if err := markSeen(s, user.ID); err != nil {
			return err
		}
		if err := along(s); err != nil {
			return err
		}
		return s.Record("user", "signed_in", user.ID, resource.Success)
	})
	if err != nil {
		return "", nil, err
	}
	person, err := a.Recognize(system.Context, token, origin)
	return token, person, err
}

// SignOut ends the person's session.
func (a *Accounts) SignOut(p *people.Person) error {
	return a.kernel.System(p.Context, "a session belongs to no tenant").As(p.Actor, p.Origin).Write(func(s *resource.Session) error {
		if err := endSession(s, p.SessionID); err != nil {
			return err
		}
		return s.Record("user", "signed_out", p.User.ID, resource.Success)
	})
}

// TenantsOf lists the organizations that the person belongs to.
func (a *Accounts) TenantsOf(p *people.Person) ([]tenants.Tenant, error) {
	return resource.Select[tenants.Tenant](a.kernel.System(p.Context, "a person's organizations are many"),
		"SELECT t.* FROM {tenant} t JOIN {membership} m ON m.tenant_id = t.id WHERE m.user_id = ? AND m.status = 'active' ORDER BY t.name",
		p.User.ID)
}

// Everywhere is the person in all of their organizations at once, with what narrows a list of organizations to those.
func (a *Accounts) Everywhere(p *people.Person) (*people.Person, resource.Filter, error) {
	tenants, err := a.TenantsOf(p)
	own := resource.Filter{Field: "id", Operator: "in", Values: []string{""}}
	for _, tenant := range tenants {
		own.Values = append(own.Values, tenant.ID)
	}
	everywhere := *p
	everywhere.Session = p.Personal()
	return &everywhere, own, err
}

// NoTenant stands for no organization at all, where somebody is kept out of the one that they are in.
const NoTenant = "none"

// Switch makes another of the person's organizations the current one, in a session that goes on under another id and gives
// its token: neither a page of the other organization, still open in another tab, nor a client's tokens act in this one.
func (a *Accounts) Switch(p *people.Person, tenant string) (token string, person *people.Person, err error) {
	if err := a.stays(p, tenant); err != nil {
		return "", nil, err
	}
	token = tokens.New()
	err = a.kernel.System(p.Context, "a switch goes from one organization to another").As(p.Actor, p.Origin).Write(func(
		s *resource.Session) error {
		members, err := resource.Select[int](s, "SELECT 1 FROM {membership} WHERE user_id = ? AND tenant_id = ? AND status = 'active'",
			p.User.ID, tenant)
		if err != nil {
			return err
		}
		if tenant == NoTenant {
			tenant, members = "", []int{1}
		}
		if len(members) == 0 {
			return fault.New(fault.NotFound, "This organization does not exist, or you can't see it.")
		}
		return renewSession(s, p.SessionID, resource.NewID(), token, resource.Pair{
			Column: "tenant_id",
			Value:  tenant,
		}, resource.Pair{Column: "form_token", Value: tokens.New()})
	})
	if err != nil {
		return "", nil, err
	}
	person, err = a.Recognize(p.Context, token, p.Origin)
	return token, person, err
}
