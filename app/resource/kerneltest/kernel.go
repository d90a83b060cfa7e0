// Package kerneltest gives tests of an area's rules a kernel in their own process: the modules that a test names, on a
// database of its own, with a clock that stands still until the test moves it. What needs HTTP, a browser or the built binary
// is tested in app/acceptance. Start reading at New.
package kerneltest

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/module"
	"zygo/app/resource"
	"zygo/app/rights"
)

// Start is when the clock of every kernel begins: noon of a Sunday in winter.
var Start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Patience is how long a test waits for what has to come. A machine that does other work may need most of it.
const Patience = time.Minute

// Kernel is a kernel that a test has for itself. It closes with its test.
type Kernel struct {
	*resource.Kernel
	// Dir is the data directory.
	Dir string

	t     testing.TB
	mutex sync.Mutex
	now   time.Time
	log   log
}

// New opens a kernel with the tables that the modules declare. It has no rows.
func New(t testing.TB, modules ...module.Module) *Kernel {
	t.Helper()
	k := &Kernel{Dir: t.TempDir(), t: t, now: Start, log: log{more: make(chan struct{})}}
	options := resource.Options{
		Dir:      k.Dir,
		Declared: true,
		Log:      slog.New(slog.NewTextHandler(&k.log, nil)),
		Now:      k.Time,
	}
	var err error
	if k.Kernel, err = resource.Open(t.Context(), module.Kernel(modules), options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.Close(); err != nil {
			t.Errorf("close the kernel: %v", err)
		}
	})
	return k
}

// Time is what the clock shows.
func (k *Kernel) Time() time.Time {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.now
}

// SetTime sets the clock, also back.
func (k *Kernel) SetTime(to time.Time) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.now = to
}

// Advance moves the clock on.
func (k *Kernel) Advance(by time.Duration) { k.SetTime(k.Time().Add(by)) }

// As opens a session of somebody with a built-in role in a tenant. Neither needs a row.
func (k *Kernel) As(tenant string, role rights.Role) *resource.Session {
	actor := resource.Actor{Kind: "user", ID: "01990000-0000-7000-8000-00000000000" + string(rune('0'+role)), Name: "Ada"}
	return k.Member(context.WithoutCancel(k.t.Context()), actor, tenant, rights.Of(role), resource.Origin{})
}

// System opens a session of the test itself, which crosses tenants.
func (k *Kernel) System() *resource.Session {
	return k.Kernel.System(context.WithoutCancel(k.t.Context()), "a test prepares its rows")
}

// WaitLog waits until a line with the text was logged.
func (k *Kernel) WaitLog(text string) {
	k.t.Helper()
	late := time.After(Patience)
	for {
		found, more := k.log.find(text)
		if found {
			return
		}
		select {
		case <-more:
		case <-late:
			k.t.Fatalf("nothing logged %q within %s", text, Patience)
		}
	}
}

// log keeps what was logged, and wakes those who wait for more.
type log struct {
	mutex sync.Mutex
	text  bytes.Buffer
	more  chan struct{}
}

func (l *log) Write(line []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	close(l.more)
	l.more = make(chan struct{})
	return l.text.Write(line)
}

func (l *log) find(text string) (found bool, more <-chan struct{}) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return strings.Contains(l.text.String(), text), l.more
}
