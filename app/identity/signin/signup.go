package signin

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/accounts"
	"zygo/app/identity/credentials"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/identity/throttle"
	"zygo/app/identity/tokens"
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
	Name         string
	Email        string
	Password     field.Password
	Organization string
}

// MaySignUp tells whether anybody can sign up by themselves.
func (a *Service) MaySignUp() bool {
	return a.settings.MaySignUp()
}

// applicant is what a sign-up says of the person. It is stored with the link of its own mail until the address is confirmed, so
// that a stranger who signed up with the address first gains nothing when its owner signs up or confirms.
type applicant struct {
	Name         string `json:"name"`
	PasswordHash string `json:"password_hash"`
	Organization string `json:"organization,omitempty"`
	// Invitation is the hash of the link that the person came by.
	Invitation string `json:"invitation,omitempty"`
}

// SignUp makes an account that waits for its address to be confirmed; the organization that it names is made then. For an
// address that has an account the answer and its time are the same, and its owner gets a mail that says so.
func (a *Service) SignUp(ctx context.Context, in Joining, origin resource.Origin) error {
	in.Name, in.Organization = field.Line(in.Name), field.Line(in.Organization)
	if err := a.admit(ctx, &in); err != nil {
		return err
	}
	if err := a.accounts.SlowMails(origin); err != nil {
		return err
	}
	return a.apply(ctx, in.Email, string(in.Password), applicant{Name: in.Name, Organization: in.Organization}, origin)
}

// apply mails an applicant the link that confirms the address, or its owner that there is an account.
func (a *Service) apply(ctx context.Context, email, password string, in applicant, origin resource.Origin) (err error) {
	if in.PasswordHash, err = a.credentials.PasswordHash(ctx, "password", password, in.Name, email, in.Organization); err != nil {
		return err
	}
	system := a.tenants.Anonymous(ctx, origin)
	before, err := people.UserAt(system, email)
	if err != nil {
		return err
	}
	// Who signs up again with the same password is the same person. The comparison is made for every address, so that its time
	// tells nothing.
	same, err := a.credentials.PasswordMatches(ctx, password, before.PasswordHash)
	if err != nil {
		return err
	}
	if same {
		in.PasswordHash = before.PasswordHash
	}
	value, err := json.Marshal(in)
	if err != nil {
		return err
	}
	token := tokens.New()
	return system.Write(func(s *resource.Session) error {
		user, err := people.UserAt(s, email)
		if err != nil {
			return err
		}
		if user.ID == "" {
			made, err := people.Users.Create(s, func(u *people.User) error {
				u.Name, u.Email, u.PasswordHash, u.Unverified = in.Name, field.Email(email), in.PasswordHash, true
				return nil
			})
			if err != nil {
				return err
			}
			user = *made
		}
		purpose, letter := accounts.ToTell, a.existsLetter(user)
		if user.Unverified {
			user.Name = in.Name
			purpose, letter = accounts.ToVerify, a.verifyLetter(user, token, s.Now.Add(accounts.VerifyLife))
		}
		mayMail, err := accounts.IssueLink(s, token, purpose, user.ID, string(value), accounts.VerifyLife)
		if err != nil || !mayMail || user.SuspendedAt != 0 {
			return err
		}
		return a.tenants.Mail(s, letter)
	})
}

// admit refuses what may not sign up, before anything is looked up, so that it says nothing of who has an account.
func (a *Service) admit(ctx context.Context, in *Joining) error {
	done, err := a.IsSetUp(ctx)
	if err != nil {
		return err
	}
	if !done {
		return fault.New(fault.Conflict, "This instance is not set up yet.")
	}
	given := in.Email
	if in.Email, err = people.AddressOf("email", given); err == nil {
		err = a.admitsAddress(a.tenants.Anonymous(ctx, resource.Origin{}), in.Email)
	}
	return fault.Together(err, a.mayName(in.Organization), people.CheckName("name", in.Name, 1),
		people.CheckName("organization", in.Organization, 0),
		credentials.CheckPassword("password", string(in.Password), in.Name, given, in.Organization))
}

// admitsAddress refuses an address that may not sign up: neither by the rules of the instance nor by those of an organization
// that takes in its domain.
func (a *Service) admitsAddress(s *resource.Session, email string) error {
	_, domain, _ := strings.Cut(email, "@")
	switch a.settings.SignUp {
	case SignUpOpen:
		return nil
	case SignUpDomains:
		if slices.ContainsFunc(a.settings.Domains, func(one string) bool { return people.SameDomain(one, domain) }) {
			return nil
		}
	}
	at, err := members.ByDomain(s, email, "")
	switch {
	case err != nil || at.ID != "":
		return err
	case a.settings.SignUp == SignUpDomains:
		return fault.InvalidField("email", "must be an address at %s", strings.Join(a.settings.Domains, " or "))
	}
	return fault.New(fault.Forbidden,
		"People join this instance by invitation, or with an address at a domain of their organization. Ask an administrator of yours.")
}

// mayName refuses the name of a new organization where strangers make none.
func (a *Service) mayName(organization string) error {
	if a.MaySignUp() || organization == "" {
		return nil
	}
	return fault.InvalidField("organization", "must be empty: on this instance people sign up for an organization that is there")
}

// Confirmation is what confirms the address of an account.
type Confirmation struct {
	Token string
	// Password is that of the sign-up which the token was mailed for. The page always asks for it, because the reader of the mail
	// may never have signed up, and would let a stranger in. A program may leave it out if all sign-ups had the same password.
	Password *field.Password
}

// VerifyEmail confirms the address of an account by a mailed token, and signs in.
func (a *Service) VerifyEmail(ctx context.Context, given Confirmation, origin resource.Origin) (string, *people.Person, error) {
	system, token := a.tenants.Anonymous(ctx, origin), given.Token
	user, in, err := applied(system, token)
	if err != nil {
		return "", nil, err
	}
	if err := a.signedUp(system, user, in, given.Password); err != nil {
		return "", nil, err
	}
	if err := system.As(user.Actor(), origin).Write(func(s *resource.Session) error {
		if _, _, err := applied(s, token); err != nil {
			return err
		}
		if user, err = a.prove(s, user.ID, in.Name, in.PasswordHash, "verify_email", "email_verified"); err != nil {
			return err
		}
		if err := members.FoundOrganization(s, in.Organization, user.ID); err != nil || in.Invitation == "" {
			return err
		}
		// The account stays, whatever became of the invitation.
		if err := a.members.Join(s, in.Invitation, user.ID); !fault.Is(err, fault.NotFound) {
			return err
		}
		return nil
	}); err != nil {
		return "", nil, err
	}
	return a.open(system, *user, origin)
}

// signedUp refuses anyone who does not know the password of a sign-up.
func (a *Service) signedUp(system *resource.Session, user *people.User, in applicant, password *field.Password) error {
	if password == nil {
		others, err := resource.SelectOne[int](system, `SELECT count(*) FROM {account_token}
			WHERE user_id = ? AND purpose = ? AND value <> '' AND text_position(value, ?) = 0`, user.ID, accounts.ToVerify, user.PasswordHash)
		if err != nil {
			return err
		}
		if others == 0 && in.PasswordHash == user.PasswordHash {
			return nil
		}
	}
	if password == nil || *password == "" {
		return fault.InvalidField("password", "is required: the one that you signed up with")
	}
	key := throttle.Few("verify " + user.ID)
	if err := a.settings.Guesses.Try(key); err != nil {
		return err
	}
	matches, err := a.credentials.PasswordMatches(system.Context, string(*password), in.PasswordHash)
	if err == nil && !matches {
		err = fault.InvalidField("password", "is not the one that you signed up with; if you don't know it, choose “Forgot password?”")
	}
	if err == nil {
		a.settings.Guesses.Right(key)
	}
	return err
}

// applied finds whose address a token confirms, and with what they signed up.
func applied(s *resource.Session, token string) (*people.User, applicant, error) {
	row, err := accounts.ValidLink(s, token, accounts.ToVerify)
	if err != nil {
		return nil, applicant{}, err
	}
	user, err := people.Users.Get(s, row.UserID)
	if err != nil {
		return nil, applicant{}, err
	}
	if user.SuspendedAt != 0 {
		return nil, applicant{}, fault.New(fault.Forbidden, "This account is closed.")
	}
	in := applicant{Name: user.Name, PasswordHash: user.PasswordHash}
	if row.Value != "" {
		err = json.Unmarshal([]byte(row.Value), &in)
	}
	return user, in, err
}

// prove makes an unverified account that of the person who proved to have its address, with their name and password. What waited for
// another proof ends.
func (a *Service) prove(s *resource.Session, user, name, hash, verb, event string) (*people.User, error) {
	if err := accounts.SpendLinks(s, user, accounts.ToVerify, accounts.ToReset); err != nil {
		return nil, err
	}
	proved, err := people.Users.Update(s, user, 0, verb, event, func(u *people.User) error {
		u.Name, u.PasswordHash, u.Unverified = name, hash, false
		return nil
	})
	if err != nil {
		return nil, err
	}
	return proved, members.JoinByDomain(s, proved)
}

// ResendVerification mails another link to confirm an address, where it waits for one, for the newest sign-up. The answer is
// always the same.
func (a *Service) ResendVerification(ctx context.Context, email string, origin resource.Origin) error {
	return a.mailLink(ctx, email, origin, accounts.ToVerify, func(s *resource.Session, user people.User, token string) error {
		if !user.Unverified || user.SuspendedAt != 0 {
			return nil
		}
		values, err := resource.Select[string](s, `SELECT value FROM {account_token}
			WHERE user_id = ? AND purpose = ? AND value <> '' ORDER BY created_at DESC LIMIT 1`, user.ID, accounts.ToVerify)
		if err != nil {
			return err
		}
		for _, value := range values {
			if err := accounts.SetLink(s, token, value); err != nil {
				return err
			}
		}
		return a.tenants.Mail(s, a.verifyLetter(user, token, s.Now.Add(accounts.VerifyLife)))
	})
}

// errNotVerified is behind the refusal of a right password whose address waits for its confirmation.
var errNotVerified = errors.New("the address is not verified")

// IsUnverified tells that a sign-in failed only because the address is not confirmed.
func IsUnverified(err error) bool { return errors.Is(err, errNotVerified) }

func errUnverified() error {
	return fault.New(fault.Forbidden,
		"Confirm your e-mail address first: follow the link in the mail that you got, or ask for another one.").Because(errNotVerified)
}

// OffersSignUp tells whether some strangers can make an account by themselves: anybody, or anyone who an organization takes in.
func (a *Service) OffersSignUp(ctx context.Context) (bool, error) {
	if a.MaySignUp() {
		return true, nil
	}
	return resource.SelectOne[bool](a.tenants.Anonymous(ctx, resource.Origin{}),
		`SELECT EXISTS (SELECT 1 FROM {tenant} t JOIN {domain} d ON d.tenant_id = t.id AND d.state = 'verified' WHERE t.join_by_domain)`)
}
