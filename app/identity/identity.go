// Package identity is who people are and where they belong: users, organizations (tenants), memberships and the
// sessions by which a browser is recognized. Start with user.go, then session.go for how a request finds its actor.
package identity

import (
	"zygo/app/resource"
	"zygo/app/rights"
)

// Module lists what the area brings.
var Module = resource.Module{
	Name:  "identity",
	Kinds: []resource.Declaration{&Users, &Tenants, &Memberships},
	Permissions: []rights.Permission{
		{Name: "tenant:own", Category: "Settings", Help: "Make and unmake owners, hand the organization on, and delete it.", Least: rights.Owner},
	},
	Operations: operations,
	Tables: []*resource.Table{skippedSteps, sessions, setups, accountTokens, knownDevices, preferences, avatars,
		refreshTokens, signingKeys, challenges, totps, backupCodes, passkeys, rememberedDevices, connectedAccounts, phones, phoneCodes},
}
