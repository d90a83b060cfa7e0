package request

import (
	"zygo/app/fault"
	"zygo/app/resource"
)

// Outcome is what became of one row of many.
type Outcome struct {
	ID string
	// Err tells why the row stayed as it was, nil where it did not.
	Err error
}

// Bulk does the same with many rows, each in a write of its own: what can't be done to one does not hold back the others.
// Verb is update, delete, restore or an action; in are the fields of an update or what the action asks for.
func Bulk(s *resource.Session, kind resource.Resource, verb string, ids []string, in resource.Input) ([]Outcome, error) {
	if len(ids) == 0 || len(ids) > resource.MostRows {
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
func one(kind resource.Resource, verb string, in resource.Input) (func(s *resource.Session, id string) error, error) {
	spec := kind.Spec()
	switch {
	case verb == resource.Update && spec.Has(resource.Update):
		return func(s *resource.Session, id string) error {
			_, err := kind.Update(s, id, 0, in)
			return err
		}, nil
	case verb == resource.Delete && spec.Has(resource.Delete):
		return func(s *resource.Session, id string) error { return kind.Remove(s, id, 0) }, nil
	case verb == resource.Restore && spec.Has(resource.Delete):
		return func(s *resource.Session, id string) error {
			_, err := kind.Restore(s, id)
			return err
		}, nil
	}
	for _, a := range spec.Actions {
		if a.Name == verb {
			return func(s *resource.Session, id string) error {
				_, err := kind.Act(s, id, verb, 0, in)
				return err
			}, nil
		}
	}
	return nil, fault.InvalidField("action", "is none of %s", spec.One())
}
