package tenants

import (
	"net/url"

	"zygo/app/outbox"
	"zygo/app/resource"
)

// Mail puts a letter about an account into the outbox. Where it was asked for at the host of an organization, it looks like
// that organization, but only to its members: nobody shall get mail of others in the name of one that they don't know.
func (a *Service) Mail(s *resource.Session, letter outbox.Letter) error {
	at, err := a.AtIn(s, s.Origin.Host)
	if err != nil {
		return err
	}
	if at.ID != "" && letter.Brand.Organization == "" {
		known, err := resource.SelectOne[int](s,
			"SELECT count(*) FROM {membership} m JOIN {user} u ON u.id = m.user_id WHERE m.tenant_id = ? AND m.status = 'active' AND u.email = ?", at.ID, letter.To)
		if err != nil {
			return err
		}
		if known > 0 {
			letter.Brand = at.Brand()
		}
	}
	return a.outbox.Put(s, letter)
}

// BrandOf is how the mails of the session's organization look.
func BrandOf(s *resource.Session) (outbox.Brand, error) {
	tenant, err := resource.SelectOne[Tenant](s, "SELECT * FROM {tenant}")
	return tenant.Brand(), err
}

// Link is the address of a page that takes a token.
func (a *Service) Link(page, token string) string {
	return a.URL() + page + "?token=" + url.QueryEscape(token)
}
