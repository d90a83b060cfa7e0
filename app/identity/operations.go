package identity

import (
	"slices"

	"zygo/app/identity/people"
	"zygo/app/operation"
)

// Operations are what people do with accounts and organizations. The list itself needs no accounts.
func (a *Accounts) Operations() []operation.Operation {
	return slices.Concat(a.signInOperations(), a.socialOperations(), a.accountOperations(), a.habitOperations(), a.factorOperations(),
		a.passkeyOperations(),
		a.tenantOperations(),
		a.ownershipOperations(), a.invitationOperations(), a.domainOperations(), a.operatorOperations(), a.operatorTenantOperations())
}

// Entered is the answer to somebody who signed in: a browser has its session in a cookie, any other client has tokens.
type Entered struct {
	User *people.Me `json:"user,omitempty"`
	*Tokens
	BackupCodes []string `json:"backup_codes,omitempty" z:"help=They come with the first factor, and are shown once."`
}

// welcome answers a new session, whose token goes into the cookie of a browser and nowhere else.
func (a *Accounts) welcome(c *operation.Call, token string, p *people.Person, err error) (*Entered, error) {
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
func (a *Accounts) entered(c *operation.Call, token string, p *people.Person, remember bool, err error) (*Entered, error) {
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
func (a *Accounts) enrolled(c *operation.Call, p *people.Person, with *Enrolled, err error) (*Entered, error) {
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
