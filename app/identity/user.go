package identity

import (
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
	address, err := addressOf("email", string(u.Email))
	if err != nil {
		return err
	}
	u.Email = field.Email(address)
	return nil
}

// actor is the user as the one who acts.
func (u *User) actor() resource.Actor { return resource.Actor{Kind: "user", ID: u.ID, Name: u.Name} }
