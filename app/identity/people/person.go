// Package people is who there is: users, their memberships, and the person whom a request comes from. Start with person.go.
package people

import (
	"zygo/app/identity/tenants"
	"zygo/app/resource"
)

// Person is who a request comes from.
type Person struct {
	*resource.Session
	SessionID string
	User      User
	// Tenant is the current organization; its id is empty for somebody without one.
	Tenant tenants.Tenant
	// FormToken is what every form of this session carries.
	FormToken string
	// Enrolling is somebody whose organization asks for a second factor that they don't have yet. They reach its set-up
	// and nothing else.
	Enrolling bool
	// Barred says why the person is kept out of the organization that the session is in, nil where they are not. They have
	// no organization then, and reach nothing but the way to another one.
	Barred error
	// HasAvatar tells that there is a picture of the person.
	HasAvatar bool
	// Domain is the domain of an organization at which the session was opened, empty for the instance's own address.
	Domain string
}

// RoleID is the id of the person's role in the current organization, empty without one.
func (p *Person) RoleID() string {
	if p.Rights == nil {
		return ""
	}
	return p.Rights.RoleID
}

// Me is the person of a session, where they are.
type Me struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Email    string   `json:"email"`
	Language string   `json:"language"`
	TimeZone string   `json:"time_zone"`
	Operator bool     `json:"operator"`
	Role     string   `json:"role"`
	Tenant   InTenant `json:"tenant"`
}

// InTenant names the organization that a session is in; all is empty without one.
type InTenant struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Slug string `json:"slug"`
}

// Me describes the person to themselves.
func (p *Person) Me() Me {
	return Me{
		ID:       p.User.ID,
		Name:     p.User.Name,
		Email:    string(p.User.Email),
		Language: p.User.Language,
		TimeZone: p.User.TimeZone,
		Operator: p.User.Operator,
		Role:     p.RoleID(),
		Tenant:   InTenant{p.Tenant.ID, p.Tenant.Name, p.Tenant.Slug},
	}
}
