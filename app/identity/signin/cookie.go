package signin

import (
	"zygo/app/identity/credentials"
	"zygo/app/operation"
)

// The cookies of a sign-in, by name.
const (
	DeviceCookieName     = "zygo_device"
	ChallengeCookieName  = "zygo_challenge"
	JourneyCookieName    = "zygo_journey"
	PendingCookieName    = "zygo_pending"
	InvitationCookieName = "zygo_invitation"
)

// DeviceCookie lets a browser be remembered, and not be asked for a second factor.
func DeviceCookie(token string) operation.Cookie {
	return operation.Cookie{Name: DeviceCookieName, Value: token, Life: credentials.DeviceLife}
}

// ChallengeCookie keeps a sign-in that waits for its second factor, or takes it back where the token is empty.
func ChallengeCookie(token string) operation.Cookie {
	return operation.Cookie{Name: ChallengeCookieName, Value: token}
}

// JourneyCookie binds journeys to a provider and back to the browser, until the last one that begins now has ended.
func JourneyCookie(token string) operation.Cookie {
	return operation.Cookie{Name: JourneyCookieName, Value: token, Life: JourneyLife}
}

// PendingCookie binds a link or a sign-up by a provider to the browser until it is confirmed, or takes it back where the token is
// empty.
func PendingCookie(token string) operation.Cookie {
	return operation.Cookie{Name: PendingCookieName, Value: token}
}

// InvitationCookie keeps the token of an invitation whose link was followed, or takes it back where it is empty.
func InvitationCookie(token string) operation.Cookie {
	return operation.Cookie{Name: InvitationCookieName, Value: token}
}
