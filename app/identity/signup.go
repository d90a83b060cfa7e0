package identity

import (
	"context"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"zygo/app/fault"
	"zygo/app/resource"
)

// Who may sign up by themselves.
const (
	SignUpOpen       = "open"
	SignUpInvitation = "invitation"
	SignUpDomains    = "domains"
)

// Joining is what the sign-up asks for; without an organization somebody else has to take the person in.
type Joining struct {
	Name         string `json:"name"`
	Email        string `json:"email"`
	Password     string `json:"password"`
	Organization string `json:"organization"`
}

// MaySignUp tells whether anybody can sign up by themselves.
func (a *Accounts) MaySignUp() bool {
	return a.settings.SignUp == SignUpOpen || a.settings.SignUp == SignUpDomains
}

// SignUp makes an account that waits for its address to be confirmed, and the organization that it names. For an address
// that has an account the answer and its time are the same, and its owner gets a mail that says so.
func (a *Accounts) SignUp(ctx context.Context, in Joining, origin resource.Origin) error {
	in.Name, in.Organization = strings.TrimSpace(in.Name), strings.TrimSpace(in.Organization)
	if err := a.admit(ctx, &in); err != nil {
		return err
	}
	if err := a.asked(origin); err != nil {
		return err
	}
	hash, err := a.passwordHash(ctx, "password", in.Password, in.Name, in.Email, in.Organization)
	if err != nil {
		return err
	}
	token := newToken()
	system := a.stranger(ctx, origin)
	return system.Write(func(s *resource.Session) error {
		user, err := userAt(s, in.Email)
		if err != nil {
			return err
		}
		if user.ID != "" {
			return a.tellOwner(s, user, token)
		}
		made, err := Users.Create(s, func(u *User) error {
			u.Name, u.Email, u.PasswordHash, u.Unverified = in.Name, in.Email, hash, true
			return nil
		})
		if err != nil {
			return err
		}
		if err := foundOrganization(s, in.Organization, made.ID); err != nil {
			return err
		}
		if _, err := issue(s, token, toVerify, made.ID, "", verifyLife); err != nil {
			return err
		}
		return a.mail(s, a.verifyLetter(*made, token, s.Now.Add(verifyLife)))
	})
}

// tellOwner answers a sign-up with an address that has an account.
func (a *Accounts) tellOwner(s *resource.Session, user User, token string) error {
	purpose, letter := toTell, a.existsLetter(user)
	if user.Unverified {
		purpose, letter = toVerify, a.verifyLetter(user, token, s.Now.Add(verifyLife))
	}
	mayMail, err := issue(s, token, purpose, user.ID, "", verifyLife)
	if err != nil || !mayMail || user.SuspendedAt != 0 {
		return err
	}
	return a.mail(s, letter)
}

// admit refuses what may not sign up, before anything is looked up, so that it says nothing of who has an account.
func (a *Accounts) admit(ctx context.Context, in *Joining) error {
	done, err := a.IsSetUp(ctx)
	if err != nil {
		return err
	}
	if !done {
		return fault.New(fault.Conflict, "This instance is not set up yet.")
	}
	if in.Email, err = addressOf("email", in.Email); err != nil {
		return err
	}
	if err := a.admitsAddress(a.stranger(ctx, resource.Origin{}), in.Email); err != nil {
		return err
	}
	if err := a.mayName(in.Organization); err != nil {
		return err
	}
	if err := checkName("name", in.Name, 1); err != nil {
		return err
	}
	return checkName("organization", in.Organization, 0)
}

// admitsAddress refuses an address that may not sign up: neither by the rules of the instance nor by those of an organization
// that takes in its domain.
func (a *Accounts) admitsAddress(s *resource.Session, email string) error {
	_, domain, _ := strings.Cut(email, "@")
	switch a.settings.SignUp {
	case SignUpOpen:
		return nil
	case SignUpDomains:
		if slices.ContainsFunc(a.settings.Domains, func(one string) bool { return strings.EqualFold(one, domain) }) {
			return nil
		}
	}
	at, err := takesIn(s, email, "")
	switch {
	case err != nil || at.ID != "":
		return err
	case a.settings.SignUp == SignUpDomains:
		return fault.InvalidField("email", "must be an address at %s", strings.Join(a.settings.Domains, " or "))
	}
	return fault.New(fault.Forbidden, "People join this instance by invitation, or with an address at a domain of their organization. Ask an administrator of yours.")
}

// mayName refuses the name of a new organization where strangers make none.
func (a *Accounts) mayName(organization string) error {
	if a.MaySignUp() || organization == "" {
		return nil
	}
	return fault.InvalidField("organization", "must be empty: on this instance people sign up for an organization that is there")
}

const longestName = 100

func checkName(field, name string, least int) error {
	switch length := utf8.RuneCountInString(name); {
	case length < least:
		return fault.InvalidField(field, "is required")
	case length > longestName:
		return fault.InvalidField(field, "has more than %d letters", longestName)
	}
	return nil
}

// addressOf brings an e-mail address to its one form.
func addressOf(field, text string) (string, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text || len(text) > 254 {
		return "", fault.InvalidField(field, "must be an e-mail address such as ada@example.com")
	}
	return text, nil
}

// foundOrganization makes the organization that somebody named as they signed up; without a name there is none.
func foundOrganization(s *resource.Session, organization, owner string) error {
	if organization == "" {
		return nil
	}
	slug, err := freeSlug(s, organization)
	if err != nil {
		return err
	}
	_, err = newTenantAt(s, organization, slug, owner)
	return err
}

// freeSlug is the slug of a name, with letters behind it where another organization has it: that it is taken says nothing
// to a stranger.
func freeSlug(s *resource.Session, name string) (string, error) {
	slug := slugOf(name)
	taken, err := resource.Select[int](s, "SELECT 1 FROM {tenant} WHERE slug = ?", slug)
	if err != nil || len(taken) == 0 {
		return slug, err
	}
	return strings.Trim(slug[:min(len(slug), 40)], "-") + "-" + hashToken(newToken())[:8], nil
}

// VerifyEmail confirms the address of an account by a mailed token.
func (a *Accounts) VerifyEmail(ctx context.Context, token string, origin resource.Origin) error {
	system := a.stranger(ctx, origin)
	return system.Write(func(s *resource.Session) error {
		row, err := validToken(s, token, toVerify)
		if err != nil {
			return err
		}
		if err := spend(s, row.UserID, toVerify); err != nil {
			return err
		}
		user, err := Users.Update(s, row.UserID, 0, "verify_email", "email_verified", func(u *User) error {
			u.Unverified = false
			return nil
		})
		if err != nil {
			return err
		}
		return takeIn(s, user)
	})
}

// ResendVerification mails another link to confirm an address, where it waits for one. The answer is always the same.
func (a *Accounts) ResendVerification(ctx context.Context, email string, origin resource.Origin) error {
	return a.mailLink(ctx, email, origin, toVerify, func(s *resource.Session, user User, token string) error {
		if !user.Unverified || user.SuspendedAt != 0 {
			return nil
		}
		return a.mail(s, a.verifyLetter(user, token, s.Now.Add(verifyLife)))
	})
}

// errNotVerified is behind the refusal of a right password whose address waits for its confirmation.
var errNotVerified = errors.New("the address is not verified")

// IsUnverified tells that a sign-in failed only because the address is not confirmed.
func IsUnverified(err error) bool { return errors.Is(err, errNotVerified) }

func errUnverified() error {
	return fault.New(fault.Forbidden, "Confirm your e-mail address first: follow the link in the mail that you got, or ask for another one.").Because(errNotVerified)
}
