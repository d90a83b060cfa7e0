// Package access is who may do what in an organization: roles, teams, workspaces and grants. What they mean is decided by
// app/rights; rightsOf loads what it decides by. Start with role.go.
package access

import (
	"strings"

	"zygo/app/field"
	"zygo/app/module"
	"zygo/app/resource"
	"zygo/app/rights"
)

// Module lists what the area brings.
var Module = module.Module{Module: resource.Module{
	Name:    "access",
	Kinds:   []resource.Declaration{&Roles, &Teams, &TeamMembers, &Workspaces, &Grants, &PermissionTemplates, &Requests},
	Rights:  rightsOf,
	Founded: giveRoles,
}, Needs: []string{"invitation", "membership", "tenant", "user"}, Operations: operations, Home: []module.HomeBlock{openRequests}}

// decisive are the kinds that rights are read from.
var decisive = []string{"role", "team", "team_member", "workspace", "grant"}

// rightsOf loads what a user with a role may do in the session's tenant. Without a user it is what the role alone gives.
func rightsOf(s *resource.Session, user, role string) (*rights.Rights, error) {
	return resource.Cached(s, "rights "+user+" "+role, decisive, func(s *resource.Session) (*rights.Rights, error) {
		all, err := resource.Cached(s, "roles", []string{"role"}, roleSets)
		if err != nil {
			return nil, err
		}
		held := &rights.Rights{Set: all[role].set, RoleID: role, RoleName: all[role].name}
		if user == "" {
			return held, nil
		}
		if err := sees(s, held, user); err != nil {
			return nil, err
		}
		grants, err := grantsOf(s, user, role)
		if err != nil {
			return nil, err
		}
		return held.Granted(grants), nil
	})
}

// sees fills in which workspaces rest, and which the user sees where there are others. Anyone who may change workspaces sees each.
func sees(s *resource.Session, held *rights.Rights, user string) error {
	type workspace struct {
		ID       string
		Archived bool
		Seen     bool
	}
	all, err := resource.Select[workspace](s,
		`SELECT w.id, w.archived_at IS NOT NULL AS archived, NOT w.private OR EXISTS (SELECT 1 FROM list_values(w.teams) j JOIN {team_member} m ON m.team = j.value
		JOIN {team} t ON t.id = m.team WHERE m.user_id = ?) AS seen FROM {workspace} w`, user)
	everything := held.Everywhere(rights.Permission{Name: "workspace:update", Least: resource.Admin})
	for _, w := range all {
		if w.Archived {
			held.Archived = append(held.Archived, w.ID)
		}
		switch {
		case everything:
		case w.Seen:
			held.Workspaces = append(held.Workspaces, w.ID)
		default:
			held.Hides = true
		}
	}
	return err
}

// throughs are the ways to have a grant, by their number in the query of grantsOf.
var throughs = [...]string{"", "team", "role"}

// grantsOf are the grants to a user: their own, those of their teams and those of their role.
func grantsOf(s *resource.Session, user, role string) ([]rights.Grant, error) {
	type stored struct {
		Permission, ResourceID string
		Workspace              field.Ref
		Until                  field.Time
		Through                int
	}
	found, err := resource.Select[stored](s,
		`SELECT permission, resource_id, workspace, until, CASE WHEN team IS NOT NULL THEN 1 WHEN role IS NOT NULL THEN 2 ELSE 0 END AS through FROM {grant}
		WHERE user_id = ? OR role = ? OR team IN (SELECT m.team FROM {team_member} m JOIN {team} t ON t.id = m.team WHERE m.user_id = ?)`,
		user, role, user)
	if err != nil {
		return nil, err
	}
	grants := make([]rights.Grant, len(found))
	for i, g := range found {
		grants[i] = rights.Grant{
			Permission: g.Permission,
			Row:        g.ResourceID,
			Workspace:  string(g.Workspace),
			Until:      g.Until.Go(),
			Through:    throughs[g.Through],
		}
	}
	return grants, nil
}

// verbOf finds the kind and the verb that a permission is about.
func verbOf(k *resource.Kernel, permission string) (kind resource.Resource, verb string, ok bool) {
	name, verb, _ := strings.Cut(permission, ":")
	if kind, ok = k.Kind(name); !ok {
		return nil, "", false
	}
	if verb == "read" {
		verb = resource.Get
	}
	return kind, verb, kind.Spec().May(verb)
}
