package resource

import (
	"context"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/remember"
	"zygo/app/rights"
	"zygo/jobs"
	"zygo/store"
)

// Actor is who does something.
type Actor struct {
	// Kind is user, api_key, scim, execution or system.
	Kind string
	ID   string
	Name string
	// OnBehalfOf is the user whose rights a key or an execution uses.
	OnBehalfOf string
}

// Person is the user who acts, themselves or through a key or an execution; empty where none does.
func (a Actor) Person() string {
	if a.OnBehalfOf == "" && a.Kind == "user" {
		return a.ID
	}
	return a.OnBehalfOf
}

// Origin is where a request came from, for the audit entry, and the host that it names.
type Origin struct{ RequestID, Address, UserAgent, Host string }

// Session is who does something, in which tenant, when, and within which transaction. Every function of a kind takes one;
// nothing is read or written without it.
type Session struct {
	Context context.Context
	Actor   Actor
	Origin  Origin
	// Rights are what the actor may do in the tenant; nil is nobody's.
	Rights *rights.Rights
	// Operator has rights over the instance.
	Operator bool
	// Now is the time of the request: one instant for all that it writes.
	Now               field.Time
	ReauthenticatedAt field.Time // when the person last showed who they are

	kernel *Kernel
	scope  store.Scope
	system bool
	tx     *store.Tx
	// touched are the marks of what the transaction changes.
	touched *[]remember.Mark
}

// Member opens a session of an actor in a tenant. The caller has established the membership; request input alone never
// names the tenant.
func (k *Kernel) Member(ctx context.Context, actor Actor, tenant string, held *rights.Rights, origin Origin) *Session {
	s := &Session{Context: ctx, Actor: actor, Origin: origin, Rights: held, Now: k.now(), kernel: k, scope: store.Within(tenant)}
	if held != nil && held.Hides {
		s.scope = s.scope.Seeing(held.Seen(s.Now.Go()))
	}
	return s
}

// Nobody opens a session of somebody who is not signed in. It reaches no tenant and has no rights.
func (k *Kernel) Nobody(ctx context.Context, origin Origin) *Session {
	return &Session{Context: ctx, Origin: origin, Now: k.now(), kernel: k}
}

// Within opens a session of the instance itself inside one tenant, for jobs whose envelope names it.
func (k *Kernel) Within(ctx context.Context, actor Actor, tenant string) *Session {
	return &Session{Context: ctx, Actor: actor, Now: k.now(), kernel: k, scope: store.Within(tenant), system: true}
}

// System opens a session that crosses tenants. The reason is for the reader; a test pins the callers by name.
func (k *Kernel) System(ctx context.Context, why string) *Session {
	return &Session{Context: ctx, Actor: Actor{Kind: "system"}, Now: k.now(), kernel: k, scope: store.System(why), system: true}
}

// As gives the same session with another actor, for a person who signs in or sets the instance up.
func (s *Session) As(actor Actor, origin Origin) *Session {
	copied := *s
	copied.Actor, copied.Origin = actor, origin
	return &copied
}

// In narrows a system session to one tenant. Any other session reaches nothing there.
func (s *Session) In(tenant string) *Session {
	copied := *s
	if copied.scope = store.Within(tenant); !s.system {
		copied.scope = store.Scope{}
	}
	return &copied
}

// Tenant is the id of the session's tenant, empty where it crosses them.
func (s *Session) Tenant() string { return s.scope.Tenant() }

// IsSystem tells whether the instance itself acts.
func (s *Session) IsSystem() bool { return s.system }

// Kernel gives the kernel that the session belongs to.
func (s *Session) Kernel() *Kernel { return s.kernel }

// Write runs change in one transaction, which is on disk when Write returns without an error. Inside a transaction it
// joins that one. The closure may run twice and does no I/O.
func (s *Session) Write(change func(s *Session) error) error {
	if s.tx != nil {
		return change(s)
	}
	var touched []remember.Mark
	err := s.kernel.store.Write(s.Context, func(tx *store.Tx) error {
		inside := *s
		inside.tx, inside.touched = tx, &touched
		return change(&inside)
	})
	if err == nil {
		s.kernel.memory.Forget(touched)
		s.kernel.wake()
	}
	return err
}

// Jobs is the queue within a write: what is put there runs after the commit, in the turn of the session's tenant.
func (s *Session) Jobs() jobs.Tx { return jobs.Within(s.Context, s.tx, s.Now, s.Tenant()) }

// touch notes that the write changes rows of a table that are about a subject. An empty one is unknown, and where the table names no
// column for it, the rows are about the tenant.
func (s *Session) touch(t *Table, subject string) {
	if t.Subject == "" {
		subject = s.Tenant()
	}
	*s.touched = append(*s.touched, remember.Touch(t.Name, subject)...)
}

// Cached gives what load reads of the session's tenant, and remembers it under the name until a row of one of the kinds or tables
// changes. What load returns is shared and must not be changed.
func Cached[V any](s *Session, name string, kinds []string, load func(s *Session) (V, error)) (V, error) {
	if s.tx != nil {
		return load(s) // a transaction sees what it wrote itself
	}
	watched := func() (marks []remember.Mark) {
		for _, name := range kinds {
			subject := s.Tenant()
			if kind, ok := s.kernel.byName[name]; ok && kind.Spec().Instance {
				subject = ""
			}
			marks = append(marks, remember.Watch(name, subject)...)
		}
		return marks
	}
	return remember.Value(&s.kernel.memory, name+" "+s.Tenant(), watched, func() (V, error) { return load(s) })
}

// Watch names the rows about one subject, of a kind or of a table, that decide what Remembered remembers.
type Watch struct{ Name, Subject string }

// Remembered is Cached where only the rows that load reads say what to watch. Without any it remembers nothing.
func Remembered[V any](s *Session, name string, load func() (V, []Watch, error)) (V, error) {
	return remember.Found(&s.kernel.memory, name, func() (V, []remember.Mark, error) {
		value, watched, err := load()
		var marks []remember.Mark
		for _, w := range watched {
			marks = append(marks, remember.Watch(w.Name, w.Subject)...)
		}
		return value, marks, err
	})
}

// RightsOf loads what a user with a role may do in the session's tenant.
func (s *Session) RightsOf(user, role string) (*rights.Rights, error) {
	if s.kernel.rights == nil {
		return rights.Of(rights.RoleNamed(role)), nil
	}
	// What is remembered for all must not depend on what the actor sees.
	return s.kernel.rights(s.AsInstance("what a member may do is read whole"), user, role)
}

// AsInstance is the instance's own session in the same tenant and transaction, in the actor's name, for what follows from an act
// whatever else its actor may do. A test pins the callers.
func (s *Session) AsInstance(why string) *Session { return s.Across(why).In(s.Tenant()) }

// Across is AsInstance across all tenants, for what belongs to none of them. A test pins the callers.
func (s *Session) Across(why string) *Session {
	whole := s.kernel.System(s.Context, why).As(s.Actor, s.Origin)
	whole.tx, whole.touched, whole.Now = s.tx, s.touched, s.Now
	return whole
}

// Lacks names a permission that a role has and the actor has not, empty if there is none: nobody gives more than they have.
func (s *Session) Lacks(role string) (permission string, err error) {
	given, err := s.RightsOf("", role)
	if err != nil {
		return "", err
	}
	permission, _ = s.Includes(given.Set)
	return permission, nil
}

// Includes tells whether the actor has every permission of a set, and names the first that they lack.
func (s *Session) Includes(set rights.Set) (lacks string, ok bool) {
	if s.system {
		return "", true
	}
	return s.Rights.Includes(set, s.kernel.Permissions())
}

// source is where the session reads: its transaction if it has one.
func (s *Session) source() store.Source {
	if s.tx != nil {
		return s.tx
	}
	return s.kernel.store
}

// Reveal opens a sealed field of a row that the session read.
func (s *Session) Reveal(sealed field.Secret, id, field string) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	return s.kernel.keys.Open(string(sealed), s.Tenant(), id, field)
}

// Secret gives a secret of the organization by its name, for the step that uses it.
func (s *Session) Secret(name string) (string, error) { return s.kernel.content.Secret(s, name) }

// Seal encrypts what a row without surfaces keeps, for the place where Reveal opens it.
func (s *Session) Seal(value, id, name string) field.Secret {
	return field.Secret(s.kernel.keys.Seal(value, s.Tenant(), id, name))
}

// RequireRecent refuses a sensitive act of somebody who last showed who they are too long ago.
func (s *Session) RequireRecent() error {
	if s.system || s.Now.Sub(s.ReauthenticatedAt) <= fault.RecentProof {
		return nil
	}
	return fault.ProofNeeded()
}

// EraseTenant removes every row of a tenant, its chain of the ledger too. It needs a system session.
func (s *Session) EraseTenant(tenant string) (map[string]int64, error) {
	if !s.system {
		return nil, fault.New(fault.Forbidden, "Only the instance itself erases an organization.")
	}
	return s.kernel.store.EraseTenant(s.Context, tenant)
}
