package web

import (
	"net/url"
	"strings"

	"zygo/app/identity/people"
	"zygo/app/identity/signin"
)

// The addresses of pages to which pages of other areas lead.
const (
	SettingsPath      = "/settings"
	SessionsPath      = "/settings/security/sessions"
	ConnectedPath     = "/settings/security/connected-accounts"
	DataPath          = "/settings/data"
	OrganizationsPath = "/settings/organizations"
	BrandingPath      = "/settings/organization/branding"
	FeaturesPath      = "/settings/organization/features"
	DeletionPath      = "/settings/organization/delete"
	InvitationsPath   = "/invitations"
	MembersPath       = "/memberships"
	OnboardingPath    = "/onboarding"
	CreateTenantPath  = OnboardingPath + "/create-organization"
	// AccessPath leads to who may do what with a row: /access/asset/ID.
	AccessPath = "/access"
	// ChallengePath is where a sign-in waits for its second factor.
	ChallengePath = signin.ChallengePath
	// FactorsPath is where people see to their second factors, and where those are led who need one first.
	FactorsPath = "/settings/security/mfa"
)

// MayInvite is the permission to invite people.
const MayInvite = "invitation:create"

// MostMembers bounds the members that one page shows.
const MostMembers = 200

// AvatarPath is the address of a person's picture.
func AvatarPath(p *people.Person) string { return "/api/v1/users/" + p.User.ID + "/avatar" }

// Departure is the address that leads to a provider.
func Departure(name, purpose, to string) string {
	query := url.Values{"next": {Next(to)}}
	if purpose != signin.SocialSignIn {
		query.Set("purpose", purpose)
	}
	return "/api/v1/auth/oauth/" + name + "?" + query.Encode()
}

// QueryText is what an address ends with: nothing, or "?" and the parameters.
func QueryText(values url.Values) string {
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// Next is where to go after signing in: a page of this instance, never another site.
func Next(to string) string { return signin.Next(to) }

// IsID tells whether a text has the form of an id, so that it can stand in an address.
func IsID(text string) bool {
	return len(text) == 36 && strings.Trim(text, "0123456789abcdef-") == ""
}
