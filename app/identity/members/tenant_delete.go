package members

import (
	"context"
	"encoding/json"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/identity/tenants"
	"zygo/app/outbox"
	"zygo/app/resource"
)

// deletionGrace is how long the owners of an organization can take its deletion back.
const deletionGrace = 14 * 24 * time.Hour

// DeleteTenant begins the end of an organization, for an owner who types its name. Only owners enter it from then on, and
// nothing runs in it.
func (a *Service) DeleteTenant(p *people.Person, tenant, typed string) error {
	if err := owning(p, tenant); err != nil {
		return err
	}
	if err := p.RequireRecent(); err != nil {
		return err
	}
	return p.Personal().Write(func(s *resource.Session) error {
		_, err := tenants.Kind.Update(s.In(tenant), tenant, 0, "end", "deletion_begun", func(t *tenants.Tenant) error {
			if field.Line(typed) != field.Line(t.Name) {
				return fault.InvalidField("name", "is not the name of the organization; type %s", t.Name)
			}
			return a.BeginDeletion(s, t)
		})
		return err
	})
}

// BeginDeletion marks a tenant, and tells its owners.
func (a *Service) BeginDeletion(s *resource.Session, t *tenants.Tenant) error {
	if t.DeleteAt != 0 {
		return fault.New(fault.Conflict, "%s is being deleted already.", t.Name)
	}
	t.DeleteAt = s.Now.Add(deletionGrace)
	return a.tellOwners(s, *t, func(u people.User) outbox.Letter { return a.deletionLetter(u, t.Name, t.DeleteAt) })
}

func (a *Service) tellOwners(s *resource.Session, tenant tenants.Tenant, letter func(u people.User) outbox.Letter) error {
	owners, err := resource.Select[people.User](s,
		"SELECT u.* FROM {user} u JOIN {membership} m ON m.user_id = u.id WHERE m.tenant_id = ? AND m.role = 'owner' AND u.suspended_at IS NULL", tenant.ID)
	if err != nil {
		return err
	}
	for _, owner := range owners {
		told := letter(owner)
		told.Brand = tenant.Brand()
		if err := a.tenants.Mail(s, told); err != nil {
			return err
		}
	}
	return nil
}

// RestoreTenant takes the deletion of an organization back.
func (a *Service) RestoreTenant(p *people.Person, tenant string) error {
	if err := owning(p, tenant); err != nil {
		return err
	}
	return p.Personal().Write(func(s *resource.Session) error { return RestoreTenant(s, tenant) })
}

// RestoreTenant takes the deletion of an organization back, within a write.
func RestoreTenant(s *resource.Session, tenant string) error {
	_, err := tenants.Kind.Update(s.In(tenant), tenant, 0, "take_back", "deletion_taken_back", func(t *tenants.Tenant) error {
		if t.DeleteAt == 0 {
			return fault.New(fault.Conflict, "%s is not being deleted.", t.Name)
		}
		t.DeleteAt = 0
		return nil
	})
	return err
}

// Certificate says that all of an organization was deleted: how many rows of each table. It is the object of an entry in
// the instance's own chain.
type Certificate struct {
	TenantID  string           `json:"tenant_id"`
	Name      string           `json:"name"`
	Slug      string           `json:"slug"`
	CreatedAt field.Time       `json:"created_at"`
	DeletedAt field.Time       `json:"deleted_at"`
	Rows      map[string]int64 `json:"rows"`
}

// EraseTenants removes every organization whose grace is over: its files by the given function, then every row of every
// table, then its own row, for which a certificate is left. What a crash interrupts is done by the next call, whose counts
// are then of what was left.
func (a *Service) EraseTenants(ctx context.Context, files func(ctx context.Context, tenant string) (int64, error)) error {
	system := people.Operator(a.kernel, ctx)
	due, err := resource.Select[tenants.Tenant](system, "SELECT * FROM {tenant} WHERE delete_at <= ? ORDER BY delete_at", system.Now)
	if err != nil {
		return err
	}
	for _, tenant := range due {
		if err := a.eraseTenant(system, tenant, files); err != nil {
			return err
		}
	}
	return nil
}

func (a *Service) eraseTenant(system *resource.Session, tenant tenants.Tenant,
	files func(ctx context.Context, tenant string) (int64, error)) error {
	if err := system.Write(func(s *resource.Session) error {
		// Sessions are people's, who stay, and who owns it is known only now.
		if err := sessions.LeaveTenant(s, tenant.ID); err != nil {
			return err
		}
		return a.tellOwners(s, tenant, func(u people.User) outbox.Letter { return a.erasedLetter(u, tenant) })
	}); err != nil {
		return err
	}
	uploads, err := files(system.Context, tenant.ID)
	if err != nil {
		return err
	}
	rows, err := system.EraseTenant(tenant.ID)
	if err != nil {
		return err
	}
	rows["upload"] += uploads
	certificate, err := json.Marshal(Certificate{
		TenantID:  tenant.ID,
		Name:      tenant.Name,
		Slug:      tenant.Slug,
		CreatedAt: tenant.CreatedAt,
		DeletedAt: system.Now,
		Rows:      rows,
	})
	if err != nil {
		return err
	}
	return system.Write(func(s *resource.Session) error {
		if _, err := tenants.Kind.Update(s, tenant.ID, 0, resource.Delete, "emptied", func(t *tenants.Tenant) error {
			t.DeletedAt, t.Logo = s.Now, field.Image{}
			return nil
		}); err != nil {
			return err
		}
		kind, _ := s.Kernel().Kind(tenants.Kind.Name)
		if err := kind.Purge(s, tenant.ID); err != nil {
			return err
		}
		if err := tenants.RestSlugs(s, tenant.ID, tenant.Slug); err != nil {
			return err
		}
		return s.RecordObject("tenant", "erased", tenant.ID, "", certificate)
	})
}
