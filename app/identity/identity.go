// Package identity is who people are and where they belong: users, organizations (tenants), memberships and the
// sessions by which a browser is recognized. Start with user.go, then session.go for how a request finds its actor.
package identity

import (
	"slices"

	"zygo/app/identity/accounts"
	"zygo/app/identity/credentials"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/identity/signin"
	"zygo/app/identity/tenants"
	"zygo/app/module"
	"zygo/app/resource"
)

// Module lists what the area brings.
var Module = module.Module{
	Module: resource.Module{
		Name: "identity",
		Kinds: []resource.Declaration{&people.Users, &tenants.Kind, &people.Memberships, &members.Invitations, &tenants.Domains,
			&AllUsers, &AllTenants},
		Permissions: members.Permissions,
		Tables:      tables,
	},
	Operations: slices.Concat(tenants.Operations, members.Operations),
	Needs:      []string{"ledger", "role", "team_member"},
}

// tables are those without surfaces. The rows of those with a column user_id are that person's alone, and go with their account.
var tables = slices.Concat(tenants.Tables, sessions.Tables, credentials.Tables, members.Tables, accounts.Tables, signin.Tables)
