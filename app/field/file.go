package field

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
)

// File is a file that somebody uploaded, as a row holds it; the zero File is none. Input names the upload by its id, and
// what stands beside the id comes from the upload, inside the write.
type File struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size"`
}

// Image is a File that holds a picture.
type Image struct{ File }

// Column is the column type: no file is NULL.
func (File) Column() string { return nullableColumn }

// Value is what the driver stores.
func (f File) Value() (driver.Value, error) {
	if f.ID == "" {
		return nil, nil
	}
	return string(f.appendJSON(nil)), nil
}

// Scan reads what the driver stored.
func (f *File) Scan(from any) error { return scanJSON(from, f) }

// IsImage tells whether the content is a picture that browsers show.
func (f File) IsImage() bool { return slices.Contains(pictures, f.MediaType) }

func (f File) appendJSON(out []byte) []byte {
	if f.ID == "" {
		return append(out, "null"...)
	}
	out = AppendJSONString(append(out, `{"id":`...), f.ID)
	out = AppendJSONString(append(out, `,"name":`...), f.Name)
	out = AppendJSONString(append(out, `,"media_type":`...), f.MediaType)
	return append(strconv.AppendInt(append(out, `,"size":`...), f.Size, 10), '}')
}

type fileType struct{}

func (fileType) Name() string { return "file" }

func (fileType) Schema(f *Field) Schema {
	kinds := []any{"object", "string"}
	if !f.Required {
		kinds = append(kinds, "null")
	}
	return Schema{
		"type":        kinds,
		"description": "Given as the id of an upload, or as an object with it.",
		"x-upload":    "file",
		"properties": Schema{
			"id": Schema{
				"type":   "string",
				"format": "uuid",
			}, "name": Schema{"type": "string"}, "media_type": Schema{"type": "string"}, "size": Schema{"type": "integer"}},
	}
}

func (fileType) AppendJSON(out []byte, v reflect.Value) []byte { return held(v).appendJSON(out) }

func (t fileType) FromJSON(f *Field, raw []byte, v reflect.Value) error {
	if id, err := jsonString(raw); err == nil {
		return t.FromText(f, id, v)
	}
	var given File
	if json.Unmarshal(raw, &given) != nil {
		return errors.New("must be the id of an upload")
	}
	v.SetZero()
	*held(v) = given
	return nil
}

// FromText reads the id of an upload. What else input says of a file is replaced by what the upload says.
func (fileType) FromText(_ *Field, text string, v reflect.Value) error {
	v.SetZero()
	*held(v) = File{ID: text}
	return nil
}

func (fileType) Text(v reflect.Value) string { return held(v).ID }

func (fileType) Check(f *Field, v reflect.Value) string {
	if f.Required && held(v).ID == "" {
		return "is required"
	}
	return ""
}

func (fileType) takes(File) string { return "" }

type imageType struct{ fileType }

func (imageType) Name() string { return "image" }

func (t imageType) Schema(f *Field) Schema {
	schema := t.fileType.Schema(f)
	schema["x-upload"] = "image"
	return schema
}

func (imageType) takes(f File) string {
	if !f.IsImage() {
		return "must be a picture: PNG, JPEG, WebP or GIF, of " + strconv.Itoa(mostPixels/1_000_000) + " million pixels at most"
	}
	return ""
}

// held is the File within a value that may be an Image. A value that can't be changed is copied.
func held(v reflect.Value) *File {
	if !v.CanAddr() {
		copied := reflect.New(v.Type()).Elem()
		copied.Set(v)
		v = copied
	}
	if image, ok := v.Addr().Interface().(*Image); ok {
		return &image.File
	}
	return v.Addr().Interface().(*File)
}
