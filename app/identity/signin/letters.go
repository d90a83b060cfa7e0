package signin

import (
	"fmt"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/outbox"
)

func (a *Service) resetLetter(u people.User, token string, until field.Time) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: "Set a new password",
		Action:  "Set a new password",
		Link:    a.tenants.Link("/reset-password", token),
		Until:   until,
		Paragraphs: []string{"Hello " + u.Name + ",",
			"somebody asked for a new password of your account. The link works for one hour, and once.",
			"If it was not you, do nothing: your password stays as it is."},
	}
}

func (a *Service) verifyLetter(u people.User, token string, until field.Time) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: "Confirm your e-mail address",
		Action:  "Confirm this address",
		Link:    a.tenants.Link("/verify-email", token),
		Until:   until,
		Paragraphs: []string{"Hello " + u.Name + ",",
			"confirm that this address is yours, and your account is ready. The link works for 24 hours, and once.",
			"If you did not sign up, do nothing: without the link nobody can use the account."},
	}
}

func (a *Service) existsLetter(u people.User) outbox.Letter {
	return outbox.Letter{To: string(u.Email), Subject: "You have an account already", Action: "Sign in", Link: a.tenants.URL() + "/login",
		Paragraphs: []string{"Hello " + u.Name + ",",
			"somebody signed up with your address. It has an account already, so nothing was changed.",
			"If it was you, sign in; “Forgot password?” on the sign-in page lets you set a new password."}}
}

func (a *Service) deviceLetter(u people.User, device, address string, at field.Time) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: "Sign-in from a new device",
		Action:  "Look at your sessions",
		Link:    a.tenants.URL() + "/settings/security/sessions",
		Paragraphs: []string{"Hello " + u.Name + ",",
			fmt.Sprintf("your account was entered with %s from the address %s at %s.", device, address,
				at.Go().UTC().Format("15:04 on 2 January 2006, UTC")),
			"If it was not you, end that session and change your password."},
	}
}
