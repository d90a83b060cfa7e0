package command

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

const greeting = `{"name":"Greet","nodes":[{"id":"start","type":"trigger.manual"},
	{"id":"hello","type":"set","config":{"keep":"none","assignments":[{"name":"text","value":"Hello {{ $json.name }}"}]}},
	{"id":"nap","type":"delay","config":{"amount":0.1,"unit":"seconds"}}],
	"connections":[{"id":"a","from_node":"start","from_output":"main","to_node":"hello","to_input":"main"},{"id":"b","from_node":"hello","from_output":"main","to_node":"nap","to_input":"main"}]}`

func TestWorkflowsFromTheCommandLine(t *testing.T) {
	t.Parallel()
	i := instance.PrepareBinary(t)
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, unfinished := file("good.json", greeting), file("unfinished.json", `{"name":"Unfinished","nodes":[{"id":"a","type":"set"}]}`)
	failing := file("failing.json",
		`{"name":"Failing","nodes":[{"id":"start","type":"trigger.manual"},{"id":"boom","type":"code","config":{"source":"throw new Error('boom')"}}],
		"connections":[{"id":"a","from_node":"start","from_output":"main","to_node":"boom","to_input":"main"}]}`)
	for _, step := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"workflow", "import", good}, 0, "Greet is a draft"},
		{[]string{"workflow", "import", unfinished}, 0, "Unfinished"},
		{[]string{"workflow", "import", failing}, 0, "Failing"},
		{[]string{"workflow", "import", file("not.json", "{")}, 4, "no exported workflow"},
		{[]string{"workflow", "import", file("other.json", `{"name":"x","colour":"red"}`)}, 4, "colour"},
		{[]string{"workflow", "import", file("bad.json", `{"name":"x","nodes":[{"id":"a","type":"no.such"}]}`)}, 4, "no.such"},
		{[]string{"workflow", "import", "/no/such/file"}, 4, "can't be read"},
		{[]string{"workflow", "import"}, 2, "name files"},
		{[]string{"workflow", "list"}, 0, "Greet"},
		{[]string{"workflow", "list", "--json"}, 0, `"published_version": 0`},
		{[]string{"workflow", "export", "Greet"}, 0, `"trigger.manual"`},
		{[]string{"workflow", "export", "Nobody"}, 4, "no workflow"},
		{[]string{"workflow", "validate", "Greet"}, 0, "can be published"},
		{[]string{"workflow", "validate", "Unfinished"}, 9, "trigger"},
		{[]string{"workflow", "validate", "Unfinished", "--json"}, 9, `"message"`},
		{[]string{"workflow", "run", "Greet"}, 3, "Publish"},
		{[]string{"workflow", "publish", "Unfinished"}, 1, "trigger"},
		{[]string{"workflow", "publish", "Greet", "--note", "The first one"}, 0, "Version 1"},
		{[]string{"workflow", "publish", "Failing"}, 0, "Version 1"},
		{[]string{"workflow", "run", "Greet", "--input", `{"name":"Ada"}`}, 0, "Hello Ada"},
		{[]string{"workflow", "run", "Greet", "--input", "@" + file("input.json", `{"name":"Grace"}`), "--json"}, 0,
			`"status": "succeeded"`},
		{[]string{"workflow", "run", "Greet", "--input", "{"}, 1, "JSON"},
		{[]string{"workflow", "run", "Failing"}, 1, "boom"},
		{[]string{"workflow", "run", "Greet", "--timeout", "soon"}, 2, "timeout"},
		{[]string{"execution", "list"}, 0, "succeeded"},
		{[]string{"execution", "list", "--workflow", "Failing", "--json"}, 0, `"status": "failed"`},
		{[]string{"execution", "list", "--status", "no"}, 2, "queued"},
		{[]string{"execution", "show", "nobody"}, 4, "does not exist"},
		{[]string{"workflow", "frobnicate"}, 2, "frobnicate"},
	} {
		arguments := step.arguments
		if len(arguments) > 2 || arguments[1] == "list" {
			arguments = append(arguments, "--organization", "acme")
		}
		out, failed, code := i.Command(arguments...)
		if code != step.code || !strings.Contains(out+failed, step.says) {
			t.Errorf("%v gives %d and says:\n%s%s", arguments, code, out, failed)
		}
		if code == 0 && failed != "" {
			t.Errorf("%v succeeds and complains: %s", arguments, failed)
		}
	}
	if note := i.Text("SELECT note FROM t_workflow_version WHERE note <> ''"); note != "The first one" {
		t.Errorf("the version is noted as %q", note)
	}
	out, _, _ := i.Command("execution", "list", "--workflow", "Greet", "--organization", "acme", "--json")
	var list []struct{ ID string }
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 2 {
		t.Fatalf("%d executions are listed: %v", len(list), err)
	}
	if out, _, code := i.Command("execution", "show", list[0].ID, "--organization", "acme"); code != 0 ||
		!strings.Contains(out, "Hello Grace") {
		t.Errorf("show gives %d and says %s", code, out)
	}
	for _, organization := range []string{"", "umbrella"} {
		if _, failed, code := i.Command("workflow", "export", "Greet", "--organization", organization); code == 0 {
			t.Errorf("the workflow is exported in the organization %q: %s", organization, failed)
		}
	}
	exported, _, _ := i.Command("workflow", "export", "Greet", "--organization", "acme")
	if out, failed, code := i.Command("workflow", "import", file("again.json", exported), "--organization", "umbrella"); code != 0 {
		t.Errorf("what was exported can't be imported: %s%s", out, failed)
	}
	i.Serve()
	if _, failed, code := i.Command("workflow", "list", "--organization", "acme"); code != 3 || !strings.Contains(failed, "Another Zygo") {
		t.Errorf("beside a running instance the command gives %d and says %s", code, failed)
	}
}

func TestShellCompletion(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if out, _, code := instance.Command(t, "completion", shell); code != 0 || !strings.Contains(out, "zygo") {
			t.Errorf("completion %s gives %d", shell, code)
		}
	}
	if out, _, _ := instance.Command(t, "__complete", "workflow", ""); !strings.Contains(out, "export") ||
		!strings.Contains(out, "validate") {
		t.Errorf("after workflow the shell is offered:\n%s", out)
	}
}

// environment runs a command in surroundings of its own.
func environment(t *testing.T, variables []string, stdout *os.File, arguments ...string) (stderr string, code int) {
	t.Helper()
	c := exec.Command(instance.Binary(t), arguments...)
	c.Env = variables
	c.Dir = t.TempDir()
	var failed strings.Builder
	c.Stdout, c.Stderr = stdout, &failed
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return failed.String(), c.ProcessState.ExitCode()
}

func TestBadSurroundings(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	taken := strings.TrimPrefix(i.URL, "http://")
	fresh := func() string { return filepath.Join(t.TempDir(), "data") }
	unknown := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(unknown, []byte("server:\n  lisen: 127.0.0.1:0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	regular := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(regular, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		arguments []string
		code      int
		says      []string
	}{
		"an unknown setting in a file": {[]string{"serve", "--config", unknown}, 2,
			[]string{unknown, "2", "lisen", "did you mean", "listen"}},
		"an unknown setting":       {[]string{"serve", "--set", "server.lisen=x"}, 2, []string{"lisen", "listen"}},
		"a file that is not there": {[]string{"serve", "--config", "/no/such.yaml"}, 2, []string{"/no/such.yaml"}},
		"a taken port": {[]string{"serve", "--data-dir", fresh(), "--set", "server.listen=" + taken}, 1,
			[]string{taken, "does a program use it already"}},
		"a second process": {[]string{"serve", "--data-dir", i.Dir, "--set", "server.listen=127.0.0.1:0"}, 3,
			[]string{"Another Zygo", i.Dir}},
		"a directory that can't be": {[]string{"serve", "--data-dir", regular + "/data", "--set", "server.listen=127.0.0.1:0"}, 1,
			[]string{regular}},
		"a directory that is read-only": {[]string{"serve", "--data-dir", "/proc/sys/data", "--set", "server.listen=127.0.0.1:0"}, 1,
			[]string{"/proc/sys/data"}},
		"an unknown command": {[]string{"srve"}, 2, []string{"srve"}},
		"an unknown flag":    {[]string{"serve", "--prot", "80"}, 2, []string{"prot"}},
		"arguments too many": {[]string{"serve", "now"}, 2, []string{"now"}},
	} {
		out, failed, code := instance.Command(t, test.arguments...)
		if code != test.code || strings.Contains(out+failed, "goroutine") {
			t.Errorf("%s gives %d:\n%s%s", name, code, out, failed)
		}
		for _, want := range test.says {
			if !strings.Contains(failed, want) {
				t.Errorf("%s says %q, without %q", name, failed, want)
			}
		}
	}
	if answer := (&instance.Client{Instance: i}).Call("GET", "/health", nil); answer.Status != 200 {
		t.Errorf("after all that the instance answers %d", answer.Status)
	}
}

func TestStrangeEnvironments(t *testing.T) {
	t.Parallel()
	i := instance.PrepareBinary(t)
	for name, variables := range map[string][]string{"nothing": {}, "no time zone of this world": {"TZ=Nonsense/Zone"},
		"another locale": {"LC_ALL=C", "LANG=tr_TR.UTF-8"}, "a home that is not there": {"HOME=/no/such/home"}} {
		if failed, code := environment(t, variables, nil, "doctor", "--data-dir", i.Dir); code != 0 {
			t.Errorf("with %s doctor gives %d: %s", name, code, failed)
		}
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full here")
	}
	defer full.Close()
	started := time.Now()
	for _, arguments := range [][]string{{"version"}, {"config", "show"}, {"doctor", "--data-dir", i.Dir},
		{"serve", "--data-dir", i.Dir, "--set", "server.listen=127.0.0.1:0"}} {
		if failed, code := environment(t, nil, full, arguments...); code != 1 || !strings.Contains(failed, "no space") {
			t.Errorf("%v with a full output gives %d: %s", arguments, code, failed)
		}
	}
	if took := time.Since(started); took > instance.Patience {
		t.Errorf("commands whose output is full took %s to end", took)
	}
	reader, closed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	defer closed.Close()
	if failed, code := environment(t, nil, closed, "config", "show"); code == 0 || strings.Contains(failed, "goroutine") {
		t.Errorf("with nobody reading its output config show gives %d: %s", code, failed)
	}
}

func TestCommandsBeforeTheFirstOrganization(t *testing.T) {
	t.Parallel()
	for _, arguments := range [][]string{{"workflow", "list"}, {"workflow", "list", "--organization", "acme"}} {
		_, failed, code := instance.Command(t, append(arguments, "--data-dir", t.TempDir())...)
		if code != 4 || !strings.Contains(failed, "zygo setup") {
			t.Errorf("%v gives %d: %s", arguments, code, failed)
		}
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	c := exec.Command("sh", "-c", `umask 000; exec "$0" "$@"`, instance.Binary(t), "setup", "--name", "Ada", "--email", "ada@example.com",
		"--organization", "Acme", "--password-file", "-", "--data-dir", dir)
	c.Stdin = strings.NewReader(instance.Password)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c = exec.Command("sh", "-c", `umask 000; exec "$0" "$@"`, instance.Binary(t), "backup", "create", "--data-dir", dir)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	count := 0
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		count++
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %s", path, info.Mode())
		}
		return nil
	})
	if err != nil || count < 5 {
		t.Errorf("%d files were looked at: %v", count, err)
	}
}

// A stop waits for what is under way, then says so to anyone who still waits, and loses nothing. A second signal changes nothing.
func TestStopWithAHangingCall(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	reached, release := make(chan struct{}, 10), make(chan struct{})
	peer.Before = func(counterpart.Call) {
		reached <- struct{}{}
		<-release
	}
	i := instance.StartBinary(t, peer.Allow())
	c := i.As("editor@acme")
	c.Publish("Hangs", []any{instance.Node("hook", "trigger.webhook", map[string]any{"path": "hangs", "respond": "at_end"}),
		instance.Node("call", "http", map[string]any{"method": "POST", "url": peer.URL})}, instance.Chain("hook", "call"))
	answered := make(chan instance.Reply, 1)
	go func() {
		r, err := (&instance.Client{Instance: i}).Try("POST", "/hooks/acme/hangs", map[string]any{})
		if err != nil {
			t.Error(err)
		}
		answered <- r
	}()
	<-reached
	i.Process.Process.Signal(syscall.SIGTERM)
	i.Process.Process.Signal(syscall.SIGTERM)
	if code := i.Stop(); code != 0 {
		t.Errorf("the stop gives %d", code)
	}
	r := <-answered
	var accepted struct{ ID string }
	c.Must(r, http.StatusAccepted, &accepted)
	close(release)
	i.Serve()
	<-reached
	if e := c.Finished(accepted.ID); e.Status != "succeeded" {
		t.Errorf("after the stop the execution is %s", e.Status)
	}
}

func TestAnExecutionIsCancelledWhileNothingRuns(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	c := i.As("editor@acme")
	workflow := c.Publish("Wait", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("wait", "delay", map[string]any{"amount": 1, "unit": "days"})}, instance.Chain("start", "wait"))
	var started struct{ ID string }
	c.Must(c.Call("POST", "workflows/"+workflow+"/execute", map[string]any{}), 202, &started)
	c.Until(started.ID, "execution.waiting")
	i.Stop()
	cancel := []string{"execution", "cancel", started.ID, "--organization", "acme"}
	if out, stderr, code := i.Command(cancel...); code != 0 || !strings.Contains(out, "cancelled") {
		t.Errorf("cancelling gives %d: %s %s", code, out, stderr)
	}
	if _, stderr, code := i.Command(cancel...); code == 0 || !strings.Contains(stderr, "over already") {
		t.Errorf("cancelling again gives %d: %s", code, stderr)
	}
	i.Serve()
	if e := i.As("editor@acme").Until(started.ID, "execution.finished"); e.Status != "cancelled" {
		t.Errorf("after the start the execution is %s", e.Status)
	}
}

// What is served is what was stored: another key, or an empty file in the place of the database, is no new instance.
func TestOnlyTheDatabaseAndItsKeyAreServed(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	i.Stop()
	key, database := filepath.Join(i.Dir, "zygo.key"), filepath.Join(i.Dir, "zygo.db")
	keep := map[string][]byte{}
	for _, path := range []string{key, database} {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		keep[path] = content
	}
	serve := []string{"serve", "--data-dir", i.Dir, "--set", "server.listen=127.0.0.1:0"}
	for _, test := range []struct{ path, content, says string }{
		{key, base64.StdEncoding.EncodeToString(make([]byte, 32)) + "\n", "is not that of this database"},
		{key, "short\n", "damaged"},
		{database, "", "missing or empty"},
	} {
		if err := os.WriteFile(test.path, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, arguments := range [][]string{serve, {"doctor", "--data-dir", i.Dir}} {
			if out, stderr, code := instance.Command(t, arguments...); code == 0 || !strings.Contains(out+stderr, test.says) &&
				(arguments[0] == "serve" || test.path == key) {
				t.Errorf("with %.20q in %s %s ends with %d: %s%s", test.content, filepath.Base(test.path), arguments[0], code, out, stderr)
			}
		}
		if err := os.WriteFile(test.path, keep[test.path], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, stderr, code := instance.Command(t, "doctor", "--data-dir", i.Dir); code != 0 {
		t.Errorf("with both back doctor ends with %d: %s%s", code, out, stderr)
	}
	i.Serve()
}

func TestStopRightAfterTheStart(t *testing.T) {
	t.Parallel()
	for range 10 {
		i := instance.StartBinary(t)
		started := time.Now()
		if code := i.Stop(); code != 0 {
			t.Errorf("the stop gives %d", code)
		}
		if took := time.Since(started); took > 18*time.Second {
			t.Errorf("the stop took %s", took)
		}
		if _, err := net.Dial("tcp", strings.TrimPrefix(i.URL, "http://")); err == nil {
			t.Error("the port is still taken")
		}
	}
}
