package sessions

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"zygo/app/access"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/identity/tokens"
	"zygo/app/module"
	"zygo/app/outbox"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

// The factors and the picture of a person are kept by rooms above this one. Here stand tables with what a request reads of them.
type (
	totp struct {
		UserID      string
		ConfirmedAt field.Time
	}
	phone struct {
		UserID   string
		FactorAt field.Time
	}
	passkey struct{ UserID, Host string }
	avatar  struct {
		UserID    string
		ChangedAt field.Time
	}
)

var totps, phones, passkeys, avatars = ofPerson[totp]("totp"), ofPerson[phone]("phone"), ofPerson[passkey]("passkey"),
	ofPerson[avatar]("avatar")

func ofPerson[Row any](name string) *resource.Table {
	t := resource.NewTable[Row](name)
	t.Visible, t.Subject, t.Key = resource.Nothing, "user_id", []string{"user_id"}
	return t
}

var area = module.Module{Module: resource.Module{
	Name:   "identity",
	Kinds:  []resource.Declaration{&people.Users, &tenants.Kind, &people.Memberships, &tenants.Domains},
	Tables: slices.Concat(tenants.Tables, Tables, []*resource.Table{totps, phones, passkeys, avatars}),
}}

// remembering is an instance with one person, whose cookie and access token were recognized and are remembered.
type remembering struct {
	t        testing.TB
	kernel   *kerneltest.Kernel
	sessions *Service
	cookie   string
	bearer   string
	person   *people.Person
}

// newRemembering is the instance with sessions of a day.
func newRemembering(t testing.TB) *remembering { return newRememberingFor(t, 24*time.Hour) }

func newRememberingFor(t testing.TB, life time.Duration) *remembering {
	t.Helper()
	kernel := kerneltest.New(t, outbox.Module, area, access.Module, platform.Module)
	hosts := tenants.New(kernel.Kernel, outbox.New(kernel.Kernel, nil, nil), tenants.Options{URL: "https://zygo.example.com"})
	r := &remembering{t: t, kernel: kernel, sessions: New(kernel.Kernel, hosts, Options{Idle: life, Absolute: life})}
	var ada *people.User
	r.write(func(s *resource.Session) error {
		if err := s.SetUp(); err != nil {
			return err
		}
		tenant, err := tenants.Kind.Create(s, func(t *tenants.Tenant) error {
			t.Name, t.Slug = "Acme", "acme"
			return nil
		})
		if err != nil {
			return err
		}
		if err := s.Found(tenant.ID); err != nil {
			return err
		}
		// An organization keeps an owner, whatever happens to Ada.
		for _, name := range []string{"Ben", "Ada"} {
			if ada, err = people.Users.Create(s, func(u *people.User) error {
				u.Name, u.Email, u.Operator = name, field.Email(strings.ToLower(name)+"@example.com"), true
				return nil
			}); err != nil {
				return err
			}
			if _, err := people.Memberships.Create(s.In(tenant.ID), func(m *people.Membership) error {
				m.UserID, m.Role = field.Ref(ada.ID), people.OwnerRole
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	var err error
	if r.cookie, r.person, err = r.open(*ada); err != nil {
		t.Fatal(err)
	}
	issued, err := r.sessions.Issue(r.person)
	if err != nil {
		t.Fatal(err)
	}
	r.bearer = issued.AccessToken
	for i, p := range r.recognizeTwice(resource.Origin{}) {
		if p == nil || p.Refusal() != nil || p.Tenant.Name != "Acme" {
			t.Fatalf("recognition %d gives %+v", i, p)
		}
	}
	return r
}

// open signs somebody in.
func (r *remembering) open(user people.User) (string, *people.Person, error) {
	return r.sessions.Open(r.kernel.System(), user, resource.Origin{}, func(*resource.Session) error { return nil })
}

// recognizeTwice gives the person of the cookie and that of the token, once read and once remembered. One that is refused is nil.
func (r *remembering) recognizeTwice(origin resource.Origin) (people []*people.Person) {
	r.t.Helper()
	for range 2 {
		for _, bearer := range []bool{false, true} {
			recognize, token := r.sessions.Recognize, r.cookie
			if bearer {
				recognize, token = r.sessions.RecognizeBearer, r.bearer
			}
			p, err := recognize(context.Background(), token, origin)
			if err != nil && !fault.Is(err, fault.Unauthenticated) {
				r.t.Fatal(err)
			}
			if err != nil {
				p = nil
			}
			people = append(people, p)
		}
	}
	return people
}

func (r *remembering) write(change func(s *resource.Session) error) {
	r.t.Helper()
	if err := r.kernel.Kernel.System(context.Background(), "a test changes what decides a request").Write(change); err != nil {
		r.t.Fatal(err)
	}
}

// The control of the test below: what is remembered answers without the database.
func TestARememberedPersonCostsNoQuery(t *testing.T) {
	t.Parallel()
	r := newRemembering(t)
	r.kernel.Close()
	for i, p := range r.recognizeTwice(resource.Origin{Host: "zygo.example.com"}) {
		if p == nil || p.User.Name != "Ada" || !p.Rights.Everywhere(r.kernel.Permissions()[0]) {
			t.Errorf("recognition %d reads what did not change: %+v", i, p)
		}
	}
}

// decision is a change of what decides a request, which has to hold at the next one.
type decision struct {
	name string
	// before is written first, and remembered with the person.
	before, change func(r *remembering, s *resource.Session) error
	holds          func(p *people.Person) bool
}

func isGone(p *people.Person) bool { return p == nil }

func isBarred(p *people.Person) bool { return p != nil && p.Barred != nil }

func isEnrolling(p *people.Person) bool { return p != nil && p.Enrolling }

func updateUser(change func(u *people.User)) func(r *remembering, s *resource.Session) error {
	return func(r *remembering, s *resource.Session) error {
		_, err := people.Users.Update(s, r.person.User.ID, 0, resource.Update, "updated", func(u *people.User) error {
			change(u)
			return nil
		})
		return err
	}
}

func updateTenant(change func(t *tenants.Tenant)) func(r *remembering, s *resource.Session) error {
	return func(r *remembering, s *resource.Session) error {
		_, err := tenants.Kind.Update(s.In(r.person.Tenant.ID), r.person.Tenant.ID, 0, resource.Update, "updated", func(t *tenants.Tenant) error {
			change(t)
			return nil
		})
		return err
	}
}

func updateMember(change func(m *people.Membership)) func(r *remembering, s *resource.Session) error {
	return func(r *remembering, s *resource.Session) error {
		_, err := people.Memberships.Update(s.In(r.person.Tenant.ID), r.membership(s), 0, resource.Update, "updated",
			func(m *people.Membership) error {
				change(m)
				return nil
			})
		return err
	}
}

func (r *remembering) membership(s *resource.Session) string {
	r.t.Helper()
	id, err := resource.SelectOne[string](s.In(r.person.Tenant.ID), "SELECT id FROM {membership} WHERE user_id = ?", r.person.User.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

// withFactor lets the organization ask for a second factor that the person has.
func withFactor(add func(r *remembering, s *resource.Session) error) func(r *remembering, s *resource.Session) error {
	return func(r *remembering, s *resource.Session) error {
		if err := add(r, s); err != nil {
			return err
		}
		return updateTenant(func(t *tenants.Tenant) { t.SecondFactor = "viewer" })(r, s)
	}
}

// without erases what a table has of the person.
func without(table *resource.Table) func(r *remembering, s *resource.Session) error {
	return func(r *remembering, s *resource.Session) error {
		_, err := s.Erase(table, resource.Pair{Column: "user_id", Value: r.person.User.ID})
		return err
	}
}

var decisions = []decision{
	{
		name:   "the session ended",
		change: func(r *remembering, s *resource.Session) error { return End(s, r.person.SessionID) },
		holds:  isGone,
	},
	{
		name: "the session has another token",
		change: func(r *remembering, s *resource.Session) error {
			return Renew(s, r.person.SessionID, resource.NewID(), tokens.New())
		},
		holds: isGone,
	},
	{
		name: "the organization of the session is erased",
		change: func(r *remembering, s *resource.Session) error {
			return LeaveTenant(s, r.person.Tenant.ID)
		},
		holds: func(p *people.Person) bool { return p != nil && p.Tenant.ID == "" && p.Rights == nil },
	},
	{
		name:   "the account is closed",
		change: updateUser(func(u *people.User) { u.SuspendedAt = 1 }),
		holds:  isGone,
	},
	{
		name:   "the person is no operator any more",
		change: updateUser(func(u *people.User) { u.Operator = false }),
		holds:  func(p *people.Person) bool { return !p.Operator },
	},
	{
		name:   "the person has another name",
		change: updateUser(func(u *people.User) { u.Name = "Ada L." }),
		holds:  func(p *people.Person) bool { return p.Actor.Name == "Ada L." },
	},
	{
		name:   "the person has another role",
		change: updateMember(func(m *people.Membership) { m.Role = "viewer" }),
		holds:  func(p *people.Person) bool { return p.RoleID() == "viewer" },
	},
	{
		name:   "the member is suspended",
		change: updateMember(func(m *people.Membership) { m.Status = people.Suspended }),
		holds:  isBarred,
	},
	{
		name: "the member is removed",
		change: func(r *remembering, s *resource.Session) error {
			kind, _ := s.Kernel().Kind(people.Memberships.Name)
			return kind.Remove(s.In(r.person.Tenant.ID), r.membership(s), 0)
		},
		holds: func(p *people.Person) bool { return p.Tenant.ID == "" && p.Rights == nil },
	},
	{
		name:   "the organization is suspended",
		change: updateTenant(func(t *tenants.Tenant) { t.SuspendedAt, t.SuspendedFor = 1, "unpaid" }),
		holds:  isBarred,
	},
	{
		name:   "the organization has networks",
		change: updateTenant(func(t *tenants.Tenant) { t.Networks = field.Tags{"203.0.113.0/24"} }),
		holds:  isBarred,
	},
	{
		name:   "the organization has another name",
		change: updateTenant(func(t *tenants.Tenant) { t.Name = "Globex" }),
		holds:  func(p *people.Person) bool { return p.Tenant.Name == "Globex" },
	},
	{
		name:   "the organization asks for a second factor",
		change: updateTenant(func(t *tenants.Tenant) { t.SecondFactor = "viewer" }),
		holds:  isEnrolling,
	},
	{
		name: "the authenticator app is gone",
		before: withFactor(func(r *remembering, s *resource.Session) error {
			return s.Put(totps, &totp{UserID: r.person.User.ID, ConfirmedAt: s.Now})
		}),
		change: without(totps),
		holds:  isEnrolling,
	},
	{
		name: "the phone is gone",
		before: withFactor(func(r *remembering, s *resource.Session) error {
			return s.Put(phones, &phone{UserID: r.person.User.ID, FactorAt: s.Now})
		}),
		change: without(phones),
		holds:  isEnrolling,
	},
	{
		name: "the passkey is gone",
		before: withFactor(func(r *remembering, s *resource.Session) error {
			return s.Put(passkeys, &passkey{UserID: r.person.User.ID, Host: "zygo.example.com"})
		}),
		change: without(passkeys),
		holds:  isEnrolling,
	},
	{
		name: "the person has a picture",
		change: func(r *remembering, s *resource.Session) error {
			return s.Put(avatars, &avatar{UserID: r.person.User.ID})
		},
		holds: func(p *people.Person) bool { return p.HasAvatar },
	},
}

func TestRememberedPeopleAreForgottenInTheCommitThatChangesThem(t *testing.T) {
	t.Parallel()
	from := resource.Origin{Address: "198.51.100.1", Host: "zygo.example.com"}
	for _, d := range decisions {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			r := newRemembering(t)
			if d.before != nil {
				r.write(func(s *resource.Session) error { return d.before(r, s) })
			}
			for i, p := range append(r.recognizeTwice(from), r.recognizeTwice(from)...) {
				if d.holds(p) {
					t.Fatalf("recognition %d gives it before the change", i)
				}
			}
			r.write(func(s *resource.Session) error { return d.change(r, s) })
			for i, p := range r.recognizeTwice(from) {
				if !d.holds(p) {
					t.Errorf("recognition %d still gives %+v", i, p)
				}
			}
		})
	}
}

// What is remembered of one person outlives what happens to others, or it would be of no use where many work.
func TestTheSignInOfOthersForgetsNobody(t *testing.T) {
	t.Parallel()
	r := newRemembering(t)
	r.write(func(s *resource.Session) error {
		return s.Insert(sessions, &session{ID: resource.NewID(), Hash: tokens.Hash("x"), UserID: resource.NewID(), CreatedAt: s.Now,
			SeenAt: s.Now})
	})
	r.write(func(s *resource.Session) error {
		_, err := s.Change(sessions, []resource.Pair{{Column: "seen_at", Value: s.Now}}, []resource.Pair{
			{Column: "id", Value: resource.NewID()}})
		return err
	})
	r.kernel.Close()
	for i, p := range r.recognizeTwice(resource.Origin{}) {
		if p == nil {
			t.Errorf("recognition %d was forgotten", i)
		}
	}
}

// A session ends by time alone, though nobody changes anything.
func TestARememberedSessionEndsInTime(t *testing.T) {
	t.Parallel()
	r := newRemembering(t)
	r.kernel.Advance(24*time.Hour + time.Second)
	for i, p := range r.recognizeTwice(resource.Origin{}) {
		if p != nil {
			t.Errorf("recognition %d outlives the session", i)
		}
	}
}

func TestARememberedTokenEndsInTime(t *testing.T) {
	t.Parallel()
	r := newRemembering(t)
	expect := func(by time.Duration, bearer bool) {
		t.Helper()
		r.kernel.Advance(by)
		people := append(r.recognizeTwice(resource.Origin{}), r.recognizeTwice(resource.Origin{})...)
		for i, p := range people {
			if isBearer := i%2 == 1; (p != nil) != (bearer || !isBearer) {
				t.Errorf("recognition %d gives %v", i, p != nil)
			}
		}
	}
	expect(accessLife-time.Second, true)
	expect(2*time.Second, false)
}

// A host leads to an organization that the session is not in only until that gives it up, and the other way round.
func TestARememberedHostIsForgotten(t *testing.T) {
	t.Parallel()
	r := newRemembering(t)
	below := resource.Origin{Host: r.person.Tenant.Slug + ".zygo.example.com"}
	taken := resource.Origin{Host: "globex.zygo.example.com"}
	expect := func(when string, origin resource.Origin, recognized bool) {
		t.Helper()
		for i, p := range r.recognizeTwice(origin) {
			if (p != nil) != recognized {
				t.Errorf("%s: recognition %d at %s gives %v", when, i, origin.Host, p != nil)
			}
		}
	}
	expect("at first", below, true)
	expect("at first", taken, true) // it is nobody's
	r.write(func(s *resource.Session) error {
		id := resource.NewID()
		_, err := tenants.Kind.Create(s.In(id), func(t *tenants.Tenant) error {
			t.ID, t.Name, t.Slug = id, "Globex", "globex"
			return nil
		})
		return err
	})
	expect("once another organization has it", taken, false)
	r.write(func(s *resource.Session) error {
		return updateTenant(func(t *tenants.Tenant) { t.Slug = "acme-two" })(r, s)
	})
	expect("once the slug is a former one", below, true)
	expect("once the slug is a former one", resource.Origin{Host: "acme-two.zygo.example.com"}, true)
}
