package platform

import (
	"context"
	"io"
	"os"
	"sync"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/jobs"
	"zygo/store"
)

// Upload is a file that somebody sent. A row takes it by its id; what none takes is removed after a day.
type Upload struct {
	field.File
	// Sum is the SHA-256 of the content, under which it is stored.
	Sum string `json:"sha256"`
}

// uploadRow is an upload as it is stored. FreeSince is when it was last taken by no row, and no time while one has it.
type uploadRow struct {
	N                    int64
	ID, TenantID, Actor  string
	Name, MediaType, Sum string
	Size                 int64
	FreeSince            field.Time
}

func (u uploadRow) file() field.File {
	return field.File{ID: u.ID, Name: u.Name, MediaType: u.MediaType, Size: u.Size}
}

const (
	freeUploadLife = 24 * time.Hour
	uploadAtOnce   = 1000
)

var uploadTable = newUploadTable()

func newUploadTable() *resource.Table {
	t := resource.NewTable[uploadRow]("upload")
	t.Blobs = store.BlobDir
	t.Indexes = []resource.Index{
		{Columns: []string{"sum"}, Across: true},
		{Columns: []string{"free_since"}, Where: "free_since IS NOT NULL", Across: true},
	}
	return t
}

// Uploads keeps the files that people send, and gives them to the rows that take them.
type Uploads struct {
	blobs store.Blobs
	limit int64
	// storing keeps content from being removed while an upload of the same is stored.
	storing sync.RWMutex
}

// NewUploads keeps files in the kernel's data directory; limit is that of one file in bytes, and reserve what files leave free of the disk.
func NewUploads(kernel *resource.Kernel, limit, reserve int64) *Uploads {
	blobs := kernel.Blobs(store.BlobDir)
	blobs.Reserve = reserve
	return &Uploads{blobs: blobs, limit: limit}
}

// Require refuses an actor who may not upload, before the content is read.
func (u *Uploads) Require(s *resource.Session) error {
	return s.RequirePermission("file:create")
}

// Add stores content that a row may take then.
func (u *Uploads) Add(s *resource.Session, name string, content io.Reader) (Upload, error) {
	if err := u.Require(s); err != nil {
		return Upload{}, err
	}
	incoming, err := u.blobs.Receive(content, u.limit)
	if err != nil {
		return Upload{}, err
	}
	defer incoming.Discard()
	file, err := incoming.Open()
	if err != nil {
		return Upload{}, err
	}
	defer file.Close()
	kind, err := field.MediaType(file)
	if err != nil {
		return Upload{}, err
	}
	row := uploadRow{
		ID:        resource.NewID(),
		Actor:     actorOf(s),
		Name:      field.FileName(name),
		MediaType: kind,
		Sum:       incoming.Sum,
		Size:      incoming.Size,
		FreeSince: s.Now,
	}
	u.storing.RLock()
	defer u.storing.RUnlock()
	if err := incoming.Keep(); err != nil {
		return Upload{}, err
	}
	err = s.Write(func(s *resource.Session) error {
		if err := s.Insert(uploadTable, &row); err != nil {
			return err
		}
		return s.Record("file", "uploaded", row.ID, resource.Success)
	})
	return Upload{row.file(), row.Sum}, err
}

func actorOf(s *resource.Session) string { return s.Actor.Kind + " " + s.Actor.ID }

// Free finds what the actor uploaded and no row took.
func (u *Uploads) Free(s *resource.Session, id string) (field.File, bool, error) { return free(s, id) }

func free(s *resource.Session, id string) (field.File, bool, error) {
	rows, err := resource.Select[uploadRow](s, "SELECT * FROM {upload} WHERE id = ? AND actor = ? AND free_since IS NOT NULL", id,
		actorOf(s))
	if err != nil || len(rows) == 0 {
		return field.File{}, false, err
	}
	return rows[0].file(), true, nil
}

// take gives a row the upload that it names, and frees the one that it had. It tells in a sentence what forbids it.
func take(s *resource.Session, f *field.Field, held *field.File, before field.File) (string, error) {
	if held.ID == before.ID {
		*held = before
		return "", nil
	}
	since := func(id string, at any) error {
		_, err := s.Change(uploadTable, []resource.Pair{{Column: "free_since", Value: at}}, []resource.Pair{{Column: "id", Value: id}})
		return err
	}
	if held.ID != "" {
		file, free, err := free(s, held.ID)
		if err != nil {
			return "", err
		}
		if !free {
			return "is not found among your uploads that nothing took", nil
		}
		if message := f.Takes(file); message != "" {
			return message, nil
		}
		*held = file
		if err := since(file.ID, nil); err != nil {
			return "", err
		}
	}
	return "", since(before.ID, int64(s.Now))
}

// Open reads the content of a file that a row of the session's tenant holds.
func (u *Uploads) Open(s *resource.Session, file field.File) (*os.File, error) {
	sum, err := resource.SelectOne[string](s, "SELECT sum FROM {upload} WHERE id = ?", file.ID)
	if err != nil {
		return nil, err
	}
	content, err := u.blobs.Open(sum)
	if err != nil {
		return nil, fault.New(fault.NotFound, "The content of this file is missing. Restore the folder %s from a backup.", store.BlobDir).Because(err)
	}
	return content, nil
}

// Jobs is the periodic work of uploads.
func (u *Uploads) Jobs(kernel *resource.Kernel) []jobs.Work {
	return []jobs.Work{jobs.Hourly("forget-uploads", func(ctx context.Context) error { return u.Forget(ctx, kernel) })}
}

// Forget removes what no row took, with its content where no other upload has the same.
func (u *Uploads) Forget(ctx context.Context, kernel *resource.Kernel) error {
	u.storing.Lock()
	defer u.storing.Unlock()
	var sums []string
	system := kernel.System(ctx, "uploads that nothing took are kept equally long for every tenant")
	before := system.Now.Add(-freeUploadLife)
	err := system.Write(func(s *resource.Session) error {
		sums = nil
		rows, err := resource.Select[uploadRow](s, "SELECT * FROM {upload} WHERE free_since <= ? ORDER BY free_since LIMIT ?",
			int64(before), uploadAtOnce)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if _, err := s.Erase(uploadTable, resource.Pair{Column: "id", Value: row.ID}); err != nil {
				return err
			}
			others, err := resource.SelectOne[int](s, "SELECT count(*) FROM {upload} WHERE sum = ?", row.Sum)
			if err != nil {
				return err
			}
			if others == 0 {
				sums = append(sums, row.Sum)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, sum := range sums {
		if err := u.blobs.Remove(sum); err != nil {
			return err
		}
	}
	return u.blobs.Sweep(before.Go())
}

// EraseTenant removes the files of an organization that is deleted, and tells how many there were.
func (u *Uploads) EraseTenant(ctx context.Context, kernel *resource.Kernel, tenant string) (count int64, err error) {
	within := kernel.System(ctx, "the files of a deleted organization go with it").In(tenant)
	err = within.Write(func(s *resource.Session) error {
		count, err = s.Change(uploadTable, []resource.Pair{{Column: "free_since", Value: int64(1)}}, nil)
		return err
	})
	for left := 1; err == nil && left > 0; {
		if err = u.Forget(ctx, kernel); err == nil {
			left, err = resource.SelectOne[int](within, "SELECT count(*) FROM {upload}")
		}
	}
	return count, err
}
