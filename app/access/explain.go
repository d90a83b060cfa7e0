package access

import (
	"zygo/app/fault"
	"zygo/app/feature"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/rights"
)

type explainIn struct {
	User       string
	Permission string
	ResourceID string
}

// Explanation is a decision with its reasons.
type Explanation struct {
	Allowed    bool   `json:"allowed"`
	Permission string `json:"permission"`
	User       string `json:"user"`
	Resource   string `json:"resource"`
	// Reasons are all that was looked at, what decided first.
	Reasons []rights.Reason `json:"reasons"`
}

func explain(s *resource.Session, in *explainIn) (*Explanation, error) {
	return Explain(s, in.User, in.Permission, in.ResourceID)
}

// Explain says why a member may do something with a row, or in general where no row is named. Without a user it is about the
// actor. It asks the same rights that every request is decided by.
func Explain(s *resource.Session, user, permission, row string) (*Explanation, error) {
	if user == "" {
		user = s.Actor.ID
	}
	names, err := s.TitlesOf("user", []string{user})
	if err != nil {
		return nil, err
	}
	member, err := resource.Select[memberRow](s,
		"SELECT m.role, m.status, u.suspended_at FROM {membership} m JOIN {user} u ON u.id = m.user_id WHERE m.user_id = ?", user)
	if err != nil {
		return nil, err
	}
	if len(member) == 0 {
		return nil, fault.New(fault.NotFound, "This user does not exist, or you can't see them.")
	}
	p, err := permissionNamed(s, permission)
	if err != nil {
		return nil, err
	}
	out := &Explanation{Permission: permission, User: names[user]}
	workspace := ""
	kind, verb, ok := verbOf(s.Kernel(), permission)
	if row != "" {
		if !ok {
			return nil, fault.New(fault.BadRequest, "The permission %s is not about rows.", permission)
		}
		record, err := kind.Get(s, row)
		if err != nil {
			return nil, err
		}
		out.Resource, workspace = kind.Title(record), kind.Workspace(record)
	}
	if member[0].SuspendedAt != 0 {
		out.Reasons = []rights.Reason{{Source: "account", Text: "Their account is suspended."}}
		return out, nil
	}
	if member[0].Status != "active" {
		out.Reasons = []rights.Reason{{Source: "membership", Text: "They are suspended in this organization."}}
		return out, nil
	}
	held, err := s.RightsOf(user, member[0].Role)
	if err != nil {
		return nil, err
	}
	out.Allowed, out.Reasons = held.Explain(p, row, workspace, s.Now.Go())
	if !ok || verb != resource.Create || kind.Spec().Feature == "" {
		return out, nil
	}
	offer, err := feature.Of(s, feature.Name(kind.Spec().Feature))
	out.Allowed = out.Allowed && offer.Enabled
	out.Reasons = append(out.Reasons, rights.Reason{Source: offer.Reason.Source, Allows: offer.Enabled, Text: offer.Reason.Text})
	return out, err
}

type memberRow struct {
	Role        string
	Status      string
	SuspendedAt field.Time
}

// words say what a permission allows; one that is no more has its name alone.
func words(s *resource.Session, permission string) string {
	p, err := permissionNamed(s, permission)
	if err != nil {
		return permission
	}
	return p.Words()
}

func permissionNamed(s *resource.Session, name string) (rights.Permission, error) {
	for _, p := range s.Kernel().Permissions() {
		if p.Name == name {
			return p, nil
		}
	}
	return rights.Permission{}, fault.New(fault.BadRequest, "There is no permission %q.", name)
}
