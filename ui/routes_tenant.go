package ui

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/identity"
)

// tenantRoutes are the pages about an organization and the people in it.
func (s *Site) tenantRoutes() []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := func(method, path, permission string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Handler: s.signedIn(handle)}
	}
	invitation := func(method, path, permission string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Kind: identity.Invitations.Name, Handler: s.signedIn(handle)}
	}
	domain := func(method, path, permission string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Kind: identity.Domains.Name, Handler: s.signedIn(handle)}
	}
	return []edge.Route{
		page(get, "/tenants/{id}", "tenant:read", s.tenant),
		page(get, deletionPath, "tenant:own", s.deletion),
		page(post, deletionPath, "tenant:own", s.deleteTenant),
		page(post, deletionPath+"/take-back", "tenant:own", s.restoreTenant),
		{Method: get, Path: membersPath, Permission: "membership:read", Kind: identity.Memberships.Name, Handler: s.signedIn(s.members)},
		{Method: get, Path: membersPath + "/{id}", Permission: "membership:read", Kind: identity.Memberships.Name, Handler: s.signedIn(s.member)},
		invitation(get, invitationsPath, "invitation:read", s.invitations),
		invitation(get, invitationsPath+"/new", mayInvite, s.inviteForm),
		{Method: post, Path: invitationsPath, Permission: mayInvite, Kind: identity.Invitations.Name, Upload: true, Handler: s.signedIn(s.invite)},
		invitation(get, invitationsPath+"/{id}", "invitation:read", s.invitation),
		invitation(get, invitationsPath+"/{id}/menu", "invitation:read", s.invitationMenu),
		invitation(post, invitationsPath+"/{id}/resend", "invitation:resend", s.resendInvitation),
		{Method: get, Path: organizationsPath, Handler: s.signedIn(s.organizations)},
		{Method: post, Path: organizationsPath + "/{id}/leave", Handler: s.enrolling(s.leaveOrganization)},
		{Method: post, Path: organizationsPath + "/{id}/join", Handler: s.enrolling(s.joinOrganization)},
		{Method: post, Path: organizationsPath + "/{id}/accept", Handler: s.signedIn(s.acceptOwnership)},
		{Method: post, Path: organizationsPath + "/{id}/decline", Handler: s.signedIn(s.declineOwnership)},
		{Method: get, Path: ownershipPath, Permission: "tenant:own", Handler: s.signedIn(s.ownership)},
		{Method: post, Path: ownershipPath, Permission: "tenant:own", Handler: s.signedIn(s.offerOwnership)},
		{Method: post, Path: ownershipPath + "/withdraw", Permission: "tenant:own", Handler: s.signedIn(s.withdrawOwnership)},
		{Method: get, Path: foundPath, Handler: s.signedIn(s.foundOrganization)},
		{Method: post, Path: foundPath, Handler: s.signedIn(s.makeOrganization)},
		{Method: post, Path: onboardingPath + "/resume", Permission: "tenant:update", Handler: s.signedIn(s.resumeSteps)},
		{Method: post, Path: onboardingPath + "/{step}/skip", Permission: "tenant:update", Handler: s.signedIn(s.skipStep)},
		{Method: get, Path: "/settings/organization/domain", Handler: s.signedIn(func(*visit) (*edge.Response, error) { return edge.Redirect(domainsPath), nil })},
		domain(get, domainsPath+"/{id}", "domain:read", s.domain),
		domain(post, domainsPath+"/{id}/verify", "domain:verify", s.verifyDomain),
		{Method: get, Path: brandingPath, Permission: "tenant:update", Handler: s.signedIn(s.branding)},
		{Method: post, Path: brandingPath, Permission: "tenant:update", Upload: true, Handler: s.signedIn(s.changeBranding)},
		{Method: post, Path: brandingPath + "/preview", Permission: "tenant:update", Handler: s.signedIn(s.previewBranding)},
		{Method: post, Path: brandingPath + "/reset", Permission: "tenant:update", Handler: s.signedIn(s.resetBranding)},
		{Method: get, Path: featuresPath, Permission: "tenant:read", Kind: identity.Tenants.Name, Handler: s.signedIn(s.features)},
	}
}
