package operators

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/accounts"
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/resource"
)

// Operators see to accounts of the whole instance while it runs; command.go and its neighbours do the same on the command line.

// Account is a user as operators see one.
type Account struct {
	N             int64
	ID            string
	Name          string       `z:"list,search"`
	State         AccountState `z:"list"`
	Email         field.Email  `z:"list,search"`
	Organizations string       `z:"list"`
	Operator      bool         `z:"list"`
	Unverified    bool         `z:"apart"`
	LastSeenAt    field.Time   `z:"list,help=When one of the open sessions was used."`
	SuspendedAt   field.Time
	CreatedAt     field.Time
}

// AccountState is how an account stands.
type AccountState string

// The states of an account. A deleted one is what its owner left: a name in the record of what happened.
const (
	AccountActive      AccountState = "active"
	AccountUnconfirmed AccountState = "unconfirmed"
	AccountSuspended   AccountState = "suspended"
	AccountDeleted     AccountState = "deleted"
)

// Choices are the states with their colours.
func (AccountState) Choices() []field.Choice {
	return []field.Choice{
		{Value: string(AccountActive), Label: "Active", Tone: "green"},
		{Value: string(AccountUnconfirmed), Label: "Unconfirmed", Tone: "amber"},
		{Value: string(AccountSuspended), Label: "Suspended", Tone: "red"},
		{Value: string(AccountDeleted), Label: "Deleted", Tone: "grey"},
	}
}

func (a *Account) isOpen() bool { return a.SuspendedAt == 0 }

func (a *Account) isSuspended() bool { return a.State == AccountSuspended }

// Accounts are the accounts of the instance.
var Accounts = resource.Kind[Account]{
	Name: "account", Label: "user", Path: "admin/users", Area: "Operator", Icon: "user", State: "state", Operators: true,
	Help: "A user is somebody with an account on this instance.",
	From: `SELECT u.n, u.id, u.name, u.email, u.operator, u.unverified, u.created_at, u.suspended_at,
		CASE WHEN u.email LIKE '%` + people.ErasedDomain + `' THEN 'deleted' WHEN u.suspended_at IS NOT NULL THEN 'suspended' WHEN u.unverified THEN 'unconfirmed' ELSE 'active' END AS state,
		coalesce((SELECT string_agg(t.name, ', ') FROM {membership} m JOIN {tenant} t ON t.id = m.tenant_id WHERE m.user_id = u.id), '') AS organizations,
		(SELECT max(o.seen_at) FROM {session} o WHERE o.user_id = u.id) AS last_seen_at FROM {user} u`,
}

// operating is the session of an operator over the whole instance.
func (a *Service) operating(p *people.Person) (*resource.Session, error) {
	if !p.Operator {
		return nil, fault.New(fault.Forbidden, "Only operators of this instance may see to accounts.")
	}
	return people.Operator(a.kernel, p.Context).As(p.Actor, p.Origin), nil
}

// Suspend closes an account: its sessions, tokens and streams end at once, and nobody enters it until it is opened again.
func (a *Service) Suspend(p *people.Person, id string) error {
	return a.operate(p, id, a.close)
}

// Activate opens a suspended account again.
func (a *Service) Activate(p *people.Person, id string) error {
	return a.operate(p, id, a.reopen)
}

// AccountSessions lists the open sessions of a user, for operators.
func (a *Service) AccountSessions(p *people.Person, id string) ([]sessions.OpenSession, error) {
	system, err := a.operating(p)
	if err != nil {
		return nil, err
	}
	return a.sessions.ListOf(system, id)
}

// SignOutEverywhere ends every session of a user, for operators: a lost device, or a password that others may know.
func (a *Service) SignOutEverywhere(p *people.Person, id string) error {
	return a.operate(p, id, func(s *resource.Session, user people.User) error {
		if err := credentials.EndSessions(s, user.ID, ""); err != nil {
			return err
		}
		return s.Record("user", "sessions_ended", user.ID, resource.Success)
	})
}

// operate changes an account for an operator, who has to be one at that moment: of two who suspend each other at once, the
// second is none any more.
func (a *Service) operate(p *people.Person, id string, change func(s *resource.Session, user people.User) error) error {
	system, err := a.operating(p)
	if err != nil {
		return err
	}
	return system.Write(func(s *resource.Session) error {
		still, err := resource.Select[int](s, "SELECT 1 FROM {user} WHERE id = ? AND operator AND suspended_at IS NULL", p.User.ID)
		if err != nil {
			return err
		}
		if len(still) == 0 {
			return people.ErrSignIn()
		}
		users, err := resource.Select[people.User](s, "SELECT * FROM {user} WHERE id = ?", id)
		if err != nil {
			return err
		}
		if len(users) == 0 {
			return fault.New(fault.NotFound, "There is no such user.")
		}
		return change(s, users[0])
	})
}

// close ends what a user has open, and lets nobody in.
func (a *Service) close(s *resource.Session, user people.User) error {
	if user.SuspendedAt != 0 {
		return fault.New(fault.Conflict, "%s is disabled already.", user.Email)
	}
	if err := people.KeepOperator(s, user); err != nil {
		return err
	}
	if err := accounts.SpendLinks(s, user.ID, accounts.ToReset, accounts.ToVerify, accounts.ToLeaveEmail, accounts.ToTakeEmail); err != nil {
		return err
	}
	if err := credentials.EndSessions(s, user.ID, ""); err != nil {
		return err
	}
	_, err := people.Users.Update(s, user.ID, 0, "disable", "disabled", func(u *people.User) error {
		u.SuspendedAt = s.Now
		return nil
	})
	return err
}

// reopen lets a suspended user in again.
func (a *Service) reopen(s *resource.Session, user people.User) error {
	if user.SuspendedAt == 0 {
		return fault.New(fault.Conflict, "%s is not disabled.", user.Email)
	}
	if people.IsErased(user) {
		return fault.New(fault.Conflict, "This account was deleted by its owner, and nothing of it is left.")
	}
	_, err := people.Users.Update(s, user.ID, 0, "enable", "enabled", func(u *people.User) error {
		u.SuspendedAt = 0
		return nil
	})
	return err
}

// Activity reads what a user did, newest first and before an entry, or the newest where that is 0. Next is where to go on, 0
// at the end; an answer may hold fewer than the limit and still go on.
func (a *Service) Activity(p *people.Person, id string, before int64, limit int) ([]accounts.Act, int64, error) {
	if _, err := Accounts.Get(p.Session, id); err != nil {
		return nil, 0, err
	}
	system, err := a.operating(p)
	if err != nil {
		return nil, 0, err
	}
	return accounts.Acts(system, id, before, limit)
}
