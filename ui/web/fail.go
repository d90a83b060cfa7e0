package web

import (
	"net/http"
	"net/url"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/resource"
	"zygo/ui/markup"
)

// barred tells somebody why an organization keeps them out, and leads to their others.
func (s *Site) barred(r *edge.Request, refusal *fault.Error) (*edge.Response, error) {
	v, err := s.visitOf(r, edge.RecognizeEnrolling)
	if err != nil {
		return nil, err
	}
	page := markup.StandalonePage{Title: "You can't enter here now", Lead: refusal.Message, Look: Look(r), Token: edge.NewFormToken(v.Person)}
	tenants, err := s.Identity.Members.TenantsOf(v.Person)
	if err != nil {
		return nil, err
	}
	for _, t := range tenants {
		if t.ID != refusal.Details.(people.Bar).Tenant {
			page.Others = append(page.Others, markup.Action{Label: "Go to " + t.Name, Icon: "building-2", Post: "/switch/" + t.ID})
		}
	}
	page.Others = append(page.Others, markup.Action{
		Label: "Your account",
		Icon:  "user",
		Post:  "/switch/" + sessions.NoTenant,
	}, markup.Action{Label: "Sign out", Icon: "log-out", Post: "/sign-out"})
	return v.Show(edge.Status(refusal.Code), page)
}

// Fail answers an error with a page that says what happened and what to do. Somebody who has to sign in is sent there.
func (s *Site) Fail(r *edge.Request, err error) *edge.Response {
	edge.LogFailure(s.Log, r, err)
	public := fault.Public(err)
	status := edge.Status(public.Code)
	if public.Code == fault.Unauthenticated && !IsFragment(r) {
		to := "/login"
		if r.Method == http.MethodGet && r.Path != "/" {
			to += "?next=" + url.QueryEscape(r.Path+QueryText(r.Query))
		} else if form, err := formOf(r); err == nil && form.Get("draft_page") != "" {
			to += "?kept=draft&next=" + url.QueryEscape(Next(form.Get("draft_page")))
		}
		return edge.Redirect(to)
	}
	if _, enrol := public.Details.(people.Enrol); enrol && !IsFragment(r) {
		return edge.Redirect(FactorsPath)
	}
	if _, barred := public.Details.(people.Bar); barred && !IsFragment(r) {
		if response, err := s.barred(r, public); err == nil {
			return response
		}
	}
	page := markup.ErrorPage{Title: errorTitles[public.Code], Text: public.Message, Look: Look(r), Request: r.ID}
	if page.Title == "" {
		page.Title = "This request can't be carried out"
	}
	if v, signedOut := s.Visit(r); signedOut == nil {
		shell := v.Shell(page.Title)
		page.Shell = &shell
		page.Actions = []markup.Action{{Label: "Home", Href: "/dashboard"}}
		for _, remedy := range s.Remedies {
			if action, ok := remedy(v, public); ok {
				page.Actions = append([]markup.Action{action}, page.Actions...)
			}
		}
		if kind := s.kindAt(r.Path); kind != nil && v.Person.May(kind.Spec(), resource.List) {
			if public.Code == fault.NotFound {
				page.Title = "No such " + Lower(kind.Spec().Label())
				shell.Title = page.Title
			}
			page.Actions = append([]markup.Action{
				{Label: "All " + Lower(kind.Spec().PluralLabel()), Href: "/" + kind.Spec().Path},
			}, page.Actions...)
		}
	}
	response, err := s.Show(r, status, page)
	if err != nil {
		s.Log.Error("an error page can't be rendered", "request", r.ID, "error", err)
		response = edge.NewResponse(http.StatusInternalServerError, "text/plain; charset=utf-8",
			[]byte("Something went wrong on our side. Request "+r.ID+"\n"))
	}
	response.Comeback(public)
	return response
}

// errorTitles say what happened; the fault's own sentence stands below.
var errorTitles = map[fault.Code]string{
	fault.NotFound:         "Not found",
	fault.Forbidden:        "Not allowed",
	fault.FeatureRestrict:  "Your organization does not have this",
	fault.Conflict:         "The state does not allow it",
	fault.Stale:            "Somebody else was faster",
	fault.RateLimited:      "Too many requests",
	fault.TooLarge:         "Too large",
	fault.Internal:         "Something went wrong on our side",
	fault.Unavailable:      "Not available now",
	fault.MethodNotAllowed: "Not found",
}

// kindAt is the kind whose pages begin with the path, nil for none.
func (s *Site) kindAt(path string) resource.Resource {
	for _, kind := range s.Kernel.Kinds() {
		base := "/" + kind.Spec().Path
		if (path == base || strings.HasPrefix(path, base+"/")) && kind.Spec().Has(resource.List) {
			return kind
		}
	}
	return nil
}
