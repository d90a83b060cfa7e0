package identity

import (
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/operation"
)

type challenged struct{ Challenge string }

func (a *Accounts) textCode(c *operation.Call, in *challenged) (*credentials.CodeSent, error) {
	if in.Challenge != "" {
		return a.TextChallenge(c.Context, in.Challenge, c.Origin)
	}
	p, err := people.Caller(c)
	if err != nil {
		return nil, err
	}
	return a.Credentials.TextProof(p)
}
