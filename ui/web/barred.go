package web

import (
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/ui/markup"
)

// barred tells somebody why an organization keeps them out, and leads to their others.
func (s *Site) barred(r *edge.Request, refusal *fault.Error) (*edge.Response, error) {
	v, err := s.visitOf(r, edge.RecognizeEnrolling)
	if err != nil {
		return nil, err
	}
	page := markup.AlonePage{Title: "You can't enter here now", Lead: refusal.Message, Look: Look(r), Token: edge.NewFormToken(v.Person)}
	tenants, err := s.Accounts.Tenants(v.Person)
	if err != nil {
		return nil, err
	}
	for _, t := range tenants {
		if t.ID != refusal.Details.(identity.Bar).Tenant {
			page.Others = append(page.Others, markup.Action{Label: "Go to " + t.Name, Icon: "building-2", Post: "/switch/" + t.ID})
		}
	}
	page.Others = append(page.Others, markup.Action{Label: "Your account", Icon: "user", Post: "/switch/" + identity.NoTenant}, markup.Action{Label: "Sign out", Icon: "log-out", Post: "/sign-out"})
	return v.Show(edge.Status(refusal.Code), page)
}
