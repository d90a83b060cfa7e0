// Package members is how organizations get, keep and lose their people: making one, inviting, joining by a domain, leaving,
// owning and deleting it. Start with invitation.go, then invite.go.
package members

import (
	"net/http"
	"slices"

	"zygo/app/identity/sessions"
	"zygo/app/identity/tenants"
	"zygo/app/identity/throttle"
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/app/rights"
)

// Tables are those without surfaces.
var Tables = []*resource.Table{ownershipOffers}

// Permissions are those that no kind has.
var Permissions = []rights.Permission{
	{
		Name:     "tenant:own",
		Category: "Settings",
		Help:     "Make and unmake owners, hand the organization on, and delete it.",
		Least:    rights.Owner,
		InPerson: true,
	},
	{Name: mayInvite, Category: "Settings", Help: "Ask people into the organization.", Least: rights.Admin, InPerson: true},
}

// Operations are what administrators do with members.
var Operations = []operation.Operation{
	operation.Operate(http.MethodGet, "tenants/{id}/users", "membership:read",
		"The members of the organization with their names; search looks in names and addresses", listPeople),
	operation.Operate(http.MethodPatch, "tenants/{id}/users/{user_id}/role", "membership:update", "Give a member another role", changeRole),
	operation.Operate(http.MethodPost, "tenants/{id}/users/{user_id}/suspend", "membership:suspend",
		"Keep a member out of the organization from their next request on", suspendPerson),
	operation.Operate(http.MethodPost, "tenants/{id}/users/{user_id}/activate", "membership:activate", "Let a suspended member in again",
		activatePerson),
	operation.Operate(http.MethodDelete, "tenants/{id}/users/{user_id}", "membership:delete",
		"Remove a member; `hand_to` takes over what they own, lead or work on", removePerson),
}

// Options are what an operator sets, and what other areas say.
type Options struct {
	// CreateOrganizations says who may make organizations besides operators, StrangersCreate that anybody may sign up with one.
	CreateOrganizations string
	StrangersCreate     bool
	// MayAdmit refuses an actor who may not take others into a team.
	MayAdmit func(s *resource.Session, team string) error
	// Mails slows down those who make Zygo send mails.
	Mails *throttle.Throttle
}

// Service changes who belongs to an organization.
type Service struct {
	kernel   *resource.Kernel
	tenants  *tenants.Service
	sessions *sessions.Service
	settings Options
}

// New serves the members of the organizations of an instance.
func New(kernel *resource.Kernel, tenants *tenants.Service, sessions *sessions.Service, settings Options) *Service {
	return &Service{kernel: kernel, tenants: tenants, sessions: sessions, settings: settings}
}

// Operations are what people do with organizations.
func (a *Service) Operations() []operation.Operation {
	return slices.Concat(a.tenantOperations(), a.ownershipOperations(), a.invitationOperations(), a.domainOperations())
}
