package resource

import (
	"context"
	"io"
	"os"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
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

const freeUploadLife = 24 * time.Hour

func uploadTable() *store.Table {
	t := store.NewTable[uploadRow]("upload")
	t.Indexes = []store.Index{{Columns: []string{"sum"}, Across: true}, {Columns: []string{"free_since"}, Where: "free_since IS NOT NULL", Across: true}}
	return t
}

// uploads is the word for permission and ledger of what has no kind.
var uploads = &Spec{Name: "file", label: "file"}

// Upload stores content that a row may take then.
func (s *Session) Upload(name string, content io.Reader, limit int64) (Upload, error) {
	if err := s.RequireUpload(); err != nil {
		return Upload{}, err
	}
	incoming, err := s.kernel.store.Blobs().Receive(content, limit)
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
	row := uploadRow{ID: NewID(), Actor: s.actorKey(), Name: field.FileName(name), MediaType: kind, Sum: incoming.Sum, Size: incoming.Size, FreeSince: s.Now}
	s.kernel.blobs.RLock() // what is stored already is not removed before the row names it
	defer s.kernel.blobs.RUnlock()
	if err := incoming.Keep(); err != nil {
		return Upload{}, err
	}
	err = s.Write(func(s *Session) error {
		if err := s.tx.Insert(s.scope, s.kernel.uploads, &row); err != nil {
			return err
		}
		return s.Record(uploads.Name, "uploaded", row.ID, Success)
	})
	return Upload{row.file(), row.Sum}, err
}

// RequireUpload refuses an actor who may not upload, before the content is read.
func (s *Session) RequireUpload() error { return s.require(uploads, Create, "") }

func (s *Session) actorKey() string { return s.Actor.Kind + " " + s.Actor.ID }

// FreeUpload finds what the actor uploaded and no row took.
func (s *Session) FreeUpload(id string) (field.File, bool, error) {
	rows, err := Select[uploadRow](s, "SELECT * FROM {upload} WHERE id = ? AND actor = ? AND free_since IS NOT NULL", id, s.actorKey())
	if err != nil || len(rows) == 0 {
		return field.File{}, false, err
	}
	return rows[0].file(), true, nil
}

// take gives a row the upload that it names, and frees the one that it had. It tells in a sentence what forbids it.
func (s *Session) take(f *field.Field, held *field.File, before field.File) (string, error) {
	if held.ID == before.ID {
		*held = before
		return "", nil
	}
	if held.ID != "" {
		file, free, err := s.FreeUpload(held.ID)
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
		if _, err := s.Change(s.kernel.uploads, []Pair{{Column: "free_since", Value: nil}}, []Pair{{Column: "id", Value: file.ID}}); err != nil {
			return "", err
		}
	}
	_, err := s.Change(s.kernel.uploads, []Pair{{Column: "free_since", Value: int64(s.Now)}}, []Pair{{Column: "id", Value: before.ID}})
	return "", err
}

// OpenFile reads the content of a file that a row of the session's tenant holds.
func (s *Session) OpenFile(file field.File) (*os.File, error) {
	sum, err := SelectOne[string](s, "SELECT sum FROM {upload} WHERE id = ?", file.ID)
	if err != nil {
		return nil, err
	}
	content, err := s.kernel.store.Blobs().Open(sum)
	if err != nil {
		return nil, fault.New(fault.NotFound, "The content of this file is missing. Restore the folder %s from a backup.", store.BlobDir).Because(err)
	}
	return content, nil
}

// ForgetUploads removes what no row took, with its content where no other upload has the same.
func (k *Kernel) ForgetUploads(ctx context.Context) error {
	k.blobs.Lock()
	defer k.blobs.Unlock()
	var sums []string
	err := k.System(ctx, "uploads that nothing took are kept equally long for every tenant").Write(func(s *Session) error {
		sums = nil
		rows, err := Select[uploadRow](s, "SELECT * FROM {upload} WHERE free_since <= ? ORDER BY free_since LIMIT 1000", int64(s.Now.Add(-freeUploadLife)))
		if err != nil {
			return err
		}
		for _, row := range rows {
			if _, err := s.Erase(k.uploads, Pair{Column: "id", Value: row.ID}); err != nil {
				return err
			}
			others, err := SelectOne[int](s, "SELECT count(*) FROM {upload} WHERE sum = ?", row.Sum)
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
		if err := k.store.Blobs().Remove(sum); err != nil {
			return err
		}
	}
	return k.store.Blobs().Sweep(k.now().Add(-freeUploadLife).Go())
}
