package identity

import (
	"slices"

	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
)

// Operations are what people do with accounts and organizations. The list itself needs no accounts.
func (a *Accounts) Operations() []operation.Operation {
	return slices.Concat(a.signInOperations(), a.socialOperations(), a.accountOperations(), a.habitOperations(), a.factorOperations(),
		a.passkeyOperations(),
		a.tenantOperations(),
		a.ownershipOperations(), a.invitationOperations(), a.domainOperations(), a.operatorOperations(), a.operatorTenantOperations())
}

// entered is welcome for somebody who answered a challenge; it remembers their browser where they wish that.
func (a *Accounts) entered(c *operation.Call, token string, p *people.Person, remember bool, err error) (*sessions.Entered, error) {
	out, err := a.Sessions.Welcome(c, token, p, err)
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
func (a *Accounts) enrolled(c *operation.Call, p *people.Person, with *Enrolled, err error) (*sessions.Entered, error) {
	out := &sessions.Entered{}
	if err == nil && with.Token != "" {
		out, err = a.Sessions.Welcome(c, with.Token, p, nil)
	}
	if err != nil {
		return nil, err
	}
	out.BackupCodes = with.BackupCodes
	return out, nil
}
