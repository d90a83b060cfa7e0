package identity

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Membership is a user's place in a tenant, with one role.
type Membership struct {
	resource.Row
	UserID field.Ref `z:"to=user,required,list,label=User"`
	Role   field.Ref `z:"to=role,required,default=viewer,list,filter"`
}

// Memberships is the kind. Administrators change roles; nobody gives more than they have.
var Memberships = resource.Kind[Membership]{
	Name: "membership", Label: "member", Area: "Settings", Icon: "users", Verbs: []string{resource.List, resource.Get, resource.Update, resource.Delete},
	Help:   "Who belongs to the organization, and what each may do.",
	Roles:  map[string]resource.Role{resource.Create: resource.Admin, resource.Update: resource.Admin, resource.Delete: resource.Admin},
	Unique: [][]string{{"tenant_id", "user_id"}},
	Check:  (*Membership).check,
}

// check keeps two rules: nobody gives or takes a role with more than they may themselves, and an organization keeps an owner.
func (m *Membership) check(c *resource.Change[Membership]) error {
	if c.Before == nil {
		return nil
	}
	for _, role := range []field.Ref{c.Before.Role, m.Role} {
		lacks, err := c.Lacks(string(role))
		if err != nil {
			return err
		}
		if lacks != "" {
			return fault.InvalidField("role", "may do more than you (%s); only somebody who may that too can give or take it", lacks)
		}
	}
	if c.Before.Role != ownerRole || m.Role == ownerRole && c.Verb != resource.Delete {
		return nil
	}
	owners, err := resource.SelectOne[int](c.Session, "SELECT count(*) FROM {membership} WHERE role = 'owner'")
	if err == nil && owners < 2 {
		err = fault.New(fault.Conflict, "This is the last owner. Make somebody else an owner first.")
	}
	return err
}

// ownerRole is the built-in role that an organization can't be without.
const ownerRole = "owner"
