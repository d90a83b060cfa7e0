package credentials

import (
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// rememberedDevice is a browser that is not asked for a second factor for a while; the password it is always asked.
type rememberedDevice struct {
	N         int64
	ID        string
	Hash      string
	UserID    string
	Address   string
	UserAgent string
	CreatedAt field.Time
	ExpiresAt field.Time
	// Host is the domain of an organization at which it is remembered, empty for the instance's.
	Host string
}

var rememberedDevices = rememberedDeviceTable()

func rememberedDeviceTable() *resource.Table {
	t := resource.NewTable[rememberedDevice]("remembered_device")
	t.Visible = resource.Nothing
	t.Unique = [][]string{{"hash"}}
	t.Indexes = []resource.Index{{Columns: []string{"user_id"}}}
	return t
}

// DeviceLife is how long a device is remembered.
const DeviceLife = 30 * 24 * time.Hour

// RememberedDevice is a remembered device as its owner sees it.
type RememberedDevice struct {
	ID        string     `json:"id"`
	Address   string     `json:"ip"`
	UserAgent string     `json:"user_agent"`
	CreatedAt field.Time `json:"created_at"`
	ExpiresAt field.Time `json:"expires_at"`
}

// Remember gives the browser of somebody who just answered a challenge a token that stands in for the next answers.
func (a *Service) Remember(p *people.Person) (string, error) {
	token := tokens.New()
	row := rememberedDevice{
		ID:        resource.NewID(),
		Hash:      tokens.Hash(token),
		UserID:    p.User.ID,
		Address:   p.Origin.Address,
		UserAgent: p.Origin.UserAgent[:min(len(p.Origin.UserAgent), 500)],
		CreatedAt: p.Now,
		ExpiresAt: p.Now.Add(DeviceLife),
		Host:      p.Domain,
	}
	return token, p.Personal().Write(func(s *resource.Session) error {
		if err := s.Insert(rememberedDevices, &row); err != nil {
			return err
		}
		return s.Record("user", "device_remembered", p.User.ID, resource.Success)
	})
}

// ForgetDevice asks a device for the second factor again.
func (a *Service) ForgetDevice(p *people.Person, id string) error {
	return p.Personal().Write(func(s *resource.Session) error {
		count, err := s.Erase(rememberedDevices, resource.Pair{Column: "user_id", Value: p.User.ID}, resource.Pair{Column: "id", Value: id})
		if err != nil {
			return err
		}
		if count == 0 {
			return fault.New(fault.NotFound, "This device is not remembered.")
		}
		return s.Record("user", "device_forgotten", p.User.ID, resource.Success)
	})
}

// IsRemembered tells whether a user's device is not asked for a second factor at the host of the session.
func IsRemembered(s *resource.Session, user, token string) (bool, error) {
	if token == "" {
		return false, nil
	}
	found, err := resource.Select[int](s, `SELECT 1 FROM {remembered_device}
		WHERE hash = ? AND user_id = ? AND expires_at > ? AND host IN ('', ?)`, tokens.Hash(token), user, s.Now, tenants.HostName(s.Origin.Host))
	return len(found) > 0, err
}
