package ui

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/identity"
)

// signinRoutes are the pages how people come in: the front page, signing in and up, links from mails, invitations.
func (s *Site) signinRoutes() []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []edge.Route{
		{Method: get, Path: "/", Permission: "public", Handler: s.open((*Site).front)},
		{Method: get, Path: "/login", Permission: "public", Handler: s.open((*Site).login)},
		{Method: post, Path: "/login", Permission: "public", Handler: s.open((*Site).signIn)},
		{Method: get, Path: "/setup", Permission: "public", Handler: s.open((*Site).setup)},
		{Method: post, Path: "/setup", Permission: "public", Handler: s.open((*Site).setUp)},
		{Method: get, Path: "/forgot-password", Permission: "public", Handler: s.alone(forgotPage)},
		{Method: post, Path: "/forgot-password", Permission: "public", Handler: s.form((*Site).forgot)},
		{Method: get, Path: "/reset-password", Permission: "public", Handler: s.open((*Site).resetForm)},
		{Method: post, Path: "/reset-password", Permission: "public", Handler: s.form((*Site).reset)},
		{Method: get, Path: "/signup", Permission: "public", Handler: s.open((*Site).signUpForm)},
		{Method: post, Path: "/signup", Permission: "public", Handler: s.form((*Site).signUp)},
		{Method: get, Path: "/verify-email", Permission: "public", Handler: s.open((*Site).verifyForm)},
		{Method: post, Path: "/verify-email", Permission: "public", Handler: s.form((*Site).verify)},
		{Method: post, Path: "/verify-email/resend", Permission: "public", Handler: s.form((*Site).resend)},
		{Method: get, Path: "/confirm-email", Permission: "public", Handler: s.alone(confirmPage)},
		{Method: post, Path: "/confirm-email", Permission: "public", Handler: s.form((*Site).confirm)},
		{Method: post, Path: "/sign-out", Handler: s.enrolling(s.signOut)},
		{Method: post, Path: "/switch/{id}", Handler: s.enrolling(s.switchTenant)},
		{Method: get, Path: identity.SocialPath, Permission: "public", Handler: s.open((*Site).arrived)},
		{Method: post, Path: identity.SocialPath + "/signup", Permission: "public", Handler: s.form((*Site).signUpBy)},
		{Method: post, Path: identity.SocialPath + "/link", Handler: s.signedIn(s.link)},
		{Method: get, Path: identity.InvitationPath, Permission: "public", Handler: s.open((*Site).invited)},
		{Method: post, Path: identity.InvitationPath, Handler: s.enrolling(s.acceptInvitation)},
		{Method: post, Path: identity.InvitationPath + "/new", Permission: "public", Handler: s.form((*Site).acceptAsNew)},
		{Method: post, Path: invitationsPath + "/decline", Permission: "public", Handler: s.form((*Site).declineInvitation)},
		{Method: get, Path: challengePath, Permission: "public", Handler: s.open((*Site).challenge)},
		{Method: post, Path: challengePath, Permission: "public", Handler: s.open((*Site).answerChallenge)},
	}
}
