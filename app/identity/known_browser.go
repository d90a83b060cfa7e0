package identity

import (
	"encoding/base64"

	"zygo/app/field"
	"zygo/app/resource"
)

// A known browser signed in to an account before. Strangers who guess at the account slow down everybody but those: its owner
// gets in from the browser of every day while they guess.

const knownBrowser = "known_browser"

// KnowBrowser gives a token by which a browser is known at later sign-ins. It opens nothing.
func (a *Accounts) KnowBrowser(p *Person) string {
	return a.browserToken(p.personalSession(), p.User.ID)
}

func (a *Accounts) browserToken(system *resource.Session, user string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(system.Seal("", user, knownBrowser)))
}

// freeOfAccount and freeOfNetwork are the guesses at one account, and from one network, that are not slowed. Many people share
// a network, and each of them mistypes.
const (
	freeOfAccount = 10
	freeOfNetwork = 100
)

// guesses are the limits of a sign-in. They are the same whether there is such an account.
func guesses(system *resource.Session, user User, email, browser string) []limit {
	if sealed, err := base64.RawURLEncoding.DecodeString(browser); err == nil && len(sealed) > 0 && user.ID != "" {
		if _, err := system.Reveal(field.Secret(sealed), user.ID, knownBrowser); err == nil {
			return []limit{few("browser " + hashToken(browser))}
		}
	}
	network := Network(system.Origin.Address)
	return []limit{few(network + " " + email), {"account " + email, freeOfAccount, true}, {network, freeOfNetwork, true}}
}
