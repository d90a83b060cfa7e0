package field

import (
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"path"
	"strings"
	"unicode"

	"golang.org/x/image/webp"
)

// pictures are the media types that a field.Image takes.
var pictures = []string{"image/png", "image/jpeg", "image/webp", "image/gif"}

// mostPixels bounds a picture, since a small file can claim to be a huge one.
const mostPixels = 50_000_000

// MediaType says what content is by looking at it; what its sender says does not count. A picture that can't be read or is
// too large is no picture.
func MediaType(content io.ReadSeeker) (string, error) {
	beginning := make([]byte, 512)
	n, err := io.ReadFull(content, beginning)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", err
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	kind, _, _ := strings.Cut(http.DetectContentType(beginning[:n]), ";")
	decode := map[string]func(io.Reader) (image.Config, error){
		"image/png":  png.DecodeConfig,
		"image/jpeg": jpeg.DecodeConfig,
		"image/webp": webp.DecodeConfig,
		"image/gif":  gif.DecodeConfig,
	}[kind]
	if decode == nil {
		return kind, nil
	}
	picture, err := decode(content)
	if err != nil || picture.Width <= 0 || picture.Height <= 0 || picture.Width > mostPixels/picture.Height {
		return "application/octet-stream", nil
	}
	return kind, nil
}

const longestFileName = 200

// FileName cleans the name that a file came with: no folder, no sign that is not seen or that turns the others round.
func FileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	letters := []rune(strings.Trim(name, " ./"))
	if len(letters) > longestFileName {
		letters = letters[len(letters)-longestFileName:] // the end says what the file is
	}
	if len(letters) == 0 {
		return "file"
	}
	return string(letters)
}
