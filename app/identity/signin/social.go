package signin

import (
	"context"
	"crypto/subtle"
	"encoding/json"

	"golang.org/x/oauth2"

	"zygo/app/fault"
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/identity/provider"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// Signing in by a provider: the browser departs with a question that is kept here, and arrives with the provider's answer.
// What an arrival leads to stands in social_arrive.go.

// What a journey to a provider is for.
const (
	SocialSignIn = "sign_in"
	SocialLink   = "link"
	// SocialProve shows again who somebody is who has no password.
	SocialProve = "prove"
)

// JourneyLife is how long a provider has to send the browser back.
const JourneyLife = credentials.QuestionLife

// socialJourney is the purpose of the challenge that waits for a provider's answer.
const socialJourney = "social_journey"

// mostJourneys is how many journeys of one browser are open at once, for people who begin in several tabs. One more ends the
// oldest.
const mostJourneys = 8

// journey is what is kept of a question while the browser is away. Only the browser that departed can arrive: it holds a
// token whose hash stands in the challenge. The token is the same in all tabs, so that each of them can come back.
type journey struct {
	Provider string `json:"provider"`
	Purpose  string `json:"purpose"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	Next     string `json:"next"`
}

// CallbackPath is where a provider's answer comes to; it stands in what the operator registers.
func CallbackPath(provider string) string { return "/api/v1/auth/oauth/" + provider + "/callback" }

// Departure is what a browser asks for that goes to a provider.
type Departure struct {
	Provider, Purpose string
	// Browser is the token that the browser keeps of a journey before, empty for none.
	Browser string
	// Next is the page to go to afterwards.
	Next string
	// Person is the one who links or proves, nil at a sign-in.
	Person *people.Person
}

// Depart gives the address of the provider at which a person agrees, and the token that the browser keeps until it is back.
func (a *Service) Depart(ctx context.Context, d Departure, origin resource.Origin) (address, browser string, err error) {
	to, err := a.offered(d.Provider)
	if err != nil {
		return "", "", err
	}
	kept := credentials.Question{Purpose: socialJourney}
	switch d.Purpose {
	case SocialSignIn:
	case SocialLink, SocialProve:
		if d.Person == nil {
			return "", "", people.ErrSignIn()
		}
		kept.UserID = d.Person.User.ID
	default:
		return "", "", fault.InvalidField("purpose", "is sign_in, link or prove")
	}
	if d.Purpose == SocialProve {
		password, err := credentials.HasPassword(d.Person.Personal(), d.Person.User.ID)
		if err == nil && password {
			err = fault.New(fault.Forbidden, "Prove who you are with your password or a code.")
		}
		if err != nil {
			return "", "", err
		}
	}
	if browser = d.Browser; !tokens.IsToken(browser) {
		browser = tokens.New()
	}
	kept.Browser = tokens.Hash(browser)
	j := journey{Provider: d.Provider, Purpose: d.Purpose, Nonce: tokens.New(), Verifier: oauth2.GenerateVerifier(), Next: d.Next}
	if kept.Data, err = json.Marshal(j); err != nil {
		return "", "", err
	}
	system := a.tenants.Anonymous(ctx, origin)
	if err := credentials.EndOldest(system, kept.Browser, mostJourneys-1); err != nil {
		return "", "", err
	}
	state, err := credentials.Ask(system, kept)
	if err != nil {
		return "", "", err
	}
	question := a.question(j)
	question.State = state
	if address, err = to.Ask(ctx, question); err != nil {
		return "", "", a.providerProblem(err, d.Provider)
	}
	return address, browser, nil
}

// Offers refuses a provider that the operator did not set up.
func (a *Service) Offers(name string) error {
	_, err := a.offered(name)
	return err
}

func (a *Service) offered(name string) (provider.Named, error) {
	one, ok := a.credentials.Provider(name)
	if !ok {
		return one, fault.New(fault.NotFound, "This instance offers no sign-in with %.40q.", name)
	}
	return one, nil
}

func (a *Service) question(j journey) provider.Question {
	return provider.Question{
		Nonce:    j.Nonce,
		Verifier: j.Verifier,
		Redirect: a.tenants.URL() + CallbackPath(j.Provider),
		Again:    j.Purpose == SocialProve,
	}
}

// providerProblem explains an error of a provider to a person.
func (a *Service) providerProblem(err error, name string) error {
	f, ok := fault.As(err)
	switch {
	case !ok:
		return err
	case f.Code == fault.Unavailable:
		return a.SocialProblem(problemUnreachable, name).Because(err)
	}
	return a.SocialProblem(problemRefused, name).Because(err)
}

// returned takes a journey's question away, rightly or wrongly answered, and refuses an answer that another browser brings or
// that came to another provider's address.
func (a *Service) returned(system *resource.Session, state, name, browser string) (user string, j journey, err error) {
	var c credentials.Question
	err = system.Write(func(s *resource.Session) error {
		if c, err = credentials.Asked(s, state, socialJourney); err != nil {
			return err
		}
		user, j = c.UserID, journey{}
		if err := json.Unmarshal(c.Data, &j); err != nil {
			return err
		}
		return c.Close(s)
	})
	if err == nil && (j.Provider != name || subtle.ConstantTimeCompare([]byte(c.Browser), []byte(tokens.Hash(browser))) != 1) {
		err = fault.New(fault.Unauthenticated, "the answer came to another browser or for another provider")
		j = journey{}
	}
	if fault.Is(err, fault.Unauthenticated) {
		err = a.SocialProblem(problemEnded, name).Because(err)
	}
	return user, j, err
}
