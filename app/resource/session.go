package resource

import (
	"context"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
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

// Origin is where a request came from, for the audit entry.
type Origin struct{ RequestID, Address, UserAgent string }

// Session is who does something, in which tenant, when, and within which transaction. Every function of a kind takes one;
// nothing is read or written without it.
type Session struct {
	Context context.Context
	Actor   Actor
	Origin  Origin
	Role    Role
	// Operator has rights over the instance.
	Operator bool
	// Now is the time of the request: one instant for all that it writes.
	Now field.Time
	// ProvedAt is when the person last showed who they are; see RequireRecent.
	ProvedAt field.Time

	kernel *Kernel
	scope  store.Scope
	system bool
	tx     *store.Tx
	// touched are the marks of what the transaction changes.
	touched *[]int
}

// Member opens a session of an actor in a tenant. The caller has established the membership; request input alone never
// names the tenant.
func (k *Kernel) Member(ctx context.Context, actor Actor, tenant string, role Role, origin Origin) *Session {
	return &Session{Context: ctx, Actor: actor, Origin: origin, Role: role, Now: k.now(), kernel: k, scope: store.Within(tenant)}
}

// Within opens a session of the instance itself inside one tenant, for jobs whose envelope names it.
func (k *Kernel) Within(ctx context.Context, actor Actor, tenant string) *Session {
	return &Session{Context: ctx, Actor: actor, Role: Owner, Now: k.now(), kernel: k, scope: store.Within(tenant), system: true}
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
	var touched []int
	err := s.kernel.store.Write(s.Context, func(tx *store.Tx) error {
		inside := *s
		inside.tx, inside.touched = tx, &touched
		return change(&inside)
	})
	if err == nil {
		s.kernel.forget(touched)
		s.kernel.wake()
	}
	return err
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

// Seal encrypts what a row without surfaces keeps, for the place where Reveal opens it.
func (s *Session) Seal(value, id, name string) field.Secret {
	return field.Secret(s.kernel.keys.Seal(value, s.Tenant(), id, name))
}

// recentProof is for how long somebody who showed who they are is taken for the one at the keyboard.
const recentProof = 10 * time.Minute

// RequireRecent refuses a sensitive act of somebody who last showed who they are too long ago.
func (s *Session) RequireRecent() error {
	if s.system || s.Now.Sub(s.ProvedAt) <= recentProof {
		return nil
	}
	return fault.ProofNeeded()
}
