package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zygo/app/fault"
)

// What stands in the way of a backup is named, and is not taken for something else.
func TestBackupsOnOtherMedia(t *testing.T) {
	t.Parallel()
	s, _ := openWithNotes(t)
	file := filepath.Join(t.TempDir(), "a"+BackupSuffix)
	if err := CreateBackup(t.Context(), s.Dir(), file); err != nil {
		t.Fatal(err)
	}
	backup, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer backup.Close()
	// Nobody can make a folder beside an open file's number, as on a medium that is only read.
	if _, err := VerifyBackup(t.Context(), fmt.Sprintf("/proc/self/fd/%d", backup.Fd())); err != nil {
		t.Errorf("a backup that only can be read: %v", err)
	}
	if err := CreateBackup(t.Context(), s.Dir(), filepath.Join("/proc/self/fd", "b"+BackupSuffix)); err == nil ||
		strings.Contains(fault.Public(err).Message, "already") {
		t.Errorf("where nothing can be written: %v", err)
	}
	if _, err := VerifyBackup(t.Context(), file+".gone"); err == nil || !strings.Contains(fault.Public(err).Message, "no such file") {
		t.Errorf("a backup that isn't there: %v", err)
	}
	// A folder can't be linked, as no file can on a medium without hard links, and it can't take a file's place.
	to := filepath.Join(t.TempDir(), "to")
	if err := place(t.TempDir(), to); !fault.Is(err, fault.Unavailable) {
		t.Errorf("what can't take its place: %v", err)
	}
	if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a name is kept for nothing: %v", err)
	}
	if err := place(file, file); !fault.Is(err, fault.Conflict) {
		t.Errorf("a name that is taken: %v", err)
	}
}
