package identity

import (
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/fold"
	"zygo/app/resource"
)

// The members of an organization by the ids of their users. What is done to one is an action of the kind membership.

type peopleIn struct {
	ID     string `path:"id"`
	Search string `query:"search"`
	Role   string `query:"role"`
	Status string `query:"status"`
	After  string `query:"after"`
	Limit  int    `query:"limit"`
}

// People is a part of the members of an organization.
type People struct {
	Members []PersonIn `json:"members"`
	// Next is what `after` takes for the part that follows; empty at the end.
	Next string `json:"next"`
}

// PersonIn is a user with their place in an organization.
type PersonIn struct {
	UserID       string     `json:"user_id"`
	MembershipID string     `json:"membership_id"`
	Name         string     `json:"name"`
	Email        string     `json:"email"`
	Role         string     `json:"role"`
	Status       string     `json:"status"`
	Since        field.Time `json:"since"`
	LastSeenAt   field.Time `json:"last_seen_at"`
}

// here refuses an organization that the session is not in.
func here(s *resource.Session, tenant string) error {
	if tenant == "" || tenant != s.Tenant() {
		return fault.New(fault.NotFound, "This organization does not exist, or the session is in another one. Switch to it first.")
	}
	return nil
}

func listPeople(s *resource.Session, in *peopleIn) (*People, error) {
	if err := here(s, in.ID); err != nil {
		return nil, err
	}
	if err := Memberships.Require(s, resource.List); err != nil {
		return nil, err
	}
	limit := in.Limit
	if limit < 1 || limit > resource.MostRows {
		limit = resource.MostRows
	}
	words := fold.Text(strings.TrimSpace(in.Search))
	found, err := resource.Select[PersonIn](s, `SELECT m.user_id, m.id AS membership_id, u.name, u.email, m.role, m.status, m.created_at AS since, u.last_seen_at FROM {membership} m JOIN {user} u ON u.id = m.user_id
		WHERE m.id > ? AND (? = '' OR m.role = ?) AND (? = '' OR m.status = ?) AND (instr(folded(u.name), ?) OR instr(u.email, ?)) ORDER BY m.id LIMIT ?`,
		in.After, in.Role, in.Role, in.Status, in.Status, words, words, limit+1)
	if err != nil {
		return nil, err
	}
	out := &People{Members: append([]PersonIn{}, found...)}
	if len(found) > limit {
		out.Members, out.Next = found[:limit], found[limit-1].MembershipID
	}
	return out, nil
}

type placeIn struct {
	ID     string `path:"id"`
	UserID string `path:"user_id"`
}

// membership finds the place of a user in the session's organization.
func (in placeIn) membership(s *resource.Session) (id string, err error) {
	if err := here(s, in.ID); err != nil {
		return "", err
	}
	id, err = resource.SelectOne[string](s, "SELECT id FROM {membership} WHERE user_id = ?", in.UserID)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "Nobody of that id is a member of this organization.")
	}
	return id, err
}

// act carries out an action on the membership of a user, and gives its row.
func (in placeIn) act(s *resource.Session, action string, given resource.Input) (field.JSON, error) {
	id, err := in.membership(s)
	if err != nil {
		return nil, err
	}
	kind, _ := s.Kernel().Kind(Memberships.Name)
	row, err := kind.Act(s, id, action, 0, given)
	if err != nil {
		return nil, err
	}
	return kind.AppendJSON(nil, row, nil), nil
}

func suspendPerson(s *resource.Session, in *placeIn) (field.JSON, error) {
	return in.act(s, "suspend", nil)
}

func activatePerson(s *resource.Session, in *placeIn) (field.JSON, error) {
	return in.act(s, "activate", nil)
}

type roleIn struct {
	ID     string `path:"id"`
	UserID string `path:"user_id"`
	Role   string `json:"role"`
}

func changeRole(s *resource.Session, in *roleIn) (field.JSON, error) {
	id, err := placeIn{in.ID, in.UserID}.membership(s)
	if err != nil {
		return nil, err
	}
	kind, _ := s.Kernel().Kind(Memberships.Name)
	row, err := kind.Update(s, id, 0, resource.Input{"role": resource.Text(in.Role)})
	if err != nil {
		return nil, err
	}
	return kind.AppendJSON(nil, row, nil), nil
}

type removalIn struct {
	ID     string `path:"id"`
	UserID string `path:"user_id"`
	HandTo string `json:"hand_to"`
}

// removePerson hands over and removes in one write.
func removePerson(s *resource.Session, in *removalIn) (any, error) {
	place := placeIn{in.ID, in.UserID}
	id, err := place.membership(s)
	if err != nil {
		return nil, err
	}
	kind, _ := s.Kernel().Kind(Memberships.Name)
	return nil, s.Write(func(s *resource.Session) error {
		if in.HandTo != "" {
			if _, err := kind.Act(s, id, "hand_over", 0, resource.Input{"hand_to": resource.Text(in.HandTo)}); err != nil {
				return err
			}
		}
		return kind.Remove(s, id, 0)
	})
}
