package access

import (
	"errors"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// PermissionTemplate is a set of permissions that are given together.
type PermissionTemplate struct {
	resource.Row
	Name        string         `z:"required,max=100,list,search,unique"`
	Description field.LongText `z:"max=500,list,search"`
	Permissions field.Tags     `z:"max=100,list,dropdown=permission,help=Names of permissions, such as asset:update."`
}

// PermissionTemplates is the kind.
var PermissionTemplates = resource.Kind[PermissionTemplate]{
	Check:    (*PermissionTemplate).check,
	InPerson: true, Name: "permission_template", Area: "Access", Icon: "clipboard-list", Order: "name", Roles: administrators,
	Help: "A permission template is a set of permissions that is granted in one go.",
}

func (t *PermissionTemplate) check(c *resource.Change[PermissionTemplate]) error {
	for _, name := range t.Permissions {
		if kind, _, ok := verbOf(c.Kernel(), name); !ok || !kind.Spec().Shared {
			return fault.InvalidField("permissions", "knows no permission %s on rows that can be shared", name)
		}
	}
	return nil
}

// Giving is permissions for many on many: each permission for each of those named on each row or workspace.
type Giving struct {
	Permissions []string
	Users       []string
	Teams       []string
	Roles       []string
	ResourceIDs []string
	Workspaces  []string
	Until       field.Time
	Reason      field.LongText
	// DryRun tells what would be given and gives nothing.
	DryRun bool
}

// Given is one grant that was made, or would be.
type Given struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Gains names the members who could not do it before.
	Gains []string `json:"gains"`
}

const mostGrants = 500

type applying struct {
	ID string
	Giving
}

func applyTemplate(s *resource.Session, in *applying) ([]Given, error) {
	template, err := PermissionTemplates.Get(s, in.ID)
	if err != nil {
		return nil, err
	}
	in.Permissions = template.Permissions
	return giveMany(s, &in.Giving)
}

func giveMany(s *resource.Session, in *Giving) ([]Given, error) {
	if err := Grants.Require(s, resource.Create); err != nil {
		return nil, err
	}
	grants := in.grants()
	if len(grants) == 0 || len(grants) > mostGrants {
		return nil, fault.New(fault.Invalid,
			"Name permissions, whom they are for and what they are on; at most %d grants are made at once.", mostGrants)
	}
	var given []Given
	err := s.Write(func(s *resource.Session) error {
		given = make([]Given, len(grants))
		for i, one := range grants {
			gains, err := one.gains(s)
			if err != nil {
				return err
			}
			made, err := Grants.Create(s, func(g *Grant) error {
				id := g.Row
				*g = one
				g.Row = id
				return nil
			})
			if err != nil {
				return err
			}
			given[i] = Given{made.ID, made.Title, gains}
			if in.DryRun {
				given[i].ID = ""
			}
		}
		if in.DryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return given, err
}

func (in *Giving) grants() (all []Grant) {
	for _, permission := range in.Permissions {
		plain := Grant{Permission: permission, Until: in.Until, Reason: field.LongText(in.Reason)}
		var subjects []Grant
		each := func(ids []string, set func(g *Grant, id field.Ref)) {
			for _, id := range ids {
				g := plain
				set(&g, field.Ref(id))
				subjects = append(subjects, g)
			}
		}
		each(in.Users, func(g *Grant, id field.Ref) { g.UserID = id })
		each(in.Teams, func(g *Grant, id field.Ref) { g.Team = id })
		each(in.Roles, func(g *Grant, id field.Ref) { g.Role = id })
		for _, g := range subjects {
			for _, row := range in.ResourceIDs {
				g := g
				g.ResourceID = row
				all = append(all, g)
			}
			for _, workspace := range in.Workspaces {
				g := g
				g.Workspace = field.Ref(workspace)
				all = append(all, g)
			}
		}
	}
	return all
}

// gains names the members who get by the grant what they don't have.
func (g *Grant) gains(s *resource.Session) ([]string, error) {
	type member struct{ ID, Name, Role string }
	members, err := resource.Select[member](s, `SELECT u.id, u.name, m.role FROM {membership} m JOIN {user} u ON u.id = m.user_id
		WHERE m.user_id = ? OR m.role = ? OR m.user_id IN (SELECT t.user_id FROM {team_member} t WHERE t.team = ?) ORDER BY u.name LIMIT 200`,
		string(g.UserID), string(g.Role), string(g.Team))
	if err != nil {
		return nil, err
	}
	p, err := permissionNamed(s, g.Permission)
	if err != nil {
		return nil, fault.InvalidField("permissions", "knows no permission %s", g.Permission)
	}
	workspace := string(g.Workspace)
	if kind, _, ok := verbOf(s.Kernel(), g.Permission); ok && g.ResourceID != "" {
		row, err := kind.Get(s, g.ResourceID)
		if err != nil {
			return nil, err
		}
		workspace = kind.Workspace(row)
	}
	gains := []string{}
	for _, m := range members {
		held, err := s.RightsOf(m.ID, m.Role)
		if err != nil {
			return nil, err
		}
		if !held.On(p, g.ResourceID, workspace, s.Now.Go()) {
			gains = append(gains, m.Name)
		}
	}
	return gains, nil
}
