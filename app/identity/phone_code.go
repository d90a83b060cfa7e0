package identity

import (
	"context"

	"zygo/app/identity/credentials"
	"zygo/app/resource"
)

// TextChallenge sends a code to the phone of the user whose sign-in waits for a second factor.
func (a *Accounts) TextChallenge(ctx context.Context, token string, origin resource.Origin) (*credentials.CodeSent, error) {
	system := a.Tenants.Anonymous(ctx, origin)
	c, err := credentials.Asked(system, token, signInChallenge)
	if err != nil {
		return nil, err
	}
	return a.Credentials.TextFactor(system, c.UserID)
}
