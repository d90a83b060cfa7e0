package resource

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"zygo/app/field"
	"zygo/app/rights"
	"zygo/store"
)

// Kind declares a resource stored as T, a struct that embeds Row or InstanceRow.
type Kind[T any] struct {
	// Name is the word for one, in snake case: table, permissions, events, and with its plural the paths.
	Name string
	// Plural is the word for many where the rule of the language fails.
	Plural string
	// Label is the word that people read if it differs from Name: the pages say "organization", code says tenant.
	Label string
	// Path is the path below /api/v1 and of the pages, where it differs from the plural; for a child, what follows its
	// parent's id.
	Path string
	// Area groups kinds in the navigation; empty keeps the kind out of it.
	Area string
	Icon string
	// Help says in a sentence what the kind is for; an empty list shows it.
	Help string
	// Order is the field that lists are sorted by at first, with "-" before it for descending. Empty is newest first.
	Order string
	// State is the choice field that lists count by.
	State string
	// Verbs are what the surfaces offer of list, get, create, update, delete. Nil is all.
	Verbs []string
	// Roles is the least role for a verb or action; a verb that it lacks asks for Viewer to read and Editor to write.
	Roles map[string]Role
	// Parent is the reference field that a child's rows hang on: they stand below that row's address, and exist for
	// those who may read it.
	Parent string
	// Shared rows can be kept in a workspace, and single ones granted to people beside their role.
	Shared bool
	// Feature is what an organization needs to have for new rows; empty is nothing.
	Feature string
	// Operators keeps a kind that belongs to the instance to its operators.
	Operators bool
	// Visible says in SQL which rows a tenant's scope sees, for kinds that belong to the instance.
	Visible string
	// From makes a query kind: its rows are read by a SELECT over tables in braces, with a column for each field and n, and are not
	// written through the kind. For operators it reads across tenants.
	From store.Query
	// API is the path below /api/v1 where it differs from that of the pages.
	API string
	// Unique lists groups of columns that are unique together; a single field says it in its tag.
	Unique [][]string
	// Indexes replaces the indexes that follow from the fields, for a kind whose rows come too fast to pay for each.
	Indexes []Index
	// Check refuses what tags can't say and fills in what follows from the other fields, for every verb that writes. It
	// runs inside the write: it does no I/O but through the session, and may run twice.
	Check func(row *T, c *Change[T]) error
	// Actions are what else a person can do with a row.
	Actions []Action[T]
}

// Verbs that every kind has unless it says otherwise.
const (
	List   = "list"
	Get    = "get"
	Create = "create"
	Update = "update"
	Delete = "delete"
	// Import creates rows from a table; a kind lists it where tables of it are kept elsewhere.
	Import = "import"
	// Restore takes a row back from the trash; every kind that deletes has it.
	Restore = "restore"
)

// Spec describes a kind without its Go type, for the surfaces.
type Spec struct {
	Name, Plural, Path, API, Area, Icon, Help, Order, State, Feature string
	label                                                            string
	Verbs                                                            []string
	Fields                                                           []*field.Field
	Actions                                                          []ActionSpec
	Instance, Operators, Shared                                      bool
	// Parent is the field that leads a child to the row that it hangs on, nil for the other kinds.
	Parent *field.Field
	// Segment is what follows the parent's id in the path of a child. The child's own Path leads to a row of which only
	// the id is known.
	Segment string
	// Title is the field that names a row to people.
	Title *field.Field
	// Story is the text that names the rows of a kind without a title by its first line: the first one that is required and searched.
	Story *field.Field

	roles       map[string]Role
	permissions map[string]rights.Permission
	byName      map[string]*field.Field
}

// Field finds a field by its name.
func (s *Spec) Field(name string) (*field.Field, bool) {
	f, ok := s.byName[name]
	return f, ok
}

// Custom is the field that holds what templates add, nil for a kind without templates.
func (s *Spec) Custom() *field.Field {
	for _, f := range s.Fields {
		if f.Type.Name() == "custom" {
			return f
		}
	}
	return nil
}

// Has tells whether the surfaces offer a verb.
func (s *Spec) Has(verb string) bool { return slices.Contains(s.Verbs, verb) }

// HoldsFiles tells whether a field of the kind is an uploaded file.
func (s *Spec) HoldsFiles() bool { return slices.ContainsFunc(s.Fields, (*field.Field).Holds) }

// Label is the kind's name for people.
func (s *Spec) Label() string { return field.Label(s.label) }

func (s *Spec) lower() string { return strings.ToLower(s.Label()) }

// One is the kind's name with its article: "an asset".
func (s *Spec) One() string { return field.One(s.Name) }

// PluralLabel is the name of many for people.
func (s *Spec) PluralLabel() string {
	if s.label != s.Name {
		return field.Label(field.Plural(s.label))
	}
	return field.Label(s.Plural)
}

// bound is a declared kind with its fields and its table: the generic code behind every surface.
type bound[T any] struct {
	declared *Kind[T]
	spec     *Spec
	table    *store.Table
	own      struct{ id, tenant, workspace, version, created, updated, deleted *field.Field }
}

// Declaration is a Kind of any T.
type Declaration interface {
	fmt.Stringer
	bind() (Resource, error)
}

// String is the kind's name.
func (k *Kind[T]) String() string { return k.Name }

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
	}
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
	if b.table.From = k.From; k.From != "" && k.Verbs == nil {
		b.spec.Verbs = []string{List, Get}
	} else if k.Verbs == nil {
		b.spec.Verbs = []string{List, Get, Create, Update, Delete}
	}
	if b.table.Visible = k.Visible; b.spec.Instance {
		b.table.Subject = "id"
	}
	b.table.Unique = k.Unique
	b.table.Indexes = slices.Clone(k.Indexes)
	if b.spec.Has(Delete) {
		b.table.Indexes = append(b.table.Indexes, Index{Columns: []string{"deleted_at"}, Where: "deleted_at IS NOT NULL", Across: true})
	}
	for _, f := range fields {
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
	for name, into := range map[string]**field.Field{
		"id":           &b.own.id,
		"tenant_id":    &b.own.tenant,
		"workspace_id": &b.own.workspace,
		"version":      &b.own.version,
		"created_at":   &b.own.created,
		"updated_at":   &b.own.updated,
		"deleted_at":   &b.own.deleted,
	} {
		*into = b.spec.byName[name]
	}
	if b.own.id == nil || (b.own.tenant == nil) != b.spec.Instance {
		return nil, fmt.Errorf("kind %s: its struct must embed Row, or InstanceRow where Visible is set", k.Name)
	}
	for _, f := range fields {
		if f.Many() && f.Filter && (b.spec.Instance || b.own.version == nil) {
			return nil, fmt.Errorf(
				"kind %s: what its list %s holds is indexed for the rows of tenants that the surfaces write, and can't be filtered here",
				k.Name, f.Name)
		}
	}
	if b.own.version == nil && (b.spec.Has(Create) || b.spec.Has(Update) || b.spec.Has(Delete) || len(k.Actions) > 0) {
		return nil, fmt.Errorf("kind %s: rows without a version can't be written by the surfaces", k.Name)
	}
	if k.State != "" {
		if f, ok := b.spec.byName[k.State]; !ok || len(f.Choices) == 0 {
			return nil, fmt.Errorf("kind %s: its state %s is no field with choices", k.Name, k.State)
		}
	}
	if k.Parent != "" {
		if b.spec.Parent = b.spec.byName[k.Parent]; b.spec.Parent == nil || b.spec.Parent.To == "" {
			return nil, fmt.Errorf("kind %s: its parent %s is no reference", k.Name, k.Parent)
		}
		if b.spec.Segment = k.Path; k.Path != "" {
			b.spec.Path = strings.ReplaceAll(b.spec.Plural, "_", "-")
		} else {
			b.spec.Segment = b.spec.Path
		}
		b.spec.Parent.Required, b.spec.Parent.Readonly, b.spec.Parent.Filter = true, true, true
	}
	if k.Shared {
		b.own.workspace.BecomeReference("workspace", "Workspace", "Who sees the workspace sees it; empty is the whole organization.")
		last := slices.DeleteFunc(fields, func(f *field.Field) bool { return f == b.own.workspace })
		b.spec.Fields = append(last, b.own.workspace) // what a kind is about comes first
	}
	for _, a := range k.Actions {
		action, err := a.spec()
		if err != nil {
			return nil, fmt.Errorf("kind %s, action %s: %w", k.Name, a.Name, err)
		}
		b.spec.Actions = append(b.spec.Actions, action)
	}
	if b.spec.API == "" {
		b.spec.API = b.spec.Path
	}
	b.spec.permit()
	return b, nil
}

func (b *bound[T]) uniqueColumns(name string) []string {
	if b.spec.Instance {
		return []string{name}
	}
	return []string{"tenant_id", name}
}

func (b *bound[T]) value(row *T) reflect.Value { return reflect.ValueOf(row).Elem() }

func (b *bound[T]) id(row *T) string { return b.own.id.Of(b.value(row)).String() }

// version is 0 for the kinds whose rows only their area writes.
func (b *bound[T]) version(row *T) int64 {
	if b.own.version == nil {
		return 0
	}
	return b.own.version.Of(b.value(row)).Int()
}
