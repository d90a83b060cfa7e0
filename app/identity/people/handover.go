package people

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// What refers to a user is known by the declarations of all kinds: a tie goes with the user, another field that people set
// is handed over, and what code set is history and stays.

// handOver puts a member in the place of another in every live row of the session's tenant.
func handOver(s *resource.Session, from, to string) error {
	heirs, err := resource.SelectOne[int](s, "SELECT count(*) FROM {membership} WHERE user_id = ? AND status = 'active'", to)
	if err != nil {
		return err
	}
	if from == to || heirs == 0 {
		return fault.InvalidField("hand_to", "must be another active member")
	}
	return eachReference(s, from, false, func(kind resource.Resource, f *field.Field, id string) error {
		if f.Tie || !f.Writable() {
			return nil
		}
		_, err := kind.Update(s, id, 0, resource.Input{f.Name: resource.Text(to)})
		return err
	})
}

// untie erases the rows of the session's tenant that are a user's alone, those in the trash too.
func untie(s *resource.Session, user string) error {
	for _, trash := range []bool{false, true} {
		if err := eachReference(s, user, trash, func(kind resource.Resource, f *field.Field, id string) error {
			if !f.Tie {
				return nil
			}
			if !trash {
				if err := kind.Remove(s, id, 0); err != nil {
					return err
				}
			}
			return kind.Purge(s, id)
		}); err != nil {
			return err
		}
	}
	return nil
}

// eachReference calls with each row of the tenant that names a user, for each field that does.
func eachReference(s *resource.Session, user string, trash bool, call func(kind resource.Resource, f *field.Field, id string) error) error {
	for _, kind := range s.Kernel().Kinds() {
		spec := kind.Spec()
		if spec.Instance || spec.Name == "membership" || trash && !spec.Has(resource.Delete) {
			continue
		}
		for _, f := range spec.Fields {
			if f.To != "user" || f.Many() || !f.Tie && !f.Writable() {
				continue
			}
			ids, err := idsNaming(s, kind, f, user, trash)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if err := call(kind, f, id); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// idsNaming are the ids of the rows whose field names a user, read whole before any of them changes.
func idsNaming(s *resource.Session, kind resource.Resource, f *field.Field, user string, trash bool) (ids []string, err error) {
	query := resource.Query{
		Filters: []resource.Filter{{Field: f.Name, Operator: "eq", Values: []string{user}}},
		Limit:   resource.MostRows,
		Trash:   trash,
	}
	for query.Page = 1; ; query.Page++ {
		page, err := kind.List(s, query)
		if err != nil || len(page.Rows) == 0 {
			return ids, err
		}
		for _, row := range page.Rows {
			ids = append(ids, kind.ID(row))
		}
	}
}
