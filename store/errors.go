package store

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"zygo/app/fault"
)

// translate turns a driver error into a fault by its numeric code. What has no fault stays an internal error.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "There is no such thing here.").Because(err)
	}
	var driver *sqlite.Error
	if !errors.As(err, &driver) {
		return err
	}
	switch driver.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		field := uniqueField(driver.Error())
		return fault.New(fault.Conflict, "This %s is taken. Choose another.", strings.ReplaceAll(field, "_", " ")).
			With([]fault.Field{{Field: field, Message: "is taken"}}).Because(err)
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fault.New(fault.Conflict, "Something still refers to this, or it refers to something that is gone.").Because(err)
	case sqlite3.SQLITE_TOOBIG:
		return fault.New(fault.TooLarge, "This is too large to store.").Because(err)
	}
	switch driver.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return errDiskFull(err)
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return fault.New(fault.Unavailable,
			"The database can't be opened to write. Check the owner and mode of the files in the data directory.").Because(err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fault.New(fault.Unavailable, "The database is busy. Try again in a moment.").Because(err)
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return errUnknown(err)
	}
	return err
}

// uniqueField is the last column of the broken key: the first ones scope it. SQLite names the columns only in the text,
// in the fixed form "…: t_asset.tenant_id, t_asset.name (2067)"; the class of the error came from its number.
func uniqueField(text string) string {
	text = text[strings.LastIndex(text, ".")+1:]
	name, _, _ := strings.Cut(text, " ")
	return strings.Trim(name, "'")
}

// isUnknownOutcome tells whether nobody can say what a write left on the disk after err.
func isUnknownOutcome(err error) bool {
	var driver *sqlite.Error
	if !errors.As(err, &driver) {
		return false
	}
	switch driver.Code() & 0xff {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	return false
}

func errDiskFull(cause error) error {
	return fault.New(fault.Unavailable, "The disk is full. Nothing was stored; free some space and try again.").Because(cause)
}

func errUnknown(cause error) error {
	return fault.New(fault.Unavailable,
		"The disk answered with an error, so it is unknown whether this was stored. Zygo restarts; repeat the request with the same idempotency key.").
		With(map[string]string{"reason": "outcome_unknown"}).Because(cause)
}

func damaged(path string, cause error) error {
	return fault.New(fault.Unavailable, "The database %s is damaged or no database of Zygo. Restore a backup with: zygo backup restore",
		path).Because(cause)
}

// checkFile refuses what is plainly no database before SQLite opens it, without holding a descriptor while SQLite runs.
func checkFile(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at the database: %w", err)
	}
	if !info.Mode().IsRegular() {
		return damaged(path, errors.New("not a regular file"))
	}
	return nil
}
