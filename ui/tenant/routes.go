// Package tenant has the pages about an organization and the people in it: members, invitations, domains, branding, features,
// handing on and deletion. Start with Routes.
package tenant

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/identity"
	"zygo/ui/web"
)

// Routes are the pages about an organization and the people in it.
func Routes(s *web.Site) []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := func(method, path, permission string, handle func(v *web.Visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Handler: s.SignedIn(handle)}
	}
	invitationPage := func(method, path, permission string, handle func(v *web.Visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Kind: identity.Invitations.Name, Handler: s.SignedIn(handle)}
	}
	domainPage := func(method, path, permission string, handle func(v *web.Visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Kind: identity.Domains.Name, Handler: s.SignedIn(handle)}
	}
	return []edge.Route{
		page(get, "/tenants/{id}", "tenant:read", tenant),
		page(get, web.DeletionPath, "tenant:own", deletion),
		page(post, web.DeletionPath, "tenant:own", deleteTenant),
		page(post, web.DeletionPath+"/take-back", "tenant:own", restoreTenant),
		{Method: get, Path: web.MembersPath, Permission: "membership:read", Kind: identity.Memberships.Name, Handler: s.SignedIn(members)},
		{
			Method:     get,
			Path:       web.MembersPath + "/{id}",
			Permission: "membership:read",
			Kind:       identity.Memberships.Name,
			Handler:    s.SignedIn(member),
		},
		invitationPage(get, web.InvitationsPath, "invitation:read", invitations),
		invitationPage(get, web.InvitationsPath+"/new", web.MayInvite, inviteForm),
		{
			Method:     post,
			Path:       web.InvitationsPath,
			Permission: web.MayInvite,
			Kind:       identity.Invitations.Name,
			Upload:     true,
			Handler:    s.SignedIn(invite),
		},
		invitationPage(get, web.InvitationsPath+"/{id}", "invitation:read", invitation),
		invitationPage(get, web.InvitationsPath+"/{id}/menu", "invitation:read", invitationMenu),
		invitationPage(post, web.InvitationsPath+"/{id}/resend", "invitation:resend", resendInvitation),
		{Method: get, Path: web.OrganizationsPath, Handler: s.SignedIn(organizations)},
		{Method: post, Path: web.OrganizationsPath + "/{id}/leave", Handler: s.Enrolling(leaveOrganization)},
		{Method: post, Path: web.OrganizationsPath + "/{id}/join", Handler: s.Enrolling(joinOrganization)},
		{Method: post, Path: web.OrganizationsPath + "/{id}/accept", Handler: s.SignedIn(acceptOwnership)},
		{Method: post, Path: web.OrganizationsPath + "/{id}/decline", Handler: s.SignedIn(declineOwnership)},
		{Method: get, Path: ownershipPath, Permission: "tenant:own", Handler: s.SignedIn(ownership)},
		{Method: post, Path: ownershipPath, Permission: "tenant:own", Handler: s.SignedIn(offerOwnership)},
		{Method: post, Path: ownershipPath + "/withdraw", Permission: "tenant:own", Handler: s.SignedIn(withdrawOwnership)},
		{Method: get, Path: web.FoundPath, Handler: s.SignedIn(foundOrganization)},
		{Method: post, Path: web.FoundPath, Handler: s.SignedIn(makeOrganization)},
		{Method: post, Path: web.OnboardingPath + "/resume", Permission: "tenant:update", Handler: s.SignedIn(resumeSteps)},
		{Method: post, Path: web.OnboardingPath + "/{step}/skip", Permission: "tenant:update", Handler: s.SignedIn(skipStep)},
		{
			Method:  get,
			Path:    "/settings/organization/domain",
			Handler: s.SignedIn(func(*web.Visit) (*edge.Response, error) { return edge.Redirect(domainsPath), nil }),
		},
		domainPage(get, domainsPath+"/{id}", "domain:read", domain),
		domainPage(post, domainsPath+"/{id}/verify", "domain:verify", verifyDomain),
		{Method: get, Path: web.BrandingPath, Permission: "tenant:update", Handler: s.SignedIn(branding)},
		{Method: post, Path: web.BrandingPath, Permission: "tenant:update", Upload: true, Handler: s.SignedIn(changeBranding)},
		{Method: post, Path: web.BrandingPath + "/preview", Permission: "tenant:update", Handler: s.SignedIn(previewBranding)},
		{Method: post, Path: web.BrandingPath + "/reset", Permission: "tenant:update", Handler: s.SignedIn(resetBranding)},
		{Method: get, Path: web.FeaturesPath, Permission: "tenant:read", Kind: identity.Tenants.Name, Handler: s.SignedIn(features)},
	}
}
