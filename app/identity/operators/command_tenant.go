package operators

import (
	"context"

	"zygo/app/fault"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
)

// DeleteTenantAt begins the end of an organization by its slug, for the operator on the command line.
func (a *Service) DeleteTenantAt(ctx context.Context, slug string) error {
	return a.changeTenantAt(ctx, slug, func(s *resource.Session, tenant string) error {
		_, err := tenants.Kind.Update(s.In(tenant), tenant, 0, "end", "deletion_begun", func(t *tenants.Tenant) error {
			return a.members.BeginDeletion(s, t)
		})
		return err
	})
}

// RestoreTenantAt takes the deletion of an organization back by its slug.
func (a *Service) RestoreTenantAt(ctx context.Context, slug string) error {
	return a.changeTenantAt(ctx, slug, members.RestoreTenant)
}

func (a *Service) changeTenantAt(ctx context.Context, slug string, change func(s *resource.Session, tenant string) error) error {
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
func (a *Service) ListTenants(ctx context.Context) (all []Organization, err error) {
	s := people.Operator(a.kernel, ctx)
	for cursor := ""; ; {
		found, page, err := Organizations.List(s, resource.Query{Cursor: cursor, Limit: resource.MostRows})
		if all = append(all, found...); err != nil || page.NextCursor == "" {
			return all, err
		}
		cursor = page.NextCursor
	}
}

// InviteByOperator is Invite for anyone who controls the data directory, by the command line.
func (a *Service) InviteByOperator(ctx context.Context, organization, email, role string) (members.Invited, error) {
	s, err := a.OperatorIn(ctx, organization)
	if err != nil {
		return members.Invited{}, err
	}
	invited, err := a.members.Invite(s, members.Inviting{Emails: []string{email}, Role: role})
	if err != nil {
		return members.Invited{}, err
	}
	switch one := invited[0]; one.Outcome {
	case members.AddressInvited:
		return one, nil
	case members.AddressMember:
		return one, fault.New(fault.Conflict, "%s is a member already.", one.Email)
	case members.AddressOpen:
		return one, fault.New(fault.Conflict, "%s is invited already. An administrator sends another link on the page of members.",
			one.Email)
	}
	return members.Invited{}, fault.InvalidField("email", "must be an e-mail address such as ada@example.com")
}
