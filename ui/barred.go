package ui

import (
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
)

// barred tells somebody why an organization keeps them out, and leads to their others.
func (s *Site) barred(r *edge.Request, refusal *fault.Error) (*edge.Response, error) {
	v, err := s.visitOf(r, edge.RecognizeEnrolling)
	if err != nil {
		return nil, err
	}
	page := AlonePage{Title: "You can't enter here now", Lead: refusal.Message, Look: look(r), Token: edge.NewFormToken(v.person)}
	tenants, err := s.accounts.Tenants(v.person)
	if err != nil {
		return nil, err
	}
	for _, t := range tenants {
		if t.ID != refusal.Details.(identity.Bar).Tenant {
			page.Others = append(page.Others, Action{Label: "Go to " + t.Name, Icon: "building-2", Post: "/switch/" + t.ID})
		}
	}
	page.Others = append(page.Others, Action{Label: "Your account", Icon: "user", Post: "/switch/" + identity.NoTenant}, Action{Label: "Sign out", Icon: "log-out", Post: "/sign-out"})
	return v.show(edge.Status(refusal.Code), page)
}
