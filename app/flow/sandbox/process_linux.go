package sandbox

import (
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// executable is the running binary itself, also after an upgrade has put another one at its path.
func executable() (string, error) { return "/proc/self/exe", nil }

// attributes make the worker die with its parent and keep a terminal's interrupt away from it. Isolated adds namespaces:
// no network device, no other process and no shared memory is visible from inside.
func attributes(isolated bool) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if isolated {
		a.Cloneflags = unix.CLONE_NEWUSER | unix.CLONE_NEWNET | unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS
	}
	return a
}

// confine sets the limits of the own process, for good.
func confine() error {
	for _, limit := range []struct {
		name     string
		resource int
		most     uint64
	}{
		{"data", unix.RLIMIT_DATA, mostMemory},
		{"file size", unix.RLIMIT_FSIZE, 0},
		{"open files", unix.RLIMIT_NOFILE, 16},
		{"core", unix.RLIMIT_CORE, 0},
	} {
		if err := unix.Setrlimit(limit.resource, &unix.Rlimit{Cur: limit.most, Max: limit.most}); err != nil {
			return fmt.Errorf("limit %s: %w", limit.name, err)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up privileges: %w", err)
	}
	// Nobody of the same user may read the worker's memory.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid to be traced: %w", err)
	}
	return nil
}
