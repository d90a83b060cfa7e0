package resource

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"zygo/app/field"
	"zygo/store"
)

// bind makes a declaration a resource, or says what is wrong with it.
func (k *Kind[T]) bind() (Resource, error) {
	t := reflect.TypeFor[T]()
	fields, err := field.Declared(t)
	if err != nil {
		return nil, err
	}
	b := &bound[T]{declared: k, table: store.NewTable[T](k.Name)}
	b.spec = &Spec{
		Name:      k.Name,
		Plural:    k.Plural,
		Path:      k.Path,
		API:       k.API,
		Area:      k.Area,
		Icon:      k.Icon,
		Help:      k.Help,
		Order:     k.Order,
		State:     k.State,
		Feature:   k.Feature,
		Verbs:     k.Verbs,
		Fields:    fields,
		roles:     k.Roles,
		byName:    map[string]*field.Field{},
		Instance:  k.Visible != "" || k.From != "" && k.Operators,
		Operators: k.Operators,
		Shared:    k.Shared,
		inPerson:  k.InPerson,
	}
	b.fillNames()
	b.table.From, b.table.Visible, b.table.Unique, b.table.Indexes = k.From, k.Visible, k.Unique, slices.Clone(k.Indexes)
	if b.spec.Instance {
		b.table.Subject = "id"
	}
	if b.spec.Has(Delete) {
		b.table.Indexes = append(b.table.Indexes, Index{Columns: []string{"deleted_at"}, Where: "deleted_at IS NOT NULL", Across: true})
	}
	b.bindFields()
	for _, complete := range []func() error{b.validate, b.bindParent, b.bindActions} {
		if err := complete(); err != nil {
			return nil, fmt.Errorf("kind %s: %w", k.Name, err)
		}
	}
	if k.Shared {
		b.own.workspace.BecomeReference("workspace", "Workspace", "Who sees the workspace sees it; empty is the whole organization.")
		last := slices.DeleteFunc(fields, func(f *field.Field) bool { return f == b.own.workspace })
		b.spec.Fields = append(last, b.own.workspace) // what a kind is about comes first
	}
	if b.spec.API == "" {
		b.spec.API = b.spec.Path
	}
	b.spec.permit()
	return b, nil
}

// fillNames fills in the words, the order and the verbs that the declaration leaves out.
func (b *bound[T]) fillNames() {
	k := b.declared
	if b.spec.label = k.Label; b.spec.label == "" {
		b.spec.label = k.Name
	}
	if b.spec.Plural == "" {
		b.spec.Plural = field.Plural(k.Name)
	}
	if b.spec.Path == "" {
		b.spec.Path = strings.ReplaceAll(b.spec.Plural, "_", "-")
	}
	if b.spec.Order == "" {
		b.spec.Order = "-created_at"
	}
	if k.Verbs == nil {
		b.spec.Verbs = []string{List, Get, Create, Update, Delete}
		if k.From != "" {
			b.spec.Verbs = []string{List, Get}
		}
	}
}

// bindFields learns what each field is for the kind, and which columns of the table are indexed for it.
func (b *bound[T]) bindFields() {
	k := b.declared
	for _, f := range b.spec.Fields {
		b.spec.byName[f.Name] = f
		if b.spec.Title == nil && !f.Standard && slices.Contains([]string{"title", "name", "subject"}, f.Name) {
			b.spec.Title = f
		}
		if b.spec.Story == nil && f.Required && f.Search && f.To == "" {
			b.spec.Story = f
		}
		if f.Unique {
			b.table.Unique = append(b.table.Unique, b.uniqueColumns(f.Name))
		}
		if k.Indexes == nil && f.Indexed() {
			b.table.Indexes = append(b.table.Indexes, Index{Columns: []string{f.Name}})
		}
	}
	first := b.spec.byName[strings.TrimPrefix(b.spec.Order, "-")]
	if k.Indexes == nil && k.From == "" && !b.spec.Instance && first != nil && first.Worded() && !first.Standard {
		b.table.IndexWords(first.Name)
	}
	named := b.spec.byName
	b.own.id, b.own.tenant, b.own.workspace, b.own.version = named["id"], named["tenant_id"], named["workspace_id"], named["version"]
	b.own.created, b.own.updated, b.own.deleted = named["created_at"], named["updated_at"], named["deleted_at"]
}

// validate refuses a declaration that the kernel can't keep.
func (b *bound[T]) validate() error {
	k := b.declared
	if b.own.id == nil || (b.own.tenant == nil) != b.spec.Instance {
		return errors.New("its struct must embed Row, or InstanceRow where Visible is set")
	}
	for _, f := range b.spec.Fields {
		if f.Many() && f.Filter && (b.spec.Instance || b.own.version == nil) {
			return fmt.Errorf("what its list %s holds is indexed for the rows of tenants that the surfaces write, and can't be filtered here", f.Name)
		}
	}
	if b.spec.Owner = b.spec.byName[k.Owner]; k.Owner != "" && (b.spec.Owner == nil || b.spec.Owner.To != "user" || b.isSearched()) {
		return errors.New("its owner must be a reference to a user, and search finds no rows that belong to people")
	}
	if b.own.version == nil && (b.spec.Has(Create) || b.spec.Has(Update) || b.spec.Has(Delete) || len(k.Actions) > 0) {
		return errors.New("rows without a version can't be written by the surfaces")
	}
	if k.State == "" {
		return nil
	}
	if f, ok := b.spec.byName[k.State]; !ok || len(f.Choices) == 0 {
		return fmt.Errorf("its state %s is no field with choices", k.State)
	}
	return nil
}

// bindParent puts the rows of a child below those of its parent.
func (b *bound[T]) bindParent() error {
	k := b.declared
	if k.Parent == "" {
		return nil
	}
	if b.spec.Parent = b.spec.byName[k.Parent]; b.spec.Parent == nil || b.spec.Parent.To == "" {
		return fmt.Errorf("its parent %s is no reference", k.Parent)
	}
	if b.spec.Segment = k.Path; k.Path != "" {
		b.spec.Path = strings.ReplaceAll(b.spec.Plural, "_", "-")
	} else {
		b.spec.Segment = b.spec.Path
	}
	b.spec.Parent.Required, b.spec.Parent.Readonly, b.spec.Parent.Filter = true, true, true
	return nil
}

// bindActions reads what the actions ask for.
func (b *bound[T]) bindActions() error {
	for _, a := range b.declared.Actions {
		action, err := a.spec()
		if err != nil {
			return fmt.Errorf("action %s: %w", a.Name, err)
		}
		b.spec.Actions = append(b.spec.Actions, action)
	}
	return nil
}
