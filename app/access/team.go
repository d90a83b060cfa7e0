package access

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Team is a group of members, to whom workspaces open and grants are given together.
type Team struct {
	resource.Row
	Name        string         `z:"required,max=100,list,search,unique"`
	Description field.LongText `z:"max=500,list,search"`
	Lead        field.Ref      `z:"to=user,inverse=Teams that they lead,list,filter,help=Whom to ask about the team."`
}

// Teams is the kind.
var Teams = resource.Kind[Team]{
	InPerson: true,
	Name:     "team", Area: "Access", Icon: "users-round", Order: "name", Roles: administrators,
	Help: "A team is a group of members. Private workspaces open to teams, and a grant to a team is one to each of its members.",
}

// TeamMember is somebody's place in a team.
type TeamMember struct {
	resource.Row
	Team   field.Ref `z:"to=team"`
	UserID field.Ref `z:"to=user,tie,required,list,filter,label=Member"`
}

// TeamMembers is the kind.
var TeamMembers = resource.Kind[TeamMember]{
	InPerson: true,
	Name:     "team_member", Label: "member", Path: "members", Parent: "team", Icon: "user", Order: "created_at", Roles: administrators,
	Unique: [][]string{{"tenant_id", "team", "user_id"}}, Check: (*TeamMember).check,
	Help: "Who is in the team.",
}

// check looks at what the team was granted: nobody lets themselves or others into more than they have.
func (m *TeamMember) check(c *resource.Change[TeamMember]) error {
	if c.Verb == resource.Delete {
		return nil
	}
	return within(c.Session, string(m.Team))
}

// MayAdmit refuses an actor who may not take others into a team, for the invitations of those who are no members yet.
func MayAdmit(s *resource.Session, team string) error {
	if err := TeamMembers.Require(s, resource.Create); err != nil {
		return err
	}
	return within(s, team)
}

// within refuses anyone who lacks something that the team was granted, and anyone who does not see each workspace: one of the others
// may open to the team.
func within(s *resource.Session, team string) error {
	if s.Rights != nil && s.Rights.Hides {
		return fault.New(fault.Forbidden, "The team may open workspaces that you don't see. Ask somebody who sees each to add the member.")
	}
	grants, err := resource.Select[Grant](s, "SELECT * FROM {grant} WHERE team = ?", team)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if g.within(s) != nil {
			return fault.New(fault.Forbidden,
				"The team was granted %s where you don't have it. Ask somebody who has it to add the member.", g.Permission)
		}
	}
	return nil
}
