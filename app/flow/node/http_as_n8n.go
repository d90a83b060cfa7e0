package node

import (
	"net/http"
	"slices"
	"strings"

	"zygo/app/flow/content"
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

// isBinary tells of a type that it holds no text.
func isBinary(kind content.Type) bool {
	group, _, _ := strings.Cut(kind.Name, "/")
	return slices.Contains([]string{"image", "audio", "video", "font"}, group) && kind.Name != "image/svg+xml" ||
		slices.Contains([]string{"application/octet-stream", "application/pdf", "application/zip", "application/gzip"}, kind.Name)
}
