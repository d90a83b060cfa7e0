package store

import (
	"database/sql/driver"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"zygo/app/fold"
)

// Table is how a Go struct is stored. Its physical name is "t_" + Name, its columns are the struct's exported fields in
// snake case. Every table has n INTEGER PRIMARY KEY, the order of arrival; a struct that wants it has a field N.
type Table struct {
	Name string
	// Visible says in SQL which rows a tenant's scope sees, with ?1 for the tenant. Empty means tenant_id = ?1.
	// Nothing is a table that only the system scope reads.
	Visible string
	// Unique lists column groups whose values are unique among rows that are not in the trash.
	Unique [][]string
	// Indexes lists what is searched; for a tenant's table each is led by tenant_id.
	Indexes []Index
	// Key makes the listed columns the primary key in place of n, for rows that are found by nothing else.
	Key []string
	// Subject is the column that says whom or what a row is about, for those who remember what they read of it.
	Subject string
	// References names the table that each referring column points to.
	References map[string]*Table
	// From is a SELECT over other tables in braces, whose rows are read in the place of a table's own.
	From Query
	// Blobs is the folder of the content that the column sum names, empty for a table without content.
	Blobs string
	// Appended tables refuse UPDATE, and DELETE except for a tenant that is erased, so that what was recorded stays.
	Appended bool

	columns []column
	byName  map[string]int
	goType  reflect.Type
	hasN    []int
}

// Index is a group of columns that is searched together.
type Index struct {
	Columns []string
	// Where limits the index to rows that are searched, so that the others don't pay for it.
	Where  string
	Unique bool
	// Across leaves out the tenant that leads the index otherwise: it serves the instance's own search across tenants.
	Across bool
}

// Nothing is the Visible clause of a table that no tenant's scope reads.
const Nothing = "0"

type column struct {
	name   string
	index  []int
	sql    string
	encode func(reflect.Value) any
	// folds tells that the column holds the folded text of the field, which no reader asks for.
	folds bool
}

// columnTyped is a field type that says its own column, such as "INTEGER" for a time that may be missing.
type columnTyped interface{ Column() string }

// NewTable declares the table of T. It panics on a field that has no column, which is a wrong declaration.
func NewTable[T any](name string) *Table {
	t := &Table{Name: name, goType: reflect.TypeFor[T](), byName: map[string]int{}, References: map[string]*Table{}}
	t.addFields(t.goType, nil)
	return t
}

func (t *Table) addFields(of reflect.Type, path []int) {
	for i := range of.NumField() {
		field := of.Field(i)
		index := append(path[:len(path):len(path)], i)
		if field.Anonymous {
			t.addFields(field.Type, index)
			continue
		}
		if !field.IsExported() || field.Tag.Get("store") == "-" {
			continue
		}
		if field.Name == "N" {
			t.hasN = index
			continue
		}
		sqlType, encode := columnOf(field.Type)
		if sqlType == "" {
			panic(fmt.Sprintf("table %s: field %s of type %s has no column", t.Name, field.Name, field.Type))
		}
		t.byName[SnakeCase(field.Name)] = len(t.columns)
		t.columns = append(t.columns, column{name: SnakeCase(field.Name), index: index, sql: sqlType, encode: encode})
	}
}

func columnOf(t reflect.Type) (string, func(reflect.Value) any) {
	if t.Implements(reflect.TypeFor[driver.Valuer]()) {
		encode := func(v reflect.Value) any {
			value, err := v.Interface().(driver.Valuer).Value()
			if err != nil {
				return err
			}
			return value
		}
		return reflect.Zero(t).Interface().(columnTyped).Column(), encode
	}
	switch t.Kind() {
	case reflect.String:
		return "TEXT NOT NULL", func(v reflect.Value) any { return v.String() }
	case reflect.Int, reflect.Int64, reflect.Int32:
		return "INTEGER NOT NULL", func(v reflect.Value) any { return v.Int() }
	case reflect.Bool:
		return "INTEGER NOT NULL", func(v reflect.Value) any { return v.Bool() }
	case reflect.Float64:
		return "REAL NOT NULL", func(v reflect.Value) any { return v.Float() }
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "BLOB", func(v reflect.Value) any { return v.Bytes() }
		}
	}
	return "", nil
}

// foldedSuffix ends the name of a column that holds the folded text of another one.
const foldedSuffix = "_folded"

// IndexWords keeps a column of text in the order of a dictionary as well: in a column of its own, which every SQLite can read
// and check. A collation of Zygo's in the index would shut others out, and damage the index when Unicode changes.
func (t *Table) IndexWords(name string) {
	of, _ := t.column(name)
	folded := column{name: name + foldedSuffix, index: of.index, sql: "TEXT NOT NULL DEFAULT ''", folds: true,
		encode: func(v reflect.Value) any { return fold.Text(v.String()) }}
	t.byName[folded.name] = len(t.columns)
	t.columns = append(t.columns, folded)
	t.Indexes = append(t.Indexes, Index{Columns: []string{folded.name}})
}

// withFolded adds to what is set the folded texts that follow from it.
func (t *Table) withFolded(set []Pair) []Pair {
	for _, p := range set[:len(set):len(set)] {
		if t.has(p.Column + foldedSuffix) {
			set = append(set[:len(set):len(set)], Pair{p.Column + foldedSuffix, fold.Text(reflect.ValueOf(p.Value).String())})
		}
	}
	return set
}

func (t *Table) has(column string) bool { _, ok := t.byName[column]; return ok }

// SubjectOf is whom a row, a pointer to the table's struct, is about; empty where nobody can tell.
func (t *Table) SubjectOf(row any) string {
	v := reflect.ValueOf(row)
	c, ok := t.column(t.Subject)
	if !ok || v.Kind() != reflect.Pointer || v.Type().Elem() != t.goType {
		return ""
	}
	return text(v.Elem().FieldByIndex(c.index))
}

// SubjectIn is whom the rows that equal all of where are about; empty where nobody can tell.
func (t *Table) SubjectIn(where []Pair) string {
	for _, p := range where {
		if p.Column == t.Subject {
			return text(reflect.ValueOf(p.Value))
		}
	}
	return ""
}

func text(v reflect.Value) string {
	if v.Kind() != reflect.String {
		return ""
	}
	return v.String()
}

func (t *Table) owned() bool      { return t.Visible == "" }
func (t *Table) physical() string { return "t_" + t.Name }

// Holds tells whether the rows are of a Go type.
func (t *Table) Holds(of reflect.Type) bool { return t.goType == of }

// Columns lists the names of the stored columns in the order of the struct, without n.
func (t *Table) Columns() []string {
	var names []string
	for _, c := range t.columns {
		if !c.folds {
			names = append(names, c.name)
		}
	}
	return names
}

// written lists the columns that an insert gives values to, and the places of these.
func (t *Table) written() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return "(" + strings.Join(names, ", ") + ") VALUES (" + strings.TrimSuffix(strings.Repeat("?, ", len(names)), ", ") + ")"
}

// Schema is the SQL that makes the table, its indexes and its guards, one statement a line. The migrations hold the same
// text; a test compares them, so that a declaration and its table can't drift apart.
func (t *Table) Schema() []string {
	var lines []string
	if t.Key == nil {
		lines = append(lines, "n INTEGER PRIMARY KEY")
	}
	for _, c := range t.columns {
		lines = append(lines, c.name+" "+c.sql)
	}
	if t.has("id") {
		if t.owned() {
			lines = append(lines, "UNIQUE (id, tenant_id)")
		} else {
			lines = append(lines, "UNIQUE (id)")
		}
	}
	for _, c := range t.columns {
		if to, ok := t.References[c.name]; ok {
			if to.owned() {
				lines = append(lines, fmt.Sprintf("FOREIGN KEY (tenant_id, %s) REFERENCES %s (tenant_id, id)", c.name, to.physical()))
			} else {
				lines = append(lines, fmt.Sprintf("FOREIGN KEY (%s) REFERENCES %s (id)", c.name, to.physical()))
			}
		}
	}
	kind := "STRICT"
	if t.Key != nil {
		lines = append(lines, "PRIMARY KEY ("+strings.Join(t.Key, ", ")+")")
		kind = "STRICT, WITHOUT ROWID"
	}
	statements := []string{fmt.Sprintf("CREATE TABLE %s (\n\t%s\n) %s", t.physical(), strings.Join(lines, ",\n\t"), kind)}
	statements = append(statements, t.indexes()...)
	if t.Appended {
		for verb, unless := range map[string]string{
			"UPDATE": "",
			"DELETE": " WHEN NOT EXISTS (SELECT 1 FROM t_erasing e WHERE e.tenant_id = OLD.tenant_id)",
		} {
			statements = append(statements,
				fmt.Sprintf("CREATE TRIGGER %s_no_%s BEFORE %s ON %s%s BEGIN SELECT RAISE(ABORT, 'appended rows stay'); END",
					t.physical(), strings.ToLower(verb), verb, t.physical(), unless))
		}
		slices.Sort(statements[len(statements)-2:])
	}
	return statements
}

// indexes makes the indexes of the table.
func (t *Table) indexes() []string {
	var statements []string
	live := ""
	if t.has("deleted_at") {
		live = " WHERE deleted_at IS NULL"
	}
	for _, columns := range t.Unique {
		statements = append(statements,
			fmt.Sprintf("CREATE UNIQUE INDEX %s ON %s (%s)%s", t.keyName(columns), t.physical(), strings.Join(columns, ", "), live))
	}
	for _, index := range t.listIndexes() {
		create, where := "CREATE INDEX", live
		if index.Unique {
			create = "CREATE UNIQUE INDEX"
		}
		if index.Where != "" {
			where = " WHERE " + index.Where
		}
		statements = append(statements,
			fmt.Sprintf("%s %s_%s ON %s (%s)%s", create, t.physical(), strings.Join(index.Columns, "_"), t.physical(),
				strings.Join(index.Columns, ", "), where))
	}
	return statements
}

func (t *Table) keyName(columns []string) string {
	return t.physical() + "_" + strings.Join(columns, "_") + "_key"
}

// listIndexes are the declared groups, led by the tenant and ended by the order of arrival and the workspace, so that a
// filtered list in its usual order is answered from the index alone.
func (t *Table) listIndexes() []Index {
	if !t.owned() || !t.has("id") {
		return t.Indexes
	}
	tail := []string{"n"}
	if t.has("workspace_id") {
		tail = append(tail, "workspace_id")
	}
	indexes := []Index{{Columns: append([]string{"tenant_id"}, tail...)}}
	for _, index := range t.Indexes {
		if !index.Across {
			index.Columns = append([]string{"tenant_id"}, index.Columns...)
		}
		if !index.Across && !index.Unique {
			index.Columns = append(index.Columns, tail...)
		}
		indexes = append(indexes, index)
	}
	return indexes
}

// SnakeCase is the one rule that makes a Go name a column, a JSON key, a form field and a query word: WorkspaceID is
// workspace_id.
func SnakeCase(name string) string {
	var out strings.Builder
	runes := []rune(strings.ReplaceAll(name, "IDs", "Ids"))
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || unicode.IsDigit(runes[i-1]) || i+1 < len(runes) &&
			unicode.IsLower(runes[i+1])) {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}
