package safety

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

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

// breakDisk makes a system call of the running instance fail until the disk is healed.
func breakDisk(i *instance.Instance, call, failure string) (heal func()) {
	i.T.Helper()
	c := exec.Command("strace", "-f", "-o", filepath.Join(i.T.TempDir(), "trace"), "-e", "signal=none", "-e", "trace="+call, "-e",
		"inject="+call+":error="+failure, "-p", strconv.Itoa(i.Process.Process.Pid))
	said, err := c.StderrPipe()
	if err != nil {
		i.T.Fatal(err)
	}
	if err := c.Start(); err != nil {
		i.T.Fatal(err)
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
	i.T.Cleanup(heal)
	select {
	case <-attached:
	case <-time.After(instance.Patience):
		i.T.Fatal("strace did not attach")
	}
	return heal
}

// An error of the disk is no success, and no failure that could be repeated blindly: the answer says that nobody knows, the
// process ends, and the next start decides. A repeated request with the same key then has one effect.
func TestDiskErrors(t *testing.T) {
	t.Parallel()
	rounds := instance.Number(t, "TEST_ERRORS", 8) / 2
	for name, test := range map[string]struct{ calls, failure string }{
		"the sync fails": {"fsync,fdatasync", "EIO"}, "the write fails": {"pwrite64", "EIO"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(instance.Seed(t), 3))
			i := instance.StartBinary(t, "log.level=error")
			c := i.As("editor@acme")
			create := func(name string) (instance.Reply, error) {
				return c.Try("POST", "assets", map[string]any{"name": name}, "Idempotency-Key", name)
			}
			for round := range rounds {
				for k := range random.IntN(20) {
					if r, err := create(fmt.Sprintf("before-%d-%d", round, k)); err != nil || r.Status != http.StatusCreated {
						t.Fatalf("before the error: %d %s %v", r.Status, r.Body, err)
					}
				}
				breakDisk(i, test.calls, test.failure)
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
						case r.Status == http.StatusServiceUnavailable && strings.Contains(string(r.Body), "outcome_unknown"):
							mu.Lock()
							unknown++
							mu.Unlock()
						default:
							t.Errorf("while the disk fails %s answers %d %s", name, r.Status, r.Body)
						}
					})
				}
				wait.Wait()
				if unknown == 0 {
					t.Error("nobody was told that the outcome is unknown")
				}
				if i.Process.Wait(); i.Process.ProcessState.ExitCode() != 1 {
					t.Errorf("the process ends with %s", i.Process.ProcessState)
				}
				i.Serve()
				for _, name := range names {
					if r, err := create(name); err != nil || r.Status != http.StatusCreated {
						t.Errorf("after the restart the repeated %s answers %d %s %v", name, r.Status, r.Body, err)
					}
					var list []struct{ Name string }
					c.Must(c.Call("GET", "assets?filter[name]="+name, nil), 200, &list)
					if len(list) != 1 {
						t.Errorf("%s is there %d times", name, len(list))
					}
				}
			}
			if code := i.Stop(); code != 0 {
				t.Errorf("the last stop gives %d", code)
			}
			if out, failed, code := i.Command("doctor"); code != 0 {
				t.Errorf("doctor finds:\n%s%s", out, failed)
			}
		})
	}
}

// A full disk refuses writes and nothing else. Once there is room again the same process goes on, and so does what it had
// accepted.
func TestFullDiskHeals(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	reached, release := make(chan struct{}, 10), make(chan struct{}, 10)
	peer.Before = func(counterpart.Call) {
		reached <- struct{}{}
		<-release
	}
	i := instance.StartBinary(t, peer.Allow(), "log.level=error")
	c := i.As("editor@acme")
	workflow := c.Publish("Call", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("call", "http", map[string]any{"method": "POST", "url": peer.URL}), instance.Node("after", "set", nil)},
		instance.Chain("start", "call", "after"))
	var e instance.Execution
	c.Must(c.Call("POST", "workflows/"+workflow+"/execute", map[string]any{}), 202, &e)
	<-reached
	heal := breakDisk(i, "pwrite64", "ENOSPC")
	release <- struct{}{} // the call's result can't be stored now
	for k := 0; k < 20 || !strings.Contains(i.Output.String(), "taken up again"); k++ {
		if r := c.Call("POST", "assets", map[string]any{"name": fmt.Sprint("refused ", k)}); r.Status != http.StatusServiceUnavailable ||
			!strings.Contains(string(r.Body), "disk is full") || strings.Contains(string(r.Body), "outcome_unknown") {
			t.Fatalf("on a full disk a create answers %d %s", r.Status, r.Body)
		}
		for _, path := range []string{"/health", "assets", "executions/" + e.ID} {
			if r := c.Call("GET", path, nil); r.Status != 200 {
				t.Errorf("on a full disk %s answers %d %s", path, r.Status, r.Body)
			}
		}
	}
	heal()
	if r := c.Call("POST", "assets", map[string]any{"name": "stored"}); r.Status != http.StatusCreated {
		t.Errorf("with room again a create answers %d %s", r.Status, r.Body)
	}
	<-reached // its result was not recorded, so the call is made again, with its key
	release <- struct{}{}
	if done := c.Finished(e.ID); done.Status != "succeeded" {
		t.Errorf("with room again the execution is %s", done.Status)
	}
	calls := peer.Seen()
	if len(calls) != 2 || calls[0].Key != calls[1].Key {
		t.Errorf("the peer saw %+v", calls)
	}
	var list []struct{ Name string }
	c.Must(c.Call("GET", "assets", nil), 200, &list)
	if len(list) != 1 {
		t.Errorf("there are the assets %v; refused ones must leave nothing", list)
	}
	if code := i.Stop(); code != 0 {
		t.Errorf("the stop gives %d", code)
	}
}
