package people

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Membership is a user's place in a tenant, with one role.
type Membership struct {
	resource.Row
	UserID field.Ref        `z:"to=user,readonly,list,search,label=User"`
	Role   field.Ref        `z:"to=role,required,default=viewer,list,filter"`
	Status MembershipStatus `z:"readonly,default=active,list"`
}

// MembershipStatus tells whether a member may enter.
type MembershipStatus string

// The states of a membership.
const (
	Active    MembershipStatus = "active"
	Suspended MembershipStatus = "suspended"
)

// Choices lists the states.
func (MembershipStatus) Choices() []field.Choice {
	return []field.Choice{
		{Value: string(Active), Label: "Active", Tone: "green"},
		{Value: string(Suspended), Label: "Suspended", Tone: "red"},
	}
}

// Memberships is the kind. Administrators change roles; nobody gives more than they have.
var Memberships = resource.Kind[Membership]{
	InPerson: true,
	Name:     "membership", Label: "member", Area: "Organization", Icon: "users", State: "status", Verbs: []string{resource.List, resource.Get,
		resource.Update, resource.Delete},
	Help: "Who belongs to the organization, and what each may do.",
	Roles: map[string]resource.Role{resource.Create: resource.Admin, resource.Update: resource.Admin, resource.Delete: resource.Admin,
		"suspend": resource.Admin, "activate": resource.Admin, "hand_over": resource.Admin},
	Unique: [][]string{{"tenant_id", "user_id"}},
	Check:  (*Membership).check,
	Actions: []resource.Action[Membership]{
		{Name: "suspend", Past: "suspended", Icon: "ban", Danger: true, When: (*Membership).isActive, Do: (*Membership).suspend},
		{
			Name: "activate",
			Icon: "unlock",
			When: func(m *Membership) bool { return !m.isActive() },
			Do: func(m *Membership, _ *resource.Session) error {
				m.Status = Active
				return nil
			},
		},
		{Name: "hand_over", Past: "handed_over", Icon: "arrow-right-left", Ask: resource.Ask((*Membership).handOver)},
	},
}

func (m *Membership) isActive() bool { return m.Status == Active }

// check keeps two rules: nobody gives or takes a role with more than they may themselves, and an organization keeps an owner.
// Members who leave take along what was theirs alone.
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
	if c.Before.owns() && !m.owns() {
		owners, err := resource.SelectOne[int](c.AsInstance("an organization keeps an owner, no matter who is seen"),
			`SELECT count(*) FROM {membership} m JOIN {user} u ON u.id = m.user_id
			WHERE m.role = 'owner' AND m.status = 'active' AND u.suspended_at IS NULL AND m.id <> ?`, m.ID)
		if err != nil {
			return err
		}
		if owners == 0 {
			return fault.New(fault.Conflict, "This is the last owner. Make somebody else an owner first.")
		}
	}
	if m.DeletedAt == 0 {
		return nil
	}
	return untie(c.AsInstance("a member who leaves keeps no grant and no place in a team"), string(m.UserID))
}

// OwnerRole is the built-in role that an organization can't be without.
const OwnerRole = "owner"

// owns tells whether the organization has an owner by this membership.
func (m *Membership) owns() bool { return m.Role == OwnerRole && m.isActive() && m.DeletedAt == 0 }

func (m *Membership) suspend(s *resource.Session) error {
	if string(m.UserID) == s.Actor.ID {
		return fault.New(fault.Conflict, "You can't suspend yourself. Leave the organization, or ask somebody else.")
	}
	m.Status = Suspended
	return nil
}

// Heir is who gets what a member has.
type Heir struct {
	HandTo field.Ref `z:"to=user,required,label=Hand over to,help=Takes the place of the member wherever they own, lead or work on something."`
}

func (m *Membership) handOver(in *Heir, s *resource.Session) error {
	return handOver(s.AsInstance("what a member has is handed over whole"), string(m.UserID), string(in.HandTo))
}
