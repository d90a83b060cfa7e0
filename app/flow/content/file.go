package content

import (
	"encoding/base64"
	"mime"
	"strings"
	"unicode"

	"zygo/app/value"
)

// File is what bytes become that are no text. In an item it is an object, so that it flows through every node.
type File struct {
	Name, MediaType string
	Body            []byte
}

// Value is the file as it stands in an item.
func (f File) Value() value.Value {
	return value.Object(value.Member{
		Key:   "name",
		Value: value.String(f.Name),
	}, value.Member{Key: "media_type", Value: value.String(f.MediaType)},
		value.Member{Key: "size", Value: value.Int(int64(len(f.Body)))},
		value.Member{Key: "base64", Value: value.String(base64.StdEncoding.EncodeToString(f.Body))})
}

// unknownType is the media type of bytes of which nobody says what they are (RFC 2046, 4.5.1).
const unknownType = "application/octet-stream"

// SizeOf is how many bytes a file has that stands in an item, and whether the value is one.
func SizeOf(v value.Value) (int, bool) {
	if v.Kind() != value.ObjectKind || v.Get("base64").Kind() != value.StringKind {
		return 0, false
	}
	return base64.StdEncoding.DecodedLen(len(v.Get("base64").Raw())), true
}

// FileOf reads a file that stands in an item. Its name is one part of a path without control characters, and its type is well
// formed, whatever the item says: both come to stand in headers.
func FileOf(v value.Value) (File, bool) {
	if _, is := SizeOf(v); !is {
		return File{}, false
	}
	text := strings.TrimRight(v.Get("base64").Raw(), "=")
	body, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		if body, err = base64.RawURLEncoding.DecodeString(text); err != nil {
			return File{}, false
		}
	}
	return File{fileName(v.Get("name").Raw()), mediaType(v.Get("media_type").Raw()), body}, true
}

// mediaType writes a type anew: as it was given it may hold the line breaks that older headers were folded by.
func mediaType(given string) string {
	kind, parameters, err := mime.ParseMediaType(given)
	if err != nil {
		return unknownType
	}
	if formed := mime.FormatMediaType(kind, parameters); formed != "" {
		return formed
	}
	return unknownType
}

// longestName is what file systems take.
const longestName = 255

func fileName(name string) string {
	name = strings.ToValidUTF8(name[strings.LastIndexAny(name, `/\`)+1:], "")
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, name)
	if name == "." || name == ".." {
		return ""
	}
	if len(name) > longestName {
		name = strings.ToValidUTF8(name[:longestName], "")
	}
	return name
}
