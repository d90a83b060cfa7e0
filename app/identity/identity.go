// Package identity is who people are and where they belong: users, organizations (tenants), memberships and the
// sessions by which a browser is recognized. Start with user.go, then session.go for how a request finds its actor.
package identity

import (
	"net/http"
	"slices"

	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/identity/tenants"
	"zygo/app/module"
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/app/rights"
)

// Module lists what the area brings.
var Module = module.Module{
	Module: resource.Module{
		Name:  "identity",
		Kinds: []resource.Declaration{&people.Users, &tenants.Kind, &people.Memberships, &Invitations, &tenants.Domains, &AllUsers, &AllTenants},
		Permissions: []rights.Permission{
			{
				Name:     "tenant:own",
				Category: "Settings",
				Help:     "Make and unmake owners, hand the organization on, and delete it.",
				Least:    rights.Owner,
			},
			{Name: mayInvite, Category: "Settings", Help: "Ask people into the organization.", Least: rights.Admin},
		},
		Tables: tables,
	},
	Operations: slices.Concat(tenants.Operations, operations),
	Needs:      []string{"ledger", "role", "team_member"},
}

// tables are those without surfaces. The rows of those with a column user_id are that person's alone, and go with their account.
var tables = slices.Concat(tenants.Tables, sessions.Tables, credentials.Tables,
	[]*resource.Table{ownershipOffers, setups, accountTokens, knownDevices,
		preferences,
		avatars})

var operations = []operation.Operation{
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
