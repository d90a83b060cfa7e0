package credentials

import (
	"fmt"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/outbox"
)

func (a *Service) linkedLetter(u people.User, provider, email string) outbox.Letter {
	if email != "" {
		email = " (" + email + ")"
	}
	return outbox.Letter{
		To:      string(u.Email),
		Subject: provider + " is linked to your account",
		Action:  "Look at your connected accounts",
		Link:    a.tenants.URL() + "/settings/security/connected-accounts",
		Paragraphs: []string{"Hello " + u.Name + ",", "an account at " + provider + email + " signs in to your account from now on.",
			"If it was not you, unlink it at once, end the other sessions, and tell your administrator."},
	}
}

func (a *Service) unlinkedLetter(u people.User, provider string) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: provider + " is unlinked from your account",
		Action:  "Look at your connected accounts",
		Link:    a.tenants.URL() + "/settings/security/connected-accounts",
		Paragraphs: []string{"Hello " + u.Name + ",", "the account at " + provider + " that was linked to yours signs in no more.",
			"If it was not you, set a new password and tell your administrator."},
	}
}

func (a *Service) factorLetter(u people.User, what string, at field.Time) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: "Your second factors changed",
		Action:  "Look at your second factors",
		Link:    a.tenants.URL() + "/settings/security/mfa",
		Paragraphs: []string{"Hello " + u.Name + ",", fmt.Sprintf("%s at %s.", what, at.Go().UTC().Format("15:04 on 2 January 2006, UTC")),
			"If it was not you, change your password, end your other sessions and tell your administrator."},
	}
}
