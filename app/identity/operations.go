package identity

import (
	"slices"

	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
)

// Operations are what people do with accounts and organizations. The list itself needs nothing of an instance.
func (a *Accounts) Operations() []operation.Operation {
	return slices.Concat(a.signInOperations(), a.socialOperations(), a.Accounts.Operations(),
		a.Credentials.Operations(), a.Members.Operations(), a.operatorOperations(), a.operatorTenantOperations())
}

// entered is welcome for somebody who answered a challenge; it remembers their browser where they wish that.
func (a *Accounts) entered(c *operation.Call, token string, p *people.Person, remember bool, err error) (*sessions.Entered, error) {
	out, err := a.Sessions.Welcome(c, token, p, err)
	if err != nil || !c.Browser {
		return out, err
	}
	c.SetCookie(ChallengeCookie(""))
	if remember {
		device, err := a.Credentials.Remember(p)
		if err != nil {
			return nil, err
		}
		c.SetCookie(DeviceCookie(device))
	}
	return out, nil
}
