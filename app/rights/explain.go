package rights

import "time"

// Reason is one thing that a decision looked at.
type Reason struct {
	// Source is role, grant, workspace, account or membership; plan, flag or override where it is about a feature.
	Source string `json:"source"`
	Allows bool   `json:"allows"`
	// Text is a sentence for people.
	Text string `json:"text"`
}

// Explain is On, with what it looked at.
func (r *Rights) Explain(p Permission, row, workspace string, now time.Time) (allowed bool, reasons []Reason) {
	if !r.sees(row, workspace, now) {
		reasons = append(reasons, Reason{"workspace", false, "It is in a private workspace, and they are in none of its teams."})
	}
	if r.Rests(p, row, workspace) {
		reasons = append(reasons, Reason{"workspace", false, "It is in an archived workspace, where nothing changes."})
	}
	reasons = append(reasons, r.explainRole(p))
	grant, granted := r.Grant(p, row, workspace, now)
	switch {
	case granted:
		reasons = append(reasons, Reason{"grant", true, grant.sentence()})
	case r.expired(p, row, workspace):
		reasons = append(reasons, Reason{"grant", false, "A grant gave it, and has ended."})
	default:
		reasons = append(reasons, Reason{"grant", false, "No grant gives it here."})
	}
	return r.Reaches(p, row, workspace, now), reasons
}

func (r *Rights) explainRole(p Permission) Reason {
	role := "Their role " + r.RoleName
	switch {
	case r.Added[p.Name]:
		return Reason{"role", true, role + " adds " + p.quoted() + " to what it includes."}
	case r.Removed[p.Name]:
		return Reason{"role", false, role + " takes " + p.quoted() + " away from what it includes."}
	case r.Has(p):
		return Reason{"role", true, role + " includes " + p.quoted() + ", which comes with the built-in role " + p.Least.String() + "."}
	}
	return Reason{"role", false, role + " lacks " + p.quoted() + ", which comes with the built-in role " + p.Least.String() + "."}
}

func (r *Rights) expired(p Permission, row, workspace string) bool {
	of := r.of(p.Name)
	return row != "" && len(run(of, row, (*Grant).on)) > 0 || workspace != "" && len(run(of, workspace, (*Grant).on)) > 0
}

func (g Grant) sentence() string {
	text := "A grant gives it"
	if g.Workspace != "" {
		text += " in the whole workspace"
	}
	if g.Through != "" {
		text += ", through their " + g.Through
	}
	if !g.Until.IsZero() {
		text += ", until " + g.Until.Format("2006-01-02 15:04") + " UTC"
	}
	return text + "."
}
