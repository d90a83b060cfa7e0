package identity

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Membership is a user's place in a tenant, with one role.
type Membership struct {
	resource.Row
	UserID field.Ref  `z:"to=user,required,list,label=User"`
	Role   MemberRole `z:"default=viewer,list"`
}

// MemberRole is the role of a membership.
type MemberRole string

// Choices lists the roles, highest first.
func (MemberRole) Choices() []field.Choice {
	return []field.Choice{{Value: "owner", Label: "Owner", Tone: "amber"}, {Value: "admin", Label: "Admin", Tone: "blue"}, {Value: "editor", Label: "Editor"}, {Value: "viewer", Label: "Viewer"}}
}

// Memberships is the kind. Administrators change roles; nobody gives more than they have.
var Memberships = resource.Kind[Membership]{
	Name: "membership", Label: "member", Area: "Settings", Icon: "users", Verbs: []string{resource.List, resource.Get, resource.Update, resource.Delete},
	Help:   "Who belongs to the organization, and what each may do.",
	Roles:  map[string]resource.Role{resource.Create: resource.Admin, resource.Update: resource.Admin, resource.Delete: resource.Admin},
	Unique: [][]string{{"tenant_id", "user_id"}},
	Check:  (*Membership).check,
}

// check keeps two rules: nobody gives or takes a role above their own, and an organization keeps an owner.
func (m *Membership) check(c *resource.Change[Membership]) error {
	if c.Before == nil {
		return nil
	}
	if held := resource.RoleNamed(string(c.Before.Role)); !c.IsSystem() && (m.rank() > c.Role || held > c.Role) {
		return fault.InvalidField("role", "is above your own; only somebody who has it can give or take it")
	}
	if c.Before.rank() != resource.Owner || m.rank() == resource.Owner && c.Verb != resource.Delete {
		return nil
	}
	owners, err := resource.SelectOne[int](c.Session, "SELECT count(*) FROM {membership} WHERE role = 'owner'")
	if err == nil && owners < 2 {
		err = fault.New(fault.Conflict, "This is the last owner. Make somebody else an owner first.")
	}
	return err
}

func (m *Membership) rank() resource.Role { return resource.RoleNamed(string(m.Role)) }
