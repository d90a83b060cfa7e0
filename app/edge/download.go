package edge

import (
	"mime"
	"net/http"
	"strings"

	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/operation"
	"zygo/app/platform"
	"zygo/app/resource"
)

// Download answers the file that a field of a row holds. The row is read as on its page, so who may not see it gets the
// same answer as for a row that does not exist. What people uploaded never runs here: it is saved and not opened, unless
// it is a picture.
func Download(p *people.Person, uploads *platform.Uploads, kind resource.Resource, id, name string) (*Response, error) {
	record, err := kind.Get(p.Session, id)
	if err != nil {
		return nil, err
	}
	f, ok := kind.Spec().Field(name)
	if !ok || f.Internal || !f.Holds() {
		return nil, fault.New(fault.NotFound, "%s have no file %q.", kind.Spec().PluralLabel(), name)
	}
	file, ok := kind.File(record, f)
	if !ok {
		return nil, fault.New(fault.NotFound, "This %s has no file there.", strings.ToLower(kind.Spec().Label()))
	}
	content, err := uploads.Open(p.Session, file)
	if err != nil {
		return nil, err
	}
	shown, kindOf := "attachment", "application/octet-stream"
	if file.IsImage() {
		shown, kindOf = "inline", file.MediaType
	} else if file.MediaType == "application/pdf" || strings.HasPrefix(file.MediaType, "audio/") ||
		strings.HasPrefix(file.MediaType, "video/") {
		kindOf = file.MediaType
	}
	response := inert(kindOf, nil)
	response.File, response.Size = content, file.Size
	response.Header.Set("Content-Disposition", mime.FormatMediaType(shown, map[string]string{"filename": file.Name}))
	return response, nil
}

// NewContent answers with a file of a media type.
func NewContent(media string, c operation.Content) *Response {
	response := inert(media, c.Body)
	response.Stream = c.Write
	if c.Name != "" {
		response.Header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": c.Name}))
	}
	return response
}

// inert is a response of which nothing runs in this origin.
func inert(contentType string, body []byte) *Response {
	response := NewResponse(http.StatusOK, contentType, body)
	response.Header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	return response
}
