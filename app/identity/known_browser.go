package identity

import (
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/identity/throttle"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// freeOfAccount and freeOfNetwork are the guesses at one account, and from one network, that are not slowed. Many people share
// a network, and each of them mistypes.
const (
	freeOfAccount = 10
	freeOfNetwork = 100
)

// guesses are the limits of a sign-in. They are the same whether there is such an account.
func guesses(system *resource.Session, user people.User, email, browser string) []throttle.Limit {
	if sessions.KnowsBrowser(system, user.ID, browser) {
		return []throttle.Limit{throttle.Few("browser " + tokens.Hash(browser))}
	}
	network := throttle.Network(system.Origin.Address)
	return []throttle.Limit{throttle.Few(network + " " + email), throttle.Shared("account "+email, freeOfAccount),
		throttle.Shared(network, freeOfNetwork)}
}
