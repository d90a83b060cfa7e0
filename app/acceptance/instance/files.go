package instance

import (
	"bytes"
	encoding "encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"mime/multipart"
	"net/textproto"
	"strings"
)

// SmallPicture is a PNG of a few pixels.
var SmallPicture = func() []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		panic(err)
	}
	return out.Bytes()
}()

// UploadForm is a body with one file, whose sender lies about its type.
func UploadForm(field, name string, content []byte) (body []byte, contentType string) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"; filename="%s"`, field, strings.ReplaceAll(name, `"`, `\"`))},
		"Content-Type":        {"image/png"}})
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil {
		panic(err)
	}
	w.Close()
	return out.Bytes(), w.FormDataContentType()
}

// Upload gives a file as a row holds it.
func (c *Client) Upload(name string, content []byte) map[string]any {
	c.Instance.T.Helper()
	var made map[string]any
	body, kind := UploadForm("file", name, content)
	c.Must(c.Call("POST", "files", body, "Content-Type", kind), 201, &made)
	delete(made, "sha256")
	return made
}

// HugePicture is the beginning of a PNG that claims a size.
func HugePicture(width, height uint32) []byte {
	head := append([]byte("IHDR"), encoding.BigEndian.AppendUint32(encoding.BigEndian.AppendUint32(nil, width), height)...)
	head = append(head, 8, 0, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return encoding.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}
