package access

import (
	"errors"

	"zygo/app/fault"
	"zygo/app/resource"
	"zygo/app/rights"
)

// Many rows are moved, and many members given a role, in one transaction. Before it, the person who does it can ask who gains and who
// loses what: the same writes are made, and undone.

// Effect is what a change gives one member and takes from them.
type Effect struct {
	UserID string `json:"user_id"`
	Name   string `json:"name"`
	// Gains and Loses are names of permissions.
	Gains []string `json:"gains"`
	Loses []string `json:"loses"`
}

// Effects are those of all members whom a change concerns.
type Effects struct {
	Members []Effect `json:"members"`
	// Unseen is how many members were not looked at, in an organization with very many.
	Unseen int `json:"unseen"`
}

const (
	// mostChanged bounds the rows of one change.
	mostChanged = resource.MostRows
	// mostLookedAt bounds the members whose rights are compared.
	mostLookedAt = 1000
)

// Moving is rows of one kind that go to another workspace.
type Moving struct {
	Kind string
	IDs  []string
	// WorkspaceID is where they go; empty is the whole organization.
	WorkspaceID string
	// DryRun tells who would gain and lose what, and moves nothing.
	DryRun bool
}

// Move puts rows into another workspace, all or none of them, and tells who gains and who loses what by it.
func Move(s *resource.Session, in *Moving) (*Effects, error) {
	kind, ok := s.Kernel().Kind(in.Kind)
	if !ok || !kind.Spec().Shared {
		return nil, fault.InvalidField("kind", "must be one whose rows can be kept in workspaces, such as asset")
	}
	if err := s.Require(kind.Spec(), resource.Update, ""); err != nil {
		return nil, err
	}
	if err := bounded(in.IDs); err != nil {
		return nil, err
	}
	from := map[string]string{}
	for _, id := range in.IDs {
		row, err := kind.Get(s, id)
		if err != nil {
			return nil, err
		}
		from[id] = kind.Workspace(row)
	}
	now, about := s.Now.Go(), aboutRows(kind.Spec())
	effects, err := compare(s, func(m member, held *rights.Rights) (e Effect) {
		for _, p := range about {
			before, after := 0, 0
			for id, workspace := range from {
				before += count(held.Reaches(p, id, workspace, now))
				after += count(held.Reaches(p, id, in.WorkspaceID, now))
			}
			e.note(p, before, after)
		}
		return e
	})
	if err != nil {
		return nil, err
	}
	return effects, allOrNone(s, in.DryRun, in.IDs, func(s *resource.Session, id string) error {
		_, err := kind.Update(s, id, 0, resource.Input{"workspace_id": resource.Text(in.WorkspaceID)})
		return err
	})
}

// aboutRows are the permissions on rows that there are.
func aboutRows(spec *resource.Spec) (all []rights.Permission) {
	for _, p := range spec.Permissions() {
		if p.Name != resource.Permission(spec.Name, resource.Create) && p.Name != resource.Permission(spec.Name, resource.Import) {
			all = append(all, p)
		}
	}
	return all
}

// Assigning is members who are given a role.
type Assigning struct {
	// IDs are those of memberships.
	IDs  []string
	Role string
	// DryRun tells what each would gain and lose, and changes nothing.
	DryRun bool
}

// Assign gives members a role, all or none of them, and tells what each gains and loses by it.
func Assign(s *resource.Session, in *Assigning) (*Effects, error) {
	kind, _ := s.Kernel().Kind("membership")
	if err := s.Require(kind.Spec(), resource.Update, ""); err != nil {
		return nil, err
	}
	if err := bounded(in.IDs); err != nil {
		return nil, err
	}
	chosen := map[string]bool{}
	user, _ := kind.Spec().Field("user_id")
	for _, id := range in.IDs {
		row, err := kind.Get(s, id)
		if err != nil {
			return nil, err
		}
		chosen[kind.Value(row, user)] = true
	}
	after, err := s.RightsOf("", in.Role)
	if err != nil {
		return nil, err
	}
	all := s.Kernel().Permissions()
	effects, err := compare(s, func(m member, held *rights.Rights) (e Effect) {
		for _, p := range all {
			if chosen[m.ID] {
				e.note(p, count(held.Has(p)), count(after.Has(p)))
			}
		}
		return e
	})
	if err != nil {
		return nil, err
	}
	return effects, allOrNone(s, in.DryRun, in.IDs, func(s *resource.Session, id string) error {
		_, err := kind.Update(s, id, 0, resource.Input{"role": resource.Text(in.Role)})
		return err
	})
}

func bounded(ids []string) error {
	if len(ids) == 0 || len(ids) > mostChanged {
		return fault.InvalidField("ids", "takes between 1 and %d ids", mostChanged)
	}
	return nil
}

type member struct{ ID, Name, Role string }

// compare asks for each active member what a change does to them, and keeps those to whom it does something.
func compare(s *resource.Session, effect func(m member, held *rights.Rights) Effect) (*Effects, error) {
	members, _ := s.Kernel().Kind("membership")
	if err := s.Require(members.Spec(), resource.List, ""); err != nil {
		return nil, err
	}
	found, err := resource.Select[member](s,
		`SELECT u.id, u.name, m.role FROM {membership} m JOIN {user} u ON u.id = m.user_id WHERE m.status = 'active' ORDER BY u.name, u.id`)
	if err != nil {
		return nil, err
	}
	out := &Effects{Members: []Effect{}, Unseen: max(0, len(found)-mostLookedAt)}
	for _, m := range found[:min(len(found), mostLookedAt)] {
		held, err := s.RightsOf(m.ID, m.Role)
		if err != nil {
			return nil, err
		}
		e := effect(m, held)
		if len(e.Gains)+len(e.Loses) > 0 {
			e.UserID, e.Name, e.Gains, e.Loses = m.ID, m.Name, append([]string{}, e.Gains...), append([]string{}, e.Loses...)
			out.Members = append(out.Members, e)
		}
	}
	return out, nil
}

// note keeps a permission that holds on more rows after the change, or on fewer.
func (e *Effect) note(p rights.Permission, before, after int) {
	switch {
	case after > before:
		e.Gains = append(e.Gains, p.Name)
	case after < before:
		e.Loses = append(e.Loses, p.Name)
	}
}

var errDryRun = errors.New("only a preview was asked for")

// allOrNone makes each change within one transaction, which a dry run undoes.
func allOrNone(s *resource.Session, dryRun bool, ids []string, change func(s *resource.Session, id string) error) error {
	err := s.Write(func(s *resource.Session) error {
		for _, id := range ids {
			if err := change(s, id); err != nil {
				return err
			}
		}
		if dryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		return nil
	}
	return err
}
