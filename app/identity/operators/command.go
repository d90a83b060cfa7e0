package operators

import (
	"context"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/credentials"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// What an operator does with accounts on the command line, where anyone who controls the data directory may do all.

// NewUser is a user to be made.
type NewUser struct{ Name, Email, Password, Organization, Role string }

// ListedUser is a user with the slugs of their organizations.
type ListedUser struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	Email         string `json:"email"`
	Operator      bool   `json:"operator"`
	Organizations string `json:"organizations"`
}

// Users lists every user of the instance.
func (a *Service) Users(ctx context.Context) ([]ListedUser, error) {
	return resource.Select[ListedUser](people.Operator(a.kernel, ctx), `SELECT u.id, u.name, u.email, u.operator,
		coalesce((SELECT string_agg(t.slug, ', ') FROM {membership} m JOIN {tenant} t ON t.id = m.tenant_id WHERE m.user_id = u.id), '') AS organizations
		FROM {user} u ORDER BY u.email`)
}

// CreateUser makes a user with a membership.
func (a *Service) CreateUser(ctx context.Context, made NewUser) error {
	system := people.Operator(a.kernel, ctx)
	hash, err := a.credentials.PasswordHash(ctx, "password", made.Password, made.Name, made.Email)
	if err != nil {
		return err
	}
	return system.Write(func(s *resource.Session) error {
		type found struct{ ID, DefaultRole string }
		tenants, err := resource.Select[found](s, "SELECT id, default_role FROM {tenant} WHERE slug = ?", made.Organization)
		if err != nil {
			return err
		}
		if len(tenants) == 0 {
			return fault.New(fault.NotFound, "There is no organization %q.", made.Organization)
		}
		user, err := people.Users.Create(s, func(u *people.User) error {
			u.Name, u.Email, u.PasswordHash = field.Line(made.Name), field.Email(made.Email), hash
			return nil
		})
		if err != nil {
			return err
		}
		_, err = people.Memberships.Create(s.In(tenants[0].ID), func(m *people.Membership) error {
			if m.UserID, m.Role = field.Ref(user.ID), field.Ref(made.Role); made.Role == "" {
				m.Role = field.Ref(tenants[0].DefaultRole)
			}
			return nil
		})
		return err
	})
}

// ResetPassword gives a user a new password and ends their sessions.
func (a *Service) ResetPassword(ctx context.Context, email, password string) error {
	hash, err := a.credentials.PasswordHash(ctx, "password", password, email)
	if err != nil {
		return err
	}
	return people.Operator(a.kernel, ctx).Write(func(s *resource.Session) error {
		users, err := resource.Select[string](s, "SELECT id FROM {user} WHERE email = ?", people.SoughtAddress(email))
		if err != nil {
			return err
		}
		if len(users) == 0 {
			return fault.New(fault.NotFound, "There is no user %q.", email)
		}
		if _, err := people.Users.Update(s, users[0], 0, "reset_password", "password_reset", func(u *people.User) error {
			u.PasswordHash = hash
			return nil
		}); err != nil {
			return err
		}
		return credentials.EndSessions(s, users[0], "")
	})
}

// OperatorIn opens a session of the operator in an organization, named by its slug; it may be empty where there is one only.
func (a *Service) OperatorIn(ctx context.Context, organization string) (*resource.Session, error) {
	system := people.Operator(a.kernel, ctx)
	type found struct{ ID, Slug string }
	tenants, err := resource.Select[found](system, "SELECT id, slug FROM {tenant} ORDER BY slug LIMIT 1000")
	if err != nil {
		return nil, err
	}
	switch {
	case len(tenants) == 0:
		return nil, fault.New(fault.NotFound, "There is no organization yet. Make the first one with: zygo setup")
	case organization == "" && len(tenants) == 1:
		return system.In(tenants[0].ID), nil
	}
	var slugs []string
	for _, tenant := range tenants {
		if tenant.Slug == organization {
			return system.In(tenant.ID), nil
		}
		slugs = append(slugs, tenant.Slug)
	}
	if organization == "" {
		return nil, fault.New(fault.Invalid, "Name the organization with --organization; there are: %s.", strings.Join(slugs, ", "))
	}
	return nil, fault.New(fault.NotFound, "There is no organization %q.", organization)
}

// VerifyLedgers checks the audit chain of the instance and of every organization, and names the first that is broken.
func (a *Service) VerifyLedgers(ctx context.Context) error {
	system := people.Operator(a.kernel, ctx)
	tenants, err := resource.Select[string](system, "SELECT DISTINCT tenant_id FROM {ledger}")
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		bad, err := system.VerifyLedger(tenant)
		if err != nil {
			return err
		}
		if bad != 0 {
			return fault.New(fault.Conflict, "Entry %d of the audit chain of organization %q was altered or removed.", bad, tenant)
		}
	}
	return nil
}

// CreateTenant makes an organization with its owner, who is a new user.
func (a *Service) CreateTenant(ctx context.Context, name string, owner NewUser) error {
	hash, err := a.credentials.PasswordHash(ctx, "password", owner.Password, owner.Name, owner.Email)
	if err != nil {
		return err
	}
	return people.Operator(a.kernel, ctx).Write(func(s *resource.Session) error {
		user, err := people.Users.Create(s, func(u *people.User) error {
			u.Name, u.Email, u.PasswordHash = field.Line(owner.Name), field.Email(owner.Email), hash
			return nil
		})
		if err != nil {
			return err
		}
		_, err = members.NewTenant(s, name, user.ID)
		return err
	})
}
