package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"zygo/app/fault"
)

const (
	// A batch takes what waits, at most this many closures or this long; it never lingers for more, since a pause of
	// 200 µs costs half of the throughput at ten callers.
	batchClosures = 256
	batchTime     = 5 * time.Millisecond
	// slowClosure is logged: everybody behind it in the batch waits as long.
	slowClosure = 5 * time.Millisecond
	// idleCheckpoint empties the log into the database after this time without a write.
	idleCheckpoint = time.Minute
	queueLength    = 4096
)

// writer is the one goroutine that writes. It commits many closures with one fsync and answers each after the commit.
type writer struct {
	store      *Store
	db         *sql.DB
	conn       *sql.Conn
	statements map[string]*statement
	queue      chan *request
	// careful tells that the last batch had a closure that failed.
	careful bool
	stopped chan struct{}
	failed  chan struct{}
	mu      sync.RWMutex // held for reading while a request is put into the queue, for writing while it is closed
	closed  bool
}

type request struct {
	ctx    context.Context
	change func(*Tx) error
	done   chan error
	err    error
}

func newWriter(db *sql.DB, s *Store) *writer {
	return &writer{
		store:      s,
		db:         db,
		statements: map[string]*statement{},
		queue:      make(chan *request, queueLength),
		stopped:    make(chan struct{}),
		failed:     make(chan struct{}),
	}
}

func (w *writer) start(ctx context.Context) error {
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("take the writing connection: %w", err)
	}
	w.conn = conn
	go w.run()
	return nil
}

// Write runs change in a transaction and returns after its commit is on disk. The closure may run more than once (when a
// neighbour in its batch breaks the transaction), so it must do no I/O and leave nothing outside tx that a second run
// would not overwrite. An error of the closure undoes its writes and is returned; it harms no neighbour.
func (s *Store) Write(ctx context.Context, change func(tx *Tx) error) error {
	w := s.writer
	if err := ctx.Err(); err != nil {
		return err
	}
	r := &request{ctx: ctx, change: change, done: make(chan error, 1)}
	w.mu.RLock()
	if w.closed {
		w.mu.RUnlock()
		return fault.New(fault.Unavailable, "Zygo is stopping. Try again in a moment.")
	}
	select {
	case w.queue <- r:
		w.mu.RUnlock()
	default:
		w.mu.RUnlock()
		return &fault.Error{
			Code:       fault.Unavailable,
			Message:    "Too many writes are waiting. Try again in a moment.",
			RetryAfter: time.Second,
		}
	}
	return <-r.done
}

func (w *writer) run() {
	defer close(w.stopped)
	idle := time.NewTimer(idleCheckpoint)
	defer idle.Stop()
	batch := make([]*request, 0, batchClosures)
	for {
		select {
		case r, open := <-w.queue:
			if !open {
				return
			}
			w.batch(append(batch[:0], r))
			idle.Reset(idleCheckpoint)
		case <-idle.C:
			if _, err := w.conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
				w.store.log.Warn("checkpoint the log", "error", err)
			}
		}
	}
}

// batch runs the first request and all that wait in one transaction.
func (w *writer) batch(batch []*request) {
	if w.isFailed() {
		batch[0].done <- errUnknown(nil)
		return
	}
	alone := len(w.queue) == 0
	broken := w.begin()
	if broken == nil && alone {
		broken = w.runOne(batch[0], false)
	} else if broken == nil {
		batch, broken = w.runAll(batch)
	}
	if broken == nil && !(alone && batch[0].err != nil) {
		broken = w.exec("COMMIT")
	} else if alone && batch[0].err != nil {
		broken = errors.Join(broken, w.exec("ROLLBACK"))
		if broken == nil {
			batch[0].done <- batch[0].err
			return
		}
	}
	if broken == nil {
		for _, r := range batch {
			r.done <- r.err
		}
		return
	}
	w.recover(batch, broken)
}

// runAll runs the closures of a batch, and those that come meanwhile. Hardly any closure fails, so they run without savepoints. When
// one fails, the batch is undone and run again with savepoints, and so are the next ones until one of them goes well.
func (w *writer) runAll(batch []*request) ([]*request, error) {
	started, failed := time.Now(), false
	for i := 0; i < len(batch); i++ {
		if err := w.runOne(batch[i], w.careful); err != nil {
			return batch, err
		}
		failed = failed || batch[i].err != nil
		if failed && !w.careful {
			if err := errors.Join(w.exec("ROLLBACK"), w.begin()); err != nil {
				return batch, err
			}
			w.careful, failed, i = true, false, -1
			continue
		}
		if i+1 < len(batch) || len(batch) == batchClosures || time.Since(started) > batchTime {
			continue
		}
		select {
		case r, open := <-w.queue:
			if open {
				batch = append(batch, r)
			}
		default:
		}
	}
	w.careful = failed
	return batch, nil
}

// recover undoes a broken batch and runs each of its closures once alone: the one that broke it gets its own error, the
// neighbours succeed. Where the state of the disk is unknown the writer stops for good instead.
func (w *writer) recover(batch []*request, broken error) {
	w.exec("ROLLBACK") // fails where SQLite has rolled back already
	if isUnknownOutcome(broken) {
		w.fail(broken)
	}
	for _, r := range batch {
		if w.isFailed() {
			r.done <- errUnknown(broken)
			continue
		}
		if len(batch) == 1 {
			r.done <- errors.Join(r.err, translate(broken))
			continue
		}
		r.err = nil
		err := w.begin()
		if err == nil {
			err = w.runOne(r, false)
		}
		if err == nil && r.err == nil {
			err = w.exec("COMMIT")
		}
		if err != nil || r.err != nil {
			w.exec("ROLLBACK")
		}
		if isUnknownOutcome(err) {
			w.fail(err)
		}
		r.done <- errors.Join(r.err, translate(err))
	}
}

// runOne runs one closure, in a savepoint if it is told to. The error it returns is the transaction's; the closure's own is kept in
// the request.
func (w *writer) runOne(r *request, savepoint bool) error {
	if r.err = r.ctx.Err(); r.err != nil {
		return nil
	}
	if savepoint {
		if err := w.exec("SAVEPOINT one"); err != nil {
			return err
		}
	}
	started := time.Now()
	r.err = w.call(r)
	if took := time.Since(started); took > slowClosure {
		w.store.log.Debug("a write held the writer", "took", took)
	}
	switch {
	case isUnknownOutcome(r.err):
		return r.err
	case !savepoint:
		return nil
	case r.err != nil:
		if err := w.exec("ROLLBACK TO one"); err != nil {
			return err
		}
	}
	return w.exec("RELEASE one")
}

func (w *writer) call(r *request) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a write panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return r.change(&Tx{writer: w})
}

func (w *writer) begin() error { return w.exec("BEGIN IMMEDIATE") }

// exec runs one of the writer's own few statements. They get a background context: a cancelled caller must not interrupt
// the transaction that its neighbours share.
func (w *writer) exec(text string) error {
	s, err := w.prepare(text, text)
	if err != nil {
		return err
	}
	_, err = s.stmt.ExecContext(context.Background())
	return err
}

func (w *writer) fail(cause error) {
	if !w.isFailed() {
		w.store.log.Error("the database's state is unknown after an error; stopping", "error", cause)
		close(w.failed)
	}
}

func (w *writer) isFailed() bool {
	select {
	case <-w.failed:
		return true
	default:
		return false
	}
}

func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	var err error
	if w.conn != nil {
		<-w.stopped
		for _, s := range w.statements {
			s.release()
		}
		_, err = w.conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
		err = errors.Join(err, w.conn.Close())
	}
	return errors.Join(err, w.db.Close())
}
