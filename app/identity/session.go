package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"sync"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/provider"
	"zygo/app/outbox"
	"zygo/app/resource"
	"zygo/app/rights"
)

// session is a signed-in browser or client. Only the hash of its token is stored, and it is read on each request, so that
// ending it holds at once.
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
	t.Unique = [][]string{{"hash"}}
	t.Indexes = []resource.Index{{Columns: []string{"user_id"}}}
	return t
}

// seenEvery bounds the writes of "last seen" to one in so long.
const seenEvery = 5 * time.Minute

// Settings are what an operator sets of sign-in.
type Settings struct {
	// Idle ends a session that nobody used for so long, Absolute each session at last.
	Idle, Absolute time.Duration
	// URL is the instance's address, without a slash at the end. Links in mails carry it, it issues the access tokens, and passkeys
	// belong to its host, but those of the domains of organizations.
	URL string
	// SignUp says who may sign up by themselves, Domains at which domains where it is SignUpDomains.
	SignUp  string
	Domains []string
	// CreateOrganizations says who may make organizations beside operators.
	CreateOrganizations string
	// Providers are those by which people may sign in beside a password.
	Providers []provider.Named
	// Belongings are what the other areas keep of a person.
	Belongings []Belongings
	// LookupTXT asks the DNS for the text records of a name.
	LookupTXT func(ctx context.Context, name string) ([]string, error)
	// Proved is told of each domain whose record was found; nil tells nobody.
	Proved func(host string)
	// MayAdmit refuses an actor who may not take others into a team.
	MayAdmit func(s *resource.Session, team string) error
}

// Accounts signs people in and recognizes them.
type Accounts struct {
	kernel   *resource.Kernel
	settings Settings
	hasher   hasher
	throttle *throttle
	signing  signing
	outbox   *outbox.Outbox
	// mails slows down those who make Zygo send mails.
	mails *throttle
	// drawing is held while a picture is made smaller.
	drawing sync.Mutex
}

// NewAccounts serves the accounts of an instance, whose mails go through the outbox.
func NewAccounts(kernel *resource.Kernel, mails *outbox.Outbox, settings Settings) *Accounts {
	now := func() time.Time { return kernel.Now().Go() }
	return &Accounts{kernel: kernel, settings: settings, hasher: newHasher(), throttle: newThrottle(now), outbox: mails, mails: newThrottle(now)}
}

// Person is who a request comes from.
type Person struct {
	*resource.Session
	SessionID string
	User      User
	// Tenant is the current organization; its id is empty for somebody without one.
	Tenant Tenant
	// FormToken is what every form of this session carries.
	FormToken string
	// Enrolling is somebody whose organization asks for a second factor that they don't have yet. They reach its set-up
	// and nothing else.
	Enrolling bool
	// Barred says why the person is kept out of the organization that the session is in, nil where they are not. They have
	// no organization then, and reach nothing but the way to another one.
	Barred error
	// HasAvatar tells that there is a picture of the person.
	HasAvatar bool
	// Domain is the domain of an organization at which the session was opened, empty for the instance's own address.
	Domain string
}

// RoleID is the id of the person's role in the current organization, empty without one.
func (p *Person) RoleID() string {
	if p.Rights == nil {
		return ""
	}
	return p.Rights.RoleID
}

// Device is what the browser that signs in kept of earlier times, empty where it is new: the token by which it is not asked for
// a second factor, and the one by which it is known.
type Device struct{ Remembered, Known string }

// SignIn checks an address and a password and opens a session. The token is given once and stored nowhere. Whoever has a
// second factor gets a fault MFARequired instead, with a Challenge, but for a device that is remembered.
func (a *Accounts) SignIn(ctx context.Context, email, password string, device Device, origin resource.Origin) (token string, person *Person, err error) {
	email = soughtAddress(email)
	system := a.kernel.System(ctx, "sign-in knows the address before the organization").As(resource.Actor{Kind: "system"}, origin)
	users, err := resource.Select[User](system, "SELECT * FROM {user} WHERE email = ?", email)
	if err != nil {
		return "", nil, err
	}
	var user User
	if len(users) > 0 {
		user = users[0]
	}
	limits := guesses(system, user, email, device.Known)
	if err := a.throttle.try(limits...); err != nil {
		slowed, _ := fault.As(err)
		slowed.Message = "Too many attempts at this account, or from this network. Wait a little. A passkey, a browser that signed in before and the link of “Forgot password?” work at once."
		return "", nil, slowed
	}
	matches, err := a.hasher.matches(ctx, password, user.PasswordHash)
	if err != nil {
		a.throttle.undo(limits...)
		return "", nil, err
	}
	if !matches || user.SuspendedAt != 0 {
		// An unknown address is recorded too, because a write more or less would tell it from a known one.
		if err := system.Record("user", "sign_in", user.ID, resource.Failure); err != nil {
			return "", nil, err
		}
		return "", nil, fault.New(fault.Unauthenticated, "The e-mail address or the password is wrong.")
	}
	a.throttle.right(limits...)
	if user.Unverified {
		return "", nil, errUnverified()
	}
	if err := a.askFactor(system, user, device.Remembered); err != nil {
		return "", nil, err
	}
	return a.open(system, user, origin)
}

// open makes a session for a user in the organization that they were in last.
func (a *Accounts) open(system *resource.Session, user User, origin resource.Origin) (string, *Person, error) {
	token := newToken()
	row := session{ID: resource.NewID(), Hash: hashToken(token), UserID: user.ID, FormToken: newToken(), Address: origin.Address,
		UserAgent: origin.UserAgent[:min(len(origin.UserAgent), 500)], CreatedAt: system.Now, SeenAt: system.Now, ProvedAt: system.Now}
	entered, err := a.entrance(system, user.ID, origin.Host)
	if err != nil {
		return "", nil, err
	}
	if row.Host, err = a.domainOf(system, origin.Host); err != nil {
		return "", nil, err
	}
	err = system.As(actorOf(user), origin).Write(func(s *resource.Session) error {
		tenants, err := resource.Select[string](s, `SELECT m.tenant_id FROM {membership} m JOIN {tenant} t ON t.id = m.tenant_id AND t.suspended_at IS NULL AND (t.delete_at IS NULL OR m.role = 'owner') LEFT JOIN {session} o ON o.user_id = m.user_id AND o.tenant_id = m.tenant_id
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
		if err := a.noteDevice(s, user, origin); err != nil {
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

// recognized is all that a request needs to know of its session, read in one query.
type recognized struct {
	ID, UserID, TenantID, FormToken string
	Host                            string
	SeenAt, CreatedAt, ProvedAt     field.Time
	UserName, Email                 string
	Language, TimeZone              string
	Operator, HasAvatar             bool
	Role, Status, TenantName, Slug  *string
	SecondFactor                    *string
	// WithoutCode is whoever's organization asks for a factor, while neither an app nor a phone gives them codes.
	WithoutCode              bool
	Idle, Absolute           field.Duration
	Networks                 field.Tags
	SuspendedAt, DeleteAt    field.Time
	SuspendedFor, TenantZone string
}

const recognizing = `SELECT s.id, s.user_id, s.tenant_id, s.form_token, s.host, s.seen_at, s.created_at, s.proved_at, u.name AS user_name, u.email, u.language, u.time_zone,
	u.operator, EXISTS (SELECT 1 FROM {avatar} a WHERE a.user_id = u.id) AS has_avatar, m.role, m.status, t.name AS tenant_name, t.slug, t.second_factor,
	coalesce(t.idle, 0) AS idle, coalesce(t.absolute, 0) AS absolute, coalesce(t.networks, '[]') AS networks, t.suspended_at, t.delete_at, coalesce(t.suspended_for, '') AS suspended_for,
	coalesce(t.time_zone, '') AS tenant_zone, coalesce(t.second_factor, 'optional') <> 'optional'
	AND NOT EXISTS (SELECT 1 FROM {totp} f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
	AND NOT EXISTS (SELECT 1 FROM {phone} h WHERE h.user_id = u.id AND h.factor_at IS NOT NULL) AS without_code
	FROM {session} s JOIN {user} u ON u.id = s.user_id AND u.suspended_at IS NULL
	LEFT JOIN {membership} m ON m.user_id = u.id AND m.tenant_id = s.tenant_id LEFT JOIN {tenant} t ON t.id = m.tenant_id`

// Recognize finds the person behind a browser's token. An unknown, ended or expired one is a fault Unauthenticated.
func (a *Accounts) Recognize(ctx context.Context, token string, origin resource.Origin) (*Person, error) {
	found, err := resource.Select[recognized](a.kernel.System(ctx, "a token names its session before anything else is known"), recognizing+" WHERE s.hash = ?", hashToken(token))
	if err != nil {
		return nil, err
	}
	return a.person(ctx, found, origin)
}

// ended tells whether a session is over by itself: by the limits of the instance, or by shorter ones of the organization
// that it is in, 0 for none.
func (a *Accounts) ended(now, seen, created field.Time, idle, absolute field.Duration) bool {
	within := func(limit time.Duration, shorter field.Duration) time.Duration {
		if shorter == 0 {
			return limit
		}
		return min(limit, shorter.Go())
	}
	return now.Sub(seen) > within(a.settings.Idle, idle) || now.Sub(created) > within(a.settings.Absolute, absolute)
}

func (a *Accounts) person(ctx context.Context, found []recognized, origin resource.Origin) (*Person, error) {
	now := a.kernel.Now()
	if len(found) == 0 || a.ended(now, found[0].SeenAt, found[0].CreatedAt, found[0].Idle, found[0].Absolute) {
		return nil, errSignIn()
	}
	row := found[0]
	// What an organization's domain may have read is worth nothing beyond it, and an operator's rights least of all.
	row.Operator = row.Operator && row.Host == ""
	p := &Person{SessionID: row.ID, FormToken: row.FormToken, HasAvatar: row.HasAvatar, Domain: row.Host,
		User: User{InstanceRow: resource.InstanceRow{ID: row.UserID}, Name: row.UserName, Email: field.Email(row.Email), Language: row.Language, TimeZone: row.TimeZone, Operator: row.Operator}}
	var held *rights.Rights
	tenant := ""
	if row.Role != nil && row.TenantName != nil {
		p.Barred = row.bar(origin)
	}
	if row.Role != nil && row.TenantName != nil && p.Barred == nil {
		tenant = row.TenantID
		member, err := a.memberIn(ctx, actorOf(p.User), tenant, *row.Role, origin)
		if err != nil {
			return nil, err
		}
		held = member.Rights
		p.Tenant = Tenant{InstanceRow: resource.InstanceRow{ID: tenant}, Name: *row.TenantName, Slug: *row.Slug, TimeZone: row.TenantZone, DeleteAt: row.DeleteAt}
		if row.WithoutCode && held.Base >= rights.RoleNamed(*row.SecondFactor) {
			// Each host wants a factor that works there. Whoever came here another way sets one up, and is not let in without.
			has, err := a.hasPasskeyAt(a.kernel.System(ctx, "a passkey belongs to no tenant"), row.UserID, origin.Host)
			if err != nil {
				return nil, err
			}
			p.Enrolling = !has
		}
	}
	if err := a.fits(ctx, origin.Host, row.Host, tenant); err != nil {
		return nil, err
	}
	p.Session = a.kernel.Member(ctx, actorOf(p.User), tenant, held, origin)
	p.Session.Operator, p.Session.ProvedAt = row.Operator, row.ProvedAt
	if now.Sub(row.SeenAt) <= seenEvery {
		return p, nil
	}
	return p, a.kernel.System(ctx, "a session belongs to no tenant").Write(func(s *resource.Session) error {
		if _, err := s.Change(sessions, []resource.Pair{{Column: "seen_at", Value: now}}, []resource.Pair{{Column: "id", Value: row.ID}}); err != nil {
			return err
		}
		return markSeen(s, row.UserID)
	})
}

// markSeen keeps on the account when its person was here last, because sessions end and go. It is no change that anybody made,
// so it has no entry in the ledger.
func markSeen(s *resource.Session, user string) error {
	users, _ := s.Kernel().Kind(Users.Name)
	_, err := s.Change(users.Table(), []resource.Pair{{Column: "last_seen_at", Value: s.Now}}, []resource.Pair{{Column: "id", Value: user}})
	return err
}

// memberIn is the session of somebody with a role in an organization, which the caller has established.
func (a *Accounts) memberIn(ctx context.Context, actor resource.Actor, tenant, role string, origin resource.Origin) (*resource.Session, error) {
	held, err := a.kernel.Member(ctx, actor, tenant, nil, origin).RightsOf(actor.ID, role)
	if err != nil {
		return nil, err
	}
	return a.kernel.Member(ctx, actor, tenant, held, origin), nil
}

// SignOut ends the person's session.
func (a *Accounts) SignOut(p *Person) error {
	return a.kernel.System(p.Context, "a session belongs to no tenant").As(p.Actor, p.Origin).Write(func(s *resource.Session) error {
		if err := endSession(s, p.SessionID); err != nil {
			return err
		}
		return s.Record("user", "signed_out", p.User.ID, resource.Success)
	})
}

// Tenants lists the organizations that the person belongs to.
func (a *Accounts) Tenants(p *Person) ([]Tenant, error) {
	return resource.Select[Tenant](a.kernel.System(p.Context, "a person's organizations are many"),
		"SELECT t.* FROM {tenant} t JOIN {membership} m ON m.tenant_id = t.id WHERE m.user_id = ? AND m.status = 'active' ORDER BY t.name", p.User.ID)
}

// Everywhere is the person in all of their organizations at once, with what narrows a list of organizations to those.
func (a *Accounts) Everywhere(p *Person) (*Person, resource.Filter, error) {
	tenants, err := a.Tenants(p)
	own := resource.Filter{Field: "id", Operator: "in", Values: []string{""}}
	for _, tenant := range tenants {
		own.Values = append(own.Values, tenant.ID)
	}
	everywhere := *p
	everywhere.Session = a.own(p)
	return &everywhere, own, err
}

// NoTenant stands for no organization at all, where somebody is kept out of the one that they are in.
const NoTenant = "none"

// Switch makes another of the person's organizations the current one, in a session that goes on under another id and gives
// its token: neither a page of the other organization, still open in another tab, nor a client's tokens act in this one.
func (a *Accounts) Switch(p *Person, tenant string) (token string, person *Person, err error) {
	if err := a.stays(p, tenant); err != nil {
		return "", nil, err
	}
	token = newToken()
	err = a.kernel.System(p.Context, "a switch goes from one organization to another").As(p.Actor, p.Origin).Write(func(s *resource.Session) error {
		members, err := resource.Select[int](s, "SELECT 1 FROM {membership} WHERE user_id = ? AND tenant_id = ? AND status = 'active'", p.User.ID, tenant)
		if err != nil {
			return err
		}
		if tenant == NoTenant {
			tenant, members = "", []int{1}
		}
		if len(members) == 0 {
			return fault.New(fault.NotFound, "This organization does not exist, or you can't see it.")
		}
		return renewSession(s, p.SessionID, resource.NewID(), token, resource.Pair{Column: "tenant_id", Value: tenant}, resource.Pair{Column: "form_token", Value: newToken()})
	})
	if err != nil {
		return "", nil, err
	}
	person, err = a.Recognize(p.Context, token, p.Origin)
	return token, person, err
}

func actorOf(u User) resource.Actor { return resource.Actor{Kind: "user", ID: u.ID, Name: u.Name} }

func errSignIn() error { return fault.New(fault.Unauthenticated, "Sign in to go on.") }

// newToken is 256 random bits.
func newToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// isToken tells whether a text has the form of a token.
func isToken(text string) bool {
	b, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && len(b) == 32
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
