package resource

import (
	"maps"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/rights"
	"zygo/store"
)

// Role is a built-in role; the others stand on one of them.
type Role = rights.Role

// The built-in roles. Nobody is a person without membership.
const (
	Nobody = rights.Nobody
	Viewer = rights.Viewer
	Editor = rights.Editor
	Admin  = rights.Admin
	Owner  = rights.Owner
)

// least is the smallest built-in role that may use a verb or action of the kind.
func (s *Spec) least(verb string) Role {
	switch verb {
	case Restore, Purge:
		verb = Delete // who may throw away may take back, and make an end of it
	case Import:
		verb = Create // it is many of them
	}
	if role, ok := s.roles[verb]; ok {
		return role
	}
	if verb == Oversee {
		return Admin
	}
	if verb == List || verb == Get {
		return Viewer
	}
	return Editor
}

// Permission is the name of the right to use a verb of a kind. Lists and single rows are read with one right.
func Permission(kind, verb string) string {
	switch verb {
	case List, Get:
		verb = "read"
	case Restore, Purge:
		verb = Delete
	}
	return kind + ":" + verb
}

// permission is the right that a verb asks for, with what a person reads about it.
func (s *Spec) permission(verb string) rights.Permission {
	if p, ok := s.permissions[verb]; ok {
		return p
	}
	return rights.Permission{Name: Permission(s.Name, verb), Least: s.least(verb)}
}

// permit fills what permission answers from.
func (s *Spec) permit() {
	s.permissions = map[string]rights.Permission{}
	many := field.Lower(s.PluralLabel())
	add := func(help string, verbs ...string) {
		for _, verb := range verbs {
			p := rights.Permission{Name: Permission(s.Name, verb), Category: s.Area, Help: help, Least: s.least(verb)}
			p.InPerson = s.inPerson && !p.Reads()
			s.permissions[verb] = p
		}
	}
	add("See "+many+".", List, Get)
	for verb, help := range map[string]string{
		Create: "Create " + many + ".",
		Update: "Change " + many + ".",
		Import: "Import " + many + " from a table.",
	} {
		if s.Has(verb) {
			add(help, verb)
		}
	}
	if s.Has(Delete) {
		add("Delete "+many+", and take them back from the trash.", Delete, Restore, Purge)
	}
	for _, a := range s.Actions {
		add(a.Label+" "+many+".", a.Name)
	}
	if s.Owner != nil {
		add("See and manage "+many+" of others.", Oversee)
	}
	for verb := range s.roles {
		if !s.May(verb) && !slices.Contains([]string{Create, Update, Delete, Import}, verb) {
			add(field.Label(verb)+" "+many+".", verb)
		}
	}
}

// May tells whether the kind has a verb that a permission is about.
func (s *Spec) May(verb string) bool {
	_, ok := s.permissions[verb]
	return ok
}

// Permissions are the rights that the kind brings.
func (s *Spec) Permissions() []rights.Permission {
	byName := map[string]rights.Permission{}
	for _, p := range s.permissions {
		byName[p.Name] = p
	}
	return slices.SortedFunc(maps.Values(byName), func(a, b rights.Permission) int { return strings.Compare(a.Name, b.Name) })
}

// Permissions are the rights that the kinds and modules bring, sorted by name; members have some of them.
func (k *Kernel) Permissions() []rights.Permission {
	all := slices.Clone(k.permissions)
	for _, kind := range k.kinds {
		if kind.Spec().Operators {
			continue
		}
		for _, p := range kind.Spec().Permissions() {
			if above := kind.Spec().Parent; above != nil {
				p.Category = k.byName[above.To].Spec().Area
			}
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b rights.Permission) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// May tells whether the session's actor has the right to use a verb of the kind, on all rows or on some. With MayOn it is
// the one place that decides.
func (s *Session) May(spec *Spec, verb string) bool {
	if spec.Operators {
		return s.system || s.Operator
	}
	return s.system || s.Rights.Anywhere(spec.permission(verb), s.Now.Go())
}

// MayOn tells whether the actor has the right on one row, or on new rows of a workspace. Of a kind whose rows belong to people, it
// is that of somebody else.
func (s *Session) MayOn(spec *Spec, verb, id, workspace string) bool {
	if spec.Operators || s.system || spec.Owner != nil {
		return s.May(spec, verb) && s.oversees(spec)
	}
	return s.Rights.On(spec.permission(verb), id, workspace, s.Now.Go())
}

// oversees tells whether the actor reaches the rows of others, where rows belong to people.
func (s *Session) oversees(spec *Spec) bool { return spec.Owner == nil || s.May(spec, Oversee) }

// Require refuses an actor who may not use a verb of the kind, and records the refusal; then it asks whether the organization
// has the feature that new rows need. The id is that of the row, empty where it is about none.
func (s *Session) Require(spec *Spec, verb, id string) error {
	switch {
	case !s.May(spec, verb):
		return s.deny(spec, verb, id, "")
	case spec.Feature != "" && verb == Create && s.kernel.gate != nil:
		return s.kernel.gate(s, spec.Feature)
	}
	return nil
}

func (s *Session) deny(spec *Spec, verb, id, workspace string) error {
	p := spec.permission(verb)
	if s.Rights.Rests(p, id, workspace) {
		return fault.New(fault.Conflict, "The workspace is archived, so nothing in it changes. Take it out of the archive first.")
	}
	if err := s.recordDenied(spec.Name, verb, id, workspace); err != nil {
		return err
	}
	if spec.Operators {
		return fault.New(fault.Forbidden, "Only operators of this instance may do that.").With(map[string]string{"permission": p.Name})
	}
	return s.lacks(p, id)
}

func (s *Session) lacks(p rights.Permission, id string) error {
	details := map[string]string{"permission": p.Name}
	if id != "" {
		details["resource_id"] = id
	}
	if s.Actor.Kind == "api_key" {
		return fault.New(fault.Forbidden, "This API key lacks the permission %s, or nobody's key may do that.", p.Name).With(details)
	}
	if s.Rights == nil {
		return fault.New(fault.Forbidden, "You are no member of this organization.").With(details)
	}
	return fault.New(fault.Forbidden,
		"Your role %s lacks the permission %s. Ask an administrator of the organization for it, or for the role %s.", s.Rights.RoleName,
		p.Name, p.Least).With(details)
}

// RequirePermission refuses an actor for what is no verb of a kind but stands in a module's Permissions.
func (s *Session) RequirePermission(name string) error {
	if s.Holds(name) {
		return nil
	}
	if err := s.recordDenied("", name, "", ""); err != nil {
		return err
	}
	return s.lacks(s.kernel.named(name), "")
}

// RequireOperator refuses everybody else than the operators of the instance, and records what was refused.
func (s *Session) RequireOperator(what string) error {
	if s.system || s.Operator {
		return nil
	}
	if err := s.recordDenied("", what, "", ""); err != nil {
		return err
	}
	return fault.New(fault.Forbidden, "Only operators of this instance may do that.")
}

// RequireNamed is Require for a permission by its name, kind:verb, or RequirePermission where it is a module's.
func (s *Session) RequireNamed(name string) error {
	if spec, verb := s.kernel.verbNamed(name); spec != nil {
		return s.Require(spec, verb, "")
	}
	return s.RequirePermission(name)
}

// MayNamed tells whether RequireNamed would let the actor through, on some rows at least.
func (s *Session) MayNamed(name string) bool {
	if spec, verb := s.kernel.verbNamed(name); spec != nil {
		return s.May(spec, verb)
	}
	return s.Holds(name)
}

// verbNamed is the kind and the verb of a permission; the kind is nil where it is a module's.
func (k *Kernel) verbNamed(name string) (*Spec, string) {
	kind, verb, _ := strings.Cut(name, ":")
	if verb == "read" {
		verb = Get
	}
	if of, ok := k.byName[kind]; ok && of.Spec().May(verb) {
		return of.Spec(), verb
	}
	return nil, ""
}

// Holds tells whether the actor has a permission of a module.
func (s *Session) Holds(name string) bool {
	return s.system || s.Rights.Everywhere(s.kernel.named(name))
}

func (k *Kernel) named(name string) rights.Permission {
	for _, p := range k.permissions {
		if p.Name == name {
			return p
		}
	}
	panic("nobody declares the permission " + name)
}

// requireOn refuses an actor who may use the verb on other rows only. Anyone who may not read the row does not learn that it is there.
func (b *bound[T]) requireOn(s *Session, verb string, row *T) error {
	id, workspace := b.id(row), b.workspace(row)
	if b.mayOn(s, verb, row) {
		return nil
	}
	if !b.mayOn(s, Get, row) {
		return notFound(b.spec)
	}
	return s.deny(b.spec, verb, id, workspace)
}

func (b *bound[T]) mayOn(s *Session, verb string, record Record) bool {
	row := record.(*T)
	if owner := b.spec.Owner; owner != nil && owner.Of(b.value(row)).String() == s.Actor.Person() && s.Actor.Person() != "" {
		return s.May(b.spec, verb)
	}
	return s.MayOn(b.spec, verb, b.id(row), b.workspace(row))
}

// workspace is empty for the whole organization.
func (b *bound[T]) workspace(row *T) string {
	if b.own.workspace == nil {
		return ""
	}
	return b.own.workspace.Of(b.value(row)).String()
}

// readable are the rows that a list shows to somebody who may read only some, nil for those who may read all. The column is
// where a row's id stands.
func (s *Session) readable(spec *Spec, column string) []store.Condition {
	p := spec.permission(List)
	if !s.oversees(spec) {
		return []store.Condition{{Column: spec.Owner.Name, Operator: "=", Value: s.Actor.Person()}}
	}
	if s.system || spec.Operators || s.Rights.Everywhere(p) {
		return nil
	}
	rows, workspaces := s.Rights.Some(p, s.Now.Go())
	some := []store.Condition{{Column: column, Operator: "in", Value: anys(rows)}}
	if _, ok := spec.byName["workspace_id"]; ok {
		some = append(some, store.Condition{Column: "workspace_id", Operator: "in", Value: anys(workspaces)})
	}
	return []store.Condition{{Alternatives: some}}
}

func anys(texts []string) []any {
	out := make([]any, len(texts))
	for i, text := range texts {
		out[i] = text
	}
	return out
}
