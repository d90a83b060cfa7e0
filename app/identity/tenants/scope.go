package tenants

import (
	"context"

	"zygo/app/resource"
)

// Anonymous is the session of a request that names an account by an address or a token, before anybody signed in.
func (a *Service) Anonymous(ctx context.Context, origin resource.Origin) *resource.Session {
	return a.kernel.System(ctx, "an address or a token names its user before anything else is known").As(resource.Actor{
		Kind: "system",
	}, origin)
}

// OfInstance is the session of the instance, for writes that concern both it and an organization: an invitation belongs to
// the organization, its mail to the instance.
func OfInstance(s *resource.Session) *resource.Session {
	return s.Kernel().System(s.Context, "an invitation belongs to an organization, and its mail to the instance").As(s.Actor, s.Origin)
}
