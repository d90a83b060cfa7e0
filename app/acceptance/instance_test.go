// Package acceptance tests the whole of Zygo through its public surfaces: the built binary over HTTP, its command line and
// a browser. What is here would break a person's day if it broke; what one package alone promises is tested there.
package acceptance

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const passphrase = "correct horse battery staple"

// binary is Zygo as it ships; template is a data directory with two organizations, Acme and Umbrella, and a person of every
// role in each. Both are made once for all tests.
var binary, template string

// asked is what the environment asks of the tests that repeat something at random.
var asked = map[string]string{}

func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "write-rows" {
		if err := writeRows(os.Args[2], os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	overlap()
	dir, err := os.MkdirTemp("", "zygo-acceptance-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, name := range []string{"ZYGO_SEED", "ZYGO_KILLS", "ZYGO_IMAGES", "ZYGO_ERRORS", "ZYGO_REQUESTS", "ZYGO_CANARIES", "ZYGO_MUTANTS", "ZYGO_REVOCATIONS", "ZYGO_PACKAGE", "ZYGO_FLOOD"} {
		asked[name] = os.Getenv(name)
		os.Unsetenv(name) // the binary would take it for a setting
	}
	code := 1
	if err := prepare(dir); err != nil {
		fmt.Fprintln(os.Stderr, "prepare:", err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// overlap lets twice as many tests run at once as there are processors, because each waits half of its time for what it
// started. Whoever names a number has that.
func overlap() {
	flag.Parse()
	named := false
	flag.Visit(func(f *flag.Flag) { named = named || f.Name == "test.parallel" })
	if !named {
		flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0)))
	}
}

func prepare(dir string) error {
	binary = filepath.Join(dir, "zygo")
	template = filepath.Join(dir, "data")
	main := "../.."
	if asked["ZYGO_PACKAGE"] != "" {
		main = asked["ZYGO_PACKAGE"]
	}
	build := exec.Command("go", "build", "-o", binary, main)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	made := [][]string{
		{"setup", "--name", "Ada Acme", "--email", "owner@acme.test", "--organization", "Acme"},
		{"tenant", "create", "--name", "Uma Umbrella", "--email", "owner@umbrella.test", "--organization", "Umbrella"},
	}
	for _, organization := range []string{"acme", "umbrella"} {
		for _, role := range []string{"admin", "editor", "viewer"} {
			made = append(made, []string{"user", "create", "--name", role + " of " + organization, "--email", role + "@" + organization + ".test", "--organization", organization, "--role", role})
		}
	}
	for _, arguments := range made {
		c := exec.Command(binary, append(arguments, "--password-file", "-", "--data-dir", template)...)
		c.Stdin = strings.NewReader(passphrase)
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w\n%s", arguments, err, out)
		}
	}
	return addTables()
}

// instance is a Zygo process that a test has for itself.
type instance struct {
	t       testing.TB
	dir     string
	url     string
	set     []string
	process *exec.Cmd
	output  *safeBuffer
	// setup is the link that an empty instance prints.
	setup string
	empty bool
	// tracer is a command that runs the binary, such as strace with its options.
	tracer []string
}

// start serves a copy of the template; settings are pairs for --set.
func start(t testing.TB, settings ...string) *instance {
	t.Helper()
	i := prepared(t, settings...)
	i.serve()
	return i
}

// prepared is an instance with a copy of the template that does not serve yet.
func prepared(t testing.TB, settings ...string) *instance {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(template)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"zygo.db", "zygo.key"} { // the copy's modes are the test's, not Zygo's
		if err := os.Chmod(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &instance{t: t, dir: dir, set: settings}
}

// startEmpty serves an instance that nobody set up.
func startEmpty(t testing.TB, settings ...string) *instance {
	t.Helper()
	i := &instance{t: t, dir: filepath.Join(t.TempDir(), "data"), set: settings, empty: true}
	i.serve()
	return i
}

// serve starts the process and waits until it says where it serves.
func (i *instance) serve() {
	i.t.Helper()
	listen := "127.0.0.1:0"
	if i.url != "" {
		listen = strings.TrimPrefix(i.url, "http://") // an instance that comes back has its old address
	}
	// A test sends more in a second than a person in an hour.
	arguments := []string{"serve", "--data-dir", i.dir, "--set", "server.listen=" + listen, "--set", "server.requests_per_minute=0"}
	for _, s := range i.set {
		arguments = append(arguments, "--set", s)
	}
	line := append(append(i.tracer[:len(i.tracer):len(i.tracer)], binary), arguments...)
	i.process = exec.Command(line[0], line[1:]...)
	i.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdout, err := i.process.StdoutPipe()
	if err != nil {
		i.t.Fatal(err)
	}
	i.output = &safeBuffer{}
	i.process.Stderr = i.output
	if err := i.process.Start(); err != nil {
		i.t.Fatal(err)
	}
	i.t.Cleanup(func() {
		i.kill()
		if log := i.output.String(); i.t.Failed() && log != "" {
			i.t.Logf("the instance's log:\n%s", log)
		}
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, rest, ok := strings.Cut(lines.Text(), " serves "); ok {
			i.url, _, _ = strings.Cut(rest, " ")
			if !i.empty {
				return
			}
		}
		if _, link, ok := strings.Cut(lines.Text(), "minutes: "); ok {
			i.setup = link
			return
		}
	}
	i.t.Fatalf("the instance did not start:\n%s", i.output)
}

// kill ends the process as a power cut would end it.
func (i *instance) kill() {
	if i.tracer == nil {
		i.process.Process.Kill()
	} else {
		// A tracer that is killed lets the traced process live on; it ends by itself when that one is killed.
		for _, child := range children(i.process.Process.Pid) {
			syscall.Kill(child, syscall.SIGKILL)
		}
	}
	i.process.Wait()
}

// children are the processes that a process started.
func children(pid int) (all []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		text, _ := os.ReadFile(list)
		for _, field := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(field); err == nil {
				all = append(all, child)
			}
		}
	}
	return all
}

// stop ends the process as an operator would, and gives its exit code.
func (i *instance) stop() int {
	i.t.Helper()
	i.process.Process.Signal(syscall.SIGTERM)
	err := i.process.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}

// command runs a command of the binary on the instance's data.
func (i *instance) command(arguments ...string) (stdout, stderr string, code int) {
	i.t.Helper()
	return command(i.t, append(arguments, "--data-dir", i.dir)...)
}

func command(t testing.TB, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	c := exec.Command(binary, arguments...)
	var out, failed bytes.Buffer
	c.Stdout, c.Stderr = &out, &failed
	err := c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return out.String(), failed.String(), code
}

// client is a person with a token, or nobody without one.
type client struct {
	i     *instance
	token string
}

// as signs a person in, such as "editor@acme".
func (i *instance) as(who string) *client {
	i.t.Helper()
	c := &client{i: i}
	var out struct {
		AccessToken string `json:"access_token"`
	}
	c.must(c.call("POST", "auth/login", map[string]string{"email": who + ".test", "password": passphrase}), 200, &out)
	c.token = out.AccessToken
	return c
}

// reply is an answer over HTTP.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// code is the error's code, empty for a success.
func (r reply) code() string {
	var envelope struct {
		Error struct{ Code string }
	}
	_ = json.Unmarshal(r.body, &envelope)
	return envelope.Error.Code
}

var transport = &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// call sends a request; a path without a slash before it is one of the API. Body is text, bytes, or a value for JSON.
func (c *client) call(method, path string, body any, headers ...string) reply {
	c.i.t.Helper()
	r, err := c.try(method, path, body, headers...)
	if err != nil {
		c.i.t.Fatal(err)
	}
	if err := answers.check(c.i.url, method, address(path), r); err != nil {
		c.i.t.Error(err)
	}
	return r
}

func address(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	return "/api/v1/" + path
}

func (c *client) try(method, path string, body any, headers ...string) (reply, error) {
	var text []byte
	switch b := body.(type) {
	case nil:
	case string:
		text = []byte(b)
	case []byte:
		text = b
	default:
		var err error
		if text, err = json.Marshal(b); err != nil {
			return reply{}, err
		}
	}
	request, err := http.NewRequestWithContext(context.Background(), method, c.i.url+address(path), bytes.NewReader(text))
	if err != nil {
		return reply{}, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	for j := 0; j+1 < len(headers); j += 2 {
		if request.Header.Set(headers[j], headers[j+1]); headers[j] == "Host" {
			request.Host = headers[j+1]
		}
	}
	response, err := transport.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, answer}, err
}

// must reads the data of an answer that has to have the status.
func (c *client) must(r reply, status int, data any) {
	c.i.t.Helper()
	if r.status != status {
		c.i.t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	if data == nil {
		return
	}
	envelope := struct{ Data any }{data}
	if err := json.Unmarshal(r.body, &envelope); err != nil {
		c.i.t.Fatalf("%v: %s", err, r.body)
	}
}

// safeBuffer is what the process writes while a test reads it.
type safeBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
