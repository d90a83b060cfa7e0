package members

import (
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
)

// TenantsOf lists the organizations that the person belongs to.
func (a *Service) TenantsOf(p *people.Person) ([]tenants.Tenant, error) {
	return resource.Select[tenants.Tenant](p.Personal(),
		"SELECT t.* FROM {tenant} t JOIN {membership} m ON m.tenant_id = t.id WHERE m.user_id = ? AND m.status = 'active' ORDER BY t.name",
		p.User.ID)
}

// Everywhere is the person in all of their organizations at once, with what narrows a list of organizations to those.
func (a *Service) Everywhere(p *people.Person) (*people.Person, resource.Filter, error) {
	tenants, err := a.TenantsOf(p)
	own := resource.Filter{Field: "id", Operator: "in", Values: []string{""}}
	for _, tenant := range tenants {
		own.Values = append(own.Values, tenant.ID)
	}
	everywhere := *p
	everywhere.Session = p.Personal()
	return &everywhere, own, err
}

// TenantMembership is an organization that the person belongs to, with what they are there.
type TenantMembership struct {
	TenantID string
	Name     string
	Role     string
	Status   string
	Since    field.Time
}

// MembershipsOf are the organizations that the person belongs to, those that keep them out too.
func (a *Service) MembershipsOf(p *people.Person) ([]TenantMembership, error) {
	return resource.Select[TenantMembership](p.Personal(),
		`SELECT m.tenant_id, t.name, r.name AS role, m.status, m.created_at AS since FROM {membership} m JOIN {tenant} t ON t.id = m.tenant_id
		JOIN {role} r ON r.id = m.role AND r.tenant_id = m.tenant_id WHERE m.user_id = ? ORDER BY t.name`, p.User.ID)
}
