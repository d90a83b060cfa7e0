package ui

import (
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/mailbox"
)

// The pages behind an invitation's link. The token leaves the address at once for a cookie of this one browser, so that it
// stands in no history, and signing in by whatever way leads back here without it.

// invited shows whoever followed a link what they can do with it.
func (s *Site) invited(r *edge.Request) (*edge.Response, error) {
	if token := r.Query.Get("token"); token != "" {
		response := edge.Redirect(identity.InvitationPath)
		response.SetCookie(r, identity.InvitationCookie(token))
		return response, nil
	}
	welcome, err := s.accounts.Welcome(r.Context, s.invitationToken(r))
	if err != nil {
		return s.invitationEnded(r, err)
	}
	person, err := edge.RecognizeEnrolling(s.accounts, r)
	switch {
	case err != nil && welcome.HasAccount:
		return s.show(r, http.StatusOK, s.signInToJoin(r, welcome))
	case err != nil:
		return s.show(r, http.StatusOK, s.joinAsNewPage(r, welcome, ""))
	case string(person.User.Email) != welcome.Email:
		return s.show(r, http.StatusOK, otherAddressPage(r, person, welcome))
	}
	return s.show(r, http.StatusOK, confirmJoinPage(r, person, welcome))
}

func (s *Site) invitationToken(r *edge.Request) string {
	return r.Kept(identity.InvitationCookieName)
}

// invitationEnded is the one page for every link that works no more.
func (s *Site) invitationEnded(r *edge.Request, err error) (*edge.Response, error) {
	public := fault.Public(err)
	if public.Code != fault.NotFound {
		return nil, err
	}
	edge.LogFailure(s.log, r, err)
	return s.showRefused(r, public, AlonePage{Title: "This invitation has ended", Look: look(r), Lead: public.Message, Foot: backToSignIn})
}

// invitationPage is what the pages of an invitation that works have in common.
func invitationPage(r *edge.Request, w *identity.Welcome) AlonePage {
	page := AlonePage{Title: "Join " + w.Organization, Look: look(r), Lead: "You are invited as " + w.Role + ".", Hidden: []Hidden{{"invitation", w.ID}}}
	if w.By != "" {
		page.Lead = w.By + " invites you as " + w.Role + "."
	}
	if w.Message != "" {
		page.Lead += " “" + w.Message + "”"
	}
	page.Others = []Action{{Label: "Decline", Icon: "x", Post: invitationsPath + "/decline", Fields: page.Hidden}}
	return page
}

// confirmJoinPage is for somebody who is signed in with the invited address.
func confirmJoinPage(r *edge.Request, p *identity.Person, w *identity.Welcome) AlonePage {
	page := invitationPage(r, w)
	page.Lead += " You join as " + p.User.Name + " (" + p.User.Email.String() + "), and stay in your other organizations."
	page.Action, page.Submit, page.Token = identity.InvitationPath, "Join "+w.Organization, edge.NewFormToken(p)
	page.Foot = []Link{{"Not now", "/dashboard"}}
	return page
}

// otherAddressPage is for somebody who is signed in with another address than the invited one.
func otherAddressPage(r *edge.Request, p *identity.Person, w *identity.Welcome) AlonePage {
	return AlonePage{Title: "This invitation is for somebody else", Look: look(r), Foot: []Link{{"Home", "/dashboard"}},
		Lead:   "It was sent to " + mailbox.Shown(w.Email) + ", and you are signed in as " + p.User.Email.String() + ". If both addresses are yours, sign out and go on with the invited one.",
		Action: "/sign-out", Submit: "Sign out and go on", Token: edge.NewFormToken(p), Hidden: []Hidden{{"next", identity.InvitationPath}}}
}

// signInToJoin is for the owner of an account who is not signed in: the usual sign-in, which leads back.
func (s *Site) signInToJoin(r *edge.Request, w *identity.Welcome) AlonePage {
	page, usual := invitationPage(r, w), s.signInPage(r, mailbox.Shown(w.Email), identity.InvitationPath)
	page.Lead += " Sign in to go on; you are asked once more before you join."
	page.Action, page.Submit, page.Hidden, page.Fields, page.Passkey = usual.Action, usual.Submit, usual.Hidden, usual.Fields, usual.Passkey
	page.Others = append(usual.Others, page.Others...)
	return page
}

// joinAsNewPage makes the account of the invited address. By a link that was not mailed, it can't tell whether there is one.
func (s *Site) joinAsNewPage(r *edge.Request, w *identity.Welcome, name string) AlonePage {
	page := invitationPage(r, w)
	lead := page.Lead
	page.Lead += " Make your account, and you are in."
	page.Action, page.Submit, page.Wide = identity.InvitationPath+"/new", "Make the account and join", true
	email := emailField(mailbox.Shown(w.Email))
	email.ReadOnly = true
	page.Fields = []FieldView{email, {Kind: FieldText, Name: "name", Label: "Your name", Value: name, Required: true, Autocomplete: "name", MaxLength: 100}, newPassword("Password")}
	if !w.Proven {
		page.Submit = "Make the account"
		page.Lead = lead + " Make your account, and confirm your address with the link that comes by mail."
		signIn := Action{Label: "Sign in with your account", Icon: "user", Href: "/login?next=" + identity.InvitationPath}
		page.Others = append([]Action{signIn}, page.Others...)
	}
	return page
}

// meant refuses a form of another invitation than the one that the browser opened last.
func (s *Site) meant(r *edge.Request, form url.Values) (*identity.Welcome, error) {
	welcome, err := s.accounts.Welcome(r.Context, s.invitationToken(r))
	if err == nil && form.Get("invitation") != welcome.ID {
		err = fault.New(fault.Conflict, "Another invitation was opened in this browser since. Open the link that you mean again.")
	}
	return welcome, err
}

func (s *Site) acceptInvitation(v *visit) (*edge.Response, error) {
	if _, err := s.meant(v.Request, v.form); err != nil {
		return s.invitationEnded(v.Request, err)
	}
	token, _, err := s.accounts.Accept(v.person, s.invitationToken(v.Request))
	if err != nil {
		return s.invitationEnded(v.Request, err)
	}
	v.setCookies(identity.SessionCookie(token), identity.InvitationCookie(""))
	return edge.Redirect("/dashboard"), nil
}

func (s *Site) acceptAsNew(r *edge.Request, form url.Values) (*edge.Response, error) {
	welcome, err := s.meant(r, form)
	if err != nil {
		return s.invitationEnded(r, err)
	}
	in := identity.Newcomer{Name: form.Get("name"), Password: field.Password(form.Get("password"))}
	token, person, err := s.accounts.AcceptNew(r.Context, s.invitationToken(r), in, r.Origin())
	switch {
	case fault.Is(err, fault.NotFound):
		return s.invitationEnded(r, err)
	case fault.Is(err, fault.Unauthenticated):
		return edge.Redirect(identity.InvitationPath), nil // the address has an account by now
	case err != nil:
		return s.refuse(r, s.joinAsNewPage(r, welcome, in.Name), err)
	case token == "":
		return s.show(r, http.StatusOK, s.mailedPage(verifyPage(r, mailbox.Shown(welcome.Email))))
	}
	response := s.welcome(r, token, person, "/dashboard")
	response.SetCookie(r, identity.InvitationCookie(""))
	return response, nil
}

func (s *Site) declineInvitation(r *edge.Request, form url.Values) (*edge.Response, error) {
	welcome, err := s.meant(r, form)
	if err == nil {
		err = s.accounts.Decline(r.Context, s.invitationToken(r), r.Origin())
	}
	if err != nil {
		return s.invitationEnded(r, err)
	}
	response, err := s.show(r, http.StatusOK, AlonePage{Title: "Declined", Look: look(r), Foot: []Link{{"Go to Zygo", "/dashboard"}},
		Lead: "You don’t join " + welcome.Organization + ". Whoever invited you sees that, and can invite you again."})
	if err == nil {
		response.SetCookie(r, identity.InvitationCookie(""))
	}
	return response, err
}
