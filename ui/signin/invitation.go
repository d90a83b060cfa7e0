package signin

import (
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/identity/signin"
	"zygo/app/mailbox"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// The pages behind an invitation's link. The token leaves the address at once for a cookie of this one browser, so that it
// stands in no history, and signing in by whatever way leads back here without it.

// invited shows anyone who followed a link what they can do with it.
func invited(s *web.Site, r *edge.Request) (*edge.Response, error) {
	if token := r.Query.Get("token"); token != "" {
		response := edge.Redirect(members.InvitationPath)
		response.SetCookie(r, signin.InvitationCookie(token))
		return response, nil
	}
	welcome, err := s.Identity.Members.Welcome(r.Context, invitationToken(s, r))
	if err != nil {
		return invitationEnded(s, r, err)
	}
	person, err := edge.RecognizeEnrolling(s.Identity.Sessions, r)
	switch {
	case err != nil && welcome.HasAccount:
		return s.Show(r, http.StatusOK, signInToJoin(s, r, welcome))
	case err != nil:
		return s.Show(r, http.StatusOK, joinAsNewPage(s, r, welcome, ""))
	case string(person.User.Email) != welcome.Email:
		return s.Show(r, http.StatusOK, otherAddressPage(r, person, welcome))
	}
	return s.Show(r, http.StatusOK, confirmJoinPage(r, person, welcome))
}

func invitationToken(s *web.Site, r *edge.Request) string {
	return r.Kept(signin.InvitationCookieName)
}

// invitationEnded is the one page for every link that works no more.
func invitationEnded(s *web.Site, r *edge.Request, err error) (*edge.Response, error) {
	public := fault.Public(err)
	if public.Code != fault.NotFound {
		return nil, err
	}
	edge.LogFailure(s.Log, r, err)
	return s.ShowRefused(r, public, markup.StandalonePage{
		Title: "This invitation has ended",
		Look:  web.Look(r),
		Lead:  public.Message,
		Foot:  web.BackToSignIn,
	})
}

// invitationPage is what the pages of an invitation that works have in common.
func invitationPage(r *edge.Request, w *members.Welcome) markup.StandalonePage {
	page := markup.StandalonePage{
		Title:  "Join " + w.Organization,
		Look:   web.Look(r),
		Lead:   "You are invited as " + w.Role + ".",
		Hidden: []markup.Hidden{{Name: "invitation", Value: w.ID}},
	}
	if w.By != "" {
		page.Lead = w.By + " invites you as " + w.Role + "."
	}
	if w.Message != "" {
		page.Lead += " “" + w.Message + "”"
	}
	page.Others = []markup.Action{{Label: "Decline", Icon: "x", Post: web.InvitationsPath + "/decline", Fields: page.Hidden}}
	return page
}

// confirmJoinPage is for somebody who is signed in with the invited address.
func confirmJoinPage(r *edge.Request, p *people.Person, w *members.Welcome) markup.StandalonePage {
	page := invitationPage(r, w)
	page.Lead += " You join as " + p.User.Name + " (" + p.User.Email.String() + "), and stay in your other organizations."
	page.Action, page.Submit, page.Token = members.InvitationPath, "Join "+w.Organization, edge.NewFormToken(p)
	page.Foot = []markup.Link{{Label: "Not now", Href: "/dashboard"}}
	return page
}

// otherAddressPage is for somebody who is signed in with another address than the invited one.
func otherAddressPage(r *edge.Request, p *people.Person, w *members.Welcome) markup.StandalonePage {
	return markup.StandalonePage{
		Title: "This invitation is for somebody else",
		Look:  web.Look(r),
		Foot:  []markup.Link{{Label: "Home", Href: "/dashboard"}},
		Lead: "It was sent to " + mailbox.Shown(w.Email) + ", and you are signed in as " + p.User.Email.String() +
			". If both addresses are yours, sign out and go on with the invited one.",
		Action: "/sign-out",
		Submit: "Sign out and go on",
		Token:  edge.NewFormToken(p),
		Hidden: []markup.Hidden{{Name: "next", Value: members.InvitationPath}},
	}
}

// signInToJoin is for the owner of an account who is not signed in: the usual sign-in, which leads back.
func signInToJoin(s *web.Site, r *edge.Request, w *members.Welcome) markup.StandalonePage {
	page, usual := invitationPage(r, w), signInPage(s, r, mailbox.Shown(w.Email), members.InvitationPath)
	page.Lead += " Sign in to go on; you are asked once more before you join."
	page.Action, page.Submit, page.Hidden, page.Fields, page.Passkey = usual.Action, usual.Submit, usual.Hidden, usual.Fields, usual.Passkey
	page.Others = append(usual.Others, page.Others...)
	return page
}

// joinAsNewPage makes the account of the invited address. By a link that was not mailed, it can't tell whether there is one.
func joinAsNewPage(s *web.Site, r *edge.Request, w *members.Welcome, name string) markup.StandalonePage {
	page := invitationPage(r, w)
	lead := page.Lead
	page.Lead += " Make your account, and you are in."
	page.Action, page.Submit, page.Wide = members.InvitationPath+"/new", "Make the account and join", true
	email := web.EmailField(mailbox.Shown(w.Email))
	email.ReadOnly = true
	page.Fields = []markup.FieldView{
		email,
		{Kind: markup.FieldText, Name: "name", Label: "Your name", Value: name, Required: true, Autocomplete: "name", MaxLength: 100},
		web.NewPassword("Password"),
	}
	if !w.Proven {
		page.Submit = "Make the account"
		page.Lead = lead + " Make your account, and confirm your address with the link that comes by mail."
		signIn := markup.Action{Label: "Sign in with your account", Icon: "user", Href: "/login?next=" + members.InvitationPath}
		page.Others = append([]markup.Action{signIn}, page.Others...)
	}
	return page
}

// meant refuses a form of another invitation than the one that the browser opened last.
func meant(s *web.Site, r *edge.Request, form url.Values) (*members.Welcome, error) {
	welcome, err := s.Identity.Members.Welcome(r.Context, invitationToken(s, r))
	if err == nil && form.Get("invitation") != welcome.ID {
		err = fault.New(fault.Conflict, "Another invitation was opened in this browser since. Open the link that you mean again.")
	}
	return welcome, err
}

func acceptInvitation(v *web.Visit) (*edge.Response, error) {
	if _, err := meant(v.Site, v.Request, v.Form); err != nil {
		return invitationEnded(v.Site, v.Request, err)
	}
	token, _, err := v.Site.Identity.Members.Accept(v.Person, invitationToken(v.Site, v.Request))
	if err != nil {
		return invitationEnded(v.Site, v.Request, err)
	}
	v.SetCookies(sessions.Cookie(token), signin.InvitationCookie(""))
	return edge.Redirect("/dashboard"), nil
}

func acceptAsNew(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	welcome, err := meant(s, r, form)
	if err != nil {
		return invitationEnded(s, r, err)
	}
	in := signin.Newcomer{Name: form.Get("name"), Password: field.Password(form.Get("password"))}
	token, person, err := s.Identity.SignIn.AcceptNew(r.Context, invitationToken(s, r), in, r.Origin())
	switch {
	case fault.Is(err, fault.NotFound):
		return invitationEnded(s, r, err)
	case fault.Is(err, fault.Unauthenticated):
		return edge.Redirect(members.InvitationPath), nil // the address has an account by now
	case err != nil:
		return s.Refuse(r, joinAsNewPage(s, r, welcome, in.Name), err)
	case token == "":
		return s.Show(r, http.StatusOK, s.MailedPage(verifyPage(r, mailbox.Shown(welcome.Email))))
	}
	response := s.Welcome(r, token, person, "/dashboard")
	response.SetCookie(r, signin.InvitationCookie(""))
	return response, nil
}

func declineInvitation(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	welcome, err := meant(s, r, form)
	if err == nil {
		err = s.Identity.Members.Decline(r.Context, invitationToken(s, r), r.Origin())
	}
	if err != nil {
		return invitationEnded(s, r, err)
	}
	response, err := s.Show(r, http.StatusOK, markup.StandalonePage{
		Title: "Declined",
		Look:  web.Look(r),
		Foot:  []markup.Link{{Label: "Go to Zygo", Href: "/dashboard"}},
		Lead:  "You don’t join " + welcome.Organization + ". The person who invited you sees that, and can invite you again.",
	})
	if err == nil {
		response.SetCookie(r, signin.InvitationCookie(""))
	}
	return response, err
}
