package resource

// below is a child kind's rows under one row of its parent: the same functions, for those who may read the parent, and
// blind to what hangs elsewhere.
type below[T any] struct {
	*bound[T]
	spec   *Spec
	parent string
}

// Under is a child kind below one row of its parent, which the session must be able to read.
func (b *bound[T]) Under(s *Session, parent string) (Resource, error) {
	above := s.kernel.byName[b.spec.Parent.To]
	if _, err := above.Get(s, parent); err != nil {
		return nil, err
	}
	spec := *b.spec
	spec.Path = above.Spec().Path + "/" + parent + "/" + spec.Segment
	return &below[T]{b, &spec, parent}, nil
}

// inherit gives a row the workspace of its parent, also where code makes the row.
func (b *bound[T]) inherit(s *Session, row *T) error {
	if b.spec.Parent == nil || b.own.workspace == nil {
		return nil
	}
	above := s.kernel.byName[b.spec.Parent.To]
	parent, err := above.Get(s.AsInstance("a row is in the workspace of its parent, also where the actor may not see that"),
		b.spec.Parent.Of(b.value(row)).String())
	if err == nil {
		b.own.workspace.Of(b.value(row)).SetString(above.Workspace(parent))
	}
	return err
}

func (b *below[T]) Spec() *Spec { return b.spec }

func (b *below[T]) List(s *Session, q Query) (*Page, error) { return b.bound.List(s, b.here(q)) }

func (b *below[T]) Place(s *Session, q Query, record Record) (*Place, error) {
	return b.bound.Place(s, b.here(q), record)
}

// here keeps a query to what hangs below the parent.
func (b *below[T]) here(q Query) Query {
	q.Filters = append(q.Filters[:len(q.Filters):len(q.Filters)], Filter{
		Field:    b.spec.Parent.Name,
		Operator: "eq",
		Values:   []string{b.parent},
	})
	return q
}

func (b *below[T]) Create(s *Session, in Input) (Record, error) {
	row, err := b.create(s, func(row *T, c *Change[T]) error {
		b.spec.Parent.Of(b.value(row)).SetString(b.parent)
		return b.apply(in)(row, c)
	})
	if err != nil {
		return nil, err
	}
	return row, nil
}

func (b *below[T]) Get(s *Session, id string) (Record, error) {
	if err := b.require(s, Get, id); err != nil {
		return nil, err
	}
	return b.bound.Get(s, id)
}

func (b *below[T]) Update(s *Session, id string, version int64, in Input) (Record, error) {
	if err := b.require(s, Update, id); err != nil {
		return nil, err
	}
	return b.bound.Update(s, id, version, in)
}

func (b *below[T]) Remove(s *Session, id string, version int64) error {
	if err := b.require(s, Delete, id); err != nil {
		return err
	}
	return b.bound.Remove(s, id, version)
}

func (b *below[T]) Restore(s *Session, id string) (Record, error) {
	if err := b.require(s, Restore, id); err != nil {
		return nil, err
	}
	return b.bound.Restore(s, id)
}

func (b *below[T]) Purge(s *Session, id string) error {
	if err := b.require(s, Purge, id); err != nil {
		return err
	}
	return b.bound.Purge(s, id)
}

func (b *below[T]) Act(s *Session, id, action string, version int64, in Input) (Record, error) {
	if err := b.require(s, action, id); err != nil {
		return nil, err
	}
	return b.bound.Act(s, id, action, version, in)
}

// require asks for the permission and finds a row that hangs here. A row never moves to another parent, so that it still
// hangs here when it is written.
func (b *below[T]) require(s *Session, verb, id string) error {
	if err := s.Require(b.spec, verb, id); err != nil {
		return err
	}
	row, err := b.find(s, id, verb == Restore || verb == Purge)
	if err != nil {
		return err
	}
	if b.spec.Parent.Of(b.value(row)).String() != b.parent {
		return notFound(b.spec)
	}
	return nil
}
