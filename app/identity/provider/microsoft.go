package provider

import (
	"errors"
	"strings"

	"golang.org/x/oauth2"

	"zygo/app/outgoing"
)

// NewMicrosoft makes sign-in with Microsoft. Its addresses are never verified ones: anyone who runs a tenant writes any address
// into it, so that a token's address says nothing about whose it is. Subjects differ from application to application, and
// tenant and object together are who somebody is.
func NewMicrosoft(guard *outgoing.Guard, issuer, clientID, secret string) Named {
	return Named{"microsoft", "Microsoft",
		NewOpenID(guard, Settings{Name: "microsoft", Issuer: issuer, ClientID: clientID, Secret: Fixed(secret), Tenants: true,
			Scopes: []string{"openid", "email", "profile"}, Again: []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("prompt", "login")},
			Read: func(t Token) (Claim, error) {
				if !isID(t.TenantID) || !isID(t.ObjectID) {
					return Claim{}, errors.New("the token has no tid or oid")
				}
				if t.Email == "" {
					t.Email = t.Called
				}
				return Claim{Subject: strings.ToLower(t.TenantID + "/" + t.ObjectID), Email: t.Email, Name: t.Name}, nil
			}})}
}
