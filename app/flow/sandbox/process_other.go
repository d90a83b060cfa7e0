//go:build !linux

package sandbox

import (
	"os"
	"syscall"
)

func executable() (string, error) { return os.Executable() }

// attributes are those of any child: the namespaces and the signal at the parent's death exist on Linux only. The worker
// still ends when its pipe does.
func attributes(bool) *syscall.SysProcAttr { return &syscall.SysProcAttr{} }

// confine leaves the memory to the engine's own limit and the time to the parent.
func confine() error { return nil }

// filter is for Linux only.
func filter() (bool, error) { return false, nil }
