package rights

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"
)

// Grant is one permission besides the roles: on one row, or on all rows of a workspace.
type Grant struct {
	Permission string
	// Row or Workspace is what it is about; one of them is empty.
	Row, Workspace string
	// Until is when it ends by itself; zero is never.
	Until time.Time
	// Through says how the member has it: team, role, or empty for themselves.
	Through string
}

// on is what the grant is about.
func (g *Grant) on() string { return g.Row + g.Workspace }

func (g *Grant) holds(now time.Time) bool { return g.Until.IsZero() || now.Before(g.Until) }

// Rights is what one member may do in an organization. It is shared between requests and never changed. The nil Rights are
// those of nobody.
type Rights struct {
	Set
	// RoleID and RoleName are the member's role.
	RoleID, RoleName string
	// Hides tells that the organization has workspaces that the member does not see; Workspaces are then those that they do.
	Hides      bool
	Workspaces []string
	// Archived are the workspaces that rest: what is in them can be read, and nothing in them changes.
	Archived []string

	// grants are sorted by permission, and those of one by the row or workspace that they are on.
	grants []Grant
	// only are the permissions that are left where they are fewer than the member's; nil leaves all.
	only map[string]bool
}

// Of are the rights that come with a built-in role alone.
func Of(role Role) *Rights {
	return &Rights{Set: Set{Base: role}, RoleID: role.String(), RoleName: role.String()}
}

// Granted gives the rights with grants added to them.
func (r *Rights) Granted(grants []Grant) *Rights {
	out := *r
	out.grants = slices.SortedFunc(slices.Values(grants), func(a, b Grant) int {
		return cmp.Or(strings.Compare(a.Permission, b.Permission), strings.Compare(a.on(), b.on()))
	})
	return &out
}

// Only gives the rights as far as they are among some permissions, for what acts for a member and may do less.
func (r *Rights) Only(permissions map[string]bool) *Rights {
	out := *r
	out.only = permissions
	return &out
}

func (r *Rights) leaves(permission string) bool { return r.only == nil || r.only[permission] }

// Has tells whether the role includes a permission.
func (r *Rights) Has(p Permission) bool { return r.leaves(p.Name) && r.Set.Has(p) }

// Includes tells whether the member has every permission of a set, and names the first that they lack.
func (r *Rights) Includes(other Set, all []Permission) (lacks string, ok bool) {
	for _, p := range all {
		if other.Has(p) && !r.Has(p) {
			return p.Name, false
		}
	}
	return "", true
}

// of are the grants of a permission.
func (r *Rights) of(permission string) []Grant {
	if r == nil || !r.leaves(permission) {
		return nil
	}
	return run(r.grants, permission, func(g *Grant) string { return g.Permission })
}

// run is the part of sorted grants whose key is the given one.
func run(grants []Grant, key string, of func(g *Grant) string) []Grant {
	from := sort.Search(len(grants), func(i int) bool { return of(&grants[i]) >= key })
	behind := sort.Search(len(grants)-from, func(i int) bool { return of(&grants[from+i]) > key })
	return grants[from : from+behind]
}

// Everywhere tells whether the member has a permission on every row that they see.
func (r *Rights) Everywhere(p Permission) bool { return r != nil && r.Has(p) }

// Anywhere tells whether the member has a permission on all rows or on some.
func (r *Rights) Anywhere(p Permission, now time.Time) bool {
	if r.Everywhere(p) {
		return true
	}
	_, ok := holding(r.of(p.Name), now)
	return ok
}

// holding is the first grant that did not end.
func holding(grants []Grant, now time.Time) (Grant, bool) {
	for _, g := range grants {
		if g.holds(now) {
			return g, true
		}
	}
	return Grant{}, false
}

// On tells whether the member has a permission on one row, in its workspace.
func (r *Rights) On(p Permission, row, workspace string, now time.Time) bool {
	if r.Rests(p, row, workspace) {
		return false
	}
	if r.Everywhere(p) {
		return true
	}
	_, ok := r.Grant(p, row, workspace, now)
	return ok
}

// Rests tells whether a permission is held back because the workspace is archived, which the workspace itself can be taken
// out of.
func (r *Rights) Rests(p Permission, row, workspace string) bool {
	return r != nil && len(r.Archived) > 0 && workspace != "" && row != workspace && !p.Reads() && slices.Contains(r.Archived, workspace)
}

// Reaches tells whether the member sees a row and has a permission on it.
func (r *Rights) Reaches(p Permission, row, workspace string, now time.Time) bool {
	return r.sees(row, workspace, now) && r.On(p, row, workspace, now)
}

func (r *Rights) sees(row, workspace string, now time.Time) bool {
	if r == nil || !r.Hides || workspace == "" {
		return r != nil
	}
	seen := r.Seen(now)
	return slices.Contains(seen, workspace) || slices.Contains(seen, row)
}

// Grant is the grant that gives a permission on a row in its workspace.
func (r *Rights) Grant(p Permission, row, workspace string, now time.Time) (Grant, bool) {
	if r == nil {
		return Grant{}, false
	}
	for _, on := range []string{row, workspace} {
		if g, ok := holding(run(r.of(p.Name), on, (*Grant).on), now); ok && on != "" {
			return g, true
		}
	}
	return Grant{}, false
}

// Some are the rows and workspaces that a permission is granted on besides the role.
func (r *Rights) Some(p Permission, now time.Time) (rows, workspaces []string) {
	if r == nil {
		return nil, nil
	}
	for _, g := range r.of(p.Name) {
		switch {
		case !g.holds(now):
		case g.Row != "":
			rows = append(rows, g.Row)
		default:
			workspaces = append(workspaces, g.Workspace)
		}
	}
	return rows, workspaces
}

// Seen are the ids of the workspaces that the member sees, and of all rows and workspaces that something is granted on.
func (r *Rights) Seen(now time.Time) []string {
	seen := slices.Clone(r.Workspaces)
	for _, g := range r.grants {
		if g.holds(now) {
			seen = append(seen, g.on())
		}
	}
	return seen
}
