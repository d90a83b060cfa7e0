package members

import (
	"context"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// Welcome is what an invitation says to the holder of its link.
type Welcome struct {
	ID, Email, Organization, Role, Message string
	// By is who invites, empty for the operator of the instance.
	By string
	// Proven tells that the link was mailed, or that an operator vouches: who follows it has the address. HasAccount, that the
	// address has an account, by which its owner joins, is told to nobody else.
	Proven, HasAccount bool
}

// errEnded is for every link that gives no right, whatever the reason.
func errEnded() error {
	return fault.New(fault.NotFound,
		"This invitation does not work any more: it was used or taken back, or it is older than 7 days. Ask the person who invited you for another one. If you joined already, sign in.")
}

// Welcome reads the invitation behind a link.
func (a *Service) Welcome(ctx context.Context, token string) (*Welcome, error) {
	system := a.tenants.Anonymous(ctx, resource.Origin{})
	i, err := a.usable(system, token)
	if err != nil {
		return nil, err
	}
	type names struct {
		Organization, Role, Inviter string
		Accounts                    int
	}
	of, err := resource.SelectOne[names](system,
		`SELECT t.name AS organization, r.name AS role, coalesce((SELECT u.name FROM {user} u WHERE u.id = ?), '') AS inviter,
		(SELECT count(*) FROM {user} u WHERE u.email = ? AND NOT u.unverified) AS accounts FROM {tenant} t JOIN {role} r ON r.tenant_id = t.id AND r.id = ? WHERE t.id = ?`,
		string(i.InvitedBy), i.Email, string(i.Role), i.TenantID)
	if fault.Is(err, fault.NotFound) {
		return nil, errEnded()
	}
	if err != nil {
		return nil, err
	}
	proven := i.MailedHash == tokens.Hash(token)
	return &Welcome{
		ID:           i.ID,
		Email:        string(i.Email),
		Organization: of.Organization,
		Role:         of.Role,
		Message:      string(i.Message),
		By:           of.Inviter,
		Proven:       proven,
		HasAccount:   proven && of.Accounts > 0,
	}, nil
}

// Accept makes a signed-in person a member, and goes on in the organization: the session has another id and token. Only the
// address that was invited can join.
func (a *Service) Accept(p *people.Person, token string) (string, *people.Person, error) {
	system := p.Personal()
	i, err := a.usable(system, token)
	if err != nil {
		return "", nil, err
	}
	if err := system.Write(func(s *resource.Session) error {
		user, err := people.Users.Get(s, p.User.ID)
		if err != nil {
			return err
		}
		if user.Email != i.Email {
			return fault.New(fault.Forbidden, "This invitation is for %s, and you are signed in as %s. Sign out, and open the link again.",
				i.Email, user.Email)
		}
		return a.Join(s, tokens.Hash(token), user.ID)
	}); err != nil {
		return "", nil, err
	}
	return a.sessions.Switch(p, i.TenantID)
}

// Decline ends an invitation for anyone who holds its link.
func (a *Service) Decline(ctx context.Context, token string, origin resource.Origin) error {
	return a.tenants.Anonymous(ctx, origin).Write(func(s *resource.Session) error {
		i, err := invitationOf(s, tokens.Hash(token))
		if err != nil {
			return err
		}
		_, err = Invitations.Update(s.In(i.TenantID), i.ID, 0, "decline", "declined", func(i *Invitation) error {
			i.State = InvitationDeclined
			return nil
		})
		return err
	})
}

// invitationOf finds the open invitation of a token, by its hash.
func invitationOf(s *resource.Session, hash string) (Invitation, error) {
	found, err := resource.Select[Invitation](s,
		`SELECT i.* FROM {invitation} i JOIN {tenant} t ON t.id = i.tenant_id AND t.suspended_at IS NULL AND t.delete_at IS NULL
		WHERE (i.token_hash = ? OR i.mailed_hash = ?) AND i.state = 'open' AND i.expires_at >= ?`, hash, hash, s.Now)
	if err == nil && len(found) == 0 {
		err = errEnded()
	}
	if err != nil {
		return Invitation{}, err
	}
	return found[0], nil
}

// usable is invitationOf for an invitation that could be made today as well: what somebody who was removed or lost rights gave
// away before is taken by nobody afterwards.
func (a *Service) usable(s *resource.Session, token string) (Invitation, error) {
	i, err := invitationOf(s, tokens.Hash(token))
	if err != nil || i.InvitedBy == "" {
		return i, err
	}
	type inviter struct{ ID, Name, Role string }
	members, err := resource.Select[inviter](s,
		"SELECT u.id, u.name, m.role FROM {membership} m JOIN {user} u ON u.id = m.user_id AND u.suspended_at IS NULL WHERE m.tenant_id = ? AND m.user_id = ? AND m.status = 'active'", i.TenantID, string(i.InvitedBy))
	if err != nil {
		return i, err
	}
	if len(members) == 0 {
		return i, errEnded()
	}
	by, err := a.sessions.MemberIn(s.Context, resource.Actor{
		Kind: "user",
		ID:   members[0].ID,
		Name: members[0].Name,
	}, i.TenantID, members[0].Role, resource.Origin{})
	if err != nil {
		return i, err
	}
	if !by.Holds(mayInvite) {
		return i, errEnded()
	}
	teams, err := present(s.In(i.TenantID), i.Teams)
	if err == nil {
		err = a.mayGive(by, string(i.Role), teams)
	}
	if f, ok := fault.As(err); ok && f.Code != fault.Internal {
		err = errEnded()
	}
	return i, err
}

// Join uses an invitation up, and makes the user a member with its role and teams. It runs inside a write of a system session.
func (a *Service) Join(s *resource.Session, hash, user string) error {
	i, err := invitationOf(s, hash)
	if err != nil {
		return err
	}
	in := s.In(i.TenantID)
	if _, err := Invitations.Update(in, i.ID, 0, "accept", "accepted", func(i *Invitation) error {
		i.State = InvitationAccepted
		return nil
	}); err != nil {
		return err
	}
	members, err := resource.Select[int](in, "SELECT 1 FROM {membership} WHERE user_id = ?", user)
	if err != nil {
		return err
	}
	if len(members) == 0 {
		if _, err := people.Memberships.Create(in, func(m *people.Membership) error {
			m.UserID, m.Role = field.Ref(user), i.Role
			return nil
		}); err != nil {
			return err
		}
	}
	return joinTeams(in, i.Teams, user)
}

// joinTeams puts a member into the teams that are still there.
func joinTeams(s *resource.Session, teams []string, user string) error {
	teams, err := present(s, teams)
	if err != nil {
		return err
	}
	places, _ := s.Kernel().Kind("team_member")
	for _, team := range teams {
		in, err := resource.Select[int](s, "SELECT 1 FROM {team_member} WHERE team = ? AND user_id = ?", team, user)
		if err != nil {
			return err
		}
		if len(in) > 0 {
			continue
		}
		of, err := places.Under(s, team)
		if err != nil {
			return err
		}
		if _, err := of.Create(s, resource.Input{"user_id": resource.Text(user)}); err != nil {
			return err
		}
	}
	return nil
}

// present are those teams of a list that were not deleted since.
func present(s *resource.Session, teams []string) ([]string, error) {
	names, err := s.TitlesOf("team", teams)
	var there []string
	for _, team := range teams {
		if _, ok := names[team]; ok {
			there = append(there, team)
		}
	}
	return there, err
}
