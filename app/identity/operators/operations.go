package operators

import (
	"net/http"

	"zygo/app/identity/accounts"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
)

type suspension struct {
	ID     string
	Reason string `z:"required,max=500,help=Its members read it. They are out at once, webhooks are refused, and executions end before their next effect."`
}

type organizationChange struct {
	ID string
	OrganizationChange
}

type partOfUser struct {
	ID string
	operation.Part
}

// accountOperations are what operators do with accounts of the whole instance.
func (a *Service) accountOperations() []operation.Operation {
	return people.ForOperators(
		people.Act(http.MethodPost, "users/{id}/suspend",
			"Close an account: its sessions, tokens and streams end at once, and nobody enters it; for operators",
			func(p *people.Person, in *people.ByID) error { return a.Suspend(p, in.ID) }).
			On(operation.Button{
				Kind:     Accounts.Name,
				Verb:     "suspend",
				Label:    "Suspend",
				Icon:     "ban",
				Danger:   true,
				When:     operation.When((*Account).isOpen),
				Question: "They are signed out everywhere at once and can't sign in until you activate them again.",
			}),
		people.Act(http.MethodPost, "users/{id}/activate", "Open a suspended account again; for operators",
			func(p *people.Person, in *people.ByID) error { return a.Activate(p, in.ID) }).
			On(operation.Button{
				Kind:  Accounts.Name,
				Verb:  "activate",
				Label: "Activate",
				Icon:  "unlock",
				When:  operation.When((*Account).isSuspended),
			}),
		people.SignedIn(http.MethodGet, "users/{id}/sessions", "The open sessions of a person; for operators",
			func(p *people.Person, in *people.ByID) ([]sessions.OpenSession, error) {
				return a.AccountSessions(p, in.ID)
			}),
		people.Act(http.MethodDelete, "users/{id}/sessions", "End every session of a person at once; for operators",
			func(p *people.Person, in *people.ByID) error { return a.SignOutEverywhere(p, in.ID) }).
			On(operation.Button{
				Kind:     Accounts.Name,
				Verb:     "sign-out",
				Label:    "Sign out everywhere",
				Icon:     "log-out",
				Danger:   true,
				When:     operation.When((*Account).isOpen),
				Question: "Every session and token of the account ends at once. They can sign in again.",
			}),
		people.SignedIn(http.MethodGet, "users/{id}/activity", "What a person did and what was done to their account, newest first. "+
			"A part may hold fewer than `limit`; it goes on while there is a `next_cursor`. For operators", a.activity),
	)
}

func (a *Service) activity(p *people.Person, in *partOfUser) (operation.Rows[accounts.Act], error) {
	before, limit, err := in.Bounds()
	if err != nil {
		return operation.Rows[accounts.Act]{}, err
	}
	acts, next, err := a.Activity(p, in.ID, before, limit)
	return operation.Rows[accounts.Act]{Rows: acts, Limit: limit, Next: next}, err
}

// organizationOperations are what operators do with organizations as a whole.
func (a *Service) organizationOperations() []operation.Operation {
	return people.ForOperators(
		people.Act(http.MethodPatch, "admin/tenants/{id}", "Set what only operators set of an organization",
			func(p *people.Person, in *organizationChange) error {
				return a.ChangeOrganization(p, in.ID, in.OrganizationChange)
			}),
		people.Act(http.MethodPost, "admin/tenants/{id}/suspend",
			"Close an organization at once, for a `reason` that its members read: nobody enters it, and nothing "+
				"runs in it; for operators",
			func(p *people.Person, in *suspension) error { return a.SuspendOrganization(p, in.ID, in.Reason) }).
			On(operation.Button{
				Kind:   Organizations.Name,
				Verb:   "suspend",
				Label:  "Suspend",
				Icon:   "ban",
				Danger: true,
				When:   operation.When((*Organization).isOpen),
			}),
		people.Act(http.MethodPost, "admin/tenants/{id}/activate", "Open a suspended organization again; for operators",
			func(p *people.Person, in *people.ByID) error { return a.ActivateOrganization(p, in.ID) }).
			On(operation.Button{
				Kind:  Organizations.Name,
				Verb:  "activate",
				Label: "Activate",
				Icon:  "unlock",
				When:  operation.When((*Organization).isSuspended),
			}),
		people.SignedIn(http.MethodGet, "admin/deletions", "The certificates of organizations that were deleted, newest first; for operators",
			func(p *people.Person, _ *people.Nothing) ([]members.Certificate, error) { return a.Certificates(p) }),
	)
}
