package identity

import (
	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
)

type joining struct {
	Token string
	Newcomer
}

// Joined is the answer to an invitation that was accepted.
type Joined struct {
	*sessions.Entered
	Waits bool `json:"waits,omitempty" z:"help=A mail confirms the address first."`
}

// acceptInvitation lets a person who is signed in join; others make an account.
func (a *Accounts) acceptInvitation(c *operation.Call, in *joining) (*Joined, error) {
	p, err := people.Caller(c)
	token := ""
	switch {
	case err == nil:
		token, p, err = a.Members.Accept(p, in.Token)
	case fault.Is(err, fault.Unauthenticated) && in.Password != "":
		token, p, err = a.AcceptNew(c.Context, in.Token, in.Newcomer, c.Origin)
	}
	if err == nil && token == "" {
		return &Joined{Waits: true}, nil
	}
	entered, err := a.Sessions.Welcome(c, token, p, err)
	return &Joined{Entered: entered}, err
}
