// Package instance gives tests a Zygo of their own: served in the process of the test, where its clock can be moved, or by the
// built binary. Both begin with a copy of the same data, two organizations with a person of every role, and are reached over
// HTTP as anybody reaches them. What several areas need to sign in, make rows and run workflows is here too. Start reading at
// Main and Start.
package instance

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zygo/app/cli"
	"zygo/app/config"
	"zygo/app/flow/sandbox"
	"zygo/app/module"
	"zygo/app/modules"
)

const (
	// Password is that of everybody in the prepared data.
	Password = "correct horse battery staple"

	// Root is the repository, seen from the folder of an area's tests.
	Root = "../../.."
)

// codeStep is how long an authenticator app shows a code (RFC 6238).
const codeStep = 30 * time.Second

// zygo is what is served in the process of the tests.
var zygo = cli.Binary{Version: "test", Modules: modules.All()}

// Main runs the tests of a package. The modules are added to those of Zygo, for kinds that only tests have.
func Main(m *testing.M, more ...module.Module) {
	if len(os.Args) > 1 && os.Args[1] == sandbox.Word {
		sandbox.Serve() // as the binary does: scripts run in a process of their own
	}
	zygo.Modules = append(zygo.Modules, more...)
	overlap()
	debug.SetGCPercent(400) // a test run is short, and has the memory
	code := m.Run()
	template.remove()
	os.Exit(code)
}

// overlap lets twice as many tests run at once as there are processors, because each waits half of its time for what it
// started. The flag -parallel names another number.
func overlap() {
	flag.Parse()
	named := false
	flag.Visit(func(f *flag.Flag) { named = named || f.Name == "test.parallel" })
	if !named {
		flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0)))
	}
}

// Instance is a Zygo that a test has for itself.
type Instance struct {
	T   testing.TB
	Dir string
	URL string
	// Set are pairs for --set.
	Set []string
	// Output is what was logged since the last start.
	Output *Buffer
	// Setup is the link that an empty instance prints.
	Setup string
	// HTTP reaches an instance that serves HTTPS; nil is the usual client.
	HTTP *http.Client
	// Tracer is a command that runs the binary, such as strace with its options.
	Tracer []string
	// Process is the built binary; nil where the test's own process serves.
	Process *exec.Cmd

	empty  bool
	binary func(t testing.TB) string // nil where the test's own process serves
	served *cli.Instance
	ahead  atomic.Int64
	clock  string // the file that tells a binary how far its clock is ahead

	mutex   sync.Mutex
	refresh map[string]string // the refresh tokens of the prepared data that As did not use, by person
}

// Start serves a copy of the prepared data in the process of the test.
func Start(t testing.TB, settings ...string) *Instance {
	t.Helper()
	i := Prepare(t, settings...)
	i.Serve()
	return i
}

// StartBinary is Start with the binary that ships, for what a person does from one end to the other, and for what happens to
// the process itself.
func StartBinary(t testing.TB, settings ...string) *Instance {
	t.Helper()
	i := PrepareBinary(t, settings...)
	i.Serve()
	return i
}

// StartClocked is StartBinary with a binary whose clock Advance moves.
func StartClocked(t testing.TB, settings ...string) *Instance {
	t.Helper()
	i := prepareClocked(t, settings...)
	i.Serve()
	return i
}

func prepareClocked(t testing.TB, settings ...string) *Instance {
	t.Helper()
	i := Prepare(t, settings...)
	i.binary, i.clock = ClockedBinary, filepath.Join(t.TempDir(), "clock")
	i.Advance(0)
	return i
}

// StartEmpty serves an instance that nobody set up.
func StartEmpty(t testing.TB, settings ...string) *Instance {
	t.Helper()
	i := &Instance{T: t, Dir: filepath.Join(t.TempDir(), "data"), Set: settings, empty: true}
	i.Serve()
	return i
}

// StartEmptyBinary is StartEmpty with the binary that ships.
func StartEmptyBinary(t testing.TB, settings ...string) *Instance {
	t.Helper()
	i := &Instance{T: t, Dir: filepath.Join(t.TempDir(), "data"), Set: settings, empty: true, binary: Binary}
	i.Serve()
	return i
}

// Prepare gives an instance with a copy of the prepared data that does not serve yet.
func Prepare(t testing.TB, settings ...string) *Instance {
	t.Helper()
	i := &Instance{T: t, Set: settings}
	i.Dir, i.refresh = template.copy(t)
	// The clock begins with a step of authenticator apps, so that a code stays the same while a test uses it.
	i.ahead.Store(int64(codeStep - time.Duration(time.Now().UnixNano())%codeStep))
	return i
}

// PrepareBinary is Prepare for the binary that ships.
func PrepareBinary(t testing.TB, settings ...string) *Instance {
	t.Helper()
	i := Prepare(t, settings...)
	i.binary = Binary
	i.ahead.Store(0)
	return i
}

// Serve starts the instance and returns when it answers. One that comes back has its old address.
func (i *Instance) Serve() {
	i.T.Helper()
	listen := "127.0.0.1:0"
	if old, ok := strings.CutPrefix(i.URL, "http://"); ok {
		listen = old
	}
	// A test sends more in a second than a person in an hour.
	set := append([]string{"data_dir=" + i.Dir, "server.listen=" + listen, "server.requests_per_minute=0",
		"engine.hook_calls_per_minute=0"}, i.Set...)
	i.Output = &Buffer{}
	if i.binary != nil {
		i.serveBinary(set)
		return
	}
	flags := map[string]string{}
	for _, pair := range set {
		key, value, _ := strings.Cut(pair, "=")
		flags[key] = value
	}
	loaded, err := config.Load(config.Input{Flags: flags})
	if err != nil {
		i.T.Fatal(err)
	}
	var level slog.Level
	_ = level.UnmarshalText([]byte(loaded.Config.Log.Level)) // the configuration allows the four names only
	log := slog.New(slog.NewJSONHandler(i.Output, &slog.HandlerOptions{Level: level}))
	served := zygo
	served.Now = i.Now
	if i.served, err = served.NewInstance(context.Background(), loaded.Config, log); err != nil {
		i.T.Fatal(err)
	}
	i.T.Cleanup(func() {
		i.Stop()
		i.showLog()
	})
	i.URL = i.served.URL()
	if i.empty {
		token, err := i.served.Identity.SignIn.NewSetupToken(context.Background())
		if err != nil {
			i.T.Fatal(err)
		}
		i.Setup = i.URL + "/setup?token=" + token
	}
}

func (i *Instance) showLog() {
	if log := i.Output.String(); i.T.Failed() && log != "" {
		i.T.Logf("the instance's log:\n%s", log)
	}
}

// Stop ends the instance as an operator would, and gives the exit code.
func (i *Instance) Stop() int {
	i.T.Helper()
	if i.binary != nil {
		return i.stopBinary()
	}
	if i.served == nil {
		return 0
	}
	err := i.served.Close()
	i.served = nil
	if err != nil {
		fmt.Fprintln(i.Output, err)
		return 1
	}
	return 0
}

// Now is the time of the instance's clock.
func (i *Instance) Now() time.Time { return time.Now().Add(time.Duration(i.ahead.Load())) }

// Advance moves the instance's clock on. What waits for a time looks at the clock when it is asked for the next time or the
// instance starts again.
func (i *Instance) Advance(by time.Duration) {
	i.T.Helper()
	ahead := time.Duration(i.ahead.Add(int64(by)))
	if i.binary == nil {
		return
	}
	if i.clock == "" {
		i.T.Fatal("the clock of the binary that ships can't be moved")
	}
	if err := os.WriteFile(i.clock, []byte(ahead.String()), 0o600); err != nil {
		i.T.Fatal(err)
	}
}
