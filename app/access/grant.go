package access

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Grant is one permission besides the roles, on one row or on a workspace, for somebody, a team or a role. It only ever gives.
type Grant struct {
	resource.Row
	Title      string         `z:"readonly,max=400,list,search"`
	Permission string         `z:"required,max=100,list,filter,dropdown=permission,help=What the grant allows."`
	UserID     field.Ref      `z:"to=user,tie,filter,label=For the member,short"`
	Team       field.Ref      `z:"to=team,filter,label=For the team,short"`
	Role       field.Ref      `z:"to=role,filter,label=For the role,short"`
	ResourceID string         `z:"max=36,filter,row_of=permission,label=On the row,help=Type some of its words."`
	Workspace  field.Ref      `z:"to=workspace,filter,label=On the workspace"`
	Until      field.Time     `z:"list,filter,help=When it ends by itself; empty is never."`
	Reason     field.LongText `z:"required,max=500,list,search"`
}

// Grants is the kind.
var Grants = resource.Kind[Grant]{
	InPerson: true,
	Name:     "grant", Area: "Access", Icon: "key-round",
	Roles: map[string]resource.Role{
		resource.List:   resource.Admin,
		resource.Get:    resource.Admin,
		resource.Create: resource.Admin,
		resource.Update: resource.Admin,
		resource.Delete: resource.Admin,
	}, Check: (*Grant).check,
	Help: "A grant gives one permission on one row or workspace besides the roles, for as long as it is needed.",
}

// check keeps a grant to one permission that somebody may give, for one, on one.
func (g *Grant) check(c *resource.Change[Grant]) error {
	if c.Verb == resource.Delete {
		return nil
	}
	kind, _, ok := verbOf(c.Kernel(), g.Permission)
	var wrong []error
	if !ok || !kind.Spec().Shared {
		wrong = append(wrong, fault.InvalidField("permission", "must be one of a kind whose rows can be shared, such as asset:update"))
	}
	if given := count(g.UserID != "", g.Team != "", g.Role != ""); given != 1 {
		wrong = append(wrong, fault.InvalidField("user_id", "must be given, or a team or a role, and only one of them"))
	}
	if given := count(g.ResourceID != "", g.Workspace != ""); given != 1 {
		wrong = append(wrong, fault.InvalidField("resource_id", "must be given, or a workspace, and only one of them"))
	}
	if g.Until != 0 && g.Until <= c.Now && (c.Before == nil || g.Until != c.Before.Until) {
		wrong = append(wrong, fault.InvalidField("until", "must be in the future"))
	}
	if err := fault.Together(wrong...); err != nil {
		return err
	}
	if err := g.within(c.Session); err != nil {
		return err
	}
	return g.entitle(c.Session, kind)
}

func count(given ...bool) (n int) {
	for _, one := range given {
		if one {
			n++
		}
	}
	return n
}

// within refuses anyone who lacks the permission there: nobody gives more than they have.
func (g *Grant) within(s *resource.Session) error {
	kind, verb, ok := verbOf(s.Kernel(), g.Permission)
	if !ok {
		return nil // of a kind that is no more; it gives nothing
	}
	workspace := string(g.Workspace)
	if g.ResourceID != "" {
		row, err := kind.Get(s, g.ResourceID)
		if err != nil {
			return fault.InvalidField("resource_id", "is no %s that you can see", kind.Spec().Label())
		}
		workspace = kind.Workspace(row)
	}
	if !s.MayOn(kind.Spec(), verb, g.ResourceID, workspace) {
		return fault.New(fault.Forbidden, "You don't have %s there yourself, so you can't give it.", g.Permission)
	}
	return nil
}

// entitle says in words what the grant is.
func (g *Grant) entitle(s *resource.Session, kind resource.Resource) error {
	name := func(of, id string) (string, error) {
		titles, err := s.TitlesOf(of, []string{id})
		return titles[id], err
	}
	on, err := name("workspace", string(g.Workspace))
	if g.ResourceID != "" && err == nil {
		on, err = name(kind.Spec().Name, g.ResourceID)
	}
	if err != nil {
		return err
	}
	whom := ""
	for of, id := range map[string]field.Ref{"user": g.UserID, "team": g.Team, "role": g.Role} {
		if id == "" {
			continue
		}
		if whom, err = name(of, string(id)); err != nil {
			return err
		}
	}
	g.Title = words(s, g.Permission) + " on " + on + " for " + whom
	return nil
}
