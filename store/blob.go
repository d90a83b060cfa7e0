package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"zygo/app/fault"
)

// BlobDir is the folder of the data directory that holds what people uploaded.
const BlobDir = "blobs"

// Blobs keeps content under its SHA-256, so that the same content is stored once: blobs/ab/cdef….
type Blobs struct{ dir string }

// Blobs are those of the store's data directory.
func (s *Store) Blobs() Blobs { return Blobs{filepath.Join(s.dir, BlobDir)} }

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
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of uploads: %w", err)
	}
	file, err := os.CreateTemp(b.dir, incomingPrefix)
	if err != nil {
		return nil, fmt.Errorf("make a file for an upload: %w", err)
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(file, sum), io.LimitReader(from, limit+1))
	if err != nil {
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
var blobName = regexp.MustCompile(`^` + BlobDir + `/([0-9a-f]{2})/([0-9a-f]{62})$`)

// blobsOf lists the blobs of a data directory by their names in a backup.
func blobsOf(dir string) ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(dir, BlobDir, "??", "*"))
	if err != nil {
		return nil, err
	}
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

// linkBlobs puts the blobs of a data directory beside a copy of its database. A link costs nothing, and holds what is
// removed meanwhile.
func linkBlobs(dir, work string) ([]string, error) {
	names, err := blobsOf(dir)
	if err != nil {
		return nil, err
	}
	var linked []string
	for _, name := range names {
		to := filepath.Join(work, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return nil, err
		}
		switch err := os.Link(filepath.Join(dir, name), to); {
		case err == nil:
			linked = append(linked, name)
		case errors.Is(err, os.ErrNotExist):
			// It was removed since the list was made, so nothing refers to it.
		default:
			if err := copyFile(filepath.Join(dir, name), to); err != nil {
				return nil, fmt.Errorf("copy an upload: %w", err)
			}
			linked = append(linked, name)
		}
	}
	return linked, nil
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
