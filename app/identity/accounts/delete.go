package accounts

import (
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/credentials"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// Belongings are what another area keeps of a person: read for their export, and erased when they leave.
type Belongings struct {
	Name  string
	Read  func(s *resource.Session, user string) (any, error)
	Erase func(s *resource.Session, user string) error
}

// Delete ends the person's account for anyone who types its address. What is theirs alone is erased. Their row stays
// without name and address, so that what they did still belongs to one person, and the address can be used again.
func (a *Service) Delete(p *people.Person, typed string) error {
	if err := a.sessions.MayChange(p); err != nil {
		return err
	}
	if people.SoughtAddress(typed) != string(p.User.Email) {
		return fault.InvalidField("email", "is not the address of your account; type %s", p.User.Email)
	}
	return p.Personal().Write(func(s *resource.Session) error {
		users, err := resource.Select[people.User](s, "SELECT * FROM {user} WHERE id = ? AND suspended_at IS NULL", p.User.ID)
		if err != nil {
			return err
		}
		if len(users) == 0 {
			return people.ErrSignIn()
		}
		user := users[0]
		if user.Operator {
			if err := people.KeepOperator(s, user); err != nil {
				return fault.New(fault.Conflict,
					"You are the last operator of this instance. Make somebody else one first: zygo user promote.").Because(err)
			}
		}
		if err := members.LeaveOrganizations(s, user.ID); err != nil {
			return err
		}
		if err := a.eraseBelongings(s, user); err != nil {
			return err
		}
		if err := a.tenants.Mail(s, a.deletedLetter(user)); err != nil {
			return err
		}
		_, err = people.Users.Update(s, user.ID, 0, "delete_account", "account_deleted", func(u *people.User) error {
			u.Name, u.Email, u.PasswordHash = "Deleted person", field.Email(strings.ToLower(u.ID)+people.ErasedDomain), ""
			u.Language, u.TimeZone, u.Operator, u.Unverified, u.SuspendedAt = "", "", false, false, s.Now
			return nil
		})
		return err
	})
}

// eraseBelongings erases what is a user's alone: what stands in the area's tables under their id, and what other areas have.
func (a *Service) eraseBelongings(s *resource.Session, user people.User) error {
	number, err := credentials.NumberOf(s, user.ID)
	if err != nil {
		return err
	}
	if err := credentials.EndSessions(s, user.ID, ""); err != nil {
		return err
	}
	for _, table := range a.settings.Tables {
		if !slices.Contains(table.Columns(), "user_id") {
			continue
		}
		if _, err := s.Erase(table, resource.Pair{Column: "user_id", Value: user.ID}); err != nil {
			return err
		}
	}
	if err := members.EraseInvitationsOf(s, string(user.Email)); err != nil {
		return err
	}
	for _, of := range a.settings.Belongings {
		if err := of.Erase(s, user.ID); err != nil {
			return err
		}
	}
	return a.outbox.EraseTo(s, string(user.Email), number)
}
