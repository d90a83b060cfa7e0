package members

import (
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
)

// ownershipOffer waits for the answer of somebody who is to own an organization; there is one at a time.
type ownershipOffer struct {
	TenantID  string
	FromID    string
	ToID      string
	CreatedAt field.Time
	ExpiresAt field.Time
}

var ownershipOffers = ownershipOfferTable()

func ownershipOfferTable() *resource.Table {
	t := resource.NewTable[ownershipOffer]("ownership_offer")
	t.Key = []string{"tenant_id"}
	return t
}

const ownershipOfferLife = 7 * 24 * time.Hour

// OwnershipOffer is an offer with its names.
type OwnershipOffer struct {
	TenantID  string     `json:"tenant_id"`
	Tenant    string     `json:"tenant"`
	FromID    string     `json:"from_id"`
	FromName  string     `json:"from"`
	ToID      string     `json:"to_id"`
	ToName    string     `json:"to"`
	CreatedAt field.Time `json:"created_at"`
	ExpiresAt field.Time `json:"expires_at"`
}

// OwnershipOffersTo are the offers that wait for the person's answer.
func (a *Service) OwnershipOffersTo(p *people.Person) ([]OwnershipOffer, error) {
	return offersWhere(p.Personal(), "", p.User.ID)
}

// OwnershipOfferOf is what an organization offers: for its owner, and for whom it is offered to.
func (a *Service) OwnershipOfferOf(p *people.Person, tenant string) (OwnershipOffer, error) {
	to := p.User.ID
	if tenant == p.Tenant.ID && p.Holds("tenant:own") {
		to = ""
	}
	offers, err := offersWhere(p.Personal(), tenant, to)
	if err == nil && len(offers) == 0 {
		err = errNoOffer()
	}
	if err != nil {
		return OwnershipOffer{}, err
	}
	return offers[0], nil
}

func errNoOffer() error {
	return fault.New(fault.NotFound, "There is no such offer, or it has ended.")
}

// offersWhere reads offers of an organization, to a user, or both; an offer counts while its giver owns and its taker is a
// member.
func offersWhere(s *resource.Session, tenant, to string) ([]OwnershipOffer, error) {
	return resource.Select[OwnershipOffer](s,
		`SELECT o.tenant_id, t.name AS tenant, o.from_id, f.name AS from_name, o.to_id, u.name AS to_name, o.created_at, o.expires_at FROM {ownership_offer} o JOIN {tenant} t ON t.id = o.tenant_id
		JOIN {user} f ON f.id = o.from_id JOIN {user} u ON u.id = o.to_id JOIN {membership} g ON g.tenant_id = o.tenant_id AND g.user_id = o.from_id AND g.role = 'owner' AND g.status = 'active'
		JOIN {membership} m ON m.tenant_id = o.tenant_id AND m.user_id = o.to_id AND m.status = 'active'
		WHERE (? = '' OR o.tenant_id = ?) AND (? = '' OR o.to_id = ?) AND o.expires_at > ? ORDER BY t.name`, tenant, tenant, to, to, s.Now)
}

// owning refuses anyone who does not own the organization that the session is in.
func owning(p *people.Person, tenant string) error {
	if err := here(p.Session, tenant); err != nil {
		return err
	}
	return p.RequirePermission("tenant:own")
}

// OfferOwnership asks a member to own the organization in the place of the person, who becomes an admin when it is accepted.
func (a *Service) OfferOwnership(p *people.Person, tenant, user string) error {
	if err := owning(p, tenant); err != nil {
		return err
	}
	if err := p.RequireRecent(); err != nil {
		return err
	}
	return p.Personal().Write(func(system *resource.Session) error {
		s := system.In(tenant)
		heirs, err := resource.Select[people.User](s,
			"SELECT u.* FROM {user} u JOIN {membership} m ON m.user_id = u.id AND m.status = 'active' WHERE u.id = ? AND u.id <> ? AND u.suspended_at IS NULL", user, p.User.ID)
		if err != nil {
			return err
		}
		if len(heirs) == 0 {
			return fault.InvalidField("user_id", "must be another active member")
		}
		offer := ownershipOffer{FromID: p.User.ID, ToID: user, CreatedAt: s.Now, ExpiresAt: s.Now.Add(ownershipOfferLife)}
		if err := s.Put(ownershipOffers, &offer); err != nil {
			return err
		}
		letter := a.offerLetter(heirs[0], p.User.Name, p.Tenant.Name, offer.ExpiresAt)
		if letter.Brand, err = tenants.BrandOf(s); err != nil {
			return err
		}
		if err := a.tenants.Mail(system, letter); err != nil {
			return err
		}
		return s.Record("tenant", "ownership_offered", tenant, resource.Success)
	})
}

// WithdrawOwnership takes the organization's offer back.
func (a *Service) WithdrawOwnership(p *people.Person, tenant string) error {
	if err := owning(p, tenant); err != nil {
		return err
	}
	return p.Write(func(s *resource.Session) error { return endOffer(s, "ownership_withdrawn") })
}

// endOffer ends the offer of the session's organization.
func endOffer(s *resource.Session, event string) error {
	count, err := s.Erase(ownershipOffers)
	if err == nil && count == 0 {
		err = errNoOffer()
	}
	if err != nil {
		return err
	}
	return s.Record("tenant", event, s.Tenant(), resource.Success)
}

// AnswerOwnership accepts or declines what an organization offers to the person, in whatever organization the session is.
func (a *Service) AnswerOwnership(p *people.Person, tenant string, accept bool) error {
	if tenant == "" {
		return errNoOffer()
	}
	return p.Personal().Write(func(system *resource.Session) error {
		offers, err := offersWhere(system, tenant, p.User.ID)
		if err != nil {
			return err
		}
		if len(offers) == 0 {
			return errNoOffer()
		}
		offer, s := offers[0], system.In(tenant)
		givers, err := resource.Select[people.User](system, "SELECT * FROM {user} WHERE id = ?", offer.FromID)
		if err != nil {
			return err
		}
		letter := a.answerLetter(givers[0], offer, accept)
		if letter.Brand, err = tenants.BrandOf(s); err != nil {
			return err
		}
		if err := a.tenants.Mail(system, letter); err != nil {
			return err
		}
		if !accept {
			return endOffer(s, "ownership_declined")
		}
		// The new owner comes first, because an organization is never without one.
		for _, change := range []struct{ user, role string }{{offer.ToID, people.OwnerRole}, {offer.FromID, resource.Admin.String()}} {
			id, err := resource.SelectOne[string](s, "SELECT id FROM {membership} WHERE user_id = ?", change.user)
			if err != nil {
				return err
			}
			if _, err := people.Memberships.Update(s, id, 0, resource.Update, "role_changed", func(m *people.Membership) error {
				m.Role = field.Ref(change.role)
				return nil
			}); err != nil {
				return err
			}
		}
		return endOffer(s, "ownership_transferred")
	})
}
