package signin

import (
	"net/http"
	"net/url"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/provider"
	"zygo/app/identity/signin"
	"zygo/app/mailbox"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// organizationField asks for the name of a new organization, where strangers may make one.
func organizationField(s *web.Site, value string) []markup.FieldView {
	if !s.Identity.SignIn.MaySignUp() {
		return nil
	}
	return []markup.FieldView{
		{
			Kind:         markup.FieldText,
			Name:         "organization",
			Label:        "Organization",
			Value:        value,
			Autocomplete: "organization",
			MaxLength:    100,
			Help:         "Makes a new one, of which you are the owner. Leave it empty to be taken into one that is there.",
		},
	}
}

// vouching are the providers by whose word on an address an account can be made.
func vouching(s *web.Site) []provider.Named {
	var all []provider.Named
	for _, one := range s.Identity.Credentials.Providers() {
		if one.Name != "microsoft" {
			all = append(all, one)
		}
	}
	return all
}

func arrived(s *web.Site, r *edge.Request) (*edge.Response, error) {
	if reason := r.Query.Get("problem"); reason != "" {
		return showProblem(s, r, s.Identity.SignIn.SocialProblem(reason, r.Query.Get("provider")))
	}
	// Nobody has to be signed in: what is shown says what to do.
	person, _ := edge.Recognize(s.Identity.Sessions, r)
	waits, err := s.Identity.SignIn.Waiting(r.Context, r.Kept(signin.PendingCookieName), person)
	if err != nil {
		return notWaiting(s, r, err)
	}
	if waits.SignUp {
		return s.Show(r, http.StatusOK, joinPage(s, r, waits, waits.Claim.Name, "", r.Query.Get("next")))
	}
	if person == nil {
		return s.Show(r, http.StatusOK, signInFirstPage(s, r, waits))
	}
	return s.Show(r, http.StatusOK, linkPage(s, r, person, waits))
}

// notWaiting is for a browser in which nothing waits any more.
func notWaiting(s *web.Site, r *edge.Request, err error) (*edge.Response, error) {
	f, ok := fault.As(err)
	if !ok || f.Code == fault.Internal {
		return nil, err
	}
	return showProblem(s, r, f)
}

func showProblem(s *web.Site, r *edge.Request, problem *fault.Error) (*edge.Response, error) {
	page := markup.StandalonePage{
		Title:  "You are not signed in",
		Look:   web.Look(r),
		Notice: &markup.Strip{Tone: markup.Bad, Text: problem.Message, Request: failedRequest(r)},
		Foot:   web.BackToSignIn,
	}
	if _, err := edge.Recognize(s.Identity.Sessions, r); err == nil {
		page.Title = "Nothing was changed"
		page.Foot = []markup.Link{{Label: "Your connected accounts", Href: web.ConnectedPath}, {Label: "Home", Href: "/dashboard"}}
	}
	return s.Show(r, http.StatusOK, page)
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
func accountAt(s *web.Site, claim provider.Claim) string {
	text := "the account at " + s.Identity.Credentials.ProviderLabel(claim.Provider)
	if claim.Email != "" {
		text += " with the address " + mailbox.Shown(claim.Email)
	}
	return text
}

// signInFirstPage asks the owner of an account to sign in before anything is linked to it.
func signInFirstPage(s *web.Site, r *edge.Request, waits *signin.Pending) markup.StandalonePage {
	label := s.Identity.Credentials.ProviderLabel(waits.Claim.Provider)
	page := markup.StandalonePage{
		Title: "Link " + label + "?",
		Look:  web.Look(r),
		Foot:  []markup.Link{{Label: "Forgot your password?", Href: "/forgot-password"}, web.BackToSignIn[0]},
		Lead: "Nobody here has " + accountAt(s, waits.Claim) +
			" yet. If you have an account, sign in as you always do; you are asked then whether to link the two. If you have none, ask an administrator of your organization for an invitation.",
	}
	if waits.UserID != "" {
		page.Lead = "There is an account with the address " + mailbox.Shown(waits.Claim.Email) +
			". Sign in as you always do; you are asked then whether " + label + " is to sign you in from now on."
	}
	page.Others = []markup.Action{
		{Label: "Sign in and link " + label, Icon: "link", Href: "/login?next=" + url.QueryEscape(signin.SocialPath)},
	}
	return page
}

func linkPage(s *web.Site, r *edge.Request, p *people.Person, waits *signin.Pending) markup.StandalonePage {
	label := s.Identity.Credentials.ProviderLabel(waits.Claim.Provider)
	return markup.StandalonePage{
		Title:  "Link " + label + " to this account?",
		Look:   web.Look(r),
		Foot:   []markup.Link{{Label: "Cancel", Href: web.ConnectedPath}},
		Action: signin.SocialPath + "/link",
		Submit: "Link " + label,
		Token:  edge.NewFormToken(p),
		Hidden: []markup.Hidden{{Name: "account", Value: waits.Account()}},
		Lead:   "From now on " + accountAt(s, waits.Claim) + " signs in as " + p.User.Name + " (" + p.User.Email.String() + ").",
	}
}

func joinPage(s *web.Site, r *edge.Request, waits *signin.Pending, name, organization, to string) markup.StandalonePage {
	page := markup.StandalonePage{
		Title:  "Make an account",
		Look:   web.Look(r),
		Action: signin.SocialPath + "/signup",
		Submit: "Make the account",
		Wide:   true,
		Foot:   web.BackToSignIn,
		Hidden: []markup.Hidden{{Name: "next", Value: web.Next(to)}, {Name: "account", Value: waits.Account()}},
		Lead: "Your address is " + mailbox.Shown(waits.Claim.Email) + ", as " + s.Identity.Credentials.ProviderLabel(waits.Claim.Provider) +
			" says, and it signs you in from now on.",
		Fields: []markup.FieldView{
			{Kind: markup.FieldText, Name: "name", Label: "Your name", Value: name, Required: true, Autocomplete: "name", MaxLength: 100},
		},
	}
	page.Fields = append(page.Fields, organizationField(s, organization)...)
	return page
}

func signUpBy(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	kept := r.Kept(signin.PendingCookieName)
	waits, err := s.Identity.SignIn.Waiting(r.Context, kept, nil)
	if err != nil {
		return notWaiting(s, r, err)
	}
	if form.Get("account") != waits.Account() {
		page := joinPage(s, r, waits, form.Get("name"), form.Get("organization"), form.Get("next"))
		page.Notice = &otherAccount
		return s.Show(r, http.StatusUnprocessableEntity, page)
	}
	token, person, err := s.Identity.SignIn.SignUpBy(r.Context, kept, form.Get("name"), form.Get("organization"), r.Origin())
	if err != nil {
		return s.Refuse(r, joinPage(s, r, waits, form.Get("name"), form.Get("organization"), form.Get("next")), err)
	}
	response := s.Welcome(r, token, person, web.Next(form.Get("next")))
	response.SetCookie(r, signin.PendingCookie(""))
	return response, nil
}

// otherAccount stands on a page that was sent after another tab of the browser came back with another account.
var otherAccount = markup.Strip{
	Tone: markup.Bad,
	Text: "Another tab of this browser came back with another account, the one that is named here. Nothing was changed. Go on if it is the right one.",
}

func link(v *web.Visit) (*edge.Response, error) {
	kept := v.Kept(signin.PendingCookieName)
	waits, err := v.Site.Identity.SignIn.Waiting(v.Context, kept, v.Person)
	if err != nil {
		return notWaiting(v.Site, v.Request, err)
	}
	if v.Form.Get("account") != waits.Account() {
		page := linkPage(v.Site, v.Request, v.Person, waits)
		page.Notice = &otherAccount
		return v.Site.Show(v.Request, http.StatusUnprocessableEntity, page)
	}
	if _, err := v.Site.Identity.SignIn.Link(v.Person, kept); err != nil {
		if web.IsStale(err) {
			return nil, err
		}
		return notWaiting(v.Site, v.Request, err)
	}
	v.SetCookies(signin.PendingCookie(""))
	return edge.Redirect(web.ConnectedPath), nil
}
