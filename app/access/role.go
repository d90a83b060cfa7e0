package access

import (
	"fmt"
	"slices"

	"zygo/app/fault"
	"zygo/app/feature"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/rights"
)

// Role is what members may do. The four built-in ones have their name as id, so that a membership reads as what it is.
type Role struct {
	resource.Row
	Name        string         `z:"required,max=60,list,search,unique"`
	Includes    field.Ref      `z:"to=role,inverse=Roles that include this one,list,filter,help=This role may do all that the included role may, except what is taken away."`
	Description field.LongText `z:"max=500,list,search"`
	BuiltIn     bool           `z:"readonly"`
	Added       field.Tags     `z:"readonly,max=1000,dropdown=any_permission"`
	Removed     field.Tags     `z:"readonly,max=1000,dropdown=any_permission"`
}

// Roles is the kind.
var Roles = resource.Kind[Role]{
	InPerson: true,
	Name:     "role", Area: "Access", Icon: "shield", Order: "created_at", Feature: string(feature.CustomRoles),
	Help: "A role is a set of permissions. Members have one; a role of your own stands on another one and differs from it.",
	Roles: map[string]resource.Role{
		resource.Create: resource.Admin,
		resource.Update: resource.Admin,
		resource.Delete: resource.Admin,
		"permissions":   resource.Admin,
		"replace":       resource.Admin,
	},
	Check: (*Role).check,
	Actions: []resource.Action[Role]{
		{Name: "permissions", Past: "changed_permissions", Icon: "list-checks", When: (*Role).isOwn, Ask: resource.Ask((*Role).permit)},
		{Name: "replace", Icon: "arrow-right-left", When: (*Role).isOwn, Ask: resource.Ask((*Role).replace)},
	},
}

// administrators change what decides who may do what.
var administrators = map[string]resource.Role{
	resource.Create: resource.Admin,
	resource.Update: resource.Admin,
	resource.Delete: resource.Admin,
}

// builtIn are the roles that each organization has.
var builtIn = []struct {
	role        resource.Role
	description string
}{
	{resource.Viewer, "Sees what the organization has."},
	{resource.Editor, "Creates and changes things, and runs workflows."},
	{resource.Admin, "Manages members, roles and settings."},
	{resource.Owner, "May do everything, also what ends the organization."},
}

// giveRoles makes the built-in roles of a new organization.
func giveRoles(s *resource.Session) error {
	below := ""
	for _, b := range builtIn {
		if _, err := Roles.Create(s, func(r *Role) error {
			r.ID, r.Name, r.Description = b.role.String(), field.Label(b.role.String()), field.LongText(b.description)
			r.Includes, r.BuiltIn = field.Ref(below), true
			return nil
		}); err != nil {
			return err
		}
		below = b.role.String()
	}
	return nil
}

func (r *Role) isOwn() bool { return !r.BuiltIn }

// check keeps built-in roles as they are, and nobody makes or changes a role that may do more than they.
func (r *Role) check(c *resource.Change[Role]) error {
	if c.IsSystem() && r.BuiltIn {
		return nil
	}
	if r.BuiltIn {
		return fault.New(fault.Conflict, "A built-in role stays as it is. Clone it, and change the clone.")
	}
	if c.Verb == resource.Delete {
		return r.checkUnused(c.Session)
	}
	all, err := roleSets(c.Session)
	if err != nil {
		return err
	}
	for up, steps := string(r.Includes), 0; up != ""; up, steps = all[up].includes, steps+1 {
		if up == r.ID || steps > len(all) {
			return fault.InvalidField("includes", "would make the role include itself")
		}
	}
	held := []rights.Set{all[string(r.Includes)].set.With(r.Added, r.Removed)}
	if c.Before != nil {
		held = append(held, all[r.ID].set)
	}
	for _, set := range held {
		if lacks, ok := c.Includes(set); !ok {
			return fault.New(fault.Forbidden, "The role may do more than you: %s. Only somebody who may that too can make or change it.",
				lacks)
		}
	}
	return nil
}

func (r *Role) checkUnused(s *resource.Session) error {
	used, err := resource.SelectOne[int](s,
		`SELECT (SELECT count(*) FROM {membership} WHERE role = ?) + (SELECT count(*) FROM {role} WHERE includes = ?)
		+ (SELECT count(*) FROM {grant} WHERE role = ?) + (SELECT count(*) FROM {invitation} WHERE role = ? AND state = 'open') + (SELECT count(*) FROM {tenant} WHERE default_role = ?)`,
		r.ID, r.ID, r.ID, r.ID, r.ID)
	if err == nil && used > 0 {
		err = fault.New(fault.Conflict,
			"The role is in use: by members, grants, open invitations, other roles, or as the role of new members. Replace it by another one first.")
	}
	return err
}

// PermissionChange is what a role gets and loses.
type PermissionChange struct {
	Add    field.Tags `z:"max=1000,help=Names of permissions, such as asset:update."`
	Remove field.Tags `z:"max=1000"`
}

// permit adds and removes permissions. What the included role gives already is not added again.
func (r *Role) permit(in *PermissionChange, s *resource.Session) error {
	known := s.Kernel().Permissions()
	all, err := roleSets(s)
	if err != nil {
		return err
	}
	below := all[string(r.Includes)].set
	for _, change := range []struct {
		name string
		list field.Tags
	}{{"add", in.Add}, {"remove", in.Remove}} {
		for _, one := range change.list {
			at := slices.IndexFunc(known, func(p rights.Permission) bool { return p.Name == one })
			if at < 0 {
				return fault.InvalidField(change.name, "knows no permission %s", one)
			}
			r.Added, r.Removed = without(r.Added, one), without(r.Removed, one)
			switch has := below.Has(known[at]); {
			case change.name == "add" && !has:
				r.Added = append(r.Added, one)
			case change.name == "remove" && has:
				r.Removed = append(r.Removed, one)
			}
		}
	}
	slices.Sort(r.Added)
	slices.Sort(r.Removed)
	return nil
}

func without(list field.Tags, name string) field.Tags {
	return slices.DeleteFunc(slices.Clone(list), func(one string) bool { return one == name })
}

// Replacement is the role that takes the place of another.
type Replacement struct {
	Role field.Ref `z:"to=role,required,help=Members, grants, open invitations, roles that stand on this one and the role of new members change to it."`
}

// replace gives another role to everybody and everything that has this one, so that it can be deleted.
func (r *Role) replace(in *Replacement, s *resource.Session) error {
	if string(in.Role) == r.ID {
		return fault.InvalidField("role", "must be another role")
	}
	type user struct{ Kind, Field, ID string }
	used, err := resource.Select[user](s, `SELECT 'membership' AS kind, 'role' AS field, id FROM {membership} WHERE role = ?
		UNION ALL SELECT 'role', 'includes', id FROM {role} WHERE includes = ? UNION ALL SELECT 'grant', 'role', id FROM {grant} WHERE role = ?
		UNION ALL SELECT 'invitation', 'role', id FROM {invitation} WHERE role = ? AND state = 'open' UNION ALL SELECT 'tenant', 'default_role', id FROM {tenant} WHERE default_role = ?`,
		r.ID, r.ID, r.ID, r.ID, r.ID)
	if err != nil {
		return err
	}
	for _, u := range used {
		kind, _ := s.Kernel().Kind(u.Kind)
		if _, err := kind.Update(s, u.ID, 0, resource.Input{u.Field: resource.Text(string(in.Role))}); err != nil {
			return err
		}
	}
	return nil
}

// roleSet is a role with all that it includes.
type roleSet struct {
	name, includes string
	set            rights.Set
}

// roleSets resolves every role of the tenant.
func roleSets(s *resource.Session) (map[string]roleSet, error) {
	rows, err := resource.Select[Role](s, "SELECT id, name, includes, built_in, added, removed FROM {role}")
	if err != nil {
		return nil, fmt.Errorf("read the roles: %w", err)
	}
	byID := map[string]*Role{}
	for i := range rows {
		byID[rows[i].ID] = &rows[i]
	}
	all := map[string]roleSet{}
	var resolve func(id string, depth int) rights.Set
	resolve = func(id string, depth int) rights.Set {
		r, ok := byID[id]
		if !ok || depth > len(rows) {
			return rights.Set{}
		}
		if known, ok := all[id]; ok {
			return known.set
		}
		set := rights.Set{Base: rights.RoleNamed(id)}
		if !r.BuiltIn {
			set = resolve(string(r.Includes), depth+1).With(r.Added, r.Removed)
		}
		all[id] = roleSet{r.Name, string(r.Includes), set}
		return set
	}
	for id := range byID {
		resolve(id, 0)
	}
	return all, nil
}
