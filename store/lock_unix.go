//go:build unix

package store

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"zygo/app/fault"
)

// dirLock keeps a second process off the data directory. The kernel drops it with the process, so a stale one can't be.
type dirLock struct{ file *os.File }

func lockDir(dir string) (*dirLock, error) {
	path := filepath.Join(dir, "zygo.lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unavailable(err, path+" can't be opened to write", "Check the owner and mode of it and of the data directory.")
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		file.Close()
		return nil, fault.New(fault.Conflict, "Another Zygo uses the data directory %s. Stop it first, or choose another with --data-dir.",
			dir).Because(err)
	}
	return &dirLock{file}, nil
}

func (l *dirLock) release() error {
	if l == nil {
		return nil
	}
	// Closing alone would leave the lock to a child process that has begun and not yet let go of what it inherited.
	return errors.Join(unix.Flock(int(l.file.Fd()), unix.LOCK_UN), l.file.Close())
}
