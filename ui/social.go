package ui

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/identity/provider"
	"zygo/app/mailbox"
)

// The page on which a sign-in by a provider ends that opened no session: it says what went wrong, or asks to confirm a link or
// a new account. What waits is in a cookie of this one browser.

// providerIcons are plain drawings, none of which is anybody's trade mark.
var providerIcons = map[string]string{"google": "letter-g", "microsoft": "layout-grid", "apple": "apple", "github": "git-branch"}

// departure is the address that leads to a provider.
func departure(name, purpose, to string) string {
	query := url.Values{"next": {next(to)}}
	if purpose != identity.SocialSignIn {
		query.Set("purpose", purpose)
	}
	return "/api/v1/auth/oauth/" + name + "?" + query.Encode()
}

func (s *Site) providerButtons(words, purpose, to string, offered []provider.Named) []Action {
	var buttons []Action
	for _, one := range offered {
		buttons = append(buttons, Action{Label: words + one.Label, Icon: providerIcons[one.Name], Href: departure(one.Name, purpose, to)})
	}
	return buttons
}

// vouching are the providers by whose word on an address an account can be made.
func (s *Site) vouching() []provider.Named {
	var all []provider.Named
	for _, one := range s.accounts.Providers() {
		if one.Name != "microsoft" {
			all = append(all, one)
		}
	}
	return all
}

// proofButtons let somebody without a password prove who they are. A form that was refused can't go along, so that they come
// back to the page on which it stood.
func (v *visit) proofButtons(ways *identity.Ways, to string, refused bool) []Action {
	var linked []provider.Named
	for _, one := range v.site.accounts.Providers() {
		for _, mine := range ways.Connected {
			if mine.Provider == one.Name {
				linked = append(linked, one)
			}
		}
	}
	if refused {
		to = pageOf(to)
	}
	return v.site.providerButtons("Confirm with ", identity.SocialProve, to, linked)
}

// pageOf is the page on which a form stands that is sent to a path: that of the account whose address the path continues.
func pageOf(path string) string {
	page := ""
	for _, tab := range append(slices.Clone(accountTabs), Tab{Href: identity.SocialPath}) {
		if (path == tab.Href || strings.HasPrefix(path, tab.Href+"/")) && len(tab.Href) > len(page) {
			page = tab.Href
		}
	}
	return page
}

func (s *Site) arrived(r *edge.Request) (*edge.Response, error) {
	if reason := r.Query.Get("problem"); reason != "" {
		return s.showProblem(r, s.accounts.SocialProblem(reason, r.Query.Get("provider")))
	}
	// Nobody has to be signed in: what is shown says what to do.
	person, _ := edge.Recognize(s.accounts, r)
	waits, err := s.accounts.Waiting(r.Context, r.Kept(identity.PendingCookieName), person)
	if err != nil {
		return s.notWaiting(r, err)
	}
	if waits.SignUp {
		return s.show(r, http.StatusOK, s.joinPage(r, waits, waits.Claim.Name, "", r.Query.Get("next")))
	}
	if person == nil {
		return s.show(r, http.StatusOK, s.signInFirstPage(r, waits))
	}
	return s.show(r, http.StatusOK, s.linkPage(r, person, waits))
}

// notWaiting is for a browser in which nothing waits any more.
func (s *Site) notWaiting(r *edge.Request, err error) (*edge.Response, error) {
	f, ok := fault.As(err)
	if !ok || f.Code == fault.Internal {
		return nil, err
	}
	return s.showProblem(r, f)
}

func (s *Site) showProblem(r *edge.Request, problem *fault.Error) (*edge.Response, error) {
	page := AlonePage{Title: "You are not signed in", Look: look(r), Notice: &Strip{Tone: Bad, Text: problem.Message, Request: failedRequest(r)}, Foot: backToSignIn}
	if _, err := edge.Recognize(s.accounts, r); err == nil {
		page.Title, page.Foot = "Nothing was changed", []Link{{"Your connected accounts", connectedPath}, {"Home", "/dashboard"}}
	}
	return s.show(r, http.StatusOK, page)
}

// failedRequest is the id of the request that led here, whose line in the log has the cause.
func failedRequest(r *edge.Request) string {
	id := r.Query.Get("request")
	if len(id) != len(r.ID) || strings.Trim(id, "0123456789abcdef-") != "" {
		return ""
	}
	return id
}

// accountAt says whose account it is, in as many words as the provider gave.
func (s *Site) accountAt(claim provider.Claim) string {
	text := "the account at " + s.accounts.ProviderLabel(claim.Provider)
	if claim.Email != "" {
		text += " with the address " + mailbox.Shown(claim.Email)
	}
	return text
}

// signInFirstPage asks the owner of an account to sign in before anything is linked to it.
func (s *Site) signInFirstPage(r *edge.Request, waits *identity.Pending) AlonePage {
	label := s.accounts.ProviderLabel(waits.Claim.Provider)
	page := AlonePage{Title: "Link " + label + "?", Look: look(r), Foot: []Link{{"Forgot your password?", "/forgot-password"}, backToSignIn[0]},
		Lead: "Nobody here has " + s.accountAt(waits.Claim) + " yet. If you have an account, sign in as you always do; you are asked then whether to link the two. If you have none, ask an administrator of your organization for an invitation."}
	if waits.UserID != "" {
		page.Lead = "There is an account with the address " + mailbox.Shown(waits.Claim.Email) + ". Sign in as you always do; you are asked then whether " + label + " is to sign you in from now on."
	}
	page.Others = []Action{{Label: "Sign in and link " + label, Icon: "link", Href: "/login?next=" + url.QueryEscape(identity.SocialPath)}}
	return page
}

func (s *Site) linkPage(r *edge.Request, p *identity.Person, waits *identity.Pending) AlonePage {
	label := s.accounts.ProviderLabel(waits.Claim.Provider)
	return AlonePage{Title: "Link " + label + " to this account?", Look: look(r), Foot: []Link{{"Cancel", connectedPath}}, Action: identity.SocialPath + "/link", Submit: "Link " + label, Token: edge.NewFormToken(p), Hidden: []Hidden{{"account", waits.Account()}},
		Lead: "From now on " + s.accountAt(waits.Claim) + " signs in as " + p.User.Name + " (" + p.User.Email.String() + ")."}
}

func (s *Site) joinPage(r *edge.Request, waits *identity.Pending, name, organization, to string) AlonePage {
	page := AlonePage{Title: "Make an account", Look: look(r), Action: identity.SocialPath + "/signup", Submit: "Make the account", Wide: true, Foot: backToSignIn, Hidden: []Hidden{{"next", next(to)}, {"account", waits.Account()}},
		Lead: "Your address is " + mailbox.Shown(waits.Claim.Email) + ", as " + s.accounts.ProviderLabel(waits.Claim.Provider) + " says, and it signs you in from now on.",
		Fields: []FieldView{
			{Kind: FieldText, Name: "name", Label: "Your name", Value: name, Required: true, Autocomplete: "name", MaxLength: 100},
		}}
	page.Fields = append(page.Fields, s.organizationField(organization)...)
	return page
}

func (s *Site) signUpBy(r *edge.Request, form url.Values) (*edge.Response, error) {
	kept := r.Kept(identity.PendingCookieName)
	waits, err := s.accounts.Waiting(r.Context, kept, nil)
	if err != nil {
		return s.notWaiting(r, err)
	}
	if form.Get("account") != waits.Account() {
		page := s.joinPage(r, waits, form.Get("name"), form.Get("organization"), form.Get("next"))
		page.Notice = &otherAccount
		return s.show(r, http.StatusUnprocessableEntity, page)
	}
	token, person, err := s.accounts.SignUpBy(r.Context, kept, form.Get("name"), form.Get("organization"), r.Origin())
	if err != nil {
		return s.refuse(r, s.joinPage(r, waits, form.Get("name"), form.Get("organization"), form.Get("next")), err)
	}
	response := s.welcome(r, token, person, next(form.Get("next")))
	response.SetCookie(r, identity.PendingCookie(""))
	return response, nil
}

// otherAccount stands on a page that was sent after another tab of the browser came back with another account.
var otherAccount = Strip{Tone: Bad, Text: "Another tab of this browser came back with another account, the one that is named here. Nothing was changed. Go on if it is the right one."}

func (s *Site) link(v *visit) (*edge.Response, error) {
	kept := v.Kept(identity.PendingCookieName)
	waits, err := s.accounts.Waiting(v.Context, kept, v.person)
	if err != nil {
		return s.notWaiting(v.Request, err)
	}
	if v.form.Get("account") != waits.Account() {
		page := s.linkPage(v.Request, v.person, waits)
		page.Notice = &otherAccount
		return s.show(v.Request, http.StatusUnprocessableEntity, page)
	}
	if _, err := s.accounts.Link(v.person, kept); err != nil {
		if isStale(err) {
			return nil, err
		}
		return s.notWaiting(v.Request, err)
	}
	v.setCookies(identity.PendingCookie(""))
	return edge.Redirect(connectedPath), nil
}
