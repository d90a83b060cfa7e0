package identity

import (
	"context"

	"zygo/app/resource"
)

// OffersSignUp tells whether some strangers can make an account by themselves: anybody, or anyone who an organization takes in.
func (a *Accounts) OffersSignUp(ctx context.Context) (bool, error) {
	if a.MaySignUp() {
		return true, nil
	}
	return resource.SelectOne[bool](a.Tenants.Anonymous(ctx, resource.Origin{}),
		`SELECT EXISTS (SELECT 1 FROM {tenant} t JOIN {domain} d ON d.tenant_id = t.id AND d.state = 'verified' WHERE t.join_by_domain)`)
}
