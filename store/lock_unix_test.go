//go:build unix

package store

import (
	"syscall"
	"testing"

	"zygo/app/fault"
)

// A child process shares what its parent had open when it began, until it runs a program of its own.
func TestALockEndsWithItsHolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lock, err := lockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	inherited, err := syscall.Dup(int(lock.file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(inherited)
	if _, err := lockDir(dir); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second holder: %v", err)
	}
	if err := lock.release(); err != nil {
		t.Fatal(err)
	}
	again, err := lockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.release(); err != nil {
		t.Fatal(err)
	}
}
