package identity

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/request"
	"zygo/app/resource"
)

// Who may make organizations beside operators.
const (
	CreateWhereSignUp = "signup"
	CreateEverybody   = "everybody"
	CreateOperators   = "operators"
)

// maxOwned limits how many organizations a person can own. Operators are exempt. Each organization has a permanent cost.
const maxOwned = 20

// MayCreateTenant tells whether a person may make organizations.
func (a *Accounts) MayCreateTenant(p *people.Person) bool {
	switch a.settings.CreateOrganizations {
	case CreateEverybody:
		return true
	case CreateOperators:
		return p.Operator
	}
	return p.Operator || a.settings.StrangersCreate
}

// CreateOwnTenant makes an organization that the person owns, and gives its row as JSON. The session stays where it is; a repeated
// request gets the first answer.
func (a *Accounts) CreateOwnTenant(p *people.Person, name string, again request.Repeatable) ([]byte, error) {
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
