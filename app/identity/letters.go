package identity

import (
	"fmt"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/mailbox"
	"zygo/app/outbox"
	"zygo/app/resource"
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

// invitationLetter names the organization of the session.
func (a *Accounts) invitationLetter(s *resource.Session, i *Invitation, link string) (*outbox.Letter, error) {
	tenant, err := resource.SelectOne[tenants.Tenant](s, "SELECT * FROM {tenant}")
	if err != nil {
		return nil, err
	}
	organization := tenant.Name
	who := "you are invited"
	if s.Actor.Kind == "user" {
		who = s.Actor.Name + " invites you"
	}
	letter := &outbox.Letter{
		To:         string(i.Email),
		Subject:    "Join " + organization,
		Action:     "Look at the invitation",
		Link:       link,
		Until:      i.ExpiresAt,
		Brand:      tenant.Brand(),
		Paragraphs: []string{"Hello,", who + " to join " + organization + ". The link works for 7 days, once, and for this address only."},
	}
	if i.Message != "" {
		letter.Paragraphs = append(letter.Paragraphs, "“"+string(i.Message)+"”")
	}
	letter.Paragraphs = append(letter.Paragraphs, "If you know nothing of this, do nothing.")
	return letter, nil
}

func (a *Accounts) offerLetter(u people.User, from, tenant string, until field.Time) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: from + " offers you " + tenant,
		Action:  "Look at the offer",
		Link:    a.Tenants.URL() + "/settings/organizations",
		Until:   until,
		Paragraphs: []string{"Hello " + u.Name + ",",
			from + " asks you to own the organization " + tenant +
				" in their place. Its owner may do everything there, and delete it. The offer holds for seven days.",
			"If you don't want it, decline it or do nothing."},
	}
}

func (a *Accounts) answerLetter(u people.User, offer OwnershipOffer, accepted bool) outbox.Letter {
	letter := outbox.Letter{
		To:         string(u.Email),
		Subject:    offer.ToName + " declined to own " + offer.Tenant,
		Action:     "Look at your organizations",
		Link:       a.Tenants.URL() + "/settings/organizations",
		Paragraphs: []string{"Hello " + u.Name + ",", offer.ToName + " declined to own " + offer.Tenant + ". You own it as before."},
	}
	if accepted {
		letter.Subject = offer.ToName + " owns " + offer.Tenant + " now"
		letter.Paragraphs[1] = offer.ToName + " accepted to own " + offer.Tenant + ", and you are one of its admins now."
	}
	return letter
}

func (a *Accounts) deletionLetter(u people.User, tenant string, at field.Time) outbox.Letter {
	until := at.Go().UTC().Format("2 January 2006, 15:04 UTC")
	return outbox.Letter{
		To:      string(u.Email),
		Subject: tenant + " is being deleted",
		Action:  "Take it back",
		Link:    a.Tenants.URL() + "/settings/organization",
		Until:   at,
		Paragraphs: []string{"Hello " + u.Name + ",",
			"all that " + tenant + " has will be deleted at " + until +
				". Until then only its owners enter it, nothing runs in it, and any of you can take it back."},
	}
}

func (a *Accounts) erasedLetter(u people.User, t tenants.Tenant) outbox.Letter {
	return outbox.Letter{To: string(u.Email), Subject: t.Name + " is deleted",
		Paragraphs: []string{"Hello " + u.Name + ",",
			"the time to take it back is over: every row and file of " + t.Name +
				" is removed from this instance now. Its operator keeps the certificate of the deletion under " + t.ID + ".",
			"Backups hold it until they are removed."}}
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
