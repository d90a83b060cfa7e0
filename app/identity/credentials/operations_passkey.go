package credentials

import (
	"net/http"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
)

type newPasskey struct {
	Ceremony, Name string
	Credential     field.JSON
}

type renamed struct{ ID, Name string }

func (a *Service) passkeyOperations() []operation.Operation {
	return people.Entering([]operation.Operation{
		people.SignedIn(http.MethodGet, "auth/passkeys", "The passkeys of the person",
			func(p *people.Person, _ *people.Nothing) ([]Passkey, error) {
				factors, err := a.Factors(p)
				if err != nil {
					return nil, err
				}
				return factors.Passkeys, nil
			}),
		people.SignedIn(http.MethodPost, "auth/passkeys/register/begin", "Begin to make a passkey",
			func(p *people.Person, _ *people.Nothing) (*Ceremony, error) { return a.BeginPasskey(p) }),
		people.Handle(http.MethodPost, "auth/passkeys/register/finish", "Keep the passkey that the device made",
			func(c *operation.Call, p *people.Person, in *newPasskey) (*sessions.Entered, error) {
				with, err := a.FinishPasskey(p, in.Ceremony, in.Name, in.Credential)
				return a.enrolled(c, p, with, err)
			}),
		people.Act(http.MethodPatch, "auth/passkeys/{id}", "Give a passkey another name",
			func(p *people.Person, in *renamed) error { return a.RenamePasskey(p, in.ID, in.Name) }),
		people.Act(http.MethodDelete, "auth/passkeys/{id}", "Remove a passkey",
			func(p *people.Person, in *people.ByID) error { return a.RemovePasskey(p, in.ID) }),
	})
}
