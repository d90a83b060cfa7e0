package members

import (
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/outbox"
	"zygo/app/resource"
)

// invitationLetter names the organization of the session.
func (a *Service) invitationLetter(s *resource.Session, i *Invitation, link string) (*outbox.Letter, error) {
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

func (a *Service) offerLetter(u people.User, from, tenant string, until field.Time) outbox.Letter {
	return outbox.Letter{
		To:      string(u.Email),
		Subject: from + " offers you " + tenant,
		Action:  "Look at the offer",
		Link:    a.tenants.URL() + "/settings/organizations",
		Until:   until,
		Paragraphs: []string{"Hello " + u.Name + ",",
			from + " asks you to own the organization " + tenant +
				" in their place. Its owner may do everything there, and delete it. The offer holds for seven days.",
			"If you don't want it, decline it or do nothing."},
	}
}

func (a *Service) answerLetter(u people.User, offer OwnershipOffer, accepted bool) outbox.Letter {
	letter := outbox.Letter{
		To:         string(u.Email),
		Subject:    offer.ToName + " declined to own " + offer.Tenant,
		Action:     "Look at your organizations",
		Link:       a.tenants.URL() + "/settings/organizations",
		Paragraphs: []string{"Hello " + u.Name + ",", offer.ToName + " declined to own " + offer.Tenant + ". You own it as before."},
	}
	if accepted {
		letter.Subject = offer.ToName + " owns " + offer.Tenant + " now"
		letter.Paragraphs[1] = offer.ToName + " accepted to own " + offer.Tenant + ", and you are one of its admins now."
	}
	return letter
}

func (a *Service) deletionLetter(u people.User, tenant string, at field.Time) outbox.Letter {
	until := at.Go().UTC().Format("2 January 2006, 15:04 UTC")
	return outbox.Letter{
		To:      string(u.Email),
		Subject: tenant + " is being deleted",
		Action:  "Take it back",
		Link:    a.tenants.URL() + "/settings/organization",
		Until:   at,
		Paragraphs: []string{"Hello " + u.Name + ",",
			"all that " + tenant + " has will be deleted at " + until +
				". Until then only its owners enter it, nothing runs in it, and any of you can take it back."},
	}
}

func (a *Service) erasedLetter(u people.User, t tenants.Tenant) outbox.Letter {
	return outbox.Letter{To: string(u.Email), Subject: t.Name + " is deleted",
		Paragraphs: []string{"Hello " + u.Name + ",",
			"the time to take it back is over: every row and file of " + t.Name +
				" is removed from this instance now. Its operator keeps the certificate of the deletion under " + t.ID + ".",
			"Backups hold it until they are removed."}}
}
