package provider

import (
	"crypto/ecdsa"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/oauth2"

	"zygo/app/outgoing"
)

// AppleClient is who this instance is to Apple.
type AppleClient struct {
	ServicesID, TeamID, KeyID string
	Key                       *ecdsa.PrivateKey
}

// appleSecretLife is how long a secret works that is made for one exchange; Apple would allow half a year.
const appleSecretLife = 5 * time.Minute

// NewApple makes sign-in with Apple. Apple sends its answer as a form, and tells the name with it and once.
func NewApple(guard *outgoing.Guard, issuer string, c AppleClient) Named {
	return Named{"apple", "Apple",
		NewOpenID(guard, Settings{
			Name:     "apple",
			Issuer:   issuer,
			ClientID: c.ServicesID,
			Secret:   c.secret(issuer),
			Scopes:   []string{"openid", "email", "name"},
			Extra:    []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("response_mode", "form_post")},
			Read: func(t Token) (Claim, error) {
				return Claim{Subject: t.Subject, Email: t.Email, Verified: bool(t.Verified)}, nil
			},
		})}
}

// secret signs a token that says who asks, which Apple takes in place of a password.
func (c AppleClient) secret(audience string) Secret {
	return func(now time.Time) (string, error) {
		token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.RegisteredClaims{
			Issuer:    c.TeamID,
			Subject:   c.ServicesID,
			Audience:  jwt.ClaimStrings{audience},
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(appleSecretLife)),
		})
		token.Header["kid"] = c.KeyID
		return token.SignedString(c.Key)
	}
}
