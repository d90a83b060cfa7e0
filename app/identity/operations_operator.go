package identity

import (
	"zygo/app/field"
	"zygo/app/operation"
)

type suspension struct {
	ID     string
	Reason field.LongText
}

type organizationChange struct {
	ID string
	OrganizationChange
}

// operatorOperations are what operators do with accounts of the whole instance.
func (a *Accounts) operatorOperations() []operation.Operation {
	return []operation.Operation{
		personal(get, "admin/users", "The accounts of the instance, newest first; `search` looks in names and addresses; for operators", a.accountList),
		personal(get, "admin/users/{id}", "An account; for operators",
			func(p *Person, in *byID) (Account, error) { return a.Account(p, in.ID) }),
		act(post, "users/{id}/suspend", "Close an account: its sessions, tokens and streams end at once, and nobody enters it; for operators",
			func(p *Person, in *byID) error { return a.Suspend(p, in.ID) }),
		act(post, "users/{id}/activate", "Open a suspended account again; for operators",
			func(p *Person, in *byID) error { return a.Activate(p, in.ID) }),
		personal(get, "users/{id}/sessions", "The open sessions of a person; for operators",
			func(p *Person, in *byID) ([]OpenSession, error) { return a.AccountSessions(p, in.ID) }),
		act(remove, "users/{id}/sessions", "End every session of a person at once; for operators",
			func(p *Person, in *byID) error { return a.SignOutEverywhere(p, in.ID) }),
		personal(get, "users/{id}/activity", "What a person did and what was done to their account, newest first. "+
			"A part may hold fewer than `limit`; it goes on while there is a `next_cursor`. For operators", a.activity),
	}
}

type partOfUser struct {
	ID string
	operation.Part
}

type foundPart struct {
	Search string
	operation.Part
}

func (a *Accounts) accountList(p *Person, in *foundPart) (operation.Rows[Account], error) {
	return operation.ReadPart(in.Part, func(before int64, limit int) ([]Account, error) { return a.Accounts(p, in.Search, before, limit) },
		func(last Account) int64 { return last.N })
}

func (a *Accounts) activity(p *Person, in *partOfUser) (operation.Rows[Act], error) {
	before, limit, err := in.Bounds()
	if err != nil {
		return operation.Rows[Act]{}, err
	}
	acts, next, err := a.Activity(p, in.ID, before, limit)
	return operation.Rows[Act]{Rows: acts, Limit: limit, Next: next}, err
}

// operatorTenantOperations are what operators do with organizations as a whole.
func (a *Accounts) operatorTenantOperations() []operation.Operation {
	return []operation.Operation{
		personal(get, "admin/tenants", "The organizations of the instance, newest first; `search` looks in names and slugs; for operators", a.organizationList),
		personal(get, "admin/tenants/{id}", "An organization; for operators",
			func(p *Person, in *byID) (Organization, error) { return a.Organization(p, in.ID) }),
		act(patch, "admin/tenants/{id}", "Set what only operators set of an organization",
			func(p *Person, in *organizationChange) error {
				return a.ChangeOrganization(p, in.ID, in.OrganizationChange)
			}),
		act(post, "admin/tenants/{id}/suspend", "Close an organization at once, for a `reason` that its members read: nobody enters it, and nothing runs in it; for operators",
			func(p *Person, in *suspension) error { return a.SuspendOrganization(p, in.ID, string(in.Reason)) }),
		act(post, "admin/tenants/{id}/activate", "Open a suspended organization again; for operators",
			func(p *Person, in *byID) error { return a.ActivateOrganization(p, in.ID) }),
		personal(get, "admin/deletions", "The certificates of organizations that were deleted, newest first; for operators",
			func(p *Person, _ *nothing) ([]Certificate, error) { return a.Certificates(p) }),
	}
}

func (a *Accounts) organizationList(p *Person, in *foundPart) (operation.Rows[Organization], error) {
	return operation.ReadPart(in.Part, func(before int64, limit int) ([]Organization, error) {
		return a.Organizations(p, in.Search, before, limit)
	},
		func(last Organization) int64 { return last.N })
}
