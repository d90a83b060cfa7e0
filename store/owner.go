package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"zygo/app/fault"
)

// applicationID stands in the header of each database of Zygo: its name in ASCII. No other application's is taken for one.
const applicationID = 0x5A79676F

// checkOwner refuses a database that is not this instance's before anything is written to it: another application's, and none
// or an empty one where the master key says that there was one. It tells whether the database is new.
func checkOwner(ctx context.Context, dir string) (isNew bool, err error) {
	path := filepath.Join(dir, FileName)
	if err := checkFile(path); err != nil {
		return false, err
	}
	_, err = os.Stat(filepath.Join(dir, KeyFile))
	hadData := err == nil
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0 && !exists(path+"-wal") {
		if hadData {
			return false, fault.New(fault.Unavailable,
				"The database %s is missing or empty, but there is a master key, so there was a database. Restore a backup with: zygo backup restore. To begin anew instead, choose another directory with --data-dir.", path)
		}
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the database: %w", err)
	}
	db, err := openPool(ctx, path, 1, "ro", nil)
	if err != nil {
		return false, err
	}
	defer db.Close()
	return owned(ctx, db, path, hadData)
}

func owned(ctx context.Context, db *sql.DB, path string, hadData bool) (isNew bool, err error) {
	var id, objects, ledgers int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return false, damaged(path, err)
	}
	const counts = "SELECT count(*), count(*) FILTER (WHERE name = 't_ledger') FROM sqlite_schema"
	if err := db.QueryRowContext(ctx, counts).Scan(&objects, &ledgers); err != nil {
		return false, damaged(path, err)
	}
	switch {
	case objects == 0 && hadData:
		return false, damaged(path, errors.New("it is empty, although there is a master key"))
	case objects == 0:
		return true, nil
	case id != applicationID && ledgers == 0: // one that was made before databases said whose they are has a ledger
		return false, fault.New(fault.Unavailable, "%s is the database of another application. Choose another directory with --data-dir.",
			path)
	}
	return false, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
