package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"time"

	"zygo/app/fault"
)

// Folders of the data directory that hold content: what people uploaded, and what is too large for rows of the database.
const (
	BlobDir    = "blobs"
	PayloadDir = "payloads"
)

// Blobs keeps content under its SHA-256, so that the same content is stored once: blobs/ab/cdef….
type Blobs struct {
	dir string
	// Reserve is the free space of the disk in bytes that content leaves to the database.
	Reserve int64
	// naming is held while content is given a name or loses it.
	naming *sync.Mutex
}

// Blobs are those of a folder of the data directory.
func (s *Store) Blobs(folder string) Blobs {
	return Blobs{dir: filepath.Join(s.dir, folder), naming: &s.naming}
}

// HasRoom refuses content where the disk has less free space than is reserved for the database, so that a disk which gets full
// stops large things first.
func (b Blobs) HasRoom() error {
	free, known := freeSpace(filepath.Dir(b.dir))
	if b.Reserve == 0 || !known || free >= b.Reserve {
		return nil
	}
	return fault.New(fault.Unavailable,
		"The disk is almost full, so Zygo takes no files and no large data any more. Free some space, or lower server.disk_reserve.")
}

// Incoming is content that was received and has no name yet.
type Incoming struct {
	Sum  string
	Size int64
	path string
	into Blobs
}

// Receive writes content to a file on disk, a piece at a time. More than limit bytes are refused. Anyone who received
// calls Discard in the end; after Keep it does nothing.
func (b Blobs) Receive(from io.Reader, limit int64) (*Incoming, error) {
	if err := b.HasRoom(); err != nil {
		return nil, err
	}
	return b.receive(from, limit)
}

func (b Blobs) receive(from io.Reader, limit int64) (*Incoming, error) {
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of uploads: %w", err)
	}
	file, err := os.CreateTemp(b.dir, incomingPrefix)
	if err != nil {
		return nil, fmt.Errorf("make a file for an upload: %w", err)
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(file, sum), io.LimitReader(from, limit+1))
	if errors.Is(err, syscall.ENOSPC) {
		err = errDiskFull(err)
	} else if err != nil {
		err = fmt.Errorf("receive an upload: %w", err)
	} else if size > limit {
		err = fault.New(fault.TooLarge, "The file is over the limit of %d bytes.", limit)
	} else {
		err = file.Sync()
	}
	incoming := &Incoming{hex.EncodeToString(sum.Sum(nil)), size, file.Name(), b}
	if err = errors.Join(err, file.Close()); err != nil {
		incoming.Discard()
		return nil, err
	}
	return incoming, nil
}

// Sweep removes what was received before a moment and never got a name, because the process died.
func (b Blobs) Sweep(before time.Time) error {
	left, err := filepath.Glob(filepath.Join(b.dir, incomingPrefix+"*"))
	for _, path := range left {
		if info, statErr := os.Stat(path); statErr == nil && info.ModTime().Before(before) {
			err = errors.Join(err, os.Remove(path))
		}
	}
	return err
}

const incomingPrefix = "incoming-"

// Open reads what was received.
func (i *Incoming) Open() (*os.File, error) { return os.Open(i.path) }

// Keep gives the content its name. It is on disk when Keep returns.
func (i *Incoming) Keep() error {
	path := i.into.path(i.Sum)
	if _, err := os.Stat(path); err == nil {
		return nil // the same content is there already
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the folder of an upload: %w", err)
	}
	if err := os.Rename(i.path, path); err != nil {
		return fmt.Errorf("name an upload: %w", err)
	}
	return errors.Join(syncDir(filepath.Dir(path)), syncDir(i.into.dir))
}

// Put stores content that is in memory, and gives its sum. The age of content that is there already begins anew, so that RemoveOld
// leaves it to those who put it and have yet to say so in the database.
func (b Blobs) Put(content []byte, now time.Time) (sum string, err error) {
	digest := sha256.Sum256(content)
	sum = hex.EncodeToString(digest[:])
	renew := func() error { return os.Chtimes(b.path(sum), now, now) }
	b.naming.Lock()
	err = renew()
	b.naming.Unlock()
	if err == nil {
		return sum, nil
	}
	incoming, err := b.receive(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return "", err
	}
	defer incoming.Discard()
	b.naming.Lock()
	defer b.naming.Unlock()
	if err := incoming.Keep(); err != nil {
		return "", err
	}
	return sum, renew()
}

// Old lists the sums of content that was put before a moment.
func (b Blobs) Old(before time.Time) iter.Seq[string] {
	return func(yield func(sum string) bool) {
		folders, _ := os.ReadDir(b.dir) // without a folder there is no content
		for _, folder := range folders {
			files, _ := os.ReadDir(filepath.Join(b.dir, folder.Name()))
			for _, file := range files {
				sum := folder.Name() + file.Name()
				if info, err := file.Info(); err == nil && len(sum) == sumLength && info.ModTime().Before(before) && !yield(sum) {
					return
				}
			}
		}
	}
}

// sumLength is that of a SHA-256 in hexadecimal.
const sumLength = 64

// RemoveOld removes the content with a sum, unless it was put again since a moment.
func (b Blobs) RemoveOld(sum string, before time.Time) error {
	b.naming.Lock()
	defer b.naming.Unlock()
	if info, err := os.Stat(b.path(sum)); err == nil && !info.ModTime().Before(before) {
		return nil
	}
	return b.Remove(sum)
}

// Discard removes what was received and not kept.
func (i *Incoming) Discard() { os.Remove(i.path) }

// Open reads the content with a sum.
func (b Blobs) Open(sum string) (*os.File, error) { return os.Open(b.path(sum)) }

// Remove removes the content with a sum; that it is gone already is no error.
func (b Blobs) Remove(sum string) error {
	if err := os.Remove(b.path(sum)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove an upload: %w", err)
	}
	return nil
}

func (b Blobs) path(sum string) string { return filepath.Join(b.dir, sum[:2], sum[2:]) }

// blobName is how a blob is called in a backup.
var blobName = regexp.MustCompile(`^(?:` + BlobDir + `|` + PayloadDir + `)/([0-9a-f]{2})/([0-9a-f]{62})$`)

// blobsOf lists the blobs of a data directory by their names in a backup.
func blobsOf(dir string) ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(dir, BlobDir, "??", "*"))
	if err != nil {
		return nil, err
	}
	payloads, err := filepath.Glob(filepath.Join(dir, PayloadDir, "??", "*"))
	if err != nil {
		return nil, err
	}
	paths = append(paths, payloads...)
	var names []string
	for _, path := range paths {
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return nil, err
		}
		if name = filepath.ToSlash(name); blobName.MatchString(name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// CheckBlobs looks for content of which rows tell and that is missing, in the data directory of a stopped instance.
func CheckBlobs(ctx context.Context, dir string, tables []*Table) error {
	db, err := openPool(ctx, filepath.Join(dir, FileName), 1, "rw", commonPragmas)
	if err != nil {
		return err
	}
	defer db.Close()
	for _, t := range tables {
		if t.Blobs == "" {
			continue
		}
		if err := checkBlobs(ctx, db, t, Blobs{dir: filepath.Join(dir, t.Blobs)}); err != nil {
			return err
		}
	}
	return nil
}

func checkBlobs(ctx context.Context, db *sql.DB, t *Table, blobs Blobs) error {
	rows, err := db.QueryContext(ctx, "SELECT DISTINCT sum FROM "+t.physical())
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	missing := 0
	for rows.Next() {
		var sum string
		if err := rows.Scan(&sum); err != nil {
			return err
		}
		if _, err := os.Stat(blobs.path(sum)); err != nil {
			missing++
		}
	}
	if missing > 0 {
		return fault.New(fault.NotFound, "%d files are missing from %s. Put them back from a backup.", missing, blobs.dir)
	}
	return rows.Err()
}

// linkBlobs puts the blobs of a data directory beside a copy of its database. A link costs nothing, and holds what is
// removed meanwhile. It gives the names of all that are there then.
func linkBlobs(dir, work string) ([]string, error) {
	names, err := blobsOf(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		to := filepath.Join(work, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return nil, err
		}
		err := os.Link(filepath.Join(dir, name), to)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrExist) {
			continue // it was removed since the list was made, or is linked already
		}
		if err != nil {
			err = copyFile(filepath.Join(dir, name), to)
		}
		if err != nil && !errors.Is(err, os.ErrExist) {
			return nil, fmt.Errorf("copy an upload: %w", err)
		}
	}
	return blobsOf(work)
}

// copyFile is for a backup on another disk, where links can't lead.
func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

// fits tells whether a name may stand in a backup; a blob's name is its sum.
func (f ManifestFile) fits() bool {
	if f.Name == FileName || f.Name == KeyFile {
		return true
	}
	parts := blobName.FindStringSubmatch(f.Name)
	return parts != nil && parts[1]+parts[2] == f.SHA256
}
