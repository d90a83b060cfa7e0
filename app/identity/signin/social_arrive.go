package signin

import (
	"cmp"
	"context"
	"errors"

	"zygo/app/fault"
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/identity/provider"
	"zygo/app/resource"
)

// Return is what a browser brings back from a provider.
type Return struct {
	Provider, State, Code string
	// Name is what Apple sends with its answer; Refusal is the provider's word for why there is no code.
	Name, Refusal string
	// Browser is the token that the browser kept, Device that by which it is remembered.
	Browser, Device string
	// Person is the one who is signed in, nil for nobody.
	Person *people.Person
}

// Arrival is where an answer led to. Next is the page to go to, also where an error stands beside it.
type Arrival struct {
	Next string
	// Token is a new session's, or that of the present one after a proof.
	Token string
	// Pending is the token of a link or a sign-up that waits for the person to confirm it.
	Pending string
}

// Arrive takes a provider's answer. Who the provider names is signed in by the same path as by a password; the password is all
// that it stands in for. Anyone who is not known is asked to confirm a link or a sign-up, and nothing is linked by itself.
func (a *Service) Arrive(ctx context.Context, in Return, origin resource.Origin) (Arrival, error) {
	system := a.tenants.Anonymous(ctx, origin)
	from, err := a.offered(in.Provider)
	if err != nil {
		return Arrival{}, err
	}
	user, j, err := a.returned(system, in.State, in.Provider, in.Browser)
	arrival := Arrival{Next: j.Next}
	if err != nil {
		return arrival, err
	}
	switch in.Refusal {
	case "":
	case "access_denied", "user_cancelled_authorize":
		return arrival, a.SocialProblem(problemDenied, in.Provider)
	default:
		return arrival, a.SocialProblem(problemRefused, in.Provider).Because(errors.New("the provider refuses: " + in.Refusal))
	}
	if j.Purpose != SocialSignIn && (in.Person == nil || in.Person.User.ID != user) {
		return arrival, a.SocialProblem(problemEnded, in.Provider)
	}
	claim, err := from.Claim(ctx, a.question(j), provider.Answer{Code: in.Code, Name: in.Name})
	if err != nil {
		return arrival, a.providerProblem(err, in.Provider)
	}
	claim.Email, err = people.AddressOf("email", claim.Email)
	claim.Verified = claim.Verified && err == nil
	known, err := userOf(system, claim)
	if err != nil {
		return arrival, err
	}
	switch j.Purpose {
	case SocialLink:
		arrival.Pending, err = a.proposeLink(in.Person, known, claim)
	case SocialProve:
		arrival.Token, err = a.proveBy(in.Person, known, claim)
	default:
		if known.ID == "" {
			arrival.Pending, err = a.meet(system, claim)
		} else {
			arrival.Token, err = a.enter(system, known, claim, in.Device, origin)
		}
	}
	return arrival, err
}

// userOf finds whose account at a provider this is; the id is empty where nobody has it.
func userOf(s *resource.Session, claim provider.Claim) (people.User, error) {
	users, err := resource.Select[people.User](s,
		"SELECT u.* FROM {user} u JOIN {connected_account} c ON c.user_id = u.id WHERE c.provider = ? AND c.subject = ?", claim.Provider,
		claim.Subject)
	if err != nil || len(users) == 0 {
		return people.User{}, err
	}
	return users[0], nil
}

// enter signs somebody in whom a provider named: a closed account is refused, and a second factor is asked for.
func (a *Service) enter(system *resource.Session, user people.User, claim provider.Claim, device string, origin resource.Origin) (string,
	error) {
	if user.SuspendedAt != 0 {
		if err := system.Record("user", "sign_in", user.ID, resource.Failure); err != nil {
			return "", err
		}
		return "", a.SocialProblem(problemClosed, claim.Provider)
	}
	if user.Unverified {
		return "", errUnverified()
	}
	if err := system.As(user.Actor(), origin).Write(func(s *resource.Session) error {
		return credentials.UseConnected(s, claim)
	}); err != nil {
		return "", err
	}
	if err := a.askFactor(system, user, device); err != nil {
		return "", err
	}
	token, _, err := a.open(system, user, origin)
	return token, err
}

// meet is what follows for somebody whom nobody knows by this account. An address that the provider vouches for finds an
// account or lets one be made; neither happens before the person confirms it. Any other address counts for nothing: who has
// an account signs in and links from there.
func (a *Service) meet(system *resource.Session, claim provider.Claim) (string, error) {
	if !claim.Verified {
		return a.propose(system, "", pending{Claim: claim})
	}
	owner, err := people.UserAt(system, claim.Email)
	if err != nil {
		return "", err
	}
	if owner.SuspendedAt != 0 {
		return "", a.SocialProblem(problemClosed, claim.Provider)
	}
	if owner.ID != "" {
		return a.propose(system, owner.ID, pending{Claim: claim})
	}
	if err := a.admitClaim(system, claim); err != nil {
		return "", err
	}
	if done, err := a.IsSetUp(system.Context); err != nil || !done {
		return "", cmp.Or(err, error(a.SocialProblem(problemNew, claim.Provider)))
	}
	return a.propose(system, "", pending{Claim: claim, SignUp: true})
}

// admitClaim holds a sign-up by a provider to the rules of any other.
func (a *Service) admitClaim(s *resource.Session, claim provider.Claim) error {
	err := a.admitsAddress(s, claim.Email)
	switch {
	case fault.Is(err, fault.Forbidden):
		return a.SocialProblem(problemUninvited, claim.Provider)
	case fault.Is(err, fault.Invalid):
		return a.SocialProblem(problemDomain, claim.Provider)
	}
	return err
}

// proveBy is Prove with a provider, for somebody without a password.
func (a *Service) proveBy(p *people.Person, known people.User, claim provider.Claim) (string, error) {
	system := p.Personal()
	if known.ID != p.User.ID {
		if err := system.Record("user", "proved", p.User.ID, resource.Denied); err != nil {
			return "", err
		}
		return "", a.SocialProblem(problemAnother, claim.Provider)
	}
	token, renew := a.sessions.Renewal(p)
	return token, system.Write(renew)
}
