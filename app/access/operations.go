package access

import (
	"net/http"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/rights"
)

var operations = []resource.Operation{
	resource.Operate(http.MethodGet, "permissions", "role:read", "Every permission with its category and what it allows", listPermissions),
	resource.Operate(http.MethodPost, "roles/{id}/clone", "role:create", "Make a role with the same permissions", cloneRole).Creating(),
	resource.Operate(http.MethodGet, "access/explain", "", "Why a member may do something with a row, or may not", explain),
	resource.Operate(http.MethodPost, "grants/give", "grant:create", "Give permissions to many on many, in one transaction; with dry_run only tell who would gain what", giveMany),
	resource.Operate(http.MethodPost, "permission-templates/{id}/apply", "grant:create", "Give the permissions of a template to many on many; with dry_run only tell who would gain what", applyTemplate),
}

func listPermissions(s *resource.Session, _ *struct{}) ([]rights.Permission, error) {
	if err := Roles.Require(s, resource.List); err != nil {
		return nil, err
	}
	return s.Kernel().Permissions(), nil
}

type cloneIn struct {
	ID   string `path:"id"`
	Name string `json:"name"`
}

// cloneRole makes a role that stands where the other stands. The clone of a built-in role includes it.
func cloneRole(s *resource.Session, in *cloneIn) (*Role, error) {
	of, err := Roles.Get(s, in.ID)
	if err != nil {
		return nil, err
	}
	return Roles.Create(s, func(r *Role) error {
		r.Name, r.Description, r.Includes, r.Added, r.Removed = in.Name, of.Description, of.Includes, of.Added, of.Removed
		if of.BuiltIn {
			r.Includes = field.Ref(of.ID)
		}
		return nil
	})
}
