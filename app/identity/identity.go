// Package identity is who people are and where they belong. Its rooms, from the lowest up:
//
//   - tenants: organizations, their slugs, domains and hosts
//   - people: users, memberships, and the person whom a request comes from
//   - sessions: who is signed in
//   - credentials: by what people show who they are
//   - keys: by what programs show for whom they act
//   - members: how organizations get, keep and lose people
//   - accounts: what people do with their own account
//   - signin: every way in
//   - operators: what operators do with users and organizations
//
// A room knows those below it. This package puts them together.
package identity

import (
	"slices"

	"zygo/app/identity/accounts"
	"zygo/app/identity/credentials"
	"zygo/app/identity/keys"
	"zygo/app/identity/members"
	"zygo/app/identity/operators"
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
			&operators.Accounts, &operators.Organizations, &keys.Kind},
		Permissions: slices.Concat(keys.Permissions, members.Permissions),
		Tables:      tables,
	},
	Operations: slices.Concat(tenants.Operations, members.Operations, keys.Operations),
	Needs:      []string{"ledger", "role", "team_member"},
}

// tables are those without surfaces. The rows of those with a column user_id are that person's alone, and go with their account.
var tables = slices.Concat(tenants.Tables, sessions.Tables, credentials.Tables, keys.Tables, members.Tables, accounts.Tables, signin.Tables)
