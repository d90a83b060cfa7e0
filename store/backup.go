package store

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"zygo/app/fault"
)

// BackupSuffix ends the name of every backup: a compressed tar of manifest.json and the files it lists.
const BackupSuffix = ".zygo-backup.tar.gz"

// KeyFile is the name of the instance's master key in the data directory. A backup holds it, since nothing sealed under
// it can be read without it; so a backup is as secret as the instance.
const KeyFile = "zygo.key"

// restoreLimit bounds one unpacked file, so that a hostile archive can't fill the disk.
const restoreLimit = 1 << 40

// manifestLimit bounds the list of a backup's files.
const manifestLimit = 256 << 20

// Manifest says what a backup holds.
type Manifest struct {
	CreatedAt time.Time      `json:"created_at"`
	Schema    int64          `json:"schema"`
	Files     []ManifestFile `json:"files"`
	Rows      map[string]int `json:"rows"`
}

// ManifestFile is one file of a backup with its SHA-256 in hexadecimal.
type ManifestFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// CreateBackup writes a backup of the data directory to path. It works beside a running Zygo, never overwrites, and the
// file has its name only once it is complete, on disk and verified.
func CreateBackup(ctx context.Context, dir, path string) error {
	if _, err := os.Stat(path); err == nil {
		return fault.New(fault.Conflict, "%s is there already. Choose another name.", path)
	}
	if _, err := os.Stat(filepath.Join(dir, FileName)); err != nil {
		return fault.New(fault.NotFound, "There is no database in %s. Name the data directory with --data-dir.", dir).Because(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return unavailable(err, "The folder of "+path+" can't be made", "")
	}
	work, err := os.MkdirTemp(filepath.Dir(path), ".backup-")
	if err != nil {
		return unavailable(err, "The folder of "+path+" can't be written", "")
	}
	defer os.RemoveAll(work)

	// What the copy refers to is linked before it is made, in case it is removed meanwhile, and what came meanwhile after it.
	if _, err := linkBlobs(dir, work); err != nil {
		return err
	}
	db, err := openPool(ctx, filepath.Join(dir, FileName), 1, "rw", commonPragmas)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", filepath.Join(work, FileName))
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("copy the database: %w", translate(err))
	}
	names := []string{FileName}
	if key, err := os.ReadFile(filepath.Join(dir, KeyFile)); err == nil {
		if err := os.WriteFile(filepath.Join(work, KeyFile), key, 0o600); err != nil {
			return fmt.Errorf("copy the key: %w", err)
		}
		names = append(names, KeyFile)
	}
	blobs, err := linkBlobs(dir, work)
	if err != nil {
		return err
	}
	names = append(names, blobs...)
	manifest, err := describe(ctx, work, names)
	if err != nil {
		return err
	}
	partial := filepath.Join(work, "partial")
	if err := pack(partial, work, manifest); err != nil {
		return err
	}
	if _, err := VerifyBackup(ctx, partial); err != nil {
		return fmt.Errorf("verify the new backup: %w", err)
	}
	if err := place(partial, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// place gives a complete file its name, which nobody else may have taken.
func place(partial, path string) error {
	err := os.Link(partial, path)
	if err != nil && !errors.Is(err, os.ErrExist) {
		// The medium has no hard links. An empty file keeps the name until the rename replaces it.
		var taken *os.File
		if taken, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err == nil {
			if err = errors.Join(taken.Close(), os.Rename(partial, path)); err != nil {
				os.Remove(path)
			}
		}
	}
	if errors.Is(err, os.ErrExist) {
		return fault.New(fault.Conflict, "%s is there already. Choose another name.", path).Because(err)
	}
	if err != nil {
		return unavailable(err, path+" can't be made", "")
	}
	return nil
}

// VerifyBackup unpacks a backup into a scratch folder and checks every sum, the database's integrity and its row counts. The
// folder is next to the backup, or where the system keeps temporary files if the medium of the backup can't be written.
func VerifyBackup(ctx context.Context, path string) (Manifest, error) {
	work, err := os.MkdirTemp(filepath.Dir(path), ".verify-")
	if err != nil {
		work, err = os.MkdirTemp("", "zygo-verify-")
	}
	if err != nil {
		return Manifest{}, unavailable(err, path+" can't be unpacked, neither in its own folder nor in "+os.TempDir(),
			"Name another folder in TMPDIR.")
	}
	defer os.RemoveAll(work)
	return unpack(ctx, path, work)
}

// RestoreBackup puts a backup's files into dir. It touches nothing where dir has a database already or the backup does not
// verify.
func RestoreBackup(ctx context.Context, path, dir string) (Manifest, error) {
	if _, err := os.Stat(filepath.Join(dir, FileName)); err == nil {
		return Manifest{}, fault.New(fault.Conflict,
			"%s holds a database. Restore into an empty directory, or move the old one away first.", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Manifest{}, unavailable(err, "The data directory "+dir+" can't be made", "")
	}
	lock, err := lockDir(dir)
	if err != nil {
		return Manifest{}, err
	}
	defer lock.release()
	work, err := os.MkdirTemp(dir, ".restore-")
	if err != nil {
		return Manifest{}, fmt.Errorf("make a folder to unpack into: %w", err)
	}
	defer os.RemoveAll(work)
	manifest, err := unpack(ctx, path, work)
	if err != nil {
		return Manifest{}, err
	}
	// A log that an earlier database left behind would be replayed into the restored one.
	for _, old := range []string{FileName + "-wal", FileName + "-shm"} {
		if err := os.Remove(filepath.Join(dir, old)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return Manifest{}, fmt.Errorf("remove %s: %w", old, err)
		}
	}
	// The database comes last: a restore that dies before it can simply be started again.
	slices.Reverse(manifest.Files)
	for _, file := range manifest.Files {
		path := filepath.Join(dir, file.Name)
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if err = errors.Join(err, os.Rename(filepath.Join(work, file.Name), path), syncDir(filepath.Dir(path))); err != nil {
			return Manifest{}, fmt.Errorf("put %s in place: %w", file.Name, err)
		}
	}
	return manifest, syncDir(dir)
}

func describe(ctx context.Context, work string, names []string) (Manifest, error) {
	m := Manifest{CreatedAt: time.Now().UTC()}
	var err error
	if m.Schema, m.Rows, err = inspect(ctx, filepath.Join(work, FileName)); err != nil {
		return m, err
	}
	for _, name := range names {
		file, err := os.Open(filepath.Join(work, name))
		if err != nil {
			return m, err
		}
		sum := sha256.New()
		size, err := io.Copy(sum, file)
		file.Close()
		if err != nil {
			return m, fmt.Errorf("read %s: %w", name, err)
		}
		m.Files = append(m.Files, ManifestFile{name, size, hex.EncodeToString(sum.Sum(nil))})
	}
	return m, nil
}

// inspect checks a database that nobody else has open and counts its rows.
func inspect(ctx context.Context, path string) (schema int64, rows map[string]int, err error) {
	db, err := openPool(ctx, path, 1, "rw", commonPragmas)
	if err != nil {
		return 0, nil, err
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil || verdict != "ok" {
		return 0, nil, damaged(path, errors.Join(err, errors.New(verdict)))
	}
	var orphans int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&orphans); err != nil || orphans > 0 {
		return 0, nil, damaged(path, errors.Join(err, fmt.Errorf("%d rows refer to nothing", orphans)))
	}
	if err := db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version").Scan(&schema); err != nil {
		return 0, nil, damaged(path, err)
	}
	names, err := tableNames(ctx, db)
	if err != nil {
		return 0, nil, err
	}
	rows = map[string]int{}
	for _, name := range names {
		var count int
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM "`+name+`"`).Scan(&count); err != nil {
			return 0, nil, damaged(path, err)
		}
		rows[name] = count
	}
	return schema, rows, nil
}

// Inspection is what Inspect found.
type Inspection struct {
	Rows  int
	Bytes int64
}

// Inspect checks the database of a data directory that no other process has open.
func Inspect(ctx context.Context, dir string) (Inspection, error) {
	lock, err := lockDir(dir)
	if err != nil {
		return Inspection{}, err
	}
	defer lock.release()
	path := filepath.Join(dir, FileName)
	_, rows, err := inspect(ctx, path)
	if err != nil {
		return Inspection{}, err
	}
	var found Inspection
	for _, count := range rows {
		found.Rows += count
	}
	if info, err := os.Stat(path); err == nil {
		found.Bytes = info.Size()
	}
	return found, nil
}

func tableNames(ctx context.Context, db *sql.DB) ([]string, error) {
	rows, err := db.QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 2) = 't_'")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

func pack(path, work string, manifest Manifest) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("make the archive: %w", err)
	}
	defer file.Close()
	zipped := gzip.NewWriter(file)
	archive := tar.NewWriter(zipped)
	list, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := archive.WriteHeader(&tar.Header{Name: "manifest.json", Mode: 0o600, Size: int64(len(list))}); err != nil {
		return err
	}
	if _, err := archive.Write(list); err != nil {
		return err
	}
	for _, f := range manifest.Files {
		if err := archive.WriteHeader(&tar.Header{Name: f.Name, Mode: 0o600, Size: f.Size}); err != nil {
			return err
		}
		from, err := os.Open(filepath.Join(work, f.Name))
		if err != nil {
			return err
		}
		_, err = io.Copy(archive, from)
		from.Close()
		if err != nil {
			return fmt.Errorf("pack %s: %w", f.Name, err)
		}
	}
	return errors.Join(archive.Close(), zipped.Close(), file.Sync())
}

func unpack(ctx context.Context, path, work string) (Manifest, error) {
	bad := func(err error) (Manifest, error) {
		return Manifest{}, fault.New(fault.Invalid, "%s is damaged or no backup of Zygo. Nothing was changed.", path).Because(err)
	}
	file, err := os.Open(path)
	if err != nil {
		return Manifest{}, unavailable(err, "The backup "+path+" can't be read", "")
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		return bad(err)
	}
	archive := tar.NewReader(zipped)
	var manifest Manifest
	header, err := archive.Next()
	if err != nil || header.Name != "manifest.json" {
		return bad(errors.Join(err, errors.New("no manifest")))
	}
	if err := json.NewDecoder(io.LimitReader(archive, manifestLimit)).Decode(&manifest); err != nil {
		return bad(err)
	}
	for _, expected := range manifest.Files {
		header, err := archive.Next()
		if err != nil || header.Name != expected.Name || !expected.fits() {
			return bad(errors.Join(err, errors.New("unexpected file")))
		}
		switch err := extract(archive, filepath.Join(work, expected.Name), expected); {
		case reason(err) != "": // of the disk, and not of the backup
			return Manifest{}, unavailable(err, path+" can't be unpacked in "+filepath.Dir(work), "")
		case err != nil:
			return bad(err)
		}
	}
	if _, err := archive.Next(); err != io.EOF {
		return bad(errors.Join(err, errors.New("more files than the manifest lists")))
	}
	schema, rows, err := inspect(ctx, filepath.Join(work, FileName))
	if err != nil {
		return bad(err)
	}
	if schema != manifest.Schema || !maps.Equal(rows, manifest.Rows) {
		return bad(errors.New("row counts differ from the manifest"))
	}
	return manifest, nil
}

func extract(from io.Reader, path string, expected ManifestFile) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer to.Close()
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(to, sum), io.LimitReader(from, restoreLimit))
	if err != nil {
		return err
	}
	if size != expected.Size || hex.EncodeToString(sum.Sum(nil)) != expected.SHA256 {
		return fmt.Errorf("%s does not have the sum of the manifest", expected.Name)
	}
	return to.Sync()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func sortedNames(tables map[string]*Table) []string { return slices.Sorted(maps.Keys(tables)) }
