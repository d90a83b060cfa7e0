package store

import "encoding/json"

// Scope says which rows a data access may reach. The zero Scope reaches nothing. A Scope is made from a membership, a key
// or a job's envelope, never from request input; a test pins the callers of Within and System by name.
type Scope struct {
	tenant  string
	visible string
	system  bool
}

// Within is the scope of one tenant with all of its workspaces.
func Within(tenant string) Scope { return Scope{tenant: tenant} }

// Seeing narrows the scope to rows of the whole tenant, of workspaces and single ones with the given ids.
func (s Scope) Seeing(ids []string) Scope {
	list, _ := json.Marshal(append([]string{""}, ids...))
	s.visible = string(list)
	return s
}

// System is the scope that crosses tenants. The reason is for the reader of the code; it must not be empty.
func System(why string) Scope {
	if why == "" {
		return Scope{}
	}
	return Scope{system: true}
}

// Tenant is the tenant's id, empty for the system scope and the zero scope.
func (s Scope) Tenant() string { return s.tenant }

// IsSystem tells whether the scope crosses tenants.
func (s Scope) IsSystem() bool { return s.system }

// Sees tells whether a row of the given tenant and workspace is within the scope: the net under the expander.
func (s Scope) Sees(tenant string) bool { return s.system || s.tenant != "" && s.tenant == tenant }

func (s Scope) reachesNothing() bool { return !s.system && s.tenant == "" }

// mode tells apart the SQL texts that one query expands to.
func (s Scope) mode() byte {
	switch {
	case s.system:
		return 's'
	case s.visible != "":
		return 'v'
	default:
		return 't'
	}
}

// arguments puts the scope's own parameters before those of the query.
func (s Scope) arguments(args []any) []any {
	switch s.mode() {
	case 's':
		return args
	case 'v':
		return append([]any{s.tenant, s.visible}, args...)
	default:
		return append([]any{s.tenant}, args...)
	}
}
