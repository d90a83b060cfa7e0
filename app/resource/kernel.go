package resource

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/fold"
	"zygo/app/remember"
	"zygo/app/rights"
	"zygo/app/vault"
	"zygo/jobs"
	"zygo/store"
)

// Module is what one area declares to the kernel.
type Module struct {
	Name   string
	Kinds  []Declaration
	Tables []*store.Table
	// Take gives rows the files that they name; one module has it.
	Take Take
	// Content is set by the one module that keeps dropdown values and templates.
	Content Content
	// Permissions are what members may do besides the verbs of kinds.
	Permissions []rights.Permission
	// Rights is set by the one module that keeps roles and grants.
	Rights func(s *Session, user, role string) (*rights.Rights, error)
	// Gate is set by the one module that knows which features an organization has, and refuses the others.
	Gate func(s *Session, feature string) error
	// SetUp learns of a new instance, in the transaction that makes it.
	SetUp func(s *Session) error
	// Founded learns of a new organization, in the transaction that makes it. Its session is the instance's own within
	// the organization.
	Founded func(s *Session) error
}

// Kernel holds the declared kinds over an open store.
type Kernel struct {
	store   *store.Store
	keys    *vault.Keys
	ledger  *store.Table
	take    Take
	kinds   []Resource
	byName  map[string]Resource
	log     *slog.Logger
	now     func() field.Time
	memory  remember.Memory
	queue   *jobs.Queue
	content Content
	// rights loads what a member may do; permissions are those that belong to no kind.
	rights      func(s *Session, user, role string) (*rights.Rights, error)
	permissions []rights.Permission
	gate        func(s *Session, feature string) error
	setUp       []func(s *Session) error
	founded     []func(s *Session) error

	mu      sync.Mutex
	changed chan struct{}
}

// Options says where the instance's data is.
type Options struct {
	Dir string
	Log *slog.Logger
	// Now is the clock; nil is the system's.
	Now func() time.Time
	// Declared makes the tables from the declarations instead of the migrations, for tests with kinds of their own.
	Declared bool
}

// Catalogue binds the modules' declarations without a database: enough for routes, OpenAPI and schemas.
func Catalogue(modules []Module) (*Kernel, error) {
	k := &Kernel{
		permissions: []rights.Permission{
			{Name: "audit:read", Category: "Settings", Help: "Read all that happened in the organization.", Least: Admin},
		},
		ledger:  ledgerTable(),
		byName:  map[string]Resource{},
		changed: make(chan struct{}),
	}
	for _, m := range modules {
		for _, declaration := range m.Kinds {
			kind, err := declaration.bind()
			if err != nil {
				return nil, fmt.Errorf("module %s: %w", m.Name, err)
			}
			if _, taken := k.byName[kind.Spec().Name]; taken {
				return nil, fmt.Errorf("module %s: the kind %s is declared twice", m.Name, kind.Spec().Name)
			}
			k.kinds = append(k.kinds, kind)
			k.byName[kind.Spec().Name] = kind
		}
		if m.Take != nil {
			k.take = m.Take
		}
		if m.Content != nil {
			k.content = m.Content
		}
		k.permissions = append(k.permissions, m.Permissions...)
		if m.Rights != nil {
			k.rights = m.Rights
		}
		if m.Gate != nil {
			k.gate = m.Gate
		}
		if m.SetUp != nil {
			k.setUp = append(k.setUp, m.SetUp)
		}
		if m.Founded != nil {
			k.founded = append(k.founded, m.Founded)
		}
	}
	for _, kind := range k.kinds {
		if kind.Spec().HoldsFiles() && k.take == nil {
			return nil, fmt.Errorf("the kind %s holds files, and no module says how rows take them", kind.Spec().Name)
		}
		for _, f := range kind.Spec().Fields {
			if f.To == "" {
				continue
			}
			to, ok := k.byName[f.To]
			if !ok {
				return nil, fmt.Errorf("%s.%s refers to %s, which nobody declares", kind.Spec().Name, f.Name, f.To)
			}
			if !f.Many() && f.Name != "workspace_id" { // which is empty where others are NULL
				kind.Table().References[f.Name] = to.Table()
			}
		}
	}
	return k, nil
}

// Tables are all tables of the modules, by name.
func (k *Kernel) Tables(modules []Module) map[string]*store.Table {
	tables := map[string]*store.Table{k.ledger.Name: k.ledger, jobs.Table.Name: jobs.Table}
	for _, kind := range k.kinds {
		tables[kind.Spec().Name] = kind.Table()
	}
	for _, m := range modules {
		for _, t := range m.Tables {
			tables[t.Name] = t
		}
	}
	return tables
}

// Open opens the instance's data with the modules' kinds. Close it with Close.
func Open(ctx context.Context, modules []Module, options Options) (*Kernel, error) {
	k, err := Catalogue(modules)
	if err != nil {
		return nil, err
	}
	k.log = options.Log
	if k.log == nil {
		k.log = slog.Default()
	}
	clock := options.Now
	if clock == nil {
		clock = time.Now
	}
	k.now = func() field.Time { return store.TimeOf(clock()) }
	tables := slices.Collect(maps.Values(k.Tables(modules)))
	k.store, err = store.Open(ctx, store.Options{Dir: options.Dir, Tables: tables, Log: k.log, Unmigrated: options.Declared})
	if err != nil {
		return nil, err
	}
	if options.Declared {
		err = k.store.CreateTables(ctx)
	}
	if err == nil {
		err = k.loadKeys(ctx)
	}
	if err != nil {
		k.store.Close()
		return nil, err
	}
	k.queue = jobs.NewQueue(jobs.Options{Store: k.store, Now: k.now, Changed: k.Changed, Log: k.log})
	k.queue.Add(jobs.Hourly("empty-trash", k.EmptyTrash), jobs.Hourly("reclaim-disk", k.store.Reclaim))
	return k, nil
}

func (k *Kernel) loadKeys(ctx context.Context) error {
	first, err := store.Select[Entry](ctx, k.store, store.System("an instance without any entry is new"),
		"SELECT * FROM {ledger} ORDER BY tenant_id, seq LIMIT 1")
	if err == nil {
		k.keys, err = vault.Load(k.store.Dir(), len(first) == 0)
	}
	if err == nil && len(first) > 0 && !bytes.Equal(first[0].Hash, first[0].sum(k.keys.Ledger)) {
		err = fault.New(fault.Unavailable,
			"The master key in %s is not that of this database, so nothing sealed could be read. Put back the key that the database was backed up with.", k.store.Dir())
	}
	return err
}

// Take gives a row the uploaded file that it names, frees the one that it had before, and tells what forbids it.
type Take func(s *Session, f *field.Field, held *field.File, before field.File) (message string, err error)

// Blobs are where content is that stands in no row, in a folder of the data directory.
func (k *Kernel) Blobs(folder string) store.Blobs { return k.store.Blobs(folder) }

// Close closes the store.
func (k *Kernel) Close() error { return k.store.Close() }

// Kinds are the declared kinds in their order.
func (k *Kernel) Kinds() []Resource { return k.kinds }

// Kind finds a kind by its name.
func (k *Kernel) Kind(name string) (Resource, bool) {
	kind, ok := k.byName[name]
	return kind, ok
}

// SetUp tells every module of the new instance, which a system session makes.
func (s *Session) SetUp() error {
	for _, setUp := range s.kernel.setUp {
		if err := setUp(s); err != nil {
			return err
		}
	}
	return nil
}

// Found tells every module of a new organization, which a system session makes.
func (s *Session) Found(tenant string) error {
	for _, founded := range s.kernel.founded {
		if err := founded(s.In(tenant)); err != nil {
			return err
		}
	}
	return nil
}

// Log is where an area says what an operator should know.
func (k *Kernel) Log() *slog.Logger { return k.log }

// Now is the time of the kernel's clock.
func (k *Kernel) Now() field.Time { return k.now() }

// Queue does the jobs that transactions hand over. Areas add their work to it before it starts.
func (k *Kernel) Queue() *jobs.Queue { return k.queue }

// Failed is closed when the database's state is unknown and the process must end.
func (k *Kernel) Failed() <-chan struct{} { return k.store.Failed() }

// Ping tells whether the database answers.
func (k *Kernel) Ping(ctx context.Context) error { return k.store.Ping(ctx) }

// Changed gives a channel that is closed at the next commit. A reader of the ledger takes it before it reads, so that it
// misses nothing.
func (k *Kernel) Changed() <-chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.changed
}

func (k *Kernel) wake() {
	k.mu.Lock()
	defer k.mu.Unlock()
	close(k.changed)
	k.changed = make(chan struct{})
}

// exist tells whether all rows of a kind with these ids, each named once, are within the session's scope.
func (s *Session) exist(kind string, ids []string) (bool, error) {
	target, ok := s.kernel.byName[kind]
	if !ok {
		return false, fmt.Errorf("nobody declares %s", kind)
	}
	scope := s.scope
	if s.system && target.Spec().Instance {
		// A new member is not yet among the users that the tenant sees.
		scope = store.System("the instance itself links a user to a tenant")
	}
	count, err := store.Count(s.Context, s.source(), scope, store.Find{
		Table: target.Table(),
		Where: []store.Condition{withIDs(ids)},
	}, len(ids))
	return count == len(ids), err
}

// TitlesOf reads the titles of many rows of a kind in one query. Rows that the session may not read are missing.
func (s *Session) TitlesOf(kind string, ids []string) (map[string]string, error) {
	target, ok := s.kernel.byName[kind]
	if !ok {
		return nil, fault.New(fault.NotFound, "There is no kind %q.", kind)
	}
	titles := map[string]string{}
	if len(ids) == 0 || target.Spec().Title == nil {
		return titles, nil
	}
	return titles, store.Pairs(s.Context, s.source(), s.scope, store.Find{
		Table:   target.Table(),
		Columns: []string{"id", target.Spec().Title.Name},
		Where:   append(s.readable(target.Spec(), "id"), withIDs(ids)),
	}, titles)
}

// Named is a row as something calls it.
type Named struct{ ID, Name string }

// Named finds the rows of a kind that have one of these names, by the folded name. A name is a row's title, or what stands in
// another field that no two rows share, such as an e-mail address. Two rows may have the same title.
func (s *Session) Named(kind string, names []string) (map[string][]Named, error) {
	target, ok := s.kernel.byName[kind]
	if !ok || !s.May(target.Spec(), List) {
		return nil, nil
	}
	found := map[string][]Named{}
	for some := range slices.Chunk(names, MostRows) {
		folded := make([]any, len(some))
		for i, name := range some {
			folded[i] = fold.Text(name)
		}
		for _, f := range target.Spec().Fields {
			if f.Internal || f != target.Spec().Title && !f.Unique {
				continue
			}
			byID := map[string]string{}
			if err := store.Pairs(s.Context, s.source(), s.scope, store.Find{Table: target.Table(), Columns: []string{"id", f.Name},
				Where: append(s.readable(target.Spec(), "id"), store.Condition{
					Column:   f.Name,
					Operator: "in",
					Value:    folded,
					By:       &store.Key{Words: true},
				})}, byID); err != nil {
				return nil, err
			}
			for id, name := range byID {
				key := fold.Text(name)
				if !slices.ContainsFunc(found[key], func(known Named) bool { return known.ID == id }) {
					found[key] = append(found[key], Named{id, name})
				}
			}
		}
	}
	return found, nil
}

func withIDs(ids []string) store.Condition {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return store.Condition{Column: "id", Operator: "in", Value: values}
}
