package instance

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// Binary is the path of Zygo as it ships.
func Binary(t testing.TB) string { return built(t, shipped) }

// ClockedBinary is the path of a Zygo whose clock a test moves.
func ClockedBinary(t testing.TB) string { return built(t, withClock) }

var (
	shipped   = sync.OnceValues(func() (string, error) { return build("zygo") })
	withClock = sync.OnceValues(func() (string, error) { return build("zygo-testclock", "-tags", "testclock") })
)

func built(t testing.TB, build func() (string, error)) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// build makes a binary once for the tests of all packages: the first one to ask builds, the others find it up to date.
func build(name string, options ...string) (string, error) {
	if err := noteSources(); err != nil {
		return "", err
	}
	dir, err := filepath.Abs(filepath.Join(Root, ".cache"))
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(filepath.Join(dir, name+".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	path := filepath.Join(dir, name)
	c := exec.Command("go", append(append([]string{"build", "-o", path}, options...), ".")...)
	c.Dir = Root
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
}

// noteSources opens every folder with sources, by which `go test` knows that a result is no longer good when one of them
// changes: it can't see what a test builds.
func noteSources() error {
	return filepath.WalkDir(Root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if name := d.Name(); path != Root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata") {
			return filepath.SkipDir
		}
		return nil
	})
}

// serveBinary starts the process and waits until it says where it serves.
func (i *Instance) serveBinary(set []string) {
	i.T.Helper()
	line := append(append(i.Tracer[:len(i.Tracer):len(i.Tracer)], i.binary(i.T)), "serve")
	for _, pair := range set {
		line = append(line, "--set", pair)
	}
	i.Process = exec.Command(line[0], line[1:]...)
	i.Process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	// The collector of what is tested runs as it does for an operator.
	i.Process.Env = slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "GOGC=") })
	if i.clock != "" {
		i.Process.Env = append(i.Process.Env, "TESTCLOCK="+i.clock)
	}
	stdout, err := i.Process.StdoutPipe()
	if err != nil {
		i.T.Fatal(err)
	}
	i.Process.Stderr = i.Output
	if err := i.Process.Start(); err != nil {
		i.T.Fatal(err)
	}
	i.T.Cleanup(func() {
		i.Kill()
		i.showLog()
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, rest, ok := strings.Cut(lines.Text(), " serves "); ok {
			i.URL, _, _ = strings.Cut(rest, " ")
			if !i.empty {
				return
			}
		}
		if _, link, ok := strings.Cut(lines.Text(), "minutes: "); ok {
			i.Setup = link
			return
		}
	}
	i.T.Fatalf("the instance did not start:\n%s", i.Output)
}

// Kill ends the process of a binary as a power cut would end it.
func (i *Instance) Kill() {
	if i.Process == nil {
		i.T.Fatal("only a binary can be killed")
	}
	if i.Tracer == nil {
		i.Process.Process.Kill()
	} else {
		// A tracer that is killed lets the traced process live on; it ends by itself when that one is killed.
		for _, child := range children(i.Process.Process.Pid) {
			syscall.Kill(child, syscall.SIGKILL)
		}
	}
	i.Process.Wait()
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

func (i *Instance) stopBinary() int {
	i.Process.Process.Signal(syscall.SIGTERM)
	err := i.Process.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}

// Buffer takes what an instance writes while a test reads it.
type Buffer struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (b *Buffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(p)
}

func (b *Buffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}
