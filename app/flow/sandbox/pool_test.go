package sandbox

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// patience is far above what scripts take on a machine that does other work.
const patience = 30 * time.Second

func TestIdleWorkerThatDied(t *testing.T) {
	t.Parallel()
	p := NewPool(1)
	t.Cleanup(p.Close)
	run := func() {
		t.Helper()
		if result, err := p.Run(t.Context(), Program{Time: patience, Source: "1"}); err != nil || result.Value.JSON() != "1" {
			t.Fatalf("got %s, %v", result.Value.JSON(), err)
		}
	}
	run()
	worker := p.idle[0]
	run()
	if p.idle[0] != worker {
		t.Error("the worker wasn't kept warm")
	}
	_ = worker.command.Process.Kill()
	<-worker.ended
	run()
	if p.idle[0] == worker {
		t.Error("a dead worker was used")
	}
	p.idle[0].runs = mostRuns
	run()
	if len(p.idle) != 0 {
		t.Error("a worn worker was kept")
	}
}

func TestWorkerThatDiesWhileItRuns(t *testing.T) {
	t.Parallel()
	p := NewPool(1)
	t.Cleanup(p.Close)
	if _, err := p.Run(t.Context(), Program{Time: patience, Source: "1"}); err != nil {
		t.Fatal(err)
	}
	worker := p.idle[0]
	time.AfterFunc(20*time.Millisecond, func() { _ = worker.command.Process.Kill() })
	_, err := p.Run(t.Context(), Program{Source: "while (true) {}", Mode: All, Time: 10 * time.Second})
	var failed *Error
	if !errors.As(err, &failed) || failed.Failure != Broken {
		t.Errorf("got %v", err)
	}
	if len(p.idle) != 0 {
		t.Error("the dead worker was put back")
	}
}

// What the worker says is not believed: no length makes the parent allocate more than its caps.
func TestGarbageFrames(t *testing.T) {
	t.Parallel()
	frame := func(kind byte, numbers ...uint32) []byte {
		out := []byte{kind}
		for _, n := range numbers {
			out = binary.BigEndian.AppendUint32(out, n)
		}
		return out
	}
	for name, garbage := range map[string][]byte{
		"nothing":         nil,
		"short":           {0, 1, 2},
		"unknown failure": frame(200, 0, 0, 0, 0),
		"huge value":      frame(0, 0, 1<<32-1, 0, 0),
		"large value":     frame(0, 0, mostOutput+1, 0, 0),
		"large message":   frame(3, 0, 0, mostMessage+1, 0),
		"large logs":      frame(0, 0, 0, 0, mostLogBytes+1),
		"missing value":   frame(0, 0, 5, 0, 0),
		"text":            bytes.Repeat([]byte("panic: "), 100),
	} {
		if a, err := readAnswer(bytes.NewReader(garbage)); err == nil {
			t.Errorf("%s: accepted as %+v", name, a)
		}
	}
	var buffer bytes.Buffer
	want := answer{failure: ScriptError, line: 7, value: []byte("1"), message: []byte("m"), logs: []byte("l")}
	if err := writeAnswer(&buffer, want); err != nil {
		t.Fatal(err)
	}
	if got, err := readAnswer(&buffer); err != nil || got.failure != want.failure || got.line != 7 ||
		string(got.value)+string(got.message)+string(got.logs) != "1ml" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := readRequest(bytes.NewReader(bytes.Repeat([]byte{255}, 100))); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("a request of four gigabytes: %v", err)
	}
}

// Where the host allows namespaces, the worker sees another network and other processes than the parent.
func TestNamespaces(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("namespaces exist on Linux")
	}
	p := NewPool(1)
	t.Cleanup(p.Close)
	if _, err := p.Run(t.Context(), Program{Time: patience, Source: "1"}); err != nil {
		t.Fatal(err)
	}
	if p.notIsolated != nil {
		t.Skip("this host allows no namespaces")
	}
	for _, name := range []string{"net", "pid", "user", "ipc"} {
		own, err := os.Readlink("/proc/self/ns/" + name)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(p.idle[0].command.Process.Pid), "ns", name))
		if err != nil {
			t.Skip("the worker can't be looked at")
		}
		if own == theirs {
			t.Errorf("the worker shares the parent's %s namespace", name)
		}
	}
}

// TestAWorkerHasFewSystemCalls also where the host refuses namespaces.
func TestAWorkerHasFewSystemCalls(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("system calls are filtered on Linux")
	}
	for _, isolated := range []bool{true, false} {
		worker, err := start(t.Context(), isolated)
		if err != nil && isolated {
			continue // this host allows no namespaces
		}
		if err != nil {
			t.Fatal(err)
		}
		status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(worker.command.Process.Pid), "status"))
		worker.end()
		if err != nil {
			t.Skip("the worker can't be looked at")
		}
		if !worker.filtered || !bytes.Contains(status, []byte("Seccomp:\t2\n")) {
			t.Errorf("isolated %v, filtered %v: %s", isolated, worker.filtered, status)
		}
	}
}

// TestTheOperatorIsToldOnceWhatHoldsNoWorker stands for a host that refuses namespaces.
func TestTheOperatorIsToldOnceWhatHoldsNoWorker(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	p := NewPool(1)
	p.Log, p.notIsolated = slog.New(slog.NewTextHandler(&log, nil)), errors.New("operation not permitted")
	t.Cleanup(p.Close)
	for range 2 {
		if _, err := p.Run(t.Context(), Program{Time: patience, Source: "1"}); err != nil {
			t.Fatal(err)
		}
		for _, idle := range p.idle {
			idle.end()
		}
	}
	if told := strings.Count(log.String(), "which this machine refuses"); told != 1 {
		t.Errorf("the log says it %d times: %s", told, &log)
	}
	held, err := Examine(t.Context())
	if err != nil || held.String() == "" {
		t.Errorf("%+v %v", held, err)
	}
}
