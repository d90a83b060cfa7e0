// Package signin has the pages for people who are not signed in: set-up, signing in and up, second factors, providers, links from
// mails, invitations. Start with Routes.
package signin

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/identity/members"
	"zygo/app/identity/signin"
	"zygo/ui/web"
)

// Routes are the pages for people who are not signed in.
func Routes(s *web.Site) []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	page := s.Page("")
	return []edge.Route{
		{Method: get, Path: "/", Permission: "public", Handler: s.Handle(front)},
		{Method: get, Path: "/login", Permission: "public", Handler: s.Handle(login)},
		{Method: post, Path: "/login", Permission: "public", Handler: s.Handle(signIn)},
		{Method: get, Path: "/setup", Permission: "public", Handler: s.Handle(setup)},
		{Method: post, Path: "/setup", Permission: "public", Handler: s.Handle(setUp)},
		{Method: get, Path: "/forgot-password", Permission: "public", Handler: s.Standalone(forgotPage)},
		{Method: post, Path: "/forgot-password", Permission: "public", Handler: s.Form(forgot)},
		{Method: get, Path: "/reset-password", Permission: "public", Handler: s.Handle(resetForm)},
		{Method: post, Path: "/reset-password", Permission: "public", Handler: s.Form(reset)},
		{Method: get, Path: "/signup", Permission: "public", Handler: s.Handle(signUpForm)},
		{Method: post, Path: "/signup", Permission: "public", Handler: s.Form(signUp)},
		{Method: get, Path: "/verify-email", Permission: "public", Handler: s.Handle(verifyForm)},
		{Method: post, Path: "/verify-email", Permission: "public", Handler: s.Form(verify)},
		{Method: post, Path: "/verify-email/resend", Permission: "public", Handler: s.Form(resend)},
		{Method: get, Path: "/confirm-email", Permission: "public", Handler: s.Standalone(confirmPage)},
		{Method: post, Path: "/confirm-email", Permission: "public", Handler: s.Form(confirm)},
		{Method: post, Path: "/sign-out", Handler: s.Enrolling(signOut)},
		{Method: post, Path: "/switch/{id}", Handler: s.Enrolling(switchTenant)},
		{Method: get, Path: signin.SocialPath, Permission: "public", Handler: s.Handle(arrived)},
		{Method: post, Path: signin.SocialPath + "/signup", Permission: "public", Handler: s.Form(signUpBy)},
		page(post, signin.SocialPath+"/link", "", link),
		{Method: get, Path: members.InvitationPath, Permission: "public", Handler: s.Handle(invited)},
		{Method: post, Path: members.InvitationPath, Handler: s.Enrolling(acceptInvitation)},
		{Method: post, Path: members.InvitationPath + "/new", Permission: "public", Handler: s.Form(acceptAsNew)},
		{Method: post, Path: web.InvitationsPath + "/decline", Permission: "public", Handler: s.Form(declineInvitation)},
		{Method: get, Path: web.ChallengePath, Permission: "public", Handler: s.Handle(challenge)},
		{Method: post, Path: web.ChallengePath, Permission: "public", Handler: s.Handle(answerChallenge)},
	}
}
