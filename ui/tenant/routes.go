// Package tenant has the pages about an organization and the people in it: members, invitations, domains, branding, features,
// handing on and deletion. Start with Routes.
package tenant

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/ui/web"
)

// Routes are the pages about an organization and the people in it.
func Routes(s *web.Site) []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := s.Page("")
	memberPage := s.Page(people.Memberships.Name)
	invitationPage := s.Page(members.Invitations.Name)
	domainPage := s.Page(tenants.Domains.Name)
	return []edge.Route{
		page(get, "/tenants/{id}", "tenant:read", tenant),
		page(get, web.DeletionPath, "tenant:own", deletion),
		page(post, web.DeletionPath, "tenant:own", deleteTenant),
		page(post, web.DeletionPath+"/take-back", "tenant:own", restoreTenant),
		memberPage(get, web.MembersPath, "membership:read", memberList),
		memberPage(get, web.MembersPath+"/{id}", "membership:read", member),
		invitationPage(get, web.InvitationsPath, "invitation:read", invitations),
		invitationPage(get, web.InvitationsPath+"/new", web.MayInvite, inviteForm),
		{
			Method:     post,
			Path:       web.InvitationsPath,
			Permission: web.MayInvite,
			Kind:       members.Invitations.Name,
			Upload:     true,
			Handler:    s.SignedIn(invite),
		},
		invitationPage(get, web.InvitationsPath+"/{id}", "invitation:read", invitation),
		invitationPage(get, web.InvitationsPath+"/{id}/menu", "invitation:read", invitationMenu),
		invitationPage(post, web.InvitationsPath+"/{id}/resend", "invitation:resend", resendInvitation),
		page(get, web.OrganizationsPath, "", organizations),
		{Method: post, Path: web.OrganizationsPath + "/{id}/leave", Handler: s.Enrolling(leaveOrganization)},
		{Method: post, Path: web.OrganizationsPath + "/{id}/join", Handler: s.Enrolling(joinOrganization)},
		{Method: post, Path: web.OrganizationsPath + "/{id}/accept", Handler: s.SignedIn(acceptOwnership)},
		{Method: post, Path: web.OrganizationsPath + "/{id}/decline", Handler: s.SignedIn(declineOwnership)},
		page(get, ownershipPath, "tenant:own", ownership),
		page(post, ownershipPath, "tenant:own", offerOwnership),
		page(post, ownershipPath+"/withdraw", "tenant:own", withdrawOwnership),
		page(get, web.CreateTenantPath, "", foundOrganization),
		page(post, web.CreateTenantPath, "", makeOrganization),
		page(post, web.OnboardingPath+"/resume", "tenant:update", resumeSteps),
		page(post, web.OnboardingPath+"/{step}/skip", "tenant:update", skipStep),
		{
			Method:  get,
			Path:    "/settings/organization/domain",
			Handler: s.SignedIn(func(*web.Visit) (*edge.Response, error) { return edge.Redirect(domainsPath), nil }),
		},
		domainPage(get, domainsPath+"/{id}", "domain:read", domain),
		domainPage(post, domainsPath+"/{id}/verify", "domain:verify", verifyDomain),
		page(get, web.BrandingPath, "tenant:update", branding),
		{Method: post, Path: web.BrandingPath, Permission: "tenant:update", Upload: true, Handler: s.SignedIn(changeBranding)},
		page(post, web.BrandingPath+"/preview", "tenant:update", previewBranding),
		page(post, web.BrandingPath+"/reset", "tenant:update", resetBranding),
		{Method: get, Path: web.FeaturesPath, Permission: "tenant:read", Kind: tenants.Kind.Name, Handler: s.SignedIn(features)},
	}
}
