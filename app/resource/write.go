package resource

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/store"
)

// Every write of every kind takes the same path: permission, tags, Check, the write, the ledger, commit, then the readers
// of the ledger wake. Nothing runs around it, and no flag skips a part of it.

// Change is one write under way, as a kind's Check sees it.
type Change[T any] struct {
	*Session
	// Verb is create, update, delete, restore or an action.
	Verb string
	// Before is the row as it is stored, nil where it is new.
	Before *T

	event   string
	row     *T
	secrets map[string]bool
}

func (b *bound[T]) create(s *Session, set func(row *T, c *Change[T]) error) (*T, error) {
	if err := s.Require(b.spec, Create, ""); err != nil {
		return nil, err
	}
	var made *T
	err := s.Write(func(s *Session) error {
		row := new(T)
		v := b.value(row)
		b.own.id.Of(v).SetString(NewID())
		b.own.version.Of(v).SetInt(1)
		b.own.created.Of(v).SetInt(int64(s.Now))
		b.own.updated.Of(v).SetInt(int64(s.Now))
		if !b.spec.Instance {
			b.own.tenant.Of(v).SetString(s.Tenant())
		}
		if err := field.SetDefaults(b.spec.Fields, v); err != nil {
			return fmt.Errorf("default of %s: %w", b.spec.Name, err)
		}
		c := &Change[T]{Session: s, Verb: Create, event: "created", row: row, secrets: map[string]bool{}}
		wrong := set(row, c)
		if wrong != nil && !fault.Is(wrong, fault.Invalid) {
			return wrong
		}
		if err := b.inherit(s, row); err != nil {
			return err
		}
		if owner := b.spec.Owner; owner != nil {
			owner.Of(v).SetString(s.Actor.Person())
		}
		if !b.mayOn(s, Create, row) {
			return s.deny(b.spec, Create, "", b.workspace(row))
		}
		made = row
		return b.finish(s, c, wrong)
	})
	return made, err
}

// alter changes a stored row. Version is the one that the caller saw, or 0 for whichever is stored.
func (b *bound[T]) alter(s *Session, verb, event, id string, version int64, set func(row *T, c *Change[T]) error) (*T, error) {
	if err := s.Require(b.spec, verb, id); err != nil {
		return nil, err
	}
	var made *T
	err := s.Write(func(s *Session) error {
		row, err := b.find(s, id, verb == Restore)
		if err != nil {
			return err
		}
		if err := b.requireOn(s, verb, row); err != nil {
			return err
		}
		if version != 0 && version != b.version(row) {
			return fault.New(fault.Stale, "Somebody changed this %s in the meantime. Load it again and repeat your change.", b.spec.Name).
				With(map[string]int64{"version": b.version(row)})
		}
		before := *row
		c := &Change[T]{Session: s, Verb: verb, event: event, Before: &before, row: row, secrets: map[string]bool{}}
		wrong := set(row, c)
		if wrong != nil && !fault.Is(wrong, fault.Invalid) {
			return wrong
		}
		if b.workspace(row) != b.workspace(&before) && !s.MayOn(b.spec, Create, "", b.workspace(row)) {
			return s.deny(b.spec, Create, "", b.workspace(row))
		}
		b.own.updated.Of(b.value(row)).SetInt(int64(s.Now))
		made = row
		return b.finish(s, c, wrong)
	})
	return made, err
}

// finish validates, stores and records a change. It runs inside the transaction. Wrong is what could not be read of the input:
// all that is wrong with the fields is said at once.
func (b *bound[T]) finish(s *Session, c *Change[T], wrong error) error {
	if c.Verb != Delete && c.Verb != Restore {
		if wrong = fault.Together(wrong, b.check(s, c)); wrong == nil {
			b.seal(s, c)
		} else if !fault.Is(wrong, fault.Invalid) {
			return wrong
		}
	}
	if b.declared.Check != nil {
		// Beside wrong fields, a refusal of the whole may only follow from them.
		if err := b.declared.Check(c.row, c); wrong == nil || fault.Is(err, fault.Invalid) {
			wrong = fault.Together(wrong, err)
		}
	}
	if wrong != nil {
		return wrong
	}
	scope := s.scope
	if b.spec.Instance {
		scope = store.System("an instance's row was reached through the scope and is written back")
	}
	var err error
	if c.Verb == Create {
		err = s.tx.Insert(scope, b.table, c.row)
	} else {
		err = s.tx.Update(scope, b.table, c.row)
	}
	if err != nil {
		return b.taken(c.Verb, err)
	}
	if err := b.index(s, c); err != nil {
		return err
	}
	if err := b.listed(s, c); err != nil {
		return err
	}
	if c.Before != nil && b.workspace(c.row) != b.workspace(c.Before) {
		if err := s.carry(b.spec, b.id(c.row), b.workspace(c.row)); err != nil {
			return err
		}
	}
	s.touch(b.table, b.id(c.row))
	if b.spec.Operators {
		s = s.ofInstance()
	}
	return s.record(b.spec.Name, c.event, b.id(c.row), b.workspace(c.row), b.changes(c), b.object(c.row))
}

// taken says what can be done where another row has what no two may share: a row that is restored can be given nothing else, and
// a reference is no name to choose.
func (b *bound[T]) taken(verb string, err error) error {
	wrong, ok := fault.As(err)
	if !ok || wrong.Code != fault.Conflict {
		return err
	}
	fields, _ := wrong.Details.([]fault.Field)
	if len(fields) == 0 {
		return err
	}
	f, ok := b.spec.Field(fields[0].Field)
	switch {
	case !ok:
		return err
	case verb == Restore:
		return fault.New(fault.Conflict, "Another %s has the same %s now. Change or delete that one, then restore this one.",
			b.spec.lower(), field.Lower(f.Label)).With(fields).Because(err)
	case f.To != "":
		taken := fault.New(fault.Conflict, "There is a %s with the same %s already.", b.spec.lower(), field.Lower(f.Label))
		return taken.With(fields).Because(err)
	}
	return err
}

// listed updates the join tables of the row's list fields.
func (b *bound[T]) listed(s *Session, c *Change[T]) error {
	for _, f := range b.spec.Fields {
		if !f.Many() || !f.Filter {
			continue
		}
		now := f.Entries(f.Of(b.value(c.row)))
		if c.Before != nil && slices.Equal(now, f.Entries(f.Of(b.value(c.Before)))) || c.Before == nil && len(now) == 0 {
			continue
		}
		folded := make([]string, len(now))
		for i, entry := range now {
			folded[i] = strings.ToLower(entry)
		}
		slices.Sort(folded)
		if err := s.tx.List(s.scope, b.table, f.Name, b.value(c.row).FieldByName("N").Int(), slices.Compact(folded)); err != nil {
			return err
		}
	}
	return nil
}

// check applies the tags and finds the references.
func (b *bound[T]) check(s *Session, c *Change[T]) error {
	var before reflect.Value
	if c.Before != nil {
		before = b.value(c.Before)
	}
	return s.check(b.spec.Name, b.spec.Fields, b.value(c.row), before, c.secrets)
}

// seal encrypts the secrets that the change gave.
func (b *bound[T]) seal(s *Session, c *Change[T]) {
	v := b.value(c.row)
	for _, f := range b.spec.Fields {
		if f.Sealed() && (c.Before == nil || c.secrets[f.Name]) && f.Of(v).Len() > 0 {
			f.Of(v).SetString(s.kernel.keys.Seal(f.Of(v).String(), s.Tenant(), b.id(c.row), f.Name))
		}
	}
}

// apply sets the fields that the input names.
func (b *bound[T]) apply(in Input) func(row *T, c *Change[T]) error {
	return func(row *T, c *Change[T]) error {
		return field.Fill(b.spec.Fields, b.value(row), in, c.secrets)
	}
}

// changes are the fields that differ, as {"field": {"from": …, "to": …}}. Secrets appear without their value.
func (b *bound[T]) changes(c *Change[T]) field.JSON {
	out := []byte{'{'}
	for _, f := range b.spec.Fields {
		if f.Internal || f.Standard {
			continue
		}
		to := f.Type.AppendJSON(nil, f.Of(b.value(c.row)))
		from := []byte("null")
		if c.Before != nil {
			from = f.Type.AppendJSON(nil, f.Of(b.value(c.Before)))
		}
		if c.secrets[f.Name] {
			from, to = []byte("null"), []byte(`"•••"`)
		}
		if string(from) == string(to) {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(field.AppendJSONString(out, f.Name), `:{"from":`...)
		out = append(append(append(out, from...), `,"to":`...), to...)
		out = append(out, '}')
	}
	return append(out, '}')
}

func (b *bound[T]) object(row *T) field.JSON { return b.AppendJSON(nil, row, nil) }

// AppendJSON encodes a row, or the named fields of it.
func (b *bound[T]) AppendJSON(out []byte, record Record, only []string) []byte {
	v := b.value(record.(*T))
	out = append(out, '{')
	for _, f := range b.spec.Fields {
		if f.Internal || only != nil && f.Name != "id" && !slices.Contains(only, f.Name) {
			continue
		}
		if out[len(out)-1] != '{' {
			out = append(out, ',')
		}
		out = append(append(append(out, '"'), f.Name...), '"', ':')
		out = f.Type.AppendJSON(out, f.Of(v))
	}
	return append(out, '}')
}
