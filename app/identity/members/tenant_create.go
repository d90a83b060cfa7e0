package members

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/request"
	"zygo/app/resource"
)

// Who may make organizations besides operators.
const (
	CreateWhereSignUp = "signup"
	CreateEverybody   = "everybody"
	CreateOperators   = "operators"
)

// maxOwned limits how many organizations a person can own. Operators are exempt. Each organization has a permanent cost.
const maxOwned = 20

// MayCreateTenant tells whether a person may make organizations.
func (a *Service) MayCreateTenant(p *people.Person) bool {
	switch a.settings.CreateOrganizations {
	case CreateEverybody:
		return true
	case CreateOperators:
		return p.Operator
	}
	return p.Operator || a.settings.StrangersCreate
}

// CreateTenant makes an organization that the person owns, and gives its row as JSON. The session stays where it is; a repeated
// request gets the first answer.
func (a *Service) CreateTenant(p *people.Person, name string, again request.Repeatable) ([]byte, error) {
	if !a.MayCreateTenant(p) {
		return nil, fault.New(fault.Forbidden,
			"Only operators of this instance make organizations. Ask an administrator of an existing one to invite you.")
	}
	if name = field.Line(name); name == "" {
		return nil, fault.InvalidField("name", "is required")
	}
	return request.Once(p.Personal(), again, func(s *resource.Session) (made []byte, err error) {
		err = s.Write(func(s *resource.Session) error {
			owned, err := resource.SelectOne[int](s, "SELECT count(*) FROM {membership} WHERE user_id = ? AND role = 'owner'", p.User.ID)
			if err != nil {
				return err
			}
			if owned >= maxOwned && !p.Operator {
				return fault.New(fault.Conflict,
					"You own %d organizations, and more are not made by one person. Delete one, or ask the operator of this instance.",
					owned)
			}
			slug, err := tenants.FreeSlug(s, name)
			if err != nil {
				return err
			}
			tenant, err := newTenantAt(s, name, slug, p.User.ID)
			if err != nil {
				return rename(err, "organization", "name")
			}
			kind, _ := s.Kernel().Kind(tenants.Kind.Name)
			made = kind.AppendJSON(nil, tenant, nil)
			return nil
		})
		return made, err
	})
}

// NewTenant makes an organization with its owner.
func NewTenant(s *resource.Session, name, owner string) (*tenants.Tenant, error) {
	return newTenantAt(s, name, tenants.SlugOf(name), owner)
}

func newTenantAt(s *resource.Session, name, slug, owner string) (*tenants.Tenant, error) {
	tenant, err := tenants.Kind.Create(s, func(t *tenants.Tenant) error {
		t.Name = field.Line(name)
		t.Slug = slug
		return nil
	})
	if err != nil {
		return nil, rename(err, "name", "organization")
	}
	if err := s.Found(tenant.ID); err != nil {
		return nil, err
	}
	_, err = people.Memberships.Create(s.In(tenant.ID), func(m *people.Membership) error {
		m.UserID, m.Role = field.Ref(owner), people.OwnerRole
		return nil
	})
	return tenant, err
}

// rename makes an error about a field of a row one about the field of a form.
func rename(err error, from, to string) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	fields, ok := f.Details.([]fault.Field)
	if !ok {
		return err
	}
	for i := range fields {
		if fields[i].Field == from {
			fields[i].Field = to
		}
	}
	return fault.InvalidFields(fields)
}

// FoundOrganization makes the organization that somebody named as they signed up; without a name there is none.
func FoundOrganization(s *resource.Session, organization, owner string) error {
	if organization == "" {
		return nil
	}
	slug, err := tenants.FreeSlug(s, organization)
	if err != nil {
		return err
	}
	_, err = newTenantAt(s, organization, slug, owner)
	return err
}
