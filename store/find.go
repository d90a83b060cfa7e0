package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"zygo/app/fold"
)

// Find is a list query put together from declared columns. Names that the table lacks are an error, never SQL.
type Find struct {
	Table *Table
	// Columns are read; nil reads all.
	Columns []string
	Where   []Condition
	// Order lists columns, each with "-" before it to turn it round; n makes it total. Key is what the first is compared by.
	Order []string
	Key   *Key
	Limit int
	// Offset skips rows.
	Offset int
	// Trash reads the rows in the trash instead of the others.
	Trash bool
	// folds reads texts in the form in which they are compared.
	folds bool
}

// Condition compares a column: Operator is one of = <> < <= > >= in "not in" contains, lists and lacks for the entry of a
// list column, "in rows" for the ids of the rows that Rows finds, "is" for a column of the query around this one, or
// matches, which needs no column and takes a full-text query of Match. Alternatives, when set, are conditions of which one
// must hold, and the other fields are unused.
type Condition struct {
	Column   string
	Operator string
	Value    any
	// By is what a comparison looks at in place of the column.
	By           *Key
	Rows         *Find
	Alternatives []Condition
	// All joins Alternatives by AND instead, for the lexicographic condition of a cursor.
	All bool
}

// Rows reads the found rows into a slice of the table's struct type, as a reflect.Value of []T.
func Rows[T any](ctx context.Context, from Source, scope Scope, find Find) ([]T, error) {
	if find.Table.goType != reflect.TypeFor[T]() {
		return nil, fmt.Errorf("table %s is not stored as %s", find.Table.Name, reflect.TypeFor[T]())
	}
	text, args, err := find.text()
	if err != nil {
		return nil, err
	}
	return selectText[T](ctx, from, scope, text, args)
}

// Count counts the found rows up to limit, so that counting a large tenant costs no more than a small one.
func Count(ctx context.Context, from Source, scope Scope, find Find, limit int) (int, error) {
	find.Columns, find.Order, find.Key, find.Limit, find.Offset = []string{"n"}, nil, nil, limit, 0
	text, args, err := find.text()
	if err != nil {
		return 0, err
	}
	counts, err := selectText[int](ctx, from, scope, "SELECT count(*) FROM ("+text+")", args)
	if err != nil {
		return 0, err
	}
	return counts[0], nil
}

// Tally counts the found rows by the values of one column, for the state chips of a list.
func Tally(ctx context.Context, from Source, scope Scope, find Find, column string) (map[string]int, error) {
	if !find.Table.has(column) {
		return nil, fmt.Errorf("%s has no column %s", find.Table.Name, column)
	}
	find.Columns, find.Order, find.Key, find.Limit, find.Offset = []string{column}, nil, nil, 10_000, 0
	text, args, err := find.text()
	if err != nil {
		return nil, err
	}
	type group struct {
		Value string
		Count int
	}
	groups, err := selectText[group](ctx, from, scope, "SELECT "+column+" AS value, count(*) AS count FROM ("+text+") GROUP BY 1", args)
	if err != nil {
		return nil, err
	}
	tally := map[string]int{}
	for _, g := range groups {
		tally[g.Value] = g.Count
	}
	return tally, nil
}

// Pairs reads two text columns of the found rows into a map from the first to the second.
func Pairs(ctx context.Context, from Source, scope Scope, find Find, into map[string]string) error {
	text, args, err := find.text()
	if err != nil {
		return err
	}
	type pair struct{ Key, Value string }
	pairs, err := selectText[pair](ctx, from, scope,
		fmt.Sprintf("SELECT %s AS key, %s AS value FROM (%s)", find.Columns[0], find.Columns[1], text), args)
	for _, p := range pairs {
		into[p.Key] = p.Value
	}
	return err
}

func (f Find) text() (string, []any, error) { return f.textAs("listed") }

// textAs calls the rows that are read by a name, by which a query within this one can tell their columns from its own.
func (f Find) textAs(name string) (string, []any, error) {
	var b strings.Builder
	var args []any
	columns := f.Columns
	if columns == nil {
		columns = f.Table.Columns()
		if f.Table.hasN != nil {
			columns = append(columns, "n")
		}
	}
	read := slices.Clone(columns)
	for i, c := range columns {
		if c != "n" && !f.Table.has(c) {
			return "", nil, fmt.Errorf("%s has no column %s", f.Table.Name, c)
		}
		if f.folds {
			read[i] = f.Table.folded(c)
		}
	}
	b.WriteString("SELECT " + strings.Join(read, ", ") + " FROM {" + f.Table.Name)
	if f.Trash {
		b.WriteString("+trash")
	}
	b.WriteString("} AS " + name)
	where := f.Where
	if f.Trash {
		where = append(where[:len(where):len(where)], Condition{Column: "deleted_at", Operator: ">", Value: 0})
	}
	for i, c := range where {
		if i == 0 {
			b.WriteString(" WHERE ")
		} else {
			b.WriteString(" AND ")
		}
		if err := f.condition(&b, &args, c); err != nil {
			return "", nil, err
		}
	}
	if err := f.order(&b, &args); err != nil {
		return "", nil, err
	}
	if f.Limit > 0 {
		b.WriteString(" LIMIT ?")
		args = append(args, f.Limit)
		if f.Offset > 0 {
			b.WriteString(" OFFSET ?")
			args = append(args, f.Offset)
		}
	}
	return b.String(), args, nil
}

// order writes what the rows are sorted by. The key compares the first of the columns.
func (f Find) order(b *strings.Builder, args *[]any) error {
	joint, by := " ORDER BY ", f.Key
	for _, name := range f.Order {
		column, down := strings.CutPrefix(name, "-")
		if column != "n" && !f.Table.has(column) {
			return fmt.Errorf("%s has no column %s", f.Table.Name, column)
		}
		compared, err := f.compared(args, column, by)
		if err != nil {
			return err
		}
		b.WriteString(joint + compared)
		if down {
			b.WriteString(" DESC")
		}
		joint, by = ", ", nil
	}
	return nil
}

func (f Find) condition(b *strings.Builder, args *[]any, c Condition) error {
	if c.Alternatives != nil {
		joint := " OR "
		if c.All {
			joint = " AND "
		}
		b.WriteByte('(')
		for i, one := range c.Alternatives {
			if i > 0 {
				b.WriteString(joint)
			}
			if err := f.condition(b, args, one); err != nil {
				return err
			}
		}
		b.WriteByte(')')
		return nil
	}
	if c.Operator == "matches" {
		b.WriteString(f.matches(args, c.Value.(string)))
		return nil
	}
	if c.Column != "n" && !f.Table.has(c.Column) {
		return fmt.Errorf("%s has no column %s", f.Table.Name, c.Column)
	}
	switch c.Operator {
	case "=", "<>", "<", "<=", ">", ">=", "in", "not in":
		return f.comparison(b, args, c)
	case "in rows":
		text, values, err := Find{Table: c.Rows.Table, Columns: []string{"id"}, Where: c.Rows.Where}.text()
		if err != nil {
			return err
		}
		b.WriteString(c.Column + " IN (" + text + ")")
		*args = append(*args, values...)
	case "contains":
		b.WriteString("instr(folded(" + c.Column + "), ?) > 0")
		*args = append(*args, fold.Text(c.Value.(string)))
	case "is":
		b.WriteString(c.Column + " = listed." + c.Value.(string))
	case "lists", "lacks":
		b.WriteString(f.lists(args, c))
	default:
		return fmt.Errorf("unknown operator %q", c.Operator)
	}
	return nil
}

// comparison compares a column with a value, with NULL, or with a list of values.
func (f Find) comparison(b *strings.Builder, args *[]any, c Condition) error {
	compared, err := f.compared(args, c.Column, c.By)
	if err != nil {
		return err
	}
	if values, isList := c.Value.([]any); isList {
		places := strings.TrimSuffix(strings.Repeat("?, ", len(values)), ", ")
		b.WriteString(compared + " " + strings.ToUpper(c.Operator) + " (" + places + ")")
		*args = append(*args, values...)
		return nil
	}
	if text, isText := c.Value.(string); isText && c.By.comparesWords() {
		c.Value = fold.Text(text)
	}
	if c.Value == nil {
		b.WriteString(compared + map[string]string{"=": " IS NULL", "<>": " IS NOT NULL"}[c.Operator])
		return nil
	}
	b.WriteString(compared + " " + c.Operator + " ?")
	*args = append(*args, c.Value)
	return nil
}

// Key is what rows are ordered and compared by where that is not what the column stores. One of its fields is set.
type Key struct {
	// Words compares texts as a dictionary does, without capitals and accents.
	Words bool
	// Ranks are the column's values in their order. An empty value comes before them, any other one after them.
	Ranks []string
	// Named compares references by the one column of the rows that it finds.
	Named *Find
}

// Rank is the place of a value among the ranks, nil for an empty one.
func (k *Key) Rank(value string) any {
	switch at := slices.Index(k.Ranks, value); {
	case value == "":
		return nil
	case at < 0:
		return len(k.Ranks)
	default:
		return at
	}
}

// compared is the SQL of what a column is compared by.
func (f Find) compared(args *[]any, column string, by *Key) (string, error) {
	switch {
	case by == nil:
		return column, nil
	case by.Words:
		return f.Table.folded(column), nil
	case by.Ranks != nil:
		var b strings.Builder
		b.WriteString("CASE " + column + " WHEN '' THEN NULL")
		for i, value := range by.Ranks {
			fmt.Fprintf(&b, " WHEN ? THEN %d", i)
			*args = append(*args, value)
		}
		fmt.Fprintf(&b, " ELSE %d END", len(by.Ranks))
		return b.String(), nil
	}
	named := *by.Named
	named.folds = true
	named.Where = append([]Condition{{Column: "id", Operator: "is", Value: column}}, named.Where...)
	text, values, err := named.textAs("named")
	*args = append(*args, values...)
	return "(" + text + ")", err
}

func (k *Key) comparesWords() bool { return k != nil && (k.Words || k.Named != nil) }
