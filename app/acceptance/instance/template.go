package instance

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/cli"
	"zygo/app/config"
	"zygo/app/modules"
	"zygo/store"
)

// prepared is a data directory with two organizations, Acme and Umbrella, a person of every role in each, and a session of
// each person. It is made when a test asks for it first.
type prepared struct {
	mutex   sync.Mutex
	dir     string
	err     error
	signed  time.Time
	refresh map[string]string
}

var template prepared

// signedFor is how long the sessions serve new copies. Actions that want a recent sign-in take one of ten minutes ago.
const signedFor = 4 * time.Minute

// copy gives a copy in a folder of the test, with the refresh tokens of its people.
func (p *prepared) copy(t testing.TB) (dir string, refresh map[string]string) {
	t.Helper()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.dir == "" {
		p.err = p.make()
	}
	if p.err == nil && time.Since(p.signed) > signedFor {
		p.err = p.signIn(t)
	}
	if p.err != nil {
		t.Fatal(p.err)
	}
	dir = filepath.Join(t.TempDir(), "data")
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
	return dir, maps.Clone(p.refresh)
}

// signIn makes a session of each person.
func (p *prepared) signIn(t testing.TB) error {
	loaded, err := config.Load(config.Input{
		Flags: map[string]string{"data_dir": filepath.Join(p.dir, "data"), "server.listen": "127.0.0.1:0"}})
	if err != nil {
		return err
	}
	served, err := zygo.NewInstance(context.Background(), loaded.Config, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	i := &Instance{T: t, URL: served.URL()}
	p.refresh = map[string]string{}
	for _, organization := range []string{"acme", "umbrella"} {
		for _, role := range []string{"owner", "admin", "editor", "viewer"} {
			who := role + "@" + organization
			p.refresh[who] = i.SignIn(who).RefreshToken
		}
	}
	p.signed = time.Now()
	return served.Close()
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
			commands = append(commands, []string{"user", "create", "--name", role + " of " + organization, "--email",
				role + "@" + organization + ".test", "--organization", organization, "--role", role})
		}
	}
	data := filepath.Join(p.dir, "data")
	for _, arguments := range commands {
		var out bytes.Buffer
		streams := cli.Streams{In: strings.NewReader(Password), Out: &out, Err: &out}
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
