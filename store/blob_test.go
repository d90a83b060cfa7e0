package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zygo/app/fault"
)

func TestContentIsStoredOnceAndGoesWhenItIsOld(t *testing.T) {
	t.Parallel()
	s, _ := openWithNotes(t)
	blobs := s.Blobs(PayloadDir)
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	sum, err := blobs.Put([]byte("content"), first)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := blobs.Put([]byte("content"), first.Add(2*time.Hour)); err != nil || again != sum {
		t.Errorf("the same content has the sums %s and %s, %v", sum, again, err)
	}
	for _, step := range []struct {
		before time.Duration
		old    int
	}{{0, 0}, {time.Hour, 0}, {3 * time.Hour, 1}, {4 * time.Hour, 0}} {
		before := first.Add(step.before)
		if old := slices.Collect(blobs.Old(before)); len(old) != step.old {
			t.Errorf("before %s there is %v", before, old)
		}
		if err := blobs.RemoveOld(sum, before); err != nil {
			t.Errorf("before %s: %v", before, err)
		}
	}
	if err := blobs.RemoveOld(sum, first); err != nil {
		t.Errorf("what is gone can't be removed: %v", err)
	}
}

// Large things leave room to the database.
func TestContentLeavesRoom(t *testing.T) {
	t.Parallel()
	s, _ := openWithNotes(t)
	free, known := freeSpace(s.Dir())
	if !known {
		t.Skip("this system does not tell")
	}
	for reserve, want := range map[int64]fault.Code{0: "", 1: "", 2 * free: fault.Unavailable} {
		blobs := s.Blobs(BlobDir)
		blobs.Reserve = reserve
		incoming, err := blobs.Receive(strings.NewReader("x"), 10)
		if err == nil {
			incoming.Discard()
		}
		if want == "" && err != nil || want != "" && !fault.Is(err, want) {
			t.Errorf("with a reserve of %d bytes: %v", reserve, err)
		}
	}
}

// A backup has the content of every folder, and a look at the directory finds what is missing.
func TestContentIsInBackups(t *testing.T) {
	t.Parallel()
	s, table := openWithNotes(t)
	insert(t, s, table, Within("acme"), note{ID: "1", TenantID: "acme", Title: "x"})
	var names []string
	for _, folder := range []string{BlobDir, PayloadDir} {
		sum, err := s.Blobs(folder).Put([]byte(folder), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, filepath.Join(folder, sum[:2], sum[2:]))
	}
	file, to := filepath.Join(t.TempDir(), "a"+BackupSuffix), filepath.Join(t.TempDir(), "to")
	if err := CreateBackup(t.Context(), s.Dir(), file); err != nil {
		t.Fatal(err)
	}
	if _, err := RestoreBackup(t.Context(), file, to); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(to, name)); err != nil {
			t.Errorf("%s is not restored: %v", name, err)
		}
	}
}
