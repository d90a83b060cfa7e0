package signin

import (
	"context"

	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// A passkey opens a session by itself, answers the challenge of a sign-in by password, or proves again who sits there.

// BeginPasskey asks a device for any passkey of the host.
func (a *Service) BeginPasskey(ctx context.Context, origin resource.Origin) (*credentials.Ceremony, error) {
	return a.credentials.AskAnyPasskey(a.tenants.Anonymous(ctx, origin))
}

// ByPasskey opens a session for the person whose passkey signed. It needs no password and no other factor.
func (a *Service) ByPasskey(ctx context.Context, ceremony string, answer []byte, origin resource.Origin) (string, *people.Person,
	error) {
	system := a.tenants.Anonymous(ctx, origin)
	user, err := a.credentials.CheckAnyPasskey(system, ceremony, answer)
	if err != nil {
		return "", nil, err
	}
	return a.openFor(system, user, origin)
}

// BeginPasskeyAnswer asks for a passkey of the user whose sign-in waits for a second factor.
func (a *Service) BeginPasskeyAnswer(ctx context.Context, token string, origin resource.Origin) (*credentials.Ceremony, error) {
	system := a.tenants.Anonymous(ctx, origin)
	c, err := credentials.Asked(system, token, signInChallenge)
	if err != nil {
		return nil, err
	}
	return a.credentials.AskPasskey(system, c.UserID)
}

// AnswerByPasskey finishes a sign-in by password with a passkey.
func (a *Service) AnswerByPasskey(ctx context.Context, token, ceremony string, answer []byte,
	origin resource.Origin) (string, *people.Person, error) {
	system := a.tenants.Anonymous(ctx, origin)
	c, err := credentials.Asked(system, token, signInChallenge)
	if err != nil {
		return "", nil, err
	}
	if err := a.credentials.CheckPasskey(system, ceremony, c.UserID, answer, c.Close); err != nil {
		return "", nil, err
	}
	return a.openFor(system, c.UserID, origin)
}
