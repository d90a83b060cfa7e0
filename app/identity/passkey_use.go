package identity

import (
	"context"

	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// A passkey opens a session by itself, answers the challenge of a sign-in by password, or proves again who sits there.

// BeginPasskeySignIn asks a device for any passkey of the host.
func (a *Accounts) BeginPasskeySignIn(ctx context.Context, origin resource.Origin) (*credentials.Ceremony, error) {
	return a.Credentials.AskAnyPasskey(a.Tenants.Anonymous(ctx, origin))
}

// SignInByPasskey opens a session for the person whose passkey signed. It needs no password and no other factor.
func (a *Accounts) SignInByPasskey(ctx context.Context, ceremony string, answer []byte, origin resource.Origin) (string, *people.Person,
	error) {
	system := a.Tenants.Anonymous(ctx, origin)
	user, err := a.Credentials.CheckAnyPasskey(system, ceremony, answer)
	if err != nil {
		return "", nil, err
	}
	return a.openFor(system, user, origin)
}

// BeginPasskeyAnswer asks for a passkey of the user whose sign-in waits for a second factor.
func (a *Accounts) BeginPasskeyAnswer(ctx context.Context, token string, origin resource.Origin) (*credentials.Ceremony, error) {
	system := a.Tenants.Anonymous(ctx, origin)
	c, err := credentials.Asked(system, token, signInChallenge)
	if err != nil {
		return nil, err
	}
	return a.Credentials.AskPasskey(system, c.UserID)
}

// AnswerByPasskey finishes a sign-in by password with a passkey.
func (a *Accounts) AnswerByPasskey(ctx context.Context, token, ceremony string, answer []byte,
	origin resource.Origin) (string, *people.Person, error) {
	system := a.Tenants.Anonymous(ctx, origin)
	c, err := credentials.Asked(system, token, signInChallenge)
	if err != nil {
		return "", nil, err
	}
	if err := a.Credentials.CheckPasskey(system, ceremony, c.UserID, answer, c.Close); err != nil {
		return "", nil, err
	}
	return a.openFor(system, c.UserID, origin)
}
