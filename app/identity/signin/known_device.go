package signin

import (
	"zygo/app/field"
	"zygo/app/identity/accounts"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/resource"
)

// knownDevice is a device by which a user signed in before, by its name in words.
type knownDevice struct {
	UserID, Name string
	SeenAt       field.Time
}

var knownDevices = knownDeviceTable()

func knownDeviceTable() *resource.Table {
	t := resource.NewTable[knownDevice]("known_device")
	t.Visible = resource.Nothing
	t.Key = []string{"user_id", "name"}
	return t
}

// noteDevice remembers the device of a sign-in, and tells the user of one that is new. The first is nobody's surprise.
func (a *Service) noteDevice(s *resource.Session, user people.User, origin resource.Origin) error {
	type count struct{ Known, Same int }
	name := sessions.DeviceName(origin.UserAgent)
	seen, err := resource.SelectOne[count](s,
		"SELECT count(*) AS known, count(CASE WHEN name = ? THEN 1 END) AS same FROM {known_device} WHERE user_id = ?", name, user.ID)
	if err != nil {
		return err
	}
	if err := s.Put(knownDevices, &knownDevice{user.ID, name, s.Now}); err != nil {
		return err
	}
	if seen.Same > 0 || seen.Known == 0 {
		return nil
	}
	if err := s.Record("user", "new_device", user.ID, resource.Success); err != nil {
		return err
	}
	preferences, err := accounts.PreferencesOf(s, user.ID)
	if err != nil || !preferences.Notifications.NewDevice {
		return err
	}
	return a.tenants.Mail(s, a.deviceLetter(user, name, origin.Address, s.Now))
}
