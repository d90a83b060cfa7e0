package operators

import (
	"encoding/json"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
)

// Operators see to organizations as a whole, and to nothing that is in them.

// Organization is a tenant as operators see one.
type Organization struct {
	N            int64
	ID           string
	Name         string            `z:"list,search"`
	State        OrganizationState `z:"list"`
	Slug         string            `z:"list,search"`
	Members      int               `z:"list"`
	Owners       string            `z:"list"`
	DataRegion   string            `z:"filter"`
	SupportTier  string            `z:"filter"`
	SuspendedAt  field.Time
	SuspendedFor field.LongText
	DeleteAt     field.Time
	CreatedAt    field.Time
}

// OrganizationState is how an organization stands.
type OrganizationState string

// The states of an organization.
const (
	OrganizationActive    OrganizationState = "active"
	OrganizationSuspended OrganizationState = "suspended"
	OrganizationDeleted   OrganizationState = "being_deleted"
)

// Choices are the states with their colours.
func (OrganizationState) Choices() []field.Choice {
	return []field.Choice{
		{Value: string(OrganizationActive), Label: "Active", Tone: "green"},
		{Value: string(OrganizationSuspended), Label: "Suspended", Tone: "red"},
		{Value: string(OrganizationDeleted), Label: "Being deleted", Tone: "amber"},
	}
}

func (o *Organization) isOpen() bool { return o.SuspendedAt == 0 }

func (o *Organization) isSuspended() bool { return o.SuspendedAt != 0 }

// Organizations are the organizations of the instance.
var Organizations = resource.Kind[Organization]{
	Name:      "organization",
	Path:      "admin/organizations",
	API:       "admin/tenants",
	Area:      "Operator",
	Icon:      "building-2",
	State:     "state",
	Operators: true,
	Help:      "An organization is a tenant of this instance: operators see how it stands, and nothing that is in it.",
	From: `SELECT t.n, t.id, t.name, t.slug, (SELECT count(*) FROM {membership} m WHERE m.tenant_id = t.id) AS members,
		coalesce((SELECT string_agg(u.email, ', ') FROM {membership} m JOIN {user} u ON u.id = m.user_id WHERE m.tenant_id = t.id AND m.role = 'owner'), '') AS owners,
		CASE WHEN t.suspended_at IS NOT NULL THEN 'suspended' WHEN t.delete_at IS NOT NULL THEN 'being_deleted' ELSE 'active' END AS state,
		t.data_region, t.support_tier, t.created_at, t.suspended_at, t.suspended_for, t.delete_at FROM {tenant} t`,
}

// OrganizationChange is what operators set of a tenant; a field that is left out stays.
type OrganizationChange struct {
	DataRegion  *string
	SupportTier *string
}

// ChangeOrganization sets what only operators set.
func (a *Service) ChangeOrganization(p *people.Person, id string, in OrganizationChange) error {
	return a.operateTenant(p, id, "update", "updated", func(t *tenants.Tenant, _ *resource.Session) error {
		for _, one := range []struct{ to, from *string }{{&t.DataRegion, in.DataRegion}, {&t.SupportTier, in.SupportTier}} {
			if one.from != nil {
				*one.to = *one.from
			}
		}
		return nil
	})
}

// SuspendOrganization closes a tenant: nobody enters it, no webhook is taken and no execution goes on, from the commit on.
func (a *Service) SuspendOrganization(p *people.Person, id, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.InvalidField("reason", "is required; members read it")
	}
	return a.operateTenant(p, id, "suspend", "suspended", func(t *tenants.Tenant, s *resource.Session) error {
		if t.SuspendedAt != 0 {
			return fault.New(fault.Conflict, "%s is suspended already.", t.Name)
		}
		t.SuspendedAt, t.SuspendedFor = s.Now, reason
		return nil
	})
}

// ActivateOrganization opens a suspended tenant again.
func (a *Service) ActivateOrganization(p *people.Person, id string) error {
	return a.operateTenant(p, id, "activate", "activated", func(t *tenants.Tenant, _ *resource.Session) error {
		if t.SuspendedAt == 0 {
			return fault.New(fault.Conflict, "%s is not suspended.", t.Name)
		}
		t.SuspendedAt, t.SuspendedFor = 0, ""
		return nil
	})
}

func (a *Service) operateTenant(p *people.Person, id, verb, event string,
	change func(t *tenants.Tenant, s *resource.Session) error) error {
	system, err := a.operating(p)
	if err != nil {
		return err
	}
	return system.Write(func(s *resource.Session) error {
		_, err := tenants.Kind.Update(s.In(id), id, 0, verb, event, func(t *tenants.Tenant) error { return change(t, s) })
		return err
	})
}

// Certificates are the newest certificates of deletion, for operators.
func (a *Service) Certificates(p *people.Person) ([]members.Certificate, error) {
	system, err := a.operating(p)
	if err != nil {
		return nil, err
	}
	objects, err := resource.Select[string](system,
		"SELECT object FROM {ledger} WHERE tenant_id = '' AND action = 'tenant.erased' ORDER BY seq DESC LIMIT 100")
	if err != nil {
		return nil, err
	}
	certificates := make([]members.Certificate, len(objects))
	for i, object := range objects {
		if err := json.Unmarshal([]byte(object), &certificates[i]); err != nil {
			return nil, err
		}
	}
	return certificates, nil
}
