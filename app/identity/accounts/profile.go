package accounts

import (
	"regexp"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
)

// ProfileChange is what a person sets of their own account; what is nil stays.
type ProfileChange struct {
	Name     *string
	Language *string
	TimeZone *string
}

var languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z]{2})?$`)

// ChangeProfile sets what is given. An empty time zone follows the browser.
func (a *Service) ChangeProfile(p *people.Person, in ProfileChange) error {
	if in.Name != nil {
		*in.Name = field.Line(*in.Name)
		if err := people.CheckName("name", *in.Name, 1); err != nil {
			return err
		}
	}
	if in.Language != nil && *in.Language != "" && !languageForm.MatchString(*in.Language) {
		return fault.InvalidField("language", "must be a language such as en or de-AT")
	}
	if in.TimeZone != nil && *in.TimeZone != "" {
		if _, err := field.Zone(*in.TimeZone); err != nil {
			return fault.InvalidField("time_zone", "%s", err)
		}
	}
	changed, err := people.Users.Update(p.Personal(), p.User.ID, 0, "change_profile", "profile_changed", func(u *people.User) error {
		for _, one := range []struct{ to, from *string }{{&u.Name, in.Name}, {&u.Language, in.Language}, {&u.TimeZone, in.TimeZone}} {
			if one.from != nil {
				*one.to = *one.from
			}
		}
		return nil
	})
	if err == nil {
		p.User = *changed
	}
	return err
}
