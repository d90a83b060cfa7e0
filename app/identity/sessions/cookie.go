package sessions

import (
	"time"

	"zygo/app/operation"
)

// The cookies of somebody who is or was signed in, by name.
const (
	CookieName      = "zygo_session"
	KnownCookieName = "zygo_known"
)

// knownLife is how long a browser that signed in once is known.
const knownLife = 365 * 24 * time.Hour

// Cookie gives a browser its session, or takes it back where the token is empty.
func Cookie(token string) operation.Cookie {
	return operation.Cookie{Name: CookieName, Value: token}
}

// KnownCookie lets a browser be known that signed in before.
func KnownCookie(token string) operation.Cookie {
	return operation.Cookie{Name: KnownCookieName, Value: token, Life: knownLife}
}
