package accounts

import (
	"bufio"
	"encoding/json"
	"fmt"

	"zygo/app/field"
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/identity/throttle"
	"zygo/app/resource"
)

// mostExported bounds the entries of one export.
const mostExported = 100_000

// Export gives a writer of all that the instance knows of the person, as one JSON object. Secrets are not in it, nor
// what entries of the ledger changed, which belongs to the organization.
func (a *Service) Export(p *people.Person) (func(w *bufio.Writer) error, error) {
	if err := a.sessions.AtHome(p); err != nil {
		return nil, err
	}
	if err := a.settings.Guesses.Try(throttle.Few("export " + p.User.ID)); err != nil {
		return nil, err
	}
	s := p.Personal()
	if err := s.Record("user", "exported", p.User.ID, resource.Success); err != nil {
		return nil, err
	}
	parts, err := a.exported(s, p)
	if err != nil {
		return nil, err
	}
	newest, err := newestEntry(s)
	if err != nil {
		return nil, err
	}
	return func(w *bufio.Writer) error {
		if _, err := w.WriteString("{"); err != nil {
			return err
		}
		for _, part := range parts {
			text, err := json.Marshal(part.value)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(w, "%q:%s,\n", part.name, text); err != nil {
				return err
			}
		}
		return exportActs(w, s, p.User.ID, newest)
	}, nil
}

type exportedPart struct {
	name  string
	value any
}

// exported are the parts of an export that are short.
func (a *Service) exported(s *resource.Session, p *people.Person) ([]exportedPart, error) {
	user, err := people.Users.Get(s, p.User.ID)
	if err != nil {
		return nil, err
	}
	chosen, err := PreferencesOf(s, user.ID)
	if err != nil {
		return nil, err
	}
	open, err := a.sessions.List(p)
	if err != nil {
		return nil, err
	}
	factors, err := a.credentials.FactorsOf(s, user.ID)
	if err != nil {
		return nil, err
	}
	places, err := exportedPlaces(s, user.ID)
	if err != nil {
		return nil, err
	}
	known, err := exportedDevices(s, user.ID)
	if err != nil {
		return nil, err
	}
	number, err := credentials.NumberOf(s, user.ID)
	if err != nil {
		return nil, err
	}
	parts := []exportedPart{
		{
			"profile",
			map[string]any{
				"id":         user.ID,
				"name":       user.Name,
				"email":      user.Email,
				"phone":      number,
				"language":   user.Language,
				"time_zone":  user.TimeZone,
				"operator":   user.Operator,
				"picture":    p.HasAvatar,
				"created_at": user.CreatedAt,
			},
		},
		{"preferences", chosen},
		{"sessions", open},
		{"factors", factors},
		{"devices", known},
		{"memberships", places},
	}
	for _, of := range a.settings.Belongings {
		value, err := of.Read(s, user.ID)
		if err != nil {
			return nil, err
		}
		parts = append(parts, exportedPart{of.Name, value})
	}
	return parts, nil
}

type exportedPlace struct {
	Organization string     `json:"organization"`
	Role         string     `json:"role"`
	Since        field.Time `json:"since"`
}

func exportedPlaces(s *resource.Session, user string) ([]exportedPlace, error) {
	found, err := resource.Select[exportedPlace](s, `SELECT t.name AS organization, m.role, m.created_at AS since
		FROM {membership} m JOIN {tenant} t ON t.id = m.tenant_id WHERE m.user_id = ? ORDER BY t.name`, user)
	return append([]exportedPlace{}, found...), err // JSON has a list here, and never null
}

type exportedDevice struct {
	Name   string     `json:"name"`
	SeenAt field.Time `json:"last_seen_at"`
}

func exportedDevices(s *resource.Session, user string) ([]exportedDevice, error) {
	found, err := resource.Select[exportedDevice](s, "SELECT name, seen_at FROM {known_device} WHERE user_id = ? ORDER BY name", user)
	return append([]exportedDevice{}, found...), err // JSON has a list here, and never null
}

// exportActs writes the last part, newest first, in reads that each are short.
func exportActs(w *bufio.Writer, s *resource.Session, user string, newest int64) error {
	if _, err := w.WriteString(`"activity":[`); err != nil {
		return err
	}
	written := 0
	for high := newest; high > 0 && written < mostExported; high -= scannedAtOnce {
		acts, err := actsBetween(s, user, max(high-scannedAtOnce, 0), high)
		if err != nil {
			return err
		}
		for _, act := range acts {
			text, err := json.Marshal(act)
			if err != nil {
				return err
			}
			if written++; written > 1 {
				text = append([]byte(",\n"), text...)
			}
			if _, err := w.Write(text); err != nil {
				return err
			}
		}
	}
	_, err := fmt.Fprintf(w, "],\n\"activity_complete\":%t}\n", written < mostExported)
	return err
}
