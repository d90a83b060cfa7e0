package members

import (
	"context"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Invitation asks anyone who has an address into an organization. Its link gives the right to join it, once.
type Invitation struct {
	resource.Row
	Email     field.Email     `z:"readonly,max=254,list,search,label=E-mail"`
	State     InvitationState `z:"readonly,default=open,list,filter"`
	Role      field.Ref       `z:"to=role,list,filter,help=What they may do. You can give what you have yourself."`
	Teams     field.Refs      `z:"to=team,max=20,help=Teams that they are in from the beginning."`
	Message   field.LongText  `z:"max=1000,help=A few words that stand in the mail."`
	InvitedBy field.Ref       `z:"to=user,inverse=Invitations that they sent,readonly,list"`
	SentAt    field.Time      `z:"readonly"`
	ExpiresAt field.Time      `z:"readonly,list,label=Ends"`
	// TokenHash is the hash of the newest link that the inviter was shown, MailedHash that of the link in the mail. Older links are
	// worth nothing. Only the mailed link proves the address. If an operator invites, both are the same link.
	TokenHash  string `z:"internal,max=64"`
	MailedHash string `z:"internal,max=64"`
}

// InvitationState is how far an invitation has come.
type InvitationState string

// The states of an invitation.
const (
	InvitationOpen     InvitationState = "open"
	InvitationAccepted InvitationState = "accepted"
	InvitationDeclined InvitationState = "declined"
	InvitationRevoked  InvitationState = "revoked"
	InvitationExpired  InvitationState = "expired"
)

// Choices lists the states.
func (InvitationState) Choices() []field.Choice {
	return []field.Choice{
		{Value: "open", Label: "Open", Tone: "blue"},
		{Value: "accepted", Label: "Accepted", Tone: "green"},
		{Value: "declined", Label: "Declined", Tone: "amber"},
		{Value: "revoked", Label: "Revoked"},
		{Value: "expired", Label: "Expired"},
	}
}

// Invitations is the kind. Its rows are made by Invite, which alone knows the token of a link.
var Invitations = resource.Kind[Invitation]{
	InPerson: true,
	Name:     "invitation", Area: "Organization", Icon: "mail", State: "state", Verbs: []string{resource.List, resource.Get},
	Help: "Who was asked into the organization, and what became of it.",
	Roles: map[string]resource.Role{
		resource.List:   resource.Admin,
		resource.Get:    resource.Admin,
		resource.Create: resource.Admin,
		resource.Delete: resource.Admin,
		"resend":        resource.Admin,
		"revoke":        resource.Admin,
	},
	Indexes: []resource.Index{
		{Columns: []string{"token_hash"}, Across: true},
		{Columns: []string{"mailed_hash"}, Across: true},
		{Columns: []string{"state", "expires_at"}, Across: true},
		{Columns: []string{"email"}},
		{Columns: []string{"state"}},
		{Columns: []string{"role"}},
	},
	Actions: []resource.Action[Invitation]{
		{Name: "revoke", Icon: "ban", Danger: true, When: (*Invitation).isOpen, Do: (*Invitation).revoke},
	},
}

// mayInvite is the permission to ask people in.
const mayInvite = "invitation:create"

// invitationLife is how long a link works.
const invitationLife = 7 * 24 * time.Hour

func (i *Invitation) isOpen() bool { return i.State == InvitationOpen }

func (i *Invitation) revoke(*resource.Session) error {
	i.State = InvitationRevoked
	return nil
}

// invitationKept is how long an invitation is shown after its end: the address of somebody who never joined is kept no longer.
const invitationKept = 30 * 24 * time.Hour

// endedAtOnce bounds one round of EndInvitations.
const endedAtOnce = 1000

// EndInvitations notes which links have ended by themselves, and removes what ended long ago.
func (a *Service) EndInvitations(ctx context.Context) error {
	system := a.tenants.Anonymous(ctx, resource.Origin{})
	type row struct{ ID, TenantID string }
	late, err := resource.Select[row](system,
		"SELECT id, tenant_id FROM {invitation} WHERE state = 'open' AND expires_at < ? ORDER BY expires_at LIMIT ?", system.Now,
		endedAtOnce)
	if err != nil {
		return err
	}
	for _, one := range late {
		if _, err := Invitations.Update(system.In(one.TenantID), one.ID, 0, "expire", "expired", func(i *Invitation) error {
			if i.isOpen() && i.ExpiresAt < system.Now { // another link may have been sent meanwhile
				i.State = InvitationExpired
			}
			return nil
		}); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	old, err := resource.Select[row](system,
		"SELECT id, tenant_id FROM {invitation} WHERE state <> 'open' AND expires_at < ? ORDER BY expires_at LIMIT ?",
		system.Now.Add(-invitationKept), endedAtOnce)
	if err != nil {
		return err
	}
	for _, one := range old {
		if err := system.Write(func(s *resource.Session) error { return eraseInvitation(s.In(one.TenantID), one.ID) }); err != nil {
			return err
		}
	}
	return nil
}

func eraseInvitation(s *resource.Session, id string) error {
	kind, _ := s.Kernel().Kind(Invitations.Name)
	if err := kind.Remove(s, id, 0); err != nil {
		return err
	}
	return kind.Purge(s, id)
}

// EraseInvitationsOf erases all that an address was ever invited by.
func EraseInvitationsOf(s *resource.Session, email string) error {
	type row struct{ ID, TenantID string }
	all, err := resource.Select[row](s, "SELECT id, tenant_id FROM {invitation} WHERE email = ?", email)
	if err != nil {
		return err
	}
	for _, one := range all {
		if err := eraseInvitation(s.In(one.TenantID), one.ID); err != nil {
			return err
		}
	}
	return nil
}

// InvitationPath is the page that an invitation's link leads to.
const InvitationPath = "/invitations/accept"
