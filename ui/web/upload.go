package web

import (
	"io"
	"mime/multipart"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
)

// LongestFormFields bounds what a form has besides its files.
const LongestFormFields = 1 << 20

// readParts reads a form with files. A file becomes an upload, and the form's value is its id; the session's token has to
// come before the first one.
func (v *Visit) readParts() error {
	v.Form = url.Values{}
	left, files := int64(LongestFormFields), 0
	err := v.EachPart(func(part *multipart.Part) error {
		if part.FileName() == "" {
			text, err := io.ReadAll(io.LimitReader(part, left+1))
			if left -= int64(len(text)); err == nil && left < 0 {
				err = fault.New(fault.TooLarge, "The form is over the limit of %d bytes.", LongestFormFields)
			}
			// An input for a file that nobody chose is sent without a name.
			if part.Header.Get("Content-Type") == "" {
				v.Form.Add(part.FormName(), string(text))
			}
			return err
		}
		if files++; files == 1 {
			if err := edge.CheckForm(v.Person, v.Form); err != nil {
				return err
			}
		}
		stored, err := v.Site.Uploads.Add(v.Person.Session, part.FileName(), part)
		v.Form[part.FormName()] = []string{stored.ID}
		v.Form.Del(part.FormName() + ".remove") // another file takes its place
		return err
	})
	if err != nil {
		return err
	}
	return edge.CheckForm(v.Person, v.Form)
}

// FileField shows the file that is there, with a way to take it off, beside the input for another one.
func (v *Visit) FileField(kind resource.Resource, record resource.Record, f *field.Field, view *markup.FieldView) error {
	if view.Value == "" {
		return nil
	}
	if record != nil {
		if file, ok := kind.File(record, f); ok && file.ID == view.Value {
			view.Present = &markup.Download{Name: file.Name, Href: DownloadPath(kind, record, f), Size: markup.Bytes(file.Size)}
			return nil
		}
	}
	// It was uploaded with a form that was refused, and need not be sent again.
	file, ok, err := v.Site.Uploads.Free(v.Person.Session, view.Value)
	if ok {
		view.Present = &markup.Download{Name: file.Name, Size: markup.Bytes(file.Size)}
	} else {
		view.Value = ""
	}
	return err
}

// DownloadPath is the address of the file in a field of a row.
func DownloadPath(kind resource.Resource, record resource.Record, f *field.Field) string {
	return "/" + kind.Spec().Path + "/" + kind.ID(record) + "/files/" + f.Name
}

// FileCell leads to the content of a file.
func FileCell(kind resource.Resource, record resource.Record, f *field.Field) markup.Cell {
	file, ok := kind.File(record, f)
	if !ok {
		return nil
	}
	return markup.Download{Name: file.Name, Href: DownloadPath(kind, record, f), Size: markup.Bytes(file.Size)}
}
