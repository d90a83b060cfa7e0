package identity

import (
	"zygo/app/resource"
)

// Accounts belong to no tenant, so what changes them crosses tenants. These are the ways in beside the sign-in.

// personalSession is the session by which a person changes their own account.
func (p *Person) personalSession() *resource.Session {
	return p.Kernel().System(p.Context, "an account belongs to no tenant").As(p.Actor, p.Origin)
}
