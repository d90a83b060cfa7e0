package accounts

import (
	"slices"

	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// preference is what a user chose, as it is stored.
type preference struct {
	UserID, Theme, Density string
	NewDevice              bool
}

var preferences = preferenceTable()

func preferenceTable() *resource.Table {
	t := resource.NewTable[preference]("preference")
	t.Visible = resource.Nothing
	t.Key = []string{"user_id"}
	return t
}

// Preferences are how a person wants pages to look and what they want to be told.
type Preferences struct {
	Theme         string        `json:"theme"`
	Density       string        `json:"density"`
	Notifications Notifications `json:"notifications"`
}

// Notifications are the mails that a person can do without.
type Notifications struct {
	// NewDevice is a mail about a sign-in from a device that was not seen before.
	NewDevice bool `json:"new_device"`
}

// The words that preferences take.
var (
	Themes    = []string{"system", "light", "dark"}
	Densities = []string{"comfortable", "compact"}
)

// PreferencesOf are those of a user.
func PreferencesOf(s *resource.Session, user string) (Preferences, error) {
	found, err := resource.Select[preference](s, "SELECT * FROM {preference} WHERE user_id = ?", user)
	if err != nil || len(found) == 0 {
		return Preferences{Themes[0], Densities[0], Notifications{NewDevice: true}}, err
	}
	row := found[0]
	return Preferences{row.Theme, row.Density, Notifications{row.NewDevice}}, nil
}

// Preferences are those of the person.
func (a *Service) Preferences(p *people.Person) (Preferences, error) {
	return PreferencesOf(p.Personal(), p.User.ID)
}

// PreferenceChange is what a person sets of their preferences; what is nil stays.
type PreferenceChange struct {
	Theme         *string
	Density       *string
	Notifications *NotificationChange
}

// NotificationChange is what a person sets of Notifications; what is nil stays.
type NotificationChange struct {
	NewDevice *bool `json:"new_device"`
}

// ChangePreferences sets what is given.
func (a *Service) ChangePreferences(p *people.Person, in PreferenceChange) (chosen Preferences, err error) {
	if in.Theme != nil && !slices.Contains(Themes, *in.Theme) {
		return chosen, fault.InvalidField("theme", "is system, light or dark")
	}
	if in.Density != nil && !slices.Contains(Densities, *in.Density) {
		return chosen, fault.InvalidField("density", "is comfortable or compact")
	}
	err = p.Personal().Write(func(s *resource.Session) error {
		if chosen, err = PreferencesOf(s, p.User.ID); err != nil {
			return err
		}
		if in.Theme != nil {
			chosen.Theme = *in.Theme
		}
		if in.Density != nil {
			chosen.Density = *in.Density
		}
		if in.Notifications != nil && in.Notifications.NewDevice != nil {
			chosen.Notifications.NewDevice = *in.Notifications.NewDevice
		}
		if err := s.Put(preferences, &preference{p.User.ID, chosen.Theme, chosen.Density, chosen.Notifications.NewDevice}); err != nil {
			return err
		}
		return s.Record("user", "preferences_changed", p.User.ID, resource.Success)
	})
	return chosen, err
}
