package instance

import (
	"database/sql"
	"path/filepath"

	"zygo/store"
)

// Count reads one number of an instance that was stopped.
func (i *Instance) Count(query string) (number int) {
	i.T.Helper()
	i.read(query, &number)
	return number
}

// Text reads one text of an instance that was stopped.
func (i *Instance) Text(query string) (text string) {
	i.T.Helper()
	i.read(query, &text)
	return text
}

func (i *Instance) read(query string, into any) {
	i.T.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(i.Dir, store.FileName)+"?mode=ro")
	if err != nil {
		i.T.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query).Scan(into); err != nil {
		i.T.Fatal(err)
	}
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
