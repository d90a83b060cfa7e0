package members

import (
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/fold"
	"zygo/app/identity/people"
	"zygo/app/operation"
	"zygo/app/resource"
)

// The members of an organization by the ids of their users. What is done to one is an action of the kind membership.

type peopleIn struct {
	ID     string
	Search string
	Role   string
	Status string
	After  string
	Limit  int
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
	limit := in.Limit
	if limit < 1 || limit > resource.MostRows {
		limit = resource.MostRows
	}
	words := fold.Text(strings.TrimSpace(in.Search))
	found, err := resource.Select[PersonIn](s,
		`SELECT m.user_id, m.id AS membership_id, u.name, u.email, m.role, m.status, m.created_at AS since, u.last_seen_at FROM {membership} m JOIN {user} u ON u.id = m.user_id
		WHERE m.id > ? AND (? = '' OR m.role = ?) AND (? = '' OR m.status = ?) AND (text_position(folded(u.name), ?) > 0 OR text_position(u.email, ?) > 0) ORDER BY m.id LIMIT ?`,
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
	ID     string
	UserID string
}

// membership finds the place of a user in the session's organization.
func (in placeIn) membership(s *resource.Session) (id string, err error) {
	id, err = resource.SelectOne[string](s, "SELECT id FROM {membership} WHERE user_id = ?", in.UserID)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "Nobody of that id is a member of this organization.")
	}
	return id, err
}

// act carries out an action on the membership of a user, and gives its row.
func (in placeIn) act(s *resource.Session, action string) (operation.Row[people.Membership], error) {
	return in.change(s, func(kind resource.Resource, id string) (resource.Record, error) {
		return kind.Act(s, id, action, 0, nil)
	})
}

func (in placeIn) change(s *resource.Session,
	change func(kind resource.Resource, id string) (resource.Record, error)) (operation.Row[people.Membership], error) {
	id, err := in.membership(s)
	if err != nil {
		return operation.Row[people.Membership]{}, err
	}
	kind, _ := s.Kernel().Kind(people.Memberships.Name)
	row, err := change(kind, id)
	if err != nil {
		return operation.Row[people.Membership]{}, err
	}
	return operation.RowOf(&people.Memberships, s, row.(*people.Membership)), nil
}

func suspendPerson(s *resource.Session, in *placeIn) (operation.Row[people.Membership], error) {
	return in.act(s, "suspend")
}

func activatePerson(s *resource.Session, in *placeIn) (operation.Row[people.Membership], error) {
	return in.act(s, "activate")
}

type roleIn struct {
	placeIn
	Role string
}

func changeRole(s *resource.Session, in *roleIn) (operation.Row[people.Membership], error) {
	return in.change(s, func(kind resource.Resource, id string) (resource.Record, error) {
		return kind.Update(s, id, 0, resource.Input{"role": resource.Text(in.Role)})
	})
}

type removalIn struct {
	placeIn
	HandTo string
}

// removePerson hands over and removes in one write.
func removePerson(s *resource.Session, in *removalIn) (done operation.Done, err error) {
	id, err := in.membership(s)
	if err != nil {
		return done, err
	}
	kind, _ := s.Kernel().Kind(people.Memberships.Name)
	return done, s.Write(func(s *resource.Session) error {
		if in.HandTo != "" {
			if _, err := kind.Act(s, id, "hand_over", 0, resource.Input{"hand_to": resource.Text(in.HandTo)}); err != nil {
				return err
			}
		}
		return kind.Remove(s, id, 0)
	})
}
