package ui

import (
	"io"
	"mime/multipart"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// longestFormFields bounds what a form has beside its files.
const longestFormFields = 1 << 20

// readParts reads a form with files. A file becomes an upload, and the form's value is its id; the session's token has to
// come before the first one.
func (v *visit) readParts() error {
	v.form = url.Values{}
	left, files := int64(longestFormFields), 0
	err := v.EachPart(func(part *multipart.Part) error {
		if part.FileName() == "" {
			text, err := io.ReadAll(io.LimitReader(part, left+1))
			if left -= int64(len(text)); err == nil && left < 0 {
				err = fault.New(fault.TooLarge, "The form is over the limit of %d bytes.", longestFormFields)
			}
			// An input for a file that nobody chose is sent without a name.
			if part.Header.Get("Content-Type") == "" {
				v.form.Add(part.FormName(), string(text))
			}
			return err
		}
		if files++; files == 1 {
			if err := edge.CheckForm(v.person, v.form); err != nil {
				return err
			}
		}
		stored, err := v.site.uploads.Add(v.person.Session, part.FileName(), part)
		v.form[part.FormName()] = []string{stored.ID}
		v.form.Del(part.FormName() + ".remove") // another file takes its place
		return err
	})
	if err != nil {
		return err
	}
	return edge.CheckForm(v.person, v.form)
}

// download answers the file that a field of a row holds.
func (s *Site) download(kind resource.Resource) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		return edge.Download(v.person, s.uploads, kind, id, v.Param("field"))
	})
}

// fileField shows the file that is there, with a way to take it off, beside the input for another one.
func (v *visit) fileField(kind resource.Resource, record resource.Record, f *field.Field, view *FieldView) error {
	if view.Value == "" {
		return nil
	}
	if record != nil {
		if file, ok := kind.File(record, f); ok && file.ID == view.Value {
			view.Present = &Download{file.Name, downloadPath(kind, record, f), Bytes(file.Size)}
			return nil
		}
	}
	// It was uploaded with a form that was refused, and need not be sent again.
	file, ok, err := v.site.uploads.Free(v.person.Session, view.Value)
	if ok {
		view.Present = &Download{Name: file.Name, Size: Bytes(file.Size)}
	} else {
		view.Value = ""
	}
	return err
}

func downloadPath(kind resource.Resource, record resource.Record, f *field.Field) string {
	return "/" + kind.Spec().Path + "/" + kind.ID(record) + "/files/" + f.Name
}

// fileCell leads to the content of a file.
func fileCell(kind resource.Resource, record resource.Record, f *field.Field) Cell {
	file, ok := kind.File(record, f)
	if !ok {
		return nil
	}
	return Download{file.Name, downloadPath(kind, record, f), Bytes(file.Size)}
}

// Download is a file with its size. Without an address it is named only.
type Download struct{ Name, Href, Size string }

func (c Download) write(m *markup, viewer Viewer) {
	Reference{c.Name, c.Href}.write(m, viewer)
	m.raw(` <small class="soft">`)
	m.text(c.Size)
	m.raw(`</small>`)
}

// Picture is an uploaded picture, shown whole.
type Picture struct{ Name, Href string }
