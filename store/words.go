package store

import (
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"

	"zygo/app/fold"
)

// inWords puts texts in the order of a dictionary, in queries and in indexes.
const inWords = " COLLATE words"

// registered teaches the driver, before the first connection of the process, what SQLite lacks: the order of a dictionary,
// and folded(text) for the form in which texts are searched. SQLite's own NOCASE and lower() know ASCII only.
var registered = errors.Join(
	sqlite.RegisterCollationUtf8("words", fold.Compare),
	sqlite.RegisterDeterministicScalarFunction("folded", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		text, _ := args[0].(string) // NULL holds no word
		return fold.Text(text), nil
	}),
)
