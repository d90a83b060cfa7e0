package identity

import (
	"context"

	"zygo/app/resource"
)

// Accounts belong to no tenant, so what changes them crosses tenants. These are the ways in beside the sign-in.

// personalSession is the session by which a person changes their own account.
func (p *Person) personalSession() *resource.Session {
	return p.Kernel().System(p.Context, "an account belongs to no tenant").As(p.Actor, p.Origin)
}

// anonymousSession is the session of a request that names an account by an address or a token, before anybody signed in.
func (a *Accounts) anonymousSession(ctx context.Context, origin resource.Origin) *resource.Session {
	return a.kernel.System(ctx, "an address or a token names its user before anything else is known").As(resource.Actor{
		Kind: "system",
	}, origin)
}

// instanceSession is the session of the instance, for writes that concern both it and an organization: an invitation belongs to
// the organization, its mail to the instance.
func instanceSession(s *resource.Session) *resource.Session {
	return s.Kernel().System(s.Context, "an invitation belongs to an organization, and its mail to the instance").As(s.Actor, s.Origin)
}
