package signin

import (
	"context"
	"encoding/json"
	"errors"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/credentials"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/identity/provider"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// A link or a sign-up waits until the person confirms it on a page of this instance. Its token is in that one browser.

// socialPending is the purpose of its challenge, whose user is the only one who may confirm; without one anybody may who is
// signed in.
const socialPending = "social_pending"

type pending struct {
	Claim  provider.Claim `json:"claim"`
	SignUp bool           `json:"sign_up"`
}

// Pending is what waits, for the page that asks.
type Pending struct {
	Claim provider.Claim
	// SignUp is that of a new account; else it is a link.
	SignUp bool
	// UserID is whose account it is to be linked to, empty where the address says nothing of that.
	UserID string
}

// Account names the account at the provider, so that a page which was opened before another one began to wait is told from it.
func (p *Pending) Account() string {
	return tokens.Hash(p.Claim.Provider + "\n" + p.Claim.Subject)[:16]
}

func (a *Service) propose(system *resource.Session, user string, p pending) (string, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	return credentials.Ask(system, credentials.Question{UserID: user, Purpose: socialPending, Data: data})
}

// proposeLink begins a link that somebody asked for in their own account.
func (a *Service) proposeLink(p *people.Person, known people.User, claim provider.Claim) (string, error) {
	system := p.Personal()
	if err := a.mayLink(system, p.User, known, claim); err != nil {
		return "", a.recordRefusal(system, err)
	}
	return a.propose(system, p.User.ID, pending{Claim: claim})
}

// mayLink refuses an account at a provider that somebody has already, and a second one at the same provider.
func (a *Service) mayLink(s *resource.Session, user, known people.User, claim provider.Claim) error {
	switch known.ID {
	case user.ID:
		return a.SocialProblem(problemPresent, claim.Provider)
	case "":
	default:
		return a.SocialProblem(problemTaken, claim.Provider)
	}
	others, err := resource.Select[int](s, "SELECT 1 FROM {connected_account} WHERE user_id = ? AND provider = ?", user.ID, claim.Provider)
	if err == nil && len(others) > 0 {
		err = a.SocialProblem(problemSecond, claim.Provider)
	}
	return err
}

// recordRefusal keeps that a link was refused, for anyone who looks for somebody who tries.
func (a *Service) recordRefusal(system *resource.Session, refused error) error {
	if reason := ReasonOf(refused); reason != problemTaken && reason != problemForeign {
		return refused
	}
	return errors.Join(refused, system.Record("connected_account", "link", system.Actor.ID, resource.Denied))
}

// Waiting tells what a browser's token stands for. Somebody who is signed in and may not confirm it is refused.
func (a *Service) Waiting(ctx context.Context, token string, p *people.Person) (*Pending, error) {
	waits, err := a.waiting(a.tenants.Anonymous(ctx, resource.Origin{}), token)
	if err == nil && p != nil && !waits.SignUp {
		err = a.mayConfirm(p, waits)
	}
	return waits, err
}

func (a *Service) waiting(s *resource.Session, token string) (*Pending, error) {
	c, err := credentials.Asked(s, token, socialPending)
	if fault.Is(err, fault.Unauthenticated) {
		return nil, a.SocialProblem(problemEnded, "").Because(err)
	}
	if err != nil {
		return nil, err
	}
	var p pending
	if err := json.Unmarshal(c.Data, &p); err != nil {
		return nil, err
	}
	return &Pending{p.Claim, p.SignUp, c.UserID}, nil
}

// mayConfirm refuses anyone who is not the one that a link was begun for.
func (a *Service) mayConfirm(p *people.Person, waits *Pending) error {
	switch {
	case waits.SignUp:
		return a.SocialProblem(problemEnded, waits.Claim.Provider)
	case waits.UserID != "" && waits.UserID != p.User.ID:
		return a.SocialProblem(problemForeign, waits.Claim.Provider)
	}
	return nil
}

// Link confirms a link. Only the owner of the account can, and only freshly after they showed who they are.
func (a *Service) Link(p *people.Person, token string) (*Pending, error) {
	if err := a.sessions.MayChange(p); err != nil {
		return nil, err
	}
	system := p.Personal()
	var linked *Pending
	err := system.Write(func(s *resource.Session) (err error) {
		if linked, err = a.waiting(s, token); err != nil {
			return err
		}
		if err := a.mayConfirm(p, linked); err != nil {
			return err
		}
		known, err := userOf(s, linked.Claim)
		if err != nil {
			return err
		}
		if err := a.mayLink(s, p.User, known, linked.Claim); err != nil {
			return err
		}
		if err := a.credentials.Connect(s, p.User, linked.Claim); err != nil {
			return err
		}
		return credentials.EndQuestion(s, token)
	})
	if err != nil {
		return nil, a.recordRefusal(system, err)
	}
	return linked, nil
}

// SignUpBy makes the account that waits, with a confirmed address and without a password, and signs its owner in.
func (a *Service) SignUpBy(ctx context.Context, token, name, organization string, origin resource.Origin) (string, *people.Person, error) {
	name, organization = field.Line(name), field.Line(organization)
	if err := people.CheckName("name", name, 1); err != nil {
		return "", nil, err
	}
	if err := people.CheckName("organization", organization, 0); err != nil {
		return "", nil, err
	}
	system := a.tenants.Anonymous(ctx, origin)
	var made *people.User
	err := system.Write(func(s *resource.Session) error {
		waits, err := a.waiting(s, token)
		if err != nil {
			return err
		}
		claim := waits.Claim
		known, err := userOf(s, claim)
		if err != nil {
			return err
		}
		owner, err := people.UserAt(s, claim.Email)
		if err != nil {
			return err
		}
		if !waits.SignUp || known.ID != "" || owner.ID != "" {
			return a.SocialProblem(problemEnded, claim.Provider)
		}
		if err := a.admitClaim(s, claim); err != nil {
			return err
		}
		if err := a.mayName(organization); err != nil {
			return err
		}
		if made, err = people.Users.Create(s, func(u *people.User) error {
			u.Name, u.Email = name, field.Email(claim.Email)
			return nil
		}); err != nil {
			return err
		}
		if err := members.FoundOrganization(s, organization, made.ID); err != nil {
			return err
		}
		if err := a.credentials.Connect(s, *made, claim); err != nil {
			return err
		}
		return credentials.EndQuestion(s, token)
	})
	if err != nil {
		return "", nil, err
	}
	return a.open(system, *made, origin)
}
