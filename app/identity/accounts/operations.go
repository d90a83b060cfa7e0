package accounts

import (
	"io"
	"net/http"

	"zygo/app/field"
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
)

type passwordChange struct{ CurrentPassword, Password field.Password }

type addressChange struct {
	Email    string
	Password field.Password
}

func (a *Service) accountOperations() []operation.Operation {
	return []operation.Operation{
		people.SignedIn(http.MethodGet, "users/me", "The person of the session",
			func(p *people.Person, _ *people.Nothing) (people.Me, error) { return p.Me(), nil }).Open(operation.Entering),
		people.SignedIn(http.MethodPatch, "users/me", "Change the name, language or time zone of your account",
			func(p *people.Person, in *ProfileChange) (people.Me, error) {
				err := a.ChangeProfile(p, *in)
				return p.Me(), err
			}),
		people.Handle(http.MethodDelete, "users/me",
			"Delete your account, when its address is given as `email`; 409 where an organization would be left "+
				"without an owner",
			func(c *operation.Call, p *people.Person, in *people.Mailed) (operation.Done, error) {
				if err := a.Delete(p, in.Email); err != nil {
					return operation.Done{}, err
				}
				c.SetCookie(sessions.Cookie(""))
				c.Clears = true
				return operation.Done{}, nil
			}),
		people.SignedIn(http.MethodGet, "users/me/export", "All that the instance knows of you, as a file",
			func(p *people.Person, _ *people.Nothing) (operation.Content, error) {
				write, err := a.Export(p)
				return operation.Content{Name: "zygo-account.json", Write: write}, err
			}).Answering("application/json"),
		people.Handle(http.MethodPost, "users/me/avatar", "Set your picture: PNG, JPEG or WebP up to 5 MiB, made a square of 256 pixels",
			func(c *operation.Call, p *people.Person, _ *people.Nothing) (operation.Done, error) {
				return operation.Done{}, c.Upload(func(_ string, picture io.Reader) error { return a.SetAvatar(p, picture) })
			}).Uploading(),
		people.Act(http.MethodDelete, "users/me/avatar", "Take your picture away",
			func(p *people.Person, _ *people.Nothing) error { return a.RemoveAvatar(p) }),
		people.SignedIn(http.MethodGet, "users/{id}/avatar", "The picture of a person",
			func(p *people.Person, in *people.ByID) (operation.Content, error) {
				picture, err := a.Avatar(p, in.ID)
				return operation.Content{Body: picture}, err
			}).Needing("user:read").Answering("image/jpeg"),
		people.Handle(http.MethodPost, "users/me/change-password",
			"Set a new password with the present one, and end your other sessions; this one goes on with new "+
				"tokens",
			func(c *operation.Call, p *people.Person, in *passwordChange) (*sessions.Entered, error) {
				token, err := a.ChangePassword(p, string(in.CurrentPassword), string(in.Password))
				return a.sessions.Welcome(c, token, p, err)
			}),
		people.Act(http.MethodPost, "users/me/change-email", "Begin to change your address; links in mails to the present and to the new one confirm it",
			func(p *people.Person, in *addressChange) error {
				return a.ChangeEmail(p, in.Email, string(in.Password))
			}),
	}
}

// habitOperations are about how somebody uses their account: preferences, sessions, and the accounts that sign them in.
func (a *Service) habitOperations() []operation.Operation {
	return []operation.Operation{
		people.SignedIn(http.MethodGet, "users/me/preferences", "How pages look to you and what you are told",
			func(p *people.Person, _ *people.Nothing) (Preferences, error) { return a.Preferences(p) }),
		people.SignedIn(http.MethodPatch, "users/me/preferences", "Change how pages look to you and what you are told",
			func(p *people.Person, in *PreferenceChange) (Preferences, error) { return a.ChangePreferences(p, *in) }),
		people.SignedIn(http.MethodGet, "users/me/sessions", "Your sessions that are open",
			func(p *people.Person, _ *people.Nothing) ([]sessions.OpenSession, error) { return a.sessions.List(p) }),
		people.Act(http.MethodDelete, "users/me/sessions/{id}", "End one of your sessions",
			func(p *people.Person, in *people.ByID) error { return a.sessions.EndOne(p, in.ID) }),
		people.SignedIn(http.MethodGet, "users/me/connected-accounts", "The accounts at providers that sign you in",
			func(p *people.Person, _ *people.Nothing) ([]credentials.ConnectedAccount, error) {
				ways, err := a.credentials.SignInMethods(p)
				if err != nil {
					return nil, err
				}
				return ways.Connected, nil
			}),
	}
}
