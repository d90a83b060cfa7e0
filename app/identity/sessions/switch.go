package sessions

import (
	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// NoTenant stands for no organization at all, where somebody is kept out of the one that they are in.
const NoTenant = "none"

// Switch makes another of the person's organizations the current one, in a session that goes on under another id and gives
// its token: neither a page of the other organization, still open in another tab, nor a client's tokens act in this one.
func (a *Service) Switch(p *people.Person, tenant string) (token string, person *people.Person, err error) {
	if err := a.stays(p, tenant); err != nil {
		return "", nil, err
	}
	token = tokens.New()
	err = p.Personal().Write(func(s *resource.Session) error {
		members, err := resource.Select[int](s, "SELECT 1 FROM {membership} WHERE user_id = ? AND tenant_id = ? AND status = 'active'",
			p.User.ID, tenant)
		if err != nil {
			return err
		}
		if tenant == NoTenant {
			tenant, members = "", []int{1}
		}
		if len(members) == 0 {
			return fault.New(fault.NotFound, "This organization does not exist, or you can't see it.")
		}
		return Renew(s, p.SessionID, resource.NewID(), token, resource.Pair{
			Column: "tenant_id",
			Value:  tenant,
		}, resource.Pair{Column: "form_token", Value: tokens.New()})
	})
	if err != nil {
		return "", nil, err
	}
	person, err = a.Recognize(p.Context, token, p.Origin)
	return token, person, err
}
