package accounts

import (
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/mailbox"
	"zygo/app/outbox"
)

func (a *Service) passwordLetter(u people.User) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: "Your password was changed",
		Action:  "Set a new password",
		Link:    a.tenants.URL() + "/forgot-password",
		Paragraphs: []string{"Hello " + u.Name + ",", "the password of your account was changed, and its sessions were ended.",
			"If it was not you, set a new password at once and tell your administrator."},
	}
}

func (a *Service) deletedLetter(u people.User) outbox.Letter {
	return outbox.Letter{To: string(u.Email), Subject: "Your account was deleted",
		Paragraphs: []string{"Hello " + u.Name + ",",
			"your account was deleted, with what was yours alone. The record of what happened keeps the name under which you acted.",
			"If it was not you, tell the operator of the instance at once."}}
}

func (a *Service) leaveLetter(u people.User, to, token string, until field.Time) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: "Confirm the change of your e-mail address",
		Action:  "Agree to the change",
		Link:    a.tenants.Link("/confirm-email", token),
		Until:   until,
		Paragraphs: []string{"Hello " + u.Name + ",",
			"the address of your account is to become " + mailbox.Shown(to) +
				". Agree here, and follow the link in the mail to the new address; the change needs both.",
			"If it was not you, do nothing and change your password."},
	}
}

func (a *Service) takeLetter(u people.User, to, token string, until field.Time) outbox.Letter {
	return outbox.Letter{
		To:      to,
		Subject: "Confirm your new e-mail address",
		Action:  "Confirm this address",
		Link:    a.tenants.Link("/confirm-email", token),
		Until:   until,
		Paragraphs: []string{"Hello " + u.Name + ",",
			"this is to become the address of your account. Confirm it here, and follow the link in the mail to the present address; the change needs both.",
			"If you know nothing of this, do nothing."},
	}
}

func (a *Service) takenLetter(u people.User) outbox.Letter {
	return outbox.Letter{To: string(u.Email), Subject: "Your address is in use already", Action: "Sign in", Link: a.tenants.URL() + "/login",
		Paragraphs: []string{"Hello " + u.Name + ",",
			"somebody wanted this address for another account. It belongs to yours, so nothing was changed."}}
}
