package edge

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"zygo/app/fault"
)

// expectBody is asked before a body arrives. One byte is awaited before the handler is called, which decides whether it wants
// the rest: a refusal does not wait for it, and nobody without a right holds a connection by it.
func (s *Server) expectBody(*fasthttp.RequestHeader) fasthttp.RequestConfig {
	return fasthttp.RequestConfig{MaxRequestBodySize: 1}
}

// formLimit is what a form may have: one file, and the other fields.
func (s *Server) formLimit() int { return int(s.options.UploadLimit) + s.options.BodyLimit }

// readBody reads the body, or leaves it to Parts where the route takes files and a form has them.
func (s *Server) readBody(c *fiber.Ctx, r *Request, upload bool) error {
	isForm := upload && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
	limit := s.options.BodyLimit
	if isForm {
		limit = s.formLimit()
	}
	tooLarge := fault.New(fault.TooLarge, "The body is over the limit of %d bytes.", limit)
	if c.Request().Header.ContentLength() > limit {
		return tooLarge
	}
	stream := c.Context().RequestBodyStream()
	if stream == nil {
		return nil
	}
	watched := &watchedReader{from: stream, conn: c.Context().Conn(), began: time.Now(), left: limit, tooLarge: tooLarge}
	r.upload = watched
	if isForm {
		return nil
	}
	var err error
	if r.Body, err = io.ReadAll(watched); err != nil {
		var public *fault.Error
		if errors.As(err, &public) {
			return err
		}
		return fault.New(fault.BadRequest, "The body ended before its end.").Because(err)
	}
	return nil
}

// What a client has to send at least, so that a slow line has the time that it needs and nobody holds a connection by a byte
// now and then.
const (
	readPause = 15 * time.Second
	readRate  = 4 << 10 // bytes a second, on the whole
)

// watchedReader reads a body up to a limit and knows whether it came to its end.
type watchedReader struct {
	from     io.Reader
	conn     net.Conn
	began    time.Time
	read     int
	left     int
	ended    bool
	tooLarge error
}

func (w *watchedReader) Read(p []byte) (int, error) {
	if w.ended {
		return 0, io.EOF
	}
	latest := w.began.Add(readPause + time.Duration(w.read)*time.Second/readRate)
	if pause := time.Now().Add(readPause); pause.Before(latest) {
		latest = pause
	}
	if err := w.conn.SetReadDeadline(latest); err != nil {
		return 0, err
	}
	n, err := w.from.Read(p)
	w.read += n
	if w.left -= n; w.left < 0 {
		return 0, w.tooLarge
	}
	w.ended = err == io.EOF
	return n, err
}

// closeUnread ends the connection after the answer where a part of the body was not read: it would be taken for the next
// request.
func closeUnread(c *fiber.Ctx, r *Request) {
	watched, ok := r.upload.(*watchedReader)
	if c.Context().RequestBodyStream() != nil && c.Request().Header.ContentLength() != 0 && (!ok || !watched.ended) {
		c.Context().SetConnectionClose()
		linger(c.Context().Conn())
	}
}

// CheckType refuses a body of another media type, or in another charset than UTF-8, as which it is read.
func (r *Request) CheckType(want string) error {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != want {
		return fault.New(fault.UnsupportedMedia, "Send the body as %s.", want)
	}
	if charset, named := parameters["charset"]; named && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "us-ascii") {
		return fault.New(fault.UnsupportedMedia, "Send the body in UTF-8.")
	}
	return nil
}

// IsForm tells whether the body is a form with files, which Parts reads.
func (r *Request) IsForm() bool { return r.upload != nil && r.Body == nil }

// Parts reads a form with files, a part at a time: what was read of one is gone when the next one is asked for.
func (r *Request) Parts() (*multipart.Reader, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" || len(parameters["boundary"]) > 70 {
		return nil, fault.New(fault.UnsupportedMedia, "Send the file as multipart/form-data.")
	}
	body := r.upload
	if body == nil {
		body = bytes.NewReader(r.Body)
	}
	return multipart.NewReader(body, parameters["boundary"]), nil
}

// mostParts is how many parts a form may have.
const mostParts = 1000

// EachPart calls with each part of a form until there are no more. The form has to end as it said.
func (r *Request) EachPart(take func(part *multipart.Part) error) error {
	parts, err := r.Parts()
	if err != nil {
		return err
	}
	for range mostParts {
		part, err := parts.NextRawPart() // RFC 7578 knows no codings of parts
		if err == io.EOF {
			// What stands behind the last part is read, so that the connection can be used again.
			if r.upload != nil {
				_, err = io.Copy(io.Discard, r.upload)
				return err
			}
			return nil
		}
		if err != nil {
			return formError(errors.Join(errMalformed, err)) // whatever it is: a part begins with what the client wrote
		}
		if err := take(part); err != nil {
			return formError(err)
		}
	}
	return fault.New(fault.BadRequest, "The form has more than %d parts.", mostParts)
}

// errMalformed marks what is wrong with the form itself.
var errMalformed = errors.New("a malformed form")

// formError takes what is wrong with a form for the client's mistake, unless it says itself whose it is.
func formError(err error) error {
	if _, ok := fault.As(err); ok {
		return err
	}
	if errors.Is(err, errMalformed) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		strings.HasPrefix(err.Error(), "multipart: ") {
		return fault.New(fault.BadRequest, "The form with the file can't be read: it is cut off or not in its form.").Because(err)
	}
	return err
}
