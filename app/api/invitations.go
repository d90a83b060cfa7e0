package api

import (
	"net/http"
	"reflect"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/resource"
)

// invitationRoutes ask people in and let them join. An invitation can be listed and made below its organization too.
func (a *API) invitationRoutes() []edge.Route {
	const get, post, remove = http.MethodGet, http.MethodPost, http.MethodDelete
	public := func(path string, handle func(r *edge.Request) (*edge.Response, error)) edge.Route {
		handler := func(r *edge.Request) *edge.Response {
			return a.limited(r, "address "+identity.Network(r.Address), a.open(handle))
		}
		return edge.Route{Method: post, Path: Base + path, Permission: "public", Handler: handler}
	}
	kind, _ := a.kernel.Kind(identity.Invitations.Name)
	return []edge.Route{
		{Method: post, Path: Base + "invitations", Permission: "invitation:create", Handler: a.signedIn(a.invite)},
		{Method: get, Path: Base + "tenants/{id}/invitations", Permission: "invitation:read", Handler: a.inTenant(a.list(kind))},
		{Method: post, Path: Base + "tenants/{id}/invitations", Permission: "invitation:create", Handler: a.inTenant(a.signedIn(a.invite))},
		{Method: post, Path: Base + "invitations/{id}/resend", Permission: "invitation:resend", Handler: a.signedIn(a.resendInvitation)},
		{Method: remove, Path: Base + "invitations/{id}", Permission: "invitation:revoke", Handler: a.signedIn(a.revokeInvitation)},
		public("invitations/{token}/accept", a.acceptInvitation),
		public("invitations/{token}/decline", a.declineInvitation),
	}
}

// invitationOperations describe them.
var invitationOperations = []written{
	{"POST", "invitations", "Ask up to 100 people into the organization; each address has an outcome, and each link is told this once", bodyOf[identity.Inviting](), schemaOf(reflect.TypeFor[[]identity.Invited](), false, nil)},
	{"GET", "tenants/{id}/invitations", "List the invitations of the organization that the session is in", nil, schema{"type": "array", "items": schema{"$ref": "#/components/schemas/Invitation"}}},
	{"POST", "tenants/{id}/invitations", "Ask up to 100 people into the organization that the session is in", bodyOf[identity.Inviting](), schemaOf(reflect.TypeFor[[]identity.Invited](), false, nil)},
	{"POST", "invitations/{id}/resend", "Send an invitation again with another link; the link before it ends", nil, schemaOf(reflect.TypeFor[identity.Invited](), false, nil)},
	{"DELETE", "invitations/{id}", "Take an open invitation back", nil, schema{"type": "null"}},
	{"POST", "invitations/{token}/accept", "Join an organization by the token of a link: signed in with the invited address, or with a name and a password for a new account. The session goes on there with new tokens. By a link that was not mailed, the answer waits: a mail confirms the address first", optionalTexts("name", "password"), schema{"type": "object"}},
	{"POST", "invitations/{token}/decline", "Decline an invitation by the token of its link", nil, schema{"type": "null"}},
}

// inTenant serves a path that names an organization to those whose session is in it. Any other one looks as if it were none.
func (a *API) inTenant(handler edge.Handler) edge.Handler {
	return func(r *edge.Request) *edge.Response {
		person, err := edge.Recognize(a.accounts, r)
		if err == nil && r.Param("id") != person.Tenant.ID {
			err = fault.New(fault.NotFound, "This organization does not exist, or the session is in another one. Switch to it first.")
		}
		if err != nil {
			return a.Fail(r, err)
		}
		return handler(r)
	}
}

func (a *API) invite(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[identity.Inviting](r)
	if err != nil {
		return nil, err
	}
	return answer(a.accounts.Invite(p.Session, in))
}

func (a *API) resendInvitation(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(a.accounts.Resend(p.Session, r.Param("id")))
}

func (a *API) revokeInvitation(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	version, err := ifMatch(r)
	if err != nil {
		return nil, err
	}
	kind, _ := a.kernel.Kind(identity.Invitations.Name)
	_, err = kind.Act(p.Session, r.Param("id"), "revoke", version, resource.Input{})
	return answer(nil, err)
}

// acceptInvitation lets whoever is signed in join; anybody else makes an account.
func (a *API) acceptInvitation(r *edge.Request) (*edge.Response, error) {
	in, err := read[identity.Newcomer](r)
	if err != nil {
		return nil, err
	}
	person, err := edge.RecognizeEnrolling(a.accounts, r)
	token := ""
	switch {
	case err == nil:
		token, person, err = a.accounts.Accept(person, r.Param("token"))
	case fault.Is(err, fault.Unauthenticated) && in.Password != "":
		token, person, err = a.accounts.AcceptNew(r.Context, r.Param("token"), in, r.Origin())
	}
	if err != nil {
		return nil, err
	}
	if token == "" {
		return answer(confirmedOutput{Waits: true}, nil)
	}
	return a.welcome(r, token, person)
}

func (a *API) declineInvitation(r *edge.Request) (*edge.Response, error) {
	if _, err := read[struct{}](r); err != nil {
		return nil, err
	}
	return answer(nil, a.accounts.Decline(r.Context, r.Param("token"), r.Origin()))
}
