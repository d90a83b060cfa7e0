package instance

import (
	"database/sql"
	"path/filepath"

	"zygo/store"
)

// Count reads one number of an instance that was stopped.
func (i *Instance) Count(query string) (number int) {
	i.T.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(i.Dir, store.FileName)+"?mode=ro")
	if err != nil {
		i.T.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query).Scan(&number); err != nil {
		i.T.Fatal(err)
	}
	return number
}

// Execute changes the data of an instance that was stopped, as time or another hand would.
func (i *Instance) Execute(statement string) {
	i.T.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(i.Dir, store.FileName))
	if err != nil {
		i.T.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		i.T.Fatal(err)
	}
}
