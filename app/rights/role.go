// Package rights decides what a member of an organization may do: by the role that they have, and by grants besides it. It
// knows no database; app/access loads what it decides by, and the kernel asks it in one place. Start with Rights.
package rights

import "strings"

// Role is a built-in role. Each includes the ones before it.
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

// RoleNamed finds a built-in role by its name; an unknown name is Nobody.
func RoleNamed(name string) Role {
	for role, n := range roleNames {
		if n == name {
			return Role(role)
		}
	}
	return Nobody
}

// Permission is the right to use a verb of a kind, such as asset:update, or to do something that belongs to no kind.
type Permission struct {
	Name string `json:"name"`
	// Category is the area of the navigation.
	Category string `json:"category"`
	Help     string `json:"help"`
	// Least is the lowest built-in role that includes it.
	Least Role `json:"-"`
	// InPerson keeps it to people: no API key has it. It decides who is in the organization, what they may do, or how they come in.
	InPerson bool `json:"-"`
}

// Words say what the permission allows, as a phrase: "Change assets". What follows a comma in the help is detail.
func (p Permission) Words() string {
	words, _, _ := strings.Cut(strings.TrimSuffix(p.Help, "."), ",")
	return words
}

// quoted is the permission within a sentence; one that nobody describes goes by its name.
func (p Permission) quoted() string {
	if p.Help == "" {
		return p.Name
	}
	return "“" + p.Words() + "”"
}

// Reads tells whether the permission is to see rows, and changes nothing.
func (p Permission) Reads() bool { return strings.HasSuffix(p.Name, ":read") }

// Set is what a role includes: all that a built-in role has, and what is different.
type Set struct {
	Base    Role
	Added   map[string]bool
	Removed map[string]bool
}

// Has tells whether the role includes a permission.
func (s Set) Has(p Permission) bool {
	return s.Added[p.Name] || s.Base >= p.Least && !s.Removed[p.Name]
}

// With is the set of a role that includes this one and differs in what is added and removed.
func (s Set) With(added, removed []string) Set {
	out := Set{s.Base, map[string]bool{}, map[string]bool{}}
	for name := range s.Added {
		out.Added[name] = true
	}
	for name := range s.Removed {
		out.Removed[name] = true
	}
	for _, name := range added {
		out.Added[name] = true
		delete(out.Removed, name)
	}
	for _, name := range removed {
		out.Removed[name] = true
		delete(out.Added, name)
	}
	return out
}
