package members

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/identity/throttle"
	"zygo/app/identity/tokens"
	"zygo/app/outbox"
	"zygo/app/resource"
)

// Inviting asks people into the organization of a session, all with the same role, teams and message.
type Inviting struct {
	// Emails are addresses; one text may hold many, with anything between them, or a table in which they stand.
	Emails  []string
	Role    string
	Teams   []string
	Message field.LongText
}

// Invited is what became of one address.
type Invited struct {
	Email   string  `json:"email"`
	Outcome Outcome `json:"outcome"`
	// ID and Link are those of a new invitation. The link is told this once; its hash is stored. Another one is in the mail: by
	// this one somebody without an account confirms the address too, but where an operator invites, who vouches for it.
	ID   string `json:"id"`
	Link string `json:"link"`
}

// Outcome is what became of an address.
type Outcome string

// The outcomes.
const (
	// AddressInvited has a new invitation.
	AddressInvited Outcome = "invited"
	// AddressMember is a member already, AddressOpen has an open invitation that can be sent again.
	AddressMember Outcome = "already_member"
	AddressOpen   Outcome = "already_invited"
	// AddressWrong is none.
	AddressWrong Outcome = "not_an_address"
	// AddressSlowed got many mails a short time ago.
	AddressSlowed Outcome = "too_many_mails"
)

const (
	// mostInvited are invited at once.
	mostInvited = 100
	// mostInvitations bounds the mails by which an organization invites within an hour.
	mostInvitations = 300
	invitationsPer  = time.Hour
)

// Invite asks people in. Each address has an outcome of its own; what is wrong with role or teams refuses all of them.
func (a *Service) Invite(s *resource.Session, in Inviting) ([]Invited, error) {
	if err := s.RequirePermission(mayInvite); err != nil {
		return nil, err
	}
	if in.Role == "" {
		var err error
		if in.Role, err = DefaultRole(s); err != nil {
			return nil, err
		}
	}
	if err := a.mayGive(s, in.Role, in.Teams); err != nil {
		return nil, err
	}
	addresses := addressesIn(in.Emails)
	if len(addresses) == 0 || len(addresses) > mostInvited {
		return nil, fault.InvalidField("emails", "takes between 1 and %d addresses", mostInvited)
	}
	var invited []Invited
	slowed := map[string]bool{}
	for _, address := range addresses {
		slowed[address] = a.settings.Mails.Try(throttle.Few("invitation "+address)) != nil // a closure that runs twice must not count twice
	}
	tenant, vouched := s.Tenant(), vouches(s)
	err := tenants.OfInstance(s).Write(func(s *resource.Session) error {
		invited = make([]Invited, len(addresses))
		for at, address := range addresses {
			one, link, err := a.invite(s.In(tenant), address, slowed[address], vouched, in)
			if err != nil {
				return err
			}
			if link != nil {
				err = a.tenants.Mail(s, *link)
			}
			if err != nil {
				return err
			}
			invited[at] = one
		}
		return underHourly(s.In(tenant))
	})
	return invited, err
}

// DefaultRole is the role of new members of the session's organization.
func DefaultRole(s *resource.Session) (string, error) {
	return resource.SelectOne[string](s, "SELECT default_role FROM {tenant}")
}

// invite asks one address in, within a write of the instance in the organization. The letter is nil if there is none to send.
func (a *Service) invite(s *resource.Session, address string, slowed, vouched bool, in Inviting) (Invited, *outbox.Letter, error) {
	email, err := people.AddressOf("emails", address)
	if err != nil {
		return Invited{Email: address, Outcome: AddressWrong}, nil, nil
	}
	outcome := Invited{Email: email}
	type count struct{ Members, Open int }
	known, err := resource.SelectOne[count](s,
		`SELECT (SELECT count(*) FROM {membership} m JOIN {user} u ON u.id = m.user_id WHERE u.email = ?) AS members,
		(SELECT count(*) FROM {invitation} WHERE email = ? AND state = 'open' AND expires_at > ?) AS open`, email, email, s.Now)
	switch {
	case err != nil:
		return outcome, nil, err
	case known.Members > 0:
		outcome.Outcome = AddressMember
		return outcome, nil, nil
	case known.Open > 0:
		outcome.Outcome = AddressOpen
		return outcome, nil, nil
	case slowed:
		outcome.Outcome = AddressSlowed
		return outcome, nil, nil
	}
	links := newLinks(vouched)
	made, err := Invitations.Create(s, func(i *Invitation) error {
		i.Email, i.Role, i.Message = field.Email(email), field.Ref(in.Role), field.LongText(strings.TrimSpace(string(in.Message)))
		i.TokenHash, i.MailedHash = tokens.Hash(links.told), tokens.Hash(links.mailed)
		i.InvitedBy, i.SentAt, i.ExpiresAt = inviter(s.Actor), s.Now, s.Now.Add(invitationLife)
		for _, team := range in.Teams {
			i.Teams = append(i.Teams, team)
		}
		return nil
	})
	if err != nil {
		return outcome, nil, err
	}
	outcome.Outcome, outcome.ID, outcome.Link = AddressInvited, made.ID, a.tenants.Link(InvitationPath, links.told)
	letter, err := a.invitationLetter(s, made, a.tenants.Link(InvitationPath, links.mailed))
	return outcome, letter, err
}

// vouches tells whether the inviter answers for the address: an operator, who can make any account anyway.
func vouches(s *resource.Session) bool { return s.Operator || s.Actor.Kind != "user" }

// invitationLinks are the tokens of an invitation: the one shown to the inviter, and the one in the mail.
type invitationLinks struct{ told, mailed string }

func newLinks(vouched bool) invitationLinks {
	links := invitationLinks{tokens.New(), tokens.New()}
	if vouched {
		links.told = links.mailed
	}
	return links
}

// inviter is the person who invites, nobody where the operator of the instance does.
func inviter(by resource.Actor) field.Ref {
	if by.Kind != "user" {
		return ""
	}
	return field.Ref(by.ID)
}

// Resend gives an open invitation, or one that ended by itself, another link and another 7 days. The link before it ends.
func (a *Service) Resend(s *resource.Session, id string) (Invited, error) {
	invitation, err := Invitations.Get(s, id)
	if err != nil {
		return Invited{}, err
	}
	if err := Invitations.Require(s, "resend"); err != nil {
		return Invited{}, err
	}
	if err := a.mayGive(s, string(invitation.Role), invitation.Teams); err != nil {
		return Invited{}, err
	}
	if err := a.settings.Mails.Try(throttle.Few("invitation " + string(invitation.Email))); err != nil {
		return Invited{}, err
	}
	links := newLinks(vouches(s))
	outcome := Invited{Email: string(invitation.Email), Outcome: AddressInvited, ID: id, Link: a.tenants.Link(InvitationPath, links.told)}
	tenant := s.Tenant()
	return outcome, tenants.OfInstance(s).Write(func(s *resource.Session) error {
		in := s.In(tenant)
		sent, err := Invitations.Update(in, id, 0, "resend", "resent", func(i *Invitation) error {
			if !i.MayResend() {
				return fault.New(fault.Conflict, "This invitation was %s. Invite %s anew.", i.State, i.Email)
			}
			i.State, i.SentAt, i.ExpiresAt = InvitationOpen, s.Now, s.Now.Add(invitationLife)
			i.TokenHash, i.MailedHash = tokens.Hash(links.told), tokens.Hash(links.mailed)
			i.InvitedBy = inviter(s.Actor) // who sends it again answers for it from then on
			return nil
		})
		if err != nil {
			return err
		}
		letter, err := a.invitationLetter(in, sent, a.tenants.Link(InvitationPath, links.mailed))
		if err != nil {
			return err
		}
		if err := a.tenants.Mail(s, *letter); err != nil {
			return err
		}
		return underHourly(in)
	})
}

// MayResend tells whether another link makes sense.
func (i *Invitation) MayResend() bool {
	return i.State == InvitationOpen || i.State == InvitationExpired
}

// underHourly refuses a write by which an organization would have sent too many mails.
func underHourly(s *resource.Session) error {
	sent, err := resource.SelectOne[int](s, "SELECT count(*) FROM {invitation} WHERE sent_at > ? AND sent_at <= ?",
		s.Now.Add(-invitationsPer), s.Now.Add(throttle.MostAhead))
	if err == nil && sent > mostInvitations {
		err = &fault.Error{
			Code:       fault.RateLimited,
			Message:    fmt.Sprintf("An organization invites %d people within an hour at most. Go on later.", mostInvitations),
			RetryAfter: invitationsPer / 4,
		}
	}
	return err
}

// mayGive refuses a role or a team by which somebody would get more than the actor has.
func (a *Service) mayGive(s *resource.Session, role string, teams []string) error {
	lacks, err := s.Lacks(role)
	if err != nil {
		return err
	}
	if lacks != "" {
		return fault.InvalidField("role", "may do more than you (%s); only somebody who may that too can give it", lacks)
	}
	for _, team := range teams {
		if err := a.settings.MayAdmit(s, team); err != nil {
			return err
		}
	}
	return nil
}

// addressesIn finds the addresses in what somebody pasted, each once: a list, a table with whatever separators and headers, or
// what a mail program copies. An address is known by its @; names, labels and headers are none. What has an @ and is no
// address is left for the answer, as is a text without any.
func addressesIn(texts []string) []string {
	var found []string
	for _, text := range texts {
		words := strings.FieldsFunc(strings.ReplaceAll(text, "＠", "@"), parts)
		words = slices.DeleteFunc(words, func(word string) bool { return !strings.Contains(word, "@") })
		if text = field.Line(text); len(words) == 0 && text != "" {
			words = []string{strings.ToValidUTF8(text[:min(len(text), people.LongestEmail)], "")}
		}
		for _, word := range words {
			word = strings.Trim(word, "'.")
			if address, err := people.AddressOf("emails", word); err == nil {
				word = address
			}
			if !slices.Contains(found, word) {
				found = append(found, word)
			}
		}
	}
	return found
}

// parts tells what stands between the addresses of a list or a table.
func parts(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Pi, unicode.Pf) || strings.ContainsRune(",;:|<>()[]\"、，；", r)
}
