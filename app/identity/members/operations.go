package members

import (
	"net/http"

	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/operation"
	"zygo/app/resource"
)

type newTenantName struct{ Name string }

type tenantName struct{ ID, Name string }

// Joinable is an organization that takes a person in by the domain of their address.
type Joinable struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (a *Service) tenantOperations() []operation.Operation {
	return append(people.Entering([]operation.Operation{
		people.Handle(http.MethodPost, "tenants", "Make an organization that you own; the session stays where it is. Takes an Idempotency-Key",
			func(c *operation.Call, p *people.Person, in *newTenantName) (operation.Created[tenants.Tenant], error) {
				made, err := a.CreateTenant(p, in.Name, c.Repeatable)
				return operation.Created[tenants.Tenant]{Row: operation.Row[tenants.Tenant]{JSON: made}}, err
			}),
		people.Act(http.MethodPost, "tenants/{id}/leave", "Leave an organization; 409 for its last owner",
			func(p *people.Person, in *people.ByID) error { return a.Leave(p, in.ID) }),
		people.SignedIn(http.MethodGet, "tenants/joinable", "The organization that takes you in by the domain of your address; null if there is none",
			func(p *people.Person, _ *people.Nothing) (*Joinable, error) {
				at, err := a.Joinable(p)
				if err != nil || at.ID == "" {
					return nil, err
				}
				return &Joinable{at.ID, at.Name}, nil
			}),
		people.Act(http.MethodPost, "tenants/{id}/join", "Ask for the invitation by which you join it; it comes by mail",
			func(p *people.Person, in *people.ByID) error { return a.AskToJoin(p, in.ID) }),
	}),
		people.Act(http.MethodDelete, "tenants/{id}",
			"Delete the organization that the session is in, for an owner who types its `name`; it can be taken "+
				"back for 14 days. "+
				"Needs a recent proof of who you are",
			func(p *people.Person, in *tenantName) error { return a.DeleteTenant(p, in.ID, in.Name) }).Needing("tenant:own"),
		people.Act(http.MethodPost, "tenants/{id}/restore", "Take the deletion of the organization back",
			func(p *people.Person, in *people.ByID) error { return a.RestoreTenant(p, in.ID) }).Needing("tenant:own"),
	)
}

type heir struct{ ID, UserID string }

func (a *Service) ownershipOperations() []operation.Operation {
	const path = "tenants/{id}/transfer-ownership"
	return []operation.Operation{
		people.Act(http.MethodPost, path,
			"Ask a member to own the organization in your place, who has seven days to accept it; needs a recent "+
				"proof of who you are",
			func(p *people.Person, in *heir) error { return a.OfferOwnership(p, in.ID, in.UserID) }).Needing("tenant:own"),
		people.SignedIn(http.MethodGet, path, "The offer that waits for its answer; for the owner and for whom it is offered to",
			func(p *people.Person, in *people.ByID) (OwnershipOffer, error) { return a.OwnershipOfferOf(p, in.ID) }),
		people.Act(http.MethodDelete, path, "Take the offer back",
			func(p *people.Person, in *people.ByID) error { return a.WithdrawOwnership(p, in.ID) }).Needing("tenant:own"),
		people.Act(http.MethodPost, path+"/accept", "Own the organization; who owned it is an admin then",
			func(p *people.Person, in *people.ByID) error { return a.AnswerOwnership(p, in.ID, true) }),
		people.Act(http.MethodPost, path+"/decline", "Decline to own the organization",
			func(p *people.Person, in *people.ByID) error { return a.AnswerOwnership(p, in.ID, false) }),
	}
}

type invitingInto struct {
	ID string
	Inviting
}

func (a *Service) invitationOperations() []operation.Operation {
	return []operation.Operation{
		people.SignedIn(http.MethodPost, "invitations",
			"Ask up to 100 people into the organization; each address has an outcome, and each link is told this once",
			func(p *people.Person, in *Inviting) ([]Invited, error) { return a.Invite(p.Session, *in) }).Needing(mayInvite),
		people.SignedIn(http.MethodPost, "tenants/{id}/invitations", "Ask up to 100 people into the organization that the session is in",
			func(p *people.Person, in *invitingInto) ([]Invited, error) { return a.Invite(p.Session, in.Inviting) }).Needing(mayInvite),
		people.SignedIn(http.MethodPost, "invitations/{id}/resend", "Send an invitation again with another link; the link before it ends",
			func(p *people.Person, in *people.ByID) (Invited, error) { return a.Resend(p.Session, in.ID) }).Needing("invitation:resend"),
		people.Handle(http.MethodDelete, "invitations/{id}", "Take an open invitation back",
			func(c *operation.Call, p *people.Person, in *people.ByID) (operation.Done, error) {
				kind, _ := a.kernel.Kind(Invitations.Name)
				_, err := kind.Act(p.Session, in.ID, "revoke", c.Version, resource.Input{})
				return operation.Done{}, err
			}).Needing("invitation:revoke"),
		people.PublicAct(http.MethodPost, "invitations/{token}/decline", "Decline an invitation by the token of its link",
			func(c *operation.Call, in *people.ByToken) error { return a.Decline(c.Context, in.Token, c.Origin) }),
	}
}

type domainOf struct{ ID, DomainID string }

func (a *Service) domainOperations() []operation.Operation {
	return []operation.Operation{
		people.SignedIn(http.MethodPost, "domains/{id}/verify", "Look the record of a domain up now; 409 where another organization has proved it",
			func(p *people.Person, in *people.ByID) (operation.Row[tenants.Domain], error) {
				return a.verify(p, in.ID)
			}).Needing("domain:verify"),
		people.SignedIn(http.MethodPost, "tenants/{id}/domains/{domain_id}/verify", "Look the record of a domain up now",
			func(p *people.Person, in *domainOf) (operation.Row[tenants.Domain], error) {
				return a.verify(p, in.DomainID)
			}).Needing("domain:verify"),
		people.Handle(http.MethodDelete, "tenants/{id}/domains/{domain_id}", "Move a domain to the trash",
			func(c *operation.Call, p *people.Person, in *domainOf) (operation.Done, error) {
				kind, _ := a.kernel.Kind(tenants.Domains.Name)
				return operation.Done{}, kind.Remove(p.Session, in.DomainID, c.Version)
			}).Needing("domain:delete"),
	}
}

func (a *Service) verify(p *people.Person, id string) (operation.Row[tenants.Domain], error) {
	domain, err := a.tenants.Verify(p.Session, id)
	if err != nil {
		return operation.Row[tenants.Domain]{}, err
	}
	return operation.RowOf(&tenants.Domains, p.Session, domain), nil
}
