package identity

import (
	"context"
	"encoding/json"

	"zygo/app/fault"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
)

// Certificates are the newest certificates of deletion, for operators.
func (a *Accounts) Certificates(p *people.Person) ([]members.Certificate, error) {
	system, err := a.operating(p)
	if err != nil {
		return nil, err
	}
	objects, err := resource.Select[string](system,
		"SELECT object FROM {ledger} WHERE tenant_id = '' AND action = 'tenant.erased' ORDER BY seq DESC LIMIT 100")
	if err != nil {
		return nil, err
	}
	certificates := make([]members.Certificate, len(objects))
	for i, object := range objects {
		if err := json.Unmarshal([]byte(object), &certificates[i]); err != nil {
			return nil, err
		}
	}
	return certificates, nil
}

// DeleteTenantAt begins the end of an organization by its slug, for the operator on the command line.
func (a *Accounts) DeleteTenantAt(ctx context.Context, slug string) error {
	return a.changeTenantAt(ctx, slug, func(s *resource.Session, tenant string) error {
		_, err := tenants.Kind.Update(s.In(tenant), tenant, 0, "end", "deletion_begun", func(t *tenants.Tenant) error {
			return a.Members.BeginDeletion(s, t)
		})
		return err
	})
}

// RestoreTenantAt takes the deletion of an organization back by its slug.
func (a *Accounts) RestoreTenantAt(ctx context.Context, slug string) error {
	return a.changeTenantAt(ctx, slug, members.RestoreTenant)
}

func (a *Accounts) changeTenantAt(ctx context.Context, slug string, change func(s *resource.Session, tenant string) error) error {
	return people.Operator(a.kernel, ctx).Write(func(s *resource.Session) error {
		found, err := resource.Select[string](s, "SELECT id FROM {tenant} WHERE slug = ?", slug)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return fault.New(fault.NotFound, "There is no organization %q.", slug)
		}
		return change(s, found[0])
	})
}

// ListTenants lists every organization of the instance, for the operator on the command line.
func (a *Accounts) ListTenants(ctx context.Context) (all []Organization, err error) {
	s := people.Operator(a.kernel, ctx)
	for cursor := ""; ; {
		found, page, err := AllTenants.List(s, resource.Query{Cursor: cursor, Limit: resource.MostRows})
		if all = append(all, found...); err != nil || page.NextCursor == "" {
			return all, err
		}
		cursor = page.NextCursor
	}
}
