package format

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"zygo/app/flow/content"
	"zygo/app/value"
)

// mostArchive leaves room for what the files of an archive take in base64.
const mostArchive = 11 << 20

// readZIP gives a row for each file of an archive, with its path in the archive, which leads to no file of the machine.
func readZIP(_ Options, body []byte, put func(value.Value) error) error {
	archive, err := openZIP(body)
	if err != nil {
		return wrong("the file can't be unpacked: %s", err)
	}
	left := &unpacking{left: mostArchive}
	for _, f := range archive.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if f.Flags&1 != 0 {
			return wrong("the archive is locked with a password")
		}
		from, err := f.Open()
		if err != nil {
			return wrong("%.100q in the archive can't be unpacked", f.Name)
		}
		plain, err := io.ReadAll(left.of(from))
		_ = from.Close()
		if left.left < 0 {
			return wrong("unpacked the files take more than %d MiB", mostArchive>>20)
		}
		if err != nil {
			return wrong("%.100q in the archive is damaged", f.Name)
		}
		if err := put(value.Object(value.Member{Key: "path", Value: value.String(f.Name)},
			value.Member{Key: "data", Value: unpacked(f.Name, plain).Value()})); err != nil {
			return err
		}
	}
	return nil
}

// unpacked is a file of which only the name says what it is.
func unpacked(name string, body []byte) content.File {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "." || name == "/" {
		name = ""
	}
	return content.File{Name: name, MediaType: mediaTypeOf(name), Body: body}
}

// mediaTypes are those of files that often travel in archives, besides the ones that are made here.
var mediaTypes = map[string]string{
	".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".webp": "image/webp", ".svg": "image/svg+xml", ".md": "text/markdown", ".log": "text/plain", ".zip": "application/zip",
	".gz": "application/gzip", ".ics": "text/calendar", ".vcf": "text/vcard", ".eml": "message/rfc822", ".tsv": "text/tab-separated-values",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

func mediaTypeOf(name string) string {
	ending := strings.ToLower(path.Ext(name))
	for _, kind := range kinds {
		if kind.ending == ending {
			return kind.mediaType
		}
	}
	if known := mediaTypes[ending]; known != "" {
		return known
	}
	return "application/octet-stream"
}

// readGZIP gives the one file that is packed.
func readGZIP(_ Options, body []byte, put func(value.Value) error) error {
	from, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return wrong("the file is not packed by gzip")
	}
	left := &unpacking{left: mostArchive}
	plain, err := io.ReadAll(left.of(from))
	switch {
	case left.left < 0:
		return wrong("unpacked the file takes more than %d MiB", mostArchive>>20)
	case err != nil:
		return wrong("what is packed by gzip is cut off or damaged")
	}
	return put(value.Object(value.Member{Key: "data", Value: unpacked(from.Name, plain).Value()}))
}

// Pack makes an archive of files, or a gzip file of one. The time is that of the files in it.
func Pack(as, name string, files []content.File, at time.Time) (content.File, error) {
	to := &limited{}
	made := content.File{Name: Named(name, ".zip"), MediaType: "application/zip"}
	pack := packZIP
	if as == GZIP {
		if len(files) != 1 {
			return content.File{}, wrong("gzip packs one file, and there are %d: pack them as ZIP", len(files))
		}
		pack = packGZIP
		made = content.File{Name: Named(cmp.Or(name, files[0].Name), ".gz"), MediaType: "application/gzip"}
	}
	err := pack(to, files, at)
	made.Body = to.made.Bytes()
	return made, err
}

func packGZIP(to io.Writer, files []content.File, at time.Time) error {
	w := gzip.NewWriter(to)
	w.ModTime = at
	// The format knows no other letters in a name.
	if strings.IndexFunc(files[0].Name, func(r rune) bool { return r == 0 || r > 0xFF }) < 0 {
		w.Name = files[0].Name
	}
	if _, err := w.Write(files[0].Body); err != nil {
		return err
	}
	return w.Close()
}

func packZIP(to io.Writer, files []content.File, at time.Time) error {
	archive := zip.NewWriter(to)
	taken := map[string]bool{}
	for _, f := range files {
		name := cmp.Or(f.Name, "file")
		ending := path.Ext(name)
		stem := strings.TrimSuffix(name, ending)
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s-%d%s", stem, n, ending)
		}
		taken[name] = true
		w, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
		if err == nil {
			_, err = w.Write(f.Body)
		}
		if err != nil {
			return err
		}
	}
	return archive.Close()
}
