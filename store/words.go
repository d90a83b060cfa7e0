package store

import (
	"database/sql/driver"
	"sync"

	"modernc.org/sqlite"

	"zygo/app/fold"
)

// teach gives the driver folded(text), the form in which texts are searched and put in order, before the first connection of
// the process. SQLite's own NOCASE and lower() know ASCII only. No schema uses it, so that every SQLite can read the database.
var teach = sync.OnceValue(func() error {
	return sqlite.RegisterDeterministicScalarFunction("folded", 1,
		func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			text, _ := args[0].(string) // NULL holds no word
			return fold.Text(text), nil
		})
})

// folded is the SQL of a column's folded text: stored where there is an index of it, else made while it is read.
func (t *Table) folded(column string) string {
	if t.has(column + foldedSuffix) {
		return column + foldedSuffix
	}
	return "folded(" + column + ")"
}
