package access

import (
	"fmt"
	"net/http"

	"zygo/app/field"
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/app/rights"
)

var operations = []operation.Operation{
	operation.Operate(http.MethodGet, "permissions", "role:read", "Every permission with its category and what it allows", listPermissions),
	operation.Operate(http.MethodPost, "roles/{id}/clone", "role:create", "Make a role with the same permissions", cloneRole).Creating(),
	operation.Operate(http.MethodGet, "access/explain", "", "Why a member may do something with a row, or may not", explain),
	operation.Operate(http.MethodPost, "access/move", "",
		"Move rows to another workspace, all or none, and tell who gains and loses what; with dry_run only tell", Move),
	operation.Operate(http.MethodPost, "access/assign", "membership:update",
		"Give members a role, all or none, and tell what each gains and loses; with dry_run only tell", Assign),
	operation.Operate(http.MethodPost, "grants/give", "grant:create",
		"Give permissions to many on many, in one transaction; with dry_run only tell who would gain what", giveMany),
	operation.Operate(http.MethodPost, "permission-templates/{id}/apply", "grant:create",
		"Give the permissions of a template to many on many; with dry_run only tell who would gain what", applyTemplate),
}

func listPermissions(s *resource.Session, _ *struct{}) ([]rights.Permission, error) {
	if err := Roles.Require(s, resource.List); err != nil {
		return nil, err
	}
	return s.Kernel().Permissions(), nil
}

type cloneIn struct {
	ID   string
	Name string
}

func cloneRole(s *resource.Session, in *cloneIn) (operation.Row[Role], error) {
	made, err := Clone(s, in.ID, in.Name)
	if err != nil {
		return operation.Row[Role]{}, err
	}
	return operation.RowOf(&Roles, s, made), nil
}

// Clone makes a role that may do what another may. The clone of a built-in role includes it. Without a name it is called a
// copy, with a number where there is one already.
func Clone(s *resource.Session, id, name string) (*Role, error) {
	of, err := Roles.Get(s, id)
	if err != nil {
		return nil, err
	}
	if name == "" {
		taken, err := resource.SelectOne[int](s, "SELECT count(*) FROM {role} WHERE name LIKE ?", "Copy% of "+of.Name)
		if err != nil {
			return nil, err
		}
		if name = "Copy of " + of.Name; taken > 0 {
			name = fmt.Sprintf("Copy %d of %s", taken+1, of.Name)
		}
	}
	return Roles.Create(s, func(r *Role) error {
		r.Name, r.Description, r.Includes, r.Added, r.Removed = name, of.Description, of.Includes, of.Added, of.Removed
		if of.BuiltIn {
			r.Includes = field.Ref(of.ID)
		}
		return nil
	})
}
