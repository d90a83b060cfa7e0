package signin

import (
	"context"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/identity/tokens"
	"zygo/app/operation"
	"zygo/app/resource"
)

// Newcomer is what somebody says of themselves who has no account yet.
type Newcomer struct {
	Name     string
	Password field.Password
}

// AcceptNew makes the account of the invited address and its membership, and signs in. Nobody has to be let in by
// accounts.signup. By a link that does not prove the address, the account waits for its confirmation like that of any sign-up,
// and so does the membership: the token is empty then, and the answer the same where the address has an account.
func (a *Service) AcceptNew(ctx context.Context, token string, in Newcomer, origin resource.Origin) (string, *people.Person, error) {
	welcome, err := a.members.Welcome(ctx, token)
	if err != nil {
		return "", nil, err
	}
	if welcome.HasAccount {
		return "", nil, errHasAccount(welcome.Email)
	}
	in.Name = field.Line(in.Name)
	if err := fault.Together(people.CheckName("name", in.Name, 1),
		credentials.CheckPassword("password", string(in.Password), in.Name, welcome.Email, welcome.Organization)); err != nil {
		return "", nil, err
	}
	if !welcome.Proven {
		if err := a.accounts.SlowMails(origin); err != nil {
			return "", nil, err
		}
	}
	if !welcome.Proven {
		return "", nil, a.apply(ctx, welcome.Email, string(in.Password), applicant{Name: in.Name, Invitation: tokens.Hash(token)}, origin)
	}
	hash, err := a.credentials.PasswordHash(ctx, "password", string(in.Password), in.Name, welcome.Email, welcome.Organization)
	if err != nil {
		return "", nil, err
	}
	system := a.tenants.Anonymous(ctx, origin)
	var user *people.User
	if err := system.Write(func(s *resource.Session) error {
		known, err := people.UserAt(s, welcome.Email)
		switch {
		case err != nil:
			return err
		case known.ID == "":
			user, err = people.Users.Create(s, func(u *people.User) error {
				u.Name, u.Email, u.PasswordHash = in.Name, field.Email(welcome.Email), hash
				return nil
			})
		case !known.Unverified || known.SuspendedAt != 0:
			return errHasAccount(welcome.Email)
		default:
			user, err = a.prove(s, known.ID, in.Name, hash, "verify_email", "email_verified")
		}
		if err != nil {
			return err
		}
		return a.members.Join(s.As(user.Actor(), origin), tokens.Hash(token), user.ID)
	}); err != nil {
		return "", nil, err
	}
	return a.open(system, *user, origin)
}

func errHasAccount(email string) error {
	return fault.New(fault.Unauthenticated, "There is an account with the address %s. Sign in with it, and accept the invitation then.",
		email)
}

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
func (a *Service) acceptInvitation(c *operation.Call, in *joining) (*Joined, error) {
	p, err := people.Caller(c)
	token := ""
	switch {
	case err == nil:
		token, p, err = a.members.Accept(p, in.Token)
	case fault.Is(err, fault.Unauthenticated) && in.Password != "":
		token, p, err = a.AcceptNew(c.Context, in.Token, in.Newcomer, c.Origin)
	}
	if err == nil && token == "" {
		return &Joined{Waits: true}, nil
	}
	entered, err := a.sessions.Welcome(c, token, p, err)
	return &Joined{Entered: entered}, err
}
