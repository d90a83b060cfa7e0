package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"

	"zygo/app/flow/content"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// read makes items of an answer. A workflow that behaves as in n8n has its names, adds a file to the item, and takes an answer
// that is JSON by its header and not by its content for an error.
func (q *httpCall) read(came *http.Response, body []byte) (*answer, error) {
	p := q.p
	if !q.call.AsInN8n || p.from.isRecipe {
		return p.read(came, body)
	}
	kind := content.TypeOf(came.Header.Get("Content-Type"))
	switch p.Response {
	case "full":
		read, err := p.read(came, body)
		if err == nil {
			read.values = []value.Value{fullAsInN8n(came, read.values[0])}
		}
		return read, err
	case "text":
		return p.read(came, body)
	case "auto", "json":
		switch {
		case len(body) == 0:
			return &answer{header: came.Header, url: came.Request.URL, values: []value.Value{value.Object()}}, nil
		case p.Response == "auto" && isBinary(kind):
		case p.Response == "json" || kind.IsJSON():
			return q.readJSON(came, kind, body)
		default:
			return p.read(came, body)
		}
	}
	file := *p
	file.Response = "file"
	read, err := file.read(came, body)
	if err == nil {
		for name, v := range read.values[0].Members() {
			if v.Get("media_type").Raw() == "" {
				v, _ = v.Set(value.Path{value.Key("media_type")}, value.String("text/plain")) // an object takes a field
			}
			if read.values[0], err = with(q.item, "field", name, v); err != nil {
				return nil, err
			}
		}
	}
	return read, err
}

// readJSON reads an answer that must be JSON: an object, a list, a number or nothing, and no text.
func (q *httpCall) readJSON(came *http.Response, kind content.Type, body []byte) (*answer, error) {
	if parsed, err := content.JSON(kind, body); err != nil || parsed.Kind() == value.StringKind {
		return nil, &Error{Code: "HTTP_ANSWER", Message: "The answer is not JSON that can be read.", Cause: err}
	}
	read, err := q.p.read(came, body)
	if err != nil {
		return nil, err
	}
	for i, v := range read.values {
		if alone := v.Get(fieldOf(q.p)); v.Len() == 1 && alone.Kind() == value.NullKind && !isObject(read.whole, i) {
			read.values[i] = value.Object()
		}
	}
	return read, nil
}

// isObject tells whether an item was an object in the answer.
func isObject(whole value.Value, i int) bool {
	if whole.Kind() == value.ListKind {
		whole = whole.At(i)
	}
	return whole.Kind() == value.ObjectKind
}

func fullAsInN8n(came *http.Response, full value.Value) value.Value {
	return value.Object(value.Member{Key: "body", Value: full.Get("body")}, value.Member{Key: "headers", Value: full.Get("headers")},
		value.Member{Key: "statusCode", Value: value.Int(int64(came.StatusCode))},
		value.Member{Key: "statusMessage", Value: value.String(http.StatusText(came.StatusCode))})
}

// valuesAtEnd are the items of the answer that says that there are no more pages. In n8n it counts as a page.
func (q *httpCall) valuesAtEnd(last *Error) []value.Value {
	if !q.call.AsInN8n || q.p.from.isRecipe {
		return nil
	}
	var values []value.Value
	for _, entry := range value.List(last.Body).Elements() {
		values = append(values, objectOf(fieldOf(q.p), entry))
	}
	return values
}

// unanswered says in the words of n8n why no answer came, where workflows may look for those.
func (q *httpCall) unanswered(err error) error {
	var failed *Error
	if !q.call.AsInN8n || q.p.from.isRecipe || !errors.As(err, &failed) {
		return err
	}
	switch _, code := failed.Network(); code {
	case timedOut:
		failed.Message = fmt.Sprintf("timeout of %.0fms exceeded", q.p.Timeout*1000)
	case redirected:
		failed.Message = "Maximum number of redirects exceeded"
	case refused:
		failed.Message = "connect ECONNREFUSED " + q.to.Host
	case notFound:
		failed.Message = "getaddrinfo ENOTFOUND " + q.to.Hostname()
	case reset:
		failed.Message = "socket hang up"
	}
	return err
}

// The codes of Node.js for requests without an answer.
const (
	timedOut   = "ECONNABORTED"
	redirected = "ERR_FR_TOO_MANY_REDIRECTS"
	refused    = "ECONNREFUSED"
	notFound   = "ENOTFOUND"
	reset      = "ECONNRESET"
)

// Network gives the name and the code that n8n has for the error of a request without an answer; both empty for another error.
func (e *Error) Network() (name, code string) {
	var lookup *net.DNSError
	switch {
	case e.Exchange == nil:
		return "", ""
	case errors.Is(e.Cause, outgoing.ErrRedirects):
		return "Error [" + redirected + "]", redirected
	case e.Code != "CONNECTION":
		return "", ""
	case errors.Is(e.Cause, context.DeadlineExceeded), errors.Is(e.Cause, os.ErrDeadlineExceeded):
		return "AxiosError", timedOut
	case errors.Is(e.Cause, syscall.ECONNREFUSED):
		return "Error", refused
	case errors.As(e.Cause, &lookup):
		return "Error", notFound
	case errors.Is(e.Cause, io.EOF), errors.Is(e.Cause, io.ErrUnexpectedEOF), errors.Is(e.Cause, syscall.ECONNRESET):
		return "Error", reset
	}
	return "Error", "ERR_NETWORK"
}

// isBinary tells of a type that it holds no text.
func isBinary(kind content.Type) bool {
	group, _, _ := strings.Cut(kind.Name, "/")
	return slices.Contains([]string{"image", "audio", "video", "font"}, group) && kind.Name != "image/svg+xml" ||
		slices.Contains([]string{"application/octet-stream", "application/pdf", "application/zip", "application/gzip"}, kind.Name)
}
