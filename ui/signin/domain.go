package signin

import (
	"zygo/app/edge"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// elsewhere gives the sign-in at the host of an organization its text, keeps providers off it, which know the instance's own
// host, and leads there for them and for passkeys of that host.
func elsewhere(s *web.Site, r *edge.Request, page *markup.StandalonePage) {
	at, err := s.Identity.Tenants.At(r.Context, r.Host)
	if err != nil || at.ID == "" {
		return
	}
	page.Text = string(at.SignInText)
	if page.Passkey == nil && len(page.Others) == 0 {
		return
	}
	page.Others = nil
	page.Foot = append(page.Foot, markup.Link{Label: "Other ways to sign in", Href: s.URL + "/login"})
}
