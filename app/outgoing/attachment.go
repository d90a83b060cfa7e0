package outgoing

import (
	"bytes"
	"mime"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"zygo/app/fault"
)

// attach adds files to a mail. Their names and types come to stand in headers, so that a control character in one is refused.
func attach(msg *gomail.Msg, files []Attachment) error {
	if len(files) > mostAttachments {
		return fault.InvalidField("attachments", "are %d; a mail may have %d", len(files), mostAttachments)
	}
	left := mostAttached
	for _, file := range files {
		if left -= len(file.Body); left < 0 {
			return fault.InvalidField("attachments", "have more than %d MiB together", mostAttached>>20)
		}
		name, mediaType := file.Name, file.MediaType
		if name == "" {
			name = "file"
		}
		if strings.ContainsFunc(name, unicode.IsControl) {
			return fault.InvalidField("attachments", "have a name with a control character: %.100q", name)
		}
		kind, _, err := mime.ParseMediaType(mediaType)
		if err != nil || strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/") {
			kind = "application/octet-stream" // those two have a form of their own, in which a mail program looks for parts
		}
		if err := msg.AttachReader(name, bytes.NewReader(file.Body), gomail.WithFileContentType(gomail.ContentType(kind))); err != nil {
			return fault.InvalidField("attachments", "%.100q can't be attached", name).Because(err)
		}
	}
	return nil
}
