package people

import (
	"context"

	"zygo/app/resource"
)

// Accounts belong to no tenant, so what changes them crosses tenants. These are the ways in besides the sign-in.

// Personal is the session by which a person changes their own account.
func (p *Person) Personal() *resource.Session {
	return p.Kernel().System(p.Context, "an account belongs to no tenant").As(p.Actor, p.Origin)
}

// Operator is the session of an operator over the whole instance, which names nobody until it is used As somebody.
func Operator(k *resource.Kernel, ctx context.Context) *resource.Session {
	return k.System(ctx, "the operator manages accounts of the whole instance").As(resource.Actor{
		Kind: "system",
		Name: "operator",
	}, resource.Origin{})
}
