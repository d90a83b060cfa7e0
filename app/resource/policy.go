package resource

import "zygo/app/fault"

// Role is a member's place in a tenant. Each includes the ones before it.
type Role int

// The built-in roles. Nobody is a person without membership.
const (
	Nobody Role = iota
	Viewer
	Editor
	Admin
	Owner
)

var roleNames = [...]string{"", "viewer", "editor", "admin", "owner"}

// String is the role's name in JSON and in the database.
func (r Role) String() string { return roleNames[r] }

// RoleNamed finds a role by its name; an unknown name is Nobody.
func RoleNamed(name string) Role {
	for role, n := range roleNames {
		if n == name {
			return Role(role)
		}
	}
	return Nobody
}

// least is the smallest role that may use a verb or action of the kind.
func (s *Spec) least(verb string) Role {
	switch verb {
	case Restore, Purge:
		verb = Delete // who may throw away may take back, and make an end of it
	case Import:
		verb = Create // it is many of them
	}
	if role, ok := s.roles[verb]; ok {
		return role
	}
	if verb == List || verb == Get {
		return Viewer
	}
	return Editor
}

// Permission is the name of the right to use a verb of a kind. Lists and single rows are read with one right.
func Permission(kind, verb string) string {
	switch verb {
	case List, Get:
		verb = "read"
	case Restore, Purge:
		verb = Delete
	}
	return kind + ":" + verb
}

// May tells whether the session's actor has the right to use a verb of the kind. It is the one place that decides.
func (s *Session) May(spec *Spec, verb string) bool {
	if spec.Operators {
		return s.system || s.Operator
	}
	return s.system || s.Role >= spec.least(verb)
}

// Require refuses an actor who may not use a verb of the kind, and records the refusal. The id is that of the row, empty
// where it is about none.
func (s *Session) Require(spec *Spec, verb, id string) error {
	if s.May(spec, verb) {
		return nil
	}
	permission := Permission(spec.Name, verb)
	if err := s.recordDenied(spec.Name, verb, id); err != nil {
		return err
	}
	if spec.Operators {
		return fault.New(fault.Forbidden, "Only operators of this instance may do that.").With(map[string]string{"permission": permission})
	}
	if s.Role == Nobody {
		return fault.New(fault.Forbidden, "You are no member of this organization.").With(map[string]string{"permission": permission})
	}
	return fault.New(fault.Forbidden, "Your role %s lacks the permission %s. Ask an administrator of the organization for the role %s.", s.Role, permission, spec.least(verb)).
		With(map[string]string{"permission": permission})
}

// RequireRole refuses an actor below the role for an operation that is not a verb of a kind.
func (s *Session) RequireRole(permission string, least Role) error {
	if s.system || s.Role >= least {
		return nil
	}
	if err := s.recordDenied("", permission, ""); err != nil {
		return err
	}
	return fault.New(fault.Forbidden, "Your role lacks the permission %s. Ask an administrator of the organization for the role %s.", permission, least).
		With(map[string]string{"permission": permission})
}
