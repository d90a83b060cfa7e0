package identity

import (
	"slices"

	"zygo/app/operation"
)

// Operations are what people do with accounts and organizations. The list itself needs no accounts.
func (a *Accounts) Operations() []operation.Operation {
	return slices.Concat(a.signInOperations(), a.socialOperations(), a.accountOperations(), a.habitOperations(), a.factorOperations(),
		a.passkeyOperations(),
		a.tenantOperations(),
		a.ownershipOperations(), a.invitationOperations(), a.domainOperations(), a.operatorOperations(), a.operatorTenantOperations())
}

// Who calls, in the words of this package: a person, a person on the way in, or anybody.

// personal is an operation of a person.
func personal[In, Out any](method, path, summary string, do func(p *Person, in *In) (Out, error)) operation.Operation {
	return operation.Handle(method, path, operation.SignedIn, summary, func(c *operation.Call, in *In) (Out, error) {
		return do(c.Caller.(*Person), in)
	})
}

// act is personal for what answers nothing.
func act[In any](method, path, summary string, do func(p *Person, in *In) error) operation.Operation {
	return personal(method, path, summary, func(p *Person, in *In) (operation.Done, error) { return operation.Done{}, do(p, in) })
}

// handle is an operation of a person that reads more of the request, or renews the session.
func handle[In, Out any](method, path, summary string, do func(c *operation.Call, p *Person, in *In) (Out, error)) operation.Operation {
	return operation.Handle(method, path, operation.SignedIn, summary, func(c *operation.Call, in *In) (Out, error) {
		return do(c, c.Caller.(*Person), in)
	})
}

// public is an operation of anybody.
func public[In, Out any](method, path, summary string, do func(c *operation.Call, in *In) (Out, error)) operation.Operation {
	return operation.Handle(method, path, operation.Public, summary, do)
}

// publicAct is public for what answers nothing.
func publicAct[In any](method, path, summary string, do func(c *operation.Call, in *In) error) operation.Operation {
	return public(method, path, summary, func(c *operation.Call, in *In) (operation.Done, error) { return operation.Done{}, do(c, in) })
}

// caller is the person who calls a public operation, and the refusal of everybody else.
func caller(c *operation.Call) (*Person, error) {
	if c.Caller == nil {
		return nil, c.Refused
	}
	return c.Caller.(*Person), nil
}

type nothing struct{}

type byID struct{ ID string }

// Me is the person of a session, where they are.
type Me struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Email    string   `json:"email"`
	Language string   `json:"language"`
	TimeZone string   `json:"time_zone"`
	Operator bool     `json:"operator"`
	Role     string   `json:"role"`
	Tenant   InTenant `json:"tenant"`
}

// InTenant names the organization that a session is in; all is empty without one.
type InTenant struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Slug string `json:"slug"`
}

// Me describes the person to themselves.
func (p *Person) Me() Me {
	return Me{
		ID:       p.User.ID,
		Name:     p.User.Name,
		Email:    string(p.User.Email),
		Language: p.User.Language,
		TimeZone: p.User.TimeZone,
		Operator: p.User.Operator,
		Role:     p.RoleID(),
		Tenant:   InTenant{p.Tenant.ID, p.Tenant.Name, p.Tenant.Slug},
	}
}

// Entered is the answer to somebody who signed in: a browser has its session in a cookie, any other client has tokens.
type Entered struct {
	User *Me `json:"user,omitempty"`
	*Tokens
	BackupCodes []string `json:"backup_codes,omitempty" z:"help=They come with the first factor, and are shown once."`
}

// welcome answers a new session, whose token goes into the cookie of a browser and nowhere else.
func (a *Accounts) welcome(c *operation.Call, token string, p *Person, err error) (*Entered, error) {
	if err != nil {
		return nil, err
	}
	me := p.Me()
	out := &Entered{User: &me}
	if !c.Browser {
		tokens, err := a.Issue(p)
		out.Tokens = &tokens
		return out, err
	}
	c.SetCookie(SessionCookie(token))
	c.SetCookie(KnownCookie(a.KnowBrowser(p)))
	return out, nil
}

// entered is welcome for somebody who answered a challenge; it remembers their browser where they wish that.
func (a *Accounts) entered(c *operation.Call, token string, p *Person, remember bool, err error) (*Entered, error) {
	out, err := a.welcome(c, token, p, err)
	if err != nil || !c.Browser {
		return out, err
	}
	c.SetCookie(ChallengeCookie(""))
	if remember {
		device, err := a.Remember(p)
		if err != nil {
			return nil, err
		}
		c.SetCookie(DeviceCookie(device))
	}
	return out, nil
}

// enrolled answers a new factor: the codes that came with it, and a renewed session where it opened one.
func (a *Accounts) enrolled(c *operation.Call, p *Person, with *Enrolled, err error) (*Entered, error) {
	out := &Entered{}
	if err == nil && with.Token != "" {
		out, err = a.welcome(c, with.Token, p, nil)
	}
	if err != nil {
		return nil, err
	}
	out.BackupCodes = with.BackupCodes
	return out, nil
}
