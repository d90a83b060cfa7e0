package instance

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"zygo/app/cli"
	"zygo/app/modules"
	"zygo/store"
)

// prepared is a data directory with two organizations, Acme and Umbrella, and a person of every role in each. It is made when
// a test asks for it first.
type prepared struct {
	once sync.Once
	dir  string
	err  error
}

var template prepared

// copy gives a copy in a folder of the test.
func (p *prepared) copy(t testing.TB) string {
	t.Helper()
	p.once.Do(func() { p.err = p.make() })
	if p.err != nil {
		t.Fatal(p.err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(p.dir, "data"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{store.FileName, "zygo.key"} { // the copy's modes are the test's, not Zygo's
		if err := os.Chmod(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (p *prepared) make() (err error) {
	if p.dir, err = os.MkdirTemp("", "zygo-acceptance-"); err != nil {
		return err
	}
	commands := [][]string{
		{"setup", "--name", "Ada Acme", "--email", "owner@acme.test", "--organization", "Acme"},
		{"tenant", "create", "--name", "Uma Umbrella", "--email", "owner@umbrella.test", "--organization", "Umbrella"},
	}
	for _, organization := range []string{"acme", "umbrella"} {
		for _, role := range []string{"admin", "editor", "viewer"} {
			commands = append(commands, []string{"user", "create", "--name", role + " of " + organization, "--email", role + "@" + organization + ".test", "--organization", organization, "--role", role})
		}
	}
	data := filepath.Join(p.dir, "data")
	for _, arguments := range commands {
		var out bytes.Buffer
		streams := cli.Streams{In: strings.NewReader(Passphrase), Out: &out, Err: &out}
		if code := zygo.Run(context.Background(), streams, append(arguments, "--password-file", "-", "--data-dir", data)); code != 0 {
			return fmt.Errorf("%v ends with %d: %s", arguments, code, out.String())
		}
	}
	return addTables(filepath.Join(data, store.FileName))
}

func (p *prepared) remove() {
	if p.dir != "" {
		os.RemoveAll(p.dir)
	}
}

// addTables makes the tables that the modules of the tests declare. The migrations are those of Zygo, and lack them.
func addTables(file string) error {
	known, err := cli.Schema(modules.All())
	if err != nil {
		return err
	}
	declared, err := cli.Schema(zygo.Modules)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer db.Close()
	for _, statement := range declared {
		if slices.Contains(known, statement) {
			continue
		}
		if _, err := db.Exec(statement); err != nil {
			return err
		}
	}
	return nil
}
