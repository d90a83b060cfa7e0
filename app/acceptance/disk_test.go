package acceptance

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// breakDisk makes a system call of the running instance fail until the disk is healed.
func (i *instance) breakDisk(call, failure string) (heal func()) {
	i.t.Helper()
	c := exec.Command("strace", "-f", "-o", filepath.Join(i.t.TempDir(), "trace"), "-e", "signal=none", "-e", "trace="+call, "-e", "inject="+call+":error="+failure, "-p", strconv.Itoa(i.process.Process.Pid))
	said, err := c.StderrPipe()
	if err != nil {
		i.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		i.t.Fatal(err)
	}
	attached := make(chan struct{})
	go func() {
		lines := bufio.NewScanner(said)
		if lines.Scan() && strings.Contains(lines.Text(), "attached") {
			close(attached)
		}
		io.Copy(io.Discard, said)
	}()
	heal = sync.OnceFunc(func() {
		c.Process.Signal(syscall.SIGTERM) // at which strace lets go of the process
		c.Wait()
	})
	i.t.Cleanup(heal)
	select {
	case <-attached:
	case <-time.After(20 * time.Second):
		i.t.Fatal("strace did not attach")
	}
	return heal
}

// An error of the disk is no success, and no failure that could be repeated blindly: the answer says that nobody knows, the
// process ends, and the next start decides. A repeated request with the same key then has one effect.
func TestDiskErrors(t *testing.T) {
	t.Parallel()
	rounds := number(t, "ZYGO_ERRORS", 8) / 2
	for name, test := range map[string]struct{ calls, failure string }{
		"the sync fails": {"fsync,fdatasync", "EIO"}, "the write fails": {"pwrite64", "EIO"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed(t), 3))
			i := start(t, "log.level=error")
			c := i.as("editor@acme")
			create := func(name string) (reply, error) {
				return c.try("POST", "assets", map[string]any{"name": name}, "Idempotency-Key", name)
			}
			for round := range rounds {
				for k := range random.IntN(20) {
					if r, err := create(fmt.Sprintf("before-%d-%d", round, k)); err != nil || r.status != http.StatusCreated {
						t.Fatalf("before the error: %d %s %v", r.status, r.body, err)
					}
				}
				i.breakDisk(test.calls, test.failure)
				unknown := 0
				var mu sync.Mutex
				var wait sync.WaitGroup
				var names []string
				for k := range 6 {
					name := fmt.Sprintf("during-%d-%d", round, k)
					names = append(names, name)
					wait.Go(func() {
						r, err := create(name)
						switch {
						case err != nil: // the process is gone
						case r.status == http.StatusServiceUnavailable && strings.Contains(string(r.body), "outcome_unknown"):
							mu.Lock()
							unknown++
							mu.Unlock()
						default:
							t.Errorf("while the disk fails %s answers %d %s", name, r.status, r.body)
						}
					})
				}
				wait.Wait()
				if unknown == 0 {
					t.Error("nobody was told that the outcome is unknown")
				}
				if i.process.Wait(); i.process.ProcessState.ExitCode() != 1 {
					t.Errorf("the process ends with %s", i.process.ProcessState)
				}
				i.serve()
				for _, name := range names {
					if r, err := create(name); err != nil || r.status != http.StatusCreated {
						t.Errorf("after the restart the repeated %s answers %d %s %v", name, r.status, r.body, err)
					}
					var list []struct{ Name string }
					c.must(c.call("GET", "assets?filter[name]="+name, nil), 200, &list)
					if len(list) != 1 {
						t.Errorf("%s is there %d times", name, len(list))
					}
				}
			}
			if code := i.stop(); code != 0 {
				t.Errorf("the last stop gives %d", code)
			}
			if out, failed, code := i.command("doctor"); code != 0 {
				t.Errorf("doctor finds:\n%s%s", out, failed)
			}
		})
	}
}

// A full disk refuses writes and nothing else. Once there is room again the same process goes on, and so does what it had
// accepted.
func TestFullDiskHeals(t *testing.T) {
	t.Parallel()
	peer := newPeer(t)
	reached, release := make(chan struct{}, 10), make(chan struct{}, 10)
	peer.before = func(call) {
		reached <- struct{}{}
		<-release
	}
	i := start(t, peer.allow(), "log.level=error")
	c := i.as("editor@acme")
	workflow := c.publish("Call", []any{n("start", "trigger.manual", nil), n("call", "http", map[string]any{"method": "POST", "url": peer.URL}), n("after", "set", nil)}, chain("start", "call", "after"))
	var e execution
	c.must(c.call("POST", "workflows/"+workflow+"/execute", map[string]any{}), 202, &e)
	<-reached
	heal := i.breakDisk("pwrite64", "ENOSPC")
	release <- struct{}{} // the call's result can't be stored now
	for k := 0; k < 20 || !strings.Contains(i.output.String(), "taken up again"); k++ {
		if r := c.call("POST", "assets", map[string]any{"name": fmt.Sprint("refused ", k)}); r.status != http.StatusServiceUnavailable || !strings.Contains(string(r.body), "disk is full") || strings.Contains(string(r.body), "outcome_unknown") {
			t.Fatalf("on a full disk a create answers %d %s", r.status, r.body)
		}
		for _, path := range []string{"/health", "assets", "executions/" + e.ID} {
			if r := c.call("GET", path, nil); r.status != 200 {
				t.Errorf("on a full disk %s answers %d %s", path, r.status, r.body)
			}
		}
	}
	heal()
	if r := c.call("POST", "assets", map[string]any{"name": "stored"}); r.status != http.StatusCreated {
		t.Errorf("with room again a create answers %d %s", r.status, r.body)
	}
	<-reached // its result was not recorded, so the call is made again, with its key
	release <- struct{}{}
	if done := c.finished(e.ID); done.Status != "succeeded" {
		t.Errorf("with room again the execution is %s", done.Status)
	}
	calls := peer.seen()
	if len(calls) != 2 || calls[0].key != calls[1].key {
		t.Errorf("the peer saw %+v", calls)
	}
	var list []struct{ Name string }
	c.must(c.call("GET", "assets", nil), 200, &list)
	if len(list) != 1 {
		t.Errorf("there are the assets %v; refused ones must leave nothing", list)
	}
	if code := i.stop(); code != 0 {
		t.Errorf("the stop gives %d", code)
	}
}
