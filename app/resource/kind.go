package resource

import (
	"fmt"
	"reflect"
	"slices"

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
	// Path is the path below /api/v1 and of the pages, where it differs from the plural; for a child, what follows its parent's id.
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
	// Owner is the reference to the person whose a row is: others reach it with the permission kind:oversee alone.
	Owner string
	// InPerson keeps every verb but reading to people: no API key has it.
	InPerson bool
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
	// Oversee is to use the other verbs on rows that belong to others.
	Oversee = "oversee"
)

// Spec describes a kind without its Go type, for the surfaces.
type Spec struct {
	Name, Plural, Path, API, Area, Icon, Help, Order, State, Feature string
	label                                                            string
	Verbs                                                            []string
	Fields                                                           []*field.Field
	Actions                                                          []ActionSpec
	Instance, Operators, Shared, inPerson                            bool
	// Owner is the field with the person whose a row is, nil for the other kinds.
	Owner *field.Field
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

func (s *Spec) lower() string { return field.Lower(s.Label()) }

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
