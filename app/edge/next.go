package edge

import (
	"net/url"
	"strings"

	"zygo/app/identity"
)

// Next is where to go after signing in: a page of this instance, never another site.
func Next(to string) string {
	parsed, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, `\`) || parsed.Host != "" || parsed.Path == "/login" {
		return "/dashboard"
	}
	return to
}

// ChallengePath is the page on which a sign-in waits for its second factor, SocialPath that on which one by a provider waits
// to be confirmed or says why it failed.
const (
	ChallengePath = "/auth/mfa-challenge"
	SocialPath    = "/auth/oauth/callback"
	// InvitationPath is where an invitation is accepted.
	InvitationPath = identity.InvitationPath
)
