package provider

import (
	"golang.org/x/oauth2"

	"zygo/app/outgoing"
)

// NewGoogle makes sign-in with Google, whose word on an address counts where it says that it checked it.
func NewGoogle(guard *outgoing.Guard, issuer, clientID, secret string) Named {
	return Named{"google", "Google", NewOpenID(guard, Settings{Name: "google", Issuer: issuer, ClientID: clientID, Secret: Fixed(secret),
		Scopes: []string{"openid", "email", "profile"}, Again: []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("prompt", "select_account")},
		Read: func(t Token) (Claim, error) {
			return Claim{Subject: t.Subject, Email: t.Email, Verified: bool(t.Verified), Name: t.Name}, nil
		}})}
}
