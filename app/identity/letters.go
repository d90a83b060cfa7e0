package identity

import (
	"fmt"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/mailbox"
	"zygo/app/outbox"
)

func (a *Accounts) resetLetter(u people.User, token string, until field.Time) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: "Set a new password",
		Action:  "Set a new password",
		Link:    a.Tenants.Link("/reset-password", token),
		Until:   until,
		Paragraphs: []string{"Hello " + u.Name + ",",
			"somebody asked for a new password of your account. The link works for one hour, and once.",
			"If it was not you, do nothing: your password stays as it is."},
	}
}

func (a *Accounts) passwordLetter(u people.User) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: "Your password was changed",
		Action:  "Set a new password",
		Link:    a.Tenants.URL() + "/forgot-password",
		Paragraphs: []string{"Hello " + u.Name + ",", "the password of your account was changed, and its sessions were ended.",
			"If it was not you, set a new password at once and tell your administrator."},
	}
}

func (a *Accounts) verifyLetter(u people.User, token string, until field.Time) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: "Confirm your e-mail address",
		Action:  "Confirm this address",
		Link:    a.Tenants.Link("/verify-email", token),
		Until:   until,
		Paragraphs: []string{"Hello " + u.Name + ",",
			"confirm that this address is yours, and your account is ready. The link works for 24 hours, and once.",
			"If you did not sign up, do nothing: without the link nobody can use the account."},
	}
}

func (a *Accounts) existsLetter(u people.User) outbox.Letter {
	return outbox.Letter{To: string(u.Email), Subject: "You have an account already", Action: "Sign in", Link: a.Tenants.URL() + "/login",
		Paragraphs: []string{"Hello " + u.Name + ",",
			"somebody signed up with your address. It has an account already, so nothing was changed.",
			"If it was you, sign in; “Forgot password?” on the sign-in page lets you set a new password."}}
}

func (a *Accounts) deviceLetter(u people.User, device, address string, at field.Time) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: "Sign-in from a new device",
		Action:  "Look at your sessions",
		Link:    a.Tenants.URL() + "/settings/security/sessions",
		Paragraphs: []string{"Hello " + u.Name + ",",
			fmt.Sprintf("your account was entered with %s from the address %s at %s.", device, address,
				at.Go().UTC().Format("15:04 on 2 January 2006, UTC")),
			"If it was not you, end that session and change your password."},
	}
}

func (a *Accounts) deletedLetter(u people.User) outbox.Letter {
	return outbox.Letter{To: string(u.Email), Subject: "Your account was deleted",
		Paragraphs: []string{"Hello " + u.Name + ",",
			"your account was deleted, with what was yours alone. The record of what happened keeps the name under which you acted.",
			"If it was not you, tell the operator of the instance at once."}}
}

func (a *Accounts) leaveLetter(u people.User, to, token string, until field.Time) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: "Confirm the change of your e-mail address",
		Action:  "Agree to the change",
		Link:    a.Tenants.Link("/confirm-email", token),
		Until:   until,
		Paragraphs: []string{"Hello " + u.Name + ",",
			"the address of your account is to become " + mailbox.Shown(to) +
				". Agree here, and follow the link in the mail to the new address; the change needs both.",
			"If it was not you, do nothing and change your password."},
	}
}

func (a *Accounts) takeLetter(u people.User, to, token string, until field.Time) outbox.Letter {
	return outbox.Letter{
		To:      to,
		Subject: "Confirm your new e-mail address",
		Action:  "Confirm this address",
		Link:    a.Tenants.Link("/confirm-email", token),
		Until:   until,
		Paragraphs: []string{"Hello " + u.Name + ",",
			"this is to become the address of your account. Confirm it here, and follow the link in the mail to the present address; the change needs both.",
			"If you know nothing of this, do nothing."},
	}
}

func (a *Accounts) takenLetter(u people.User) outbox.Letter {
	return outbox.Letter{To: string(u.Email), Subject: "Your address is in use already", Action: "Sign in", Link: a.Tenants.URL() + "/login",
		Paragraphs: []string{"Hello " + u.Name + ",",
			"somebody wanted this address for another account. It belongs to yours, so nothing was changed."}}
}
