package resource

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"unicode/utf8"

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

func (b *bound[T]) create(s *Session, fill func(row *T, c *Change[T]) error) (*T, error) {
	if err := s.require(b.spec, Create, ""); err != nil {
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
		for _, f := range b.spec.Fields {
			if f.Default != "" {
				if err := f.Type.FromText(f, f.Default, f.Of(v)); err != nil {
					return fmt.Errorf("default of %s.%s: %w", b.spec.Name, f.Name, err)
				}
			}
		}
		c := &Change[T]{Session: s, Verb: Create, event: "created", row: row, secrets: map[string]bool{}}
		if err := fill(row, c); err != nil {
			return err
		}
		made = row
		return b.finish(s, c)
	})
	return made, err
}

// alter changes a stored row. Version is the one that the caller saw, or 0 for whichever is stored.
func (b *bound[T]) alter(s *Session, verb, event, id string, version int64, fill func(row *T, c *Change[T]) error) (*T, error) {
	if err := s.require(b.spec, verb, id); err != nil {
		return nil, err
	}
	var made *T
	err := s.Write(func(s *Session) error {
		row, err := b.find(s, id, verb == Restore)
		if err != nil {
			return err
		}
		if version != 0 && version != b.version(row) {
			return fault.New(fault.Stale, "Somebody changed this %s in the meantime. Load it again and repeat your change.", b.spec.Name).
				With(map[string]int64{"version": b.version(row)})
		}
		before := *row
		c := &Change[T]{Session: s, Verb: verb, event: event, Before: &before, row: row, secrets: map[string]bool{}}
		if err := fill(row, c); err != nil {
			return err
		}
		b.own.updated.Of(b.value(row)).SetInt(int64(s.Now))
		made = row
		return b.finish(s, c)
	})
	return made, err
}

// finish validates, stores and records a change. It runs inside the transaction.
func (b *bound[T]) finish(s *Session, c *Change[T]) error {
	if c.Verb != Delete && c.Verb != Restore {
		if err := b.check(s, c); err != nil {
			return err
		}
		b.seal(s, c)
	}
	if b.declared.Check != nil {
		if err := b.declared.Check(c.row, c); err != nil {
			return err
		}
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
		return err
	}
	if err := b.index(s, c); err != nil {
		return err
	}
	return s.record(b.spec.Name, c.event, b.id(c.row), b.changes(c), b.object(c.row))
}

// check applies the tags and finds the references.
func (b *bound[T]) check(s *Session, c *Change[T]) error {
	var wrong []fault.Field
	v := b.value(c.row)
	for _, f := range b.spec.Fields {
		if f.Standard {
			continue
		}
		if f.Sealed() && c.Before != nil && !c.secrets[f.Name] {
			continue
		}
		given := f.Of(v)
		if message := f.Type.Check(f, given); message != "" {
			wrong = append(wrong, fault.Field{Field: f.Name, Message: message})
			continue
		}
		if held := f.Held(given); held != nil {
			var before field.File
			if c.Before != nil {
				before = *f.Held(f.Of(b.value(c.Before)))
			}
			message, err := s.take(f, held, before)
			if err != nil {
				return err
			}
			if message != "" {
				wrong = append(wrong, fault.Field{Field: f.Name, Message: message})
			}
		}
		added := f.Refers(given)
		if c.Before != nil {
			// What became of a row that was named before is no reason to refuse another change.
			before := f.Refers(f.Of(b.value(c.Before)))
			added = slices.DeleteFunc(slices.Clone(added), func(id string) bool { return slices.Contains(before, id) })
		}
		if len(added) > 0 {
			found, err := s.exist(f.To, added)
			if err != nil {
				return err
			}
			if !found {
				wrong = append(wrong, fault.Field{Field: f.Name, Message: "is not found"})
			}
		}
	}
	if wrong != nil {
		return fault.InvalidFields(wrong)
	}
	return nil
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

// apply sets the fields that the input names. What the input may not set is an error, so that a misspelt or forbidden
// field is never silently lost.
func (b *bound[T]) apply(in Input) func(row *T, c *Change[T]) error {
	return func(row *T, c *Change[T]) error {
		var wrong []fault.Field
		v := b.value(row)
		for name, given := range in {
			f, ok := b.spec.byName[name]
			if !ok || f.Internal {
				wrong = append(wrong, fault.Field{Field: name, Message: "is no field of " + b.spec.Name})
				continue
			}
			if !f.Writable() {
				wrong = append(wrong, fault.Field{Field: name, Message: "can't be set"})
				continue
			}
			if f.Sealed() {
				if given.IsText && len(given.Raw) == 0 {
					continue // a form shows no secret, so an empty one means "as it is"
				}
				c.secrets[name] = true
			}
			set := f.Type.FromJSON
			if given.IsText {
				set = func(f *field.Field, raw []byte, v reflect.Value) error {
					if !utf8.Valid(raw) {
						return errors.New("must be text in UTF-8")
					}
					return f.Type.FromText(f, string(raw), v)
				}
			}
			if err := set(f, given.Raw, f.Of(v)); err != nil {
				wrong = append(wrong, fault.Field{Field: name, Message: err.Error()})
			}
		}
		if wrong != nil {
			return fault.InvalidFields(wrong)
		}
		return nil
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
