package signin

import (
	"context"

	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/identity/throttle"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// Device is what the browser that signs in kept of earlier times, empty where it is new: the token by which it is not asked for
// a second factor, and the one by which it is known.
type Device struct{ Remembered, Known string }

// ByPassword checks an address and a password and opens a session. The token is given once and stored nowhere. Anyone who has a
// second factor gets a fault MFARequired with a Challenge, unless the device is remembered.
func (a *Service) ByPassword(ctx context.Context, email, password string, device Device,
	origin resource.Origin) (token string, person *people.Person, err error) {
	email = people.SoughtAddress(email)
	system := a.tenants.Anonymous(ctx, origin)
	users, err := resource.Select[people.User](system, "SELECT * FROM {user} WHERE email = ?", email)
	if err != nil {
		return "", nil, err
	}
	var user people.User
	if len(users) > 0 {
		user = users[0]
	}
	limits := guesses(system, user, email, device.Known)
	if err := a.settings.Guesses.Try(limits...); err != nil {
		slowed, _ := fault.As(err)
		slowed.Message = "Too many attempts at this account, or from this network. Wait a little. A passkey, a browser that signed in before and the link of “Forgot password?” work at once."
		return "", nil, slowed
	}
	matches, err := a.credentials.PasswordMatches(ctx, password, user.PasswordHash)
	if err != nil {
		a.settings.Guesses.Undo(limits...)
		return "", nil, err
	}
	if !matches || user.SuspendedAt != 0 {
		// An unknown address is recorded too, because a write more or less would tell it from a known one.
		if err := system.Record("user", "sign_in", user.ID, resource.Failure); err != nil {
			return "", nil, err
		}
		return "", nil, fault.New(fault.Unauthenticated, "The e-mail address or the password is wrong.")
	}
	a.settings.Guesses.Right(limits...)
	if user.Unverified {
		return "", nil, errUnverified()
	}
	if err := a.askFactor(system, user, device.Remembered); err != nil {
		return "", nil, err
	}
	return a.open(system, user, origin)
}

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
