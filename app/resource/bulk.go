package resource

import (
	"zygo/app/fault"
)

// Outcome is what became of one row of many.
type Outcome struct {
	ID string
	// Err tells why the row stayed as it was, nil where it did not.
	Err error
}

// Bulk does the same with many rows, each in a write of its own: what can't be done to one does not hold back the others.
// Verb is update, delete, restore or an action; in are the fields of an update or what the action asks for.
func Bulk(s *Session, kind Resource, verb string, ids []string, in Input) ([]Outcome, error) {
	if len(ids) == 0 || len(ids) > MostRows {
		return nil, fault.InvalidField("ids", "takes between 1 and 100 ids")
	}
	do, err := one(kind, verb, in)
	if err != nil {
		return nil, err
	}
	if err := s.Require(kind.Spec(), verb, ""); err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(ids))
	for i, id := range ids {
		outcomes[i] = Outcome{id, do(s, id)}
	}
	return outcomes, nil
}

// one is a verb on one row.
func one(kind Resource, verb string, in Input) (func(s *Session, id string) error, error) {
	spec := kind.Spec()
	switch {
	case verb == Update && spec.Has(Update):
		return func(s *Session, id string) error {
			_, err := kind.Update(s, id, 0, in)
			return err
		}, nil
	case verb == Delete && spec.Has(Delete):
		return func(s *Session, id string) error { return kind.Remove(s, id, 0) }, nil
	case verb == Restore && spec.Has(Delete):
		return func(s *Session, id string) error {
			_, err := kind.Restore(s, id)
			return err
		}, nil
	}
	for _, a := range spec.Actions {
		if a.Name == verb {
			return func(s *Session, id string) error {
				_, err := kind.Act(s, id, verb, 0, in)
				return err
			}, nil
		}
	}
	return nil, fault.InvalidField("action", "is none of %s", spec.One())
}
