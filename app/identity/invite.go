package identity

import (
	"context"

	"zygo/app/fault"
	"zygo/app/identity/members"
)

// InviteByOperator is Invite for anyone who controls the data directory, by the command line.
func (a *Accounts) InviteByOperator(ctx context.Context, organization, email, role string) (members.Invited, error) {
	s, err := a.OperatorIn(ctx, organization)
	if err != nil {
		return members.Invited{}, err
	}
	invited, err := a.Members.Invite(s, members.Inviting{Emails: []string{email}, Role: role})
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
