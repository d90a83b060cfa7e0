package identity

import (
	"encoding/base64"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/throttle"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// A known browser signed in to an account before. Strangers who guess at the account slow down everybody but those: its owner
// gets in from the browser of every day while they guess.

const knownBrowser = "known_browser"

// KnowBrowser gives a token by which a browser is known at later sign-ins. It opens nothing.
func (a *Accounts) KnowBrowser(p *people.Person) string {
	return a.browserToken(p.Personal(), p.User.ID)
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
func guesses(system *resource.Session, user people.User, email, browser string) []throttle.Limit {
	if sealed, err := base64.RawURLEncoding.DecodeString(browser); err == nil && len(sealed) > 0 && user.ID != "" {
		if _, err := system.Reveal(field.Secret(sealed), user.ID, knownBrowser); err == nil {
			return []throttle.Limit{throttle.Few("browser " + tokens.Hash(browser))}
		}
	}
	network := throttle.Network(system.Origin.Address)
	return []throttle.Limit{throttle.Few(network + " " + email), throttle.Shared("account "+email, freeOfAccount),
		throttle.Shared(network, freeOfNetwork)}
}
