// Package store is the only door to the database. It owns one SQLite file with one writer and several readers, expands
// every query to the rows that its Scope may see, and turns driver errors into faults. Start with Scope and Select for
// reading, Write and Tx for writing, Table for how a Go struct becomes a table.
//
// It imports nothing of Zygo but fault, fold and embed; nobody else imports database/sql or the driver.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// FileName is the database's name inside the data directory.
const FileName = "zygo.db"

// Options says where the database is and which tables the program declares.
type Options struct {
	// Dir is the data directory; it is created with mode 0700 where it is missing.
	Dir string
	// Tables are all declared tables. A query can name these and no others.
	Tables []*Table
	// Log gets what an operator should know. Nil means slog.Default.
	Log *slog.Logger
	// Migrations are the goose migrations of SQLite; nil are those of the binary.
	Migrations fs.FS
	// Unmigrated leaves the schema as it is. Tests that declare tables of their own create them with CreateTables.
	Unmigrated bool
}

// Store is an open database. Its methods are safe for concurrent use.
type Store struct {
	dir     string
	log     *slog.Logger
	tables  map[string]*Table
	readers *sql.DB
	cache   *statements
	writer  *writer
	lock    *dirLock
	naming  sync.Mutex
	closing sync.Once
}

// readerPragmas and writerPragmas are read back after opening: a pragma that the driver dropped is a refusal to start,
// not a silent loss of durability. The order matters: the busy timeout must hold before the journal mode is touched.
var commonPragmas = []pragma{
	{"busy_timeout", "5000"},
	{"foreign_keys", "1"},
	{"trusted_schema", "0"},
	{"cell_size_check", "1"},
	{"temp_store", "2"},
	{"mmap_size", "0"},
}

// newPragmas are said to a file without tables, which keeps them. This one lets Reclaim give free pages back.
var newPragmas = []pragma{{"auto_vacuum", "2"}}

var writerPragmas = []pragma{
	{"journal_mode", "wal"},
	{"synchronous", "2"},
	// 4,000 pages keep a busy log near 16 MB at the least CPU per commit. A checkpointer on a connection of its own
	// would let a busy log grow without end, so the writer itself checkpoints.
	{"wal_autocheckpoint", "4000"},
	{"journal_size_limit", "67108864"},
	{"cache_size", "-16384"},
}

var readerPragmas = []pragma{
	{"query_only", "1"},
	{"cache_size", "-8192"},
}

type pragma struct{ name, value string }

// Open locks the directory, opens the database, checks it, and brings its schema up to date.
// It fails with a fault that says what to do when another process holds the directory, the file is damaged, or a newer
// Zygo made it.
func Open(ctx context.Context, options Options) (*Store, error) {
	if options.Log == nil {
		options.Log = slog.Default()
	}
	if err := teach(); err != nil {
		return nil, fmt.Errorf("teach the driver: %w", err)
	}
	// With open-file-description locks, another descriptor of the file that is closed somewhere in the process no longer
	// drops SQLite's locks. Where the system lacks them the classic locks serve.
	if _, err := sqlite.OFDLocking(true); err != nil && !errors.Is(err, sqlite.ErrOFDLockingUnavailable) &&
		!errors.Is(err, sqlite.ErrOFDLockingTooLate) {
		return nil, fmt.Errorf("choose file locks: %w", err)
	}
	if err := os.MkdirAll(options.Dir, 0o700); err != nil {
		return nil, unavailable(err, "The data directory "+options.Dir+" can't be made", "Choose another with --data-dir.")
	}
	if err := checkFileSystem(options.Dir); err != nil {
		return nil, err
	}
	lock, err := lockDir(options.Dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: options.Dir, log: options.Log, tables: map[string]*Table{}, lock: lock}
	for _, table := range ownTables() {
		s.tables[table.Name] = table
	}
	for _, table := range options.Tables {
		s.tables[table.Name] = table
	}
	if err := s.open(ctx, options); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, options Options) error {
	path := filepath.Join(s.dir, FileName)
	isNew, err := checkOwner(ctx, s.dir)
	if err != nil {
		return err
	}
	var made []pragma
	if isNew {
		made = newPragmas
	}
	writes, err := openPool(ctx, path, 1, "rwc", slices.Concat(commonPragmas, made, writerPragmas))
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return unavailable(err, "The mode of "+path+" can't be set", "Check its owner.")
	}
	s.writer = newWriter(writes, s)
	if isNew {
		if _, err := writes.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
			return fmt.Errorf("say whose the database is: %w", err)
		}
	}
	if !options.Unmigrated {
		if err := s.migrate(ctx, writes, options.Migrations); err != nil {
			return err
		}
	}
	if err := s.writer.start(ctx); err != nil {
		return err
	}
	s.readers, err = openPool(ctx, path, max(2, runtime.NumCPU()), "ro",
		slices.Concat(commonPragmas, readerPragmas))
	if err != nil {
		return err
	}
	s.cache = newStatements(s.readers)
	return nil
}

// openPool opens size connections that all have the pragmas, which only the address can give to each of them.
func openPool(ctx context.Context, path string, size int, mode string, pragmas []pragma) (*sql.DB, error) {
	values := url.Values{"mode": {mode}, "_txlock": {"immediate"}, "_defensive": {"1"}}
	for _, p := range pragmas {
		values.Add("_pragma", p.name+"("+p.value+")")
	}
	db, err := sql.Open("sqlite", "file:"+url.PathEscape(path)+"?"+values.Encode())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	for _, p := range pragmas {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil {
			db.Close()
			return nil, damaged(path, err)
		}
		if got != p.value {
			db.Close()
			return nil, fmt.Errorf("pragma %s is %q and must be %q", p.name, got, p.value)
		}
	}
	return db, nil
}

// Close waits for the writes under way, empties the log into the database and gives up the lock.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		if s.readers != nil {
			s.cache.close()
			err = errors.Join(err, s.readers.Close())
		}
		if s.writer != nil {
			err = errors.Join(err, s.writer.close())
		}
		err = errors.Join(err, s.lock.release())
	})
	return err
}

// Failed is closed when the database answered a write with an error after which its state is unknown. The process must
// end then: the next start lets the write-ahead log decide what was written.
func (s *Store) Failed() <-chan struct{} { return s.writer.failed }

// Dir is the data directory.
func (s *Store) Dir() string { return s.dir }

// Ping tells whether the database answers reads.
func (s *Store) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var one int
	return translate(s.readers.QueryRowContext(ctx, "SELECT 1").Scan(&one))
}
