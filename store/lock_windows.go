package store

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"

	"zygo/app/fault"
)

// dirLock keeps a second process off the data directory. The system drops it with the process, so a stale one can't be.
type dirLock struct{ file *os.File }

func lockDir(dir string) (*dirLock, error) {
	path := filepath.Join(dir, "zygo.lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unavailable(err, path+" can't be opened to write", "Check the owner and mode of it and of the data directory.")
	}
	const whole = 1
	if err := windows.LockFileEx(windows.Handle(file.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, whole, 0,
		&windows.Overlapped{}); err != nil {
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
	return l.file.Close()
}
