package api

import (
	"net/http"
	"reflect"

	"zygo/app/edge"
	"zygo/app/identity"
	"zygo/app/resource"
)

// tenantRoutes are what people do with organizations as a whole, beside changing the fields of the one that they are in.
func (a *API) tenantRoutes() []edge.Route {
	return []edge.Route{
		{Method: http.MethodGet, Path: Base + "tenants", Handler: a.enrolling(a.ownTenants)},
		{Method: http.MethodPost, Path: Base + "tenants", Handler: a.enrolling(a.foundTenant)},
		{Method: http.MethodPost, Path: Base + "tenants/{id}/leave", Handler: a.enrolling(a.leaveTenant)},
		{Method: http.MethodGet, Path: Base + "tenants/joinable", Handler: a.enrolling(a.joinable)},
		{Method: http.MethodPost, Path: Base + "tenants/{id}/join", Handler: a.enrolling(a.askToJoin)},
		{Method: http.MethodGet, Path: Base + "tenants/{id}/settings", Permission: "tenant:read", Handler: a.get(a.tenantKind())},
		{Method: http.MethodPatch, Path: Base + "tenants/{id}/settings", Permission: "tenant:update", Handler: a.update(a.tenantKind())},
		{Method: http.MethodPost, Path: Base + "tenants/{id}/transfer-ownership", Permission: "tenant:own", Handler: a.signedIn(a.offerOwnership)},
		{Method: http.MethodGet, Path: Base + "tenants/{id}/transfer-ownership", Handler: a.signedIn(a.ownershipOffer)},
		{Method: http.MethodDelete, Path: Base + "tenants/{id}/transfer-ownership", Permission: "tenant:own", Handler: a.signedIn(a.withdrawOwnership)},
		{Method: http.MethodPost, Path: Base + "tenants/{id}/transfer-ownership/accept", Handler: a.signedIn(a.acceptOwnership)},
		{Method: http.MethodPost, Path: Base + "tenants/{id}/transfer-ownership/decline", Handler: a.signedIn(a.declineOwnership)},
	}
}

// tenantOperations describe them. The list is that of the kind.
var tenantOperations = []written{
	{"POST", "tenants", "Make an organization that you own; the session stays where it is. Takes an Idempotency-Key", object("name"), schema{"$ref": "#/components/schemas/Tenant"}},
	{"GET", "tenants/{id}/settings", "The settings of the organization that the session is in: its row", nil, schema{"$ref": "#/components/schemas/Tenant"}},
	{"PATCH", "tenants/{id}/settings", "Change settings of the organization; takes If-Match", schema{"$ref": "#/components/schemas/TenantUpdate"}, schema{"$ref": "#/components/schemas/Tenant"}},
	{"POST", "tenants/{id}/leave", "Leave an organization; 409 for its last owner", nil, schema{"type": "null"}},
	{"GET", "tenants/joinable", "The organization that takes you in by the domain of your address; null where there is none", nil, schemaOf(reflect.TypeFor[*joinableOutput](), false, nil)},
	{"POST", "tenants/{id}/join", "Ask for the invitation by which you join it; it comes by mail", nil, schema{"type": "null"}},
	{"POST", "tenants/{id}/transfer-ownership", "Ask a member to own the organization in your place, who has seven days to accept it; needs a recent proof of who you are", object("user_id"), schema{"type": "null"}},
	{"GET", "tenants/{id}/transfer-ownership", "The offer that waits for its answer; for the owner and for whom it is offered to", nil, schemaOf(reflect.TypeFor[identity.OwnershipOffer](), false, nil)},
	{"DELETE", "tenants/{id}/transfer-ownership", "Take the offer back", nil, schema{"type": "null"}},
	{"POST", "tenants/{id}/transfer-ownership/accept", "Own the organization; who owned it is an admin then", nil, schema{"type": "null"}},
	{"POST", "tenants/{id}/transfer-ownership/decline", "Decline to own the organization", nil, schema{"type": "null"}},
}

// ownTenants lists the organizations that the person belongs to, and not only the one that the session is in.
func (a *API) ownTenants(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	everywhere, own, err := a.accounts.Everywhere(p)
	if err != nil {
		return nil, err
	}
	return listRows(r, everywhere, a.tenantKind(), own)
}

func (a *API) tenantKind() resource.Resource {
	kind, _ := a.kernel.Kind(identity.Tenants.Name)
	return kind
}

type foundInput struct {
	Name string `json:"name"`
}

func (a *API) foundTenant(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[foundInput](r)
	if err != nil {
		return nil, err
	}
	body, err := a.accounts.Found(p, in.Name, repeatable(r))
	if err != nil {
		return nil, err
	}
	return envelope(http.StatusCreated, body), nil
}

func (a *API) leaveTenant(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.Quit(p, r.Param("id")))
}

type joinableOutput struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (a *API) joinable(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	at, err := a.accounts.Joinable(p)
	if err != nil || at.ID == "" {
		return answer(nil, err)
	}
	return answer(joinableOutput{at.ID, at.Name}, nil)
}

func (a *API) askToJoin(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.AskToJoin(p, r.Param("id")))
}

type heirInput struct {
	UserID string `json:"user_id"`
}

func (a *API) offerOwnership(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	in, err := read[heirInput](r)
	if err != nil {
		return nil, err
	}
	return answer(nil, a.accounts.OfferOwnership(p, r.Param("id"), in.UserID))
}

func (a *API) ownershipOffer(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(a.accounts.OwnershipOfferOf(p, r.Param("id")))
}

func (a *API) withdrawOwnership(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.WithdrawOwnership(p, r.Param("id")))
}

func (a *API) acceptOwnership(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.AnswerOwnership(p, r.Param("id"), true))
}

func (a *API) declineOwnership(r *edge.Request, p *identity.Person) (*edge.Response, error) {
	return answer(nil, a.accounts.AnswerOwnership(p, r.Param("id"), false))
}
