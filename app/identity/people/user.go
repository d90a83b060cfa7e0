package people

import (
	"strings"
	"unicode/utf8"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// User is a person with an account. A user is closed and never deleted, because the ledger names them.
type User struct {
	resource.InstanceRow
	Name         string      `z:"required,max=100,list,search"`
	Email        field.Email `z:"required,max=254,list,search,unique"`
	PasswordHash string      `z:"internal,max=500"`
	Language     string      `z:"readonly,max=20,help=The language that the person reads, such as de-AT."`
	TimeZone     string      `z:"readonly,max=64"`
	Unverified   bool        `z:"readonly,help=The address waits for its confirmation."`
	Operator     bool        `z:"readonly,help=Has rights over the whole instance."`
	SuspendedAt  field.Time  `z:"readonly"`
	LastSeenAt   field.Time  `z:"readonly,list"`
}

// Users is the kind. A tenant sees the users who are its members; an account is changed by its owner alone.
var Users = resource.Kind[User]{
	Name: "user", Icon: "user", Order: "name", Verbs: []string{resource.List, resource.Get},
	Help:    "People with an account in your organization.",
	Visible: "id IN (SELECT user_id FROM t_membership WHERE tenant_id = ?1 AND deleted_at IS NULL)",
	Check:   (*User).check,
}

// check keeps addresses in one form, so that one person has one account.
func (u *User) check(*resource.Change[User]) error {
	address, err := AddressOf("email", string(u.Email))
	if err != nil {
		return err
	}
	u.Email = field.Email(address)
	return nil
}

// Actor is the user as the one who acts.
func (u *User) Actor() resource.Actor { return resource.Actor{Kind: "user", ID: u.ID, Name: u.Name} }

// ErrSignIn refuses a request of nobody.
func ErrSignIn() error { return fault.New(fault.Unauthenticated, "Sign in to go on.") }

// ErasedDomain is that of the addresses of deleted accounts; nobody can have one there.
const ErasedDomain = "@deleted.invalid"

// IsErased tells whether the owner of an account deleted it.
func IsErased(u User) bool { return strings.HasSuffix(string(u.Email), ErasedDomain) }

// KeepOperator refuses to close the account of the last operator.
func KeepOperator(s *resource.Session, user User) error {
	if !user.Operator {
		return nil
	}
	operators, err := resource.SelectOne[int](s, "SELECT count(*) FROM {user} WHERE operator AND suspended_at IS NULL")
	if err == nil && operators < 2 {
		err = fault.New(fault.Conflict, "%s is the last operator. Promote somebody else first.", user.Email)
	}
	return err
}

// UserAt finds who has an e-mail address; its id is empty where nobody has.
func UserAt(s *resource.Session, email string) (User, error) {
	users, err := resource.Select[User](s, "SELECT * FROM {user} WHERE email = ?", SoughtAddress(email))
	if err != nil || len(users) == 0 {
		return User{}, err
	}
	return users[0], nil
}

const longestName = 100

// CheckName refuses a name of a person or an organization that is too short or too long.
func CheckName(field, name string, least int) error {
	switch length := utf8.RuneCountInString(name); {
	case length < least:
		return fault.InvalidField(field, "is required")
	case length > longestName:
		return fault.InvalidField(field, "has more than %d letters", longestName)
	}
	return nil
}
