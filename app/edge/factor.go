package edge

import (
	"net/http"
	"time"

	"zygo/app/identity"
)

// DeviceCookieName is the cookie of a browser that is remembered and not asked for a second factor.
func DeviceCookieName(secure bool) string { return cookieName("zygo_device", secure) }

// KnownCookieName is the cookie of a browser that signed in before.
func KnownCookieName(secure bool) string { return cookieName("zygo_known", secure) }

// DeviceOf is what the browser kept of earlier sign-ins.
func DeviceOf(r *Request) identity.Device {
	return identity.Device{Remembered: r.Cookie(DeviceCookieName(r.Secure())), Known: r.Cookie(KnownCookieName(r.Secure()))}
}

// KnownCookie lets a browser be known for a year.
func KnownCookie(token string, secure bool) string {
	return newCookie(KnownCookieName(secure), token, 365*24*time.Hour, secure)
}

// ChallengeCookieName is the cookie of a sign-in that waits for its second factor.
func ChallengeCookieName(secure bool) string { return cookieName("zygo_challenge", secure) }

// JourneyCookieName is the cookie of a browser that is on its way to a provider and back.
func JourneyCookieName(secure bool) string { return cookieName("zygo_journey", secure) }

// PendingCookieName is the cookie of a link or a sign-up by a provider that waits to be confirmed.
func PendingCookieName(secure bool) string { return cookieName("zygo_pending", secure) }

// JourneyCookie binds journeys to the browser, until the last one that begins now has ended.
func JourneyCookie(token string, secure bool) string {
	return newCookie(JourneyCookieName(secure), token, identity.JourneyLife, secure)
}

// PendingCookie binds what waits to the browser, or takes it back where the token is empty.
func PendingCookie(token string, secure bool) string {
	return newCookie(PendingCookieName(secure), token, 0, secure)
}

// InvitationCookieName is the cookie of an invitation whose link was followed.
func InvitationCookieName(secure bool) string { return cookieName("zygo_invitation", secure) }

// InvitationCookie keeps the token of an invitation in the browser, or takes it back where it is empty.
func InvitationCookie(token string, secure bool) string {
	return newCookie(InvitationCookieName(secure), token, 0, secure)
}

func cookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

// DeviceCookie lets a browser be remembered.
func DeviceCookie(token string, secure bool) string {
	return newCookie(DeviceCookieName(secure), token, identity.DeviceLife, secure)
}

// ChallengeCookie keeps a challenge in the browser, or takes it back where the token is empty.
func ChallengeCookie(token string, secure bool) string {
	return newCookie(ChallengeCookieName(secure), token, 0, secure)
}

func newCookie(name, token string, life time.Duration, secure bool) string {
	cookie := http.Cookie{Name: name, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure, MaxAge: int(life.Seconds())}
	if token == "" {
		cookie.MaxAge = -1
	}
	return cookie.String()
}
