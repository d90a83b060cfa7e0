package identity

import (
	"math"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/fold"
	"zygo/app/resource"
)

// Operators see to organizations as a whole, and to nothing that is in them.

// Organization is a tenant as operators see one.
type Organization struct {
	N            int64      `json:"-"`
	ID           string     `json:"id"`
	Name         string     `json:"name"`
	Slug         string     `json:"slug"`
	Members      int        `json:"members"`
	Owners       string     `json:"owners"`
	DataRegion   string     `json:"data_region"`
	SupportTier  string     `json:"support_tier"`
	CreatedAt    field.Time `json:"created_at"`
	SuspendedAt  field.Time `json:"suspended_at"`
	SuspendedFor string     `json:"suspended_for"`
	DeleteAt     field.Time `json:"delete_at"`
}

// Organizations lists the tenants whose name or slug holds the words, before one of them, or the newest where that is 0.
func (a *Accounts) Organizations(p *Person, words string, before int64, limit int) ([]Organization, error) {
	system, err := a.operating(p)
	if err != nil {
		return nil, err
	}
	return organizations(system, "", words, before, limit)
}

// Organization reads one tenant for operators.
func (a *Accounts) Organization(p *Person, id string) (Organization, error) {
	system, err := a.operating(p)
	if err != nil {
		return Organization{}, err
	}
	return organization(system, id)
}

func organization(system *resource.Session, id string) (Organization, error) {
	found, err := organizations(system, id, "", 0, 1)
	if err == nil && (len(found) == 0 || id == "") {
		err = fault.New(fault.NotFound, "There is no such organization.")
	}
	if err != nil {
		return Organization{}, err
	}
	return found[0], nil
}

func organizations(system *resource.Session, id, words string, before int64, limit int) ([]Organization, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	words = fold.Text(strings.TrimSpace(words))
	return resource.Select[Organization](system, `SELECT t.n, t.id, t.name, t.slug, (SELECT count(*) FROM {membership} m WHERE m.tenant_id = t.id) AS members,
		coalesce((SELECT group_concat(u.email, ', ') FROM {membership} m JOIN {user} u ON u.id = m.user_id WHERE m.tenant_id = t.id AND m.role = 'owner'), '') AS owners,
		t.data_region, t.support_tier, t.created_at, t.suspended_at, t.suspended_for, t.delete_at FROM {tenant} t
		WHERE t.n < ? AND (? = '' OR t.id = ?) AND (instr(folded(t.name), ?) OR instr(t.slug, ?)) ORDER BY t.n DESC LIMIT ?`, before, id, id, words, words, limit)
}

// OrganizationChange is what operators set of a tenant; a field that is left out stays.
type OrganizationChange struct {
	DataRegion  *string
	SupportTier *string
}

// ChangeOrganization sets what only operators set.
func (a *Accounts) ChangeOrganization(p *Person, id string, in OrganizationChange) error {
	return a.operateTenant(p, id, "update", "updated", func(t *Tenant, _ *resource.Session) error {
		for _, one := range []struct{ to, from *string }{{&t.DataRegion, in.DataRegion}, {&t.SupportTier, in.SupportTier}} {
			if one.from != nil {
				*one.to = *one.from
			}
		}
		return nil
	})
}

// SuspendOrganization closes a tenant: nobody enters it, no webhook is taken and no execution goes on, from the commit on.
func (a *Accounts) SuspendOrganization(p *Person, id, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.InvalidField("reason", "is required; members read it")
	}
	return a.operateTenant(p, id, "suspend", "suspended", func(t *Tenant, s *resource.Session) error {
		if t.SuspendedAt != 0 {
			return fault.New(fault.Conflict, "%s is suspended already.", t.Name)
		}
		t.SuspendedAt, t.SuspendedFor = s.Now, reason
		return nil
	})
}

// ActivateOrganization opens a suspended tenant again.
func (a *Accounts) ActivateOrganization(p *Person, id string) error {
	return a.operateTenant(p, id, "activate", "activated", func(t *Tenant, _ *resource.Session) error {
		if t.SuspendedAt == 0 {
			return fault.New(fault.Conflict, "%s is not suspended.", t.Name)
		}
		t.SuspendedAt, t.SuspendedFor = 0, ""
		return nil
	})
}

func (a *Accounts) operateTenant(p *Person, id, verb, event string, change func(t *Tenant, s *resource.Session) error) error {
	system, err := a.operating(p)
	if err != nil {
		return err
	}
	return system.Write(func(s *resource.Session) error {
		if _, err := organization(s, id); err != nil {
			return err
		}
		_, err := Tenants.Update(s.In(id), id, 0, verb, event, func(t *Tenant) error { return change(t, s) })
		return err
	})
}
