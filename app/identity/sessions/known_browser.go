package sessions

import (
	"encoding/base64"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// A known browser signed in to an account before. Strangers who guess at the account slow down everybody but those: its owner
// gets in from the browser of every day while they guess.

// knownBrowser is what the token of a browser is sealed for.
const knownBrowser = "known_browser"

// KnowBrowser gives a token by which a browser is known at later sign-ins. It opens nothing.
func (a *Service) KnowBrowser(p *people.Person) string {
	return a.BrowserToken(p.Personal(), p.User.ID)
}

// BrowserToken is KnowBrowser for a user who proved to be the owner of an account.
func (a *Service) BrowserToken(system *resource.Session, user string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(system.Seal("", user, knownBrowser)))
}

// KnowsBrowser tells whether a browser's token is one of a user.
func KnowsBrowser(system *resource.Session, user, token string) bool {
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(sealed) == 0 || user == "" {
		return false
	}
	_, err = system.Reveal(field.Secret(sealed), user, knownBrowser)
	return err == nil
}
