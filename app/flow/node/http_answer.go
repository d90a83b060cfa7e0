package node

import (
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"

	"zygo/app/fault"
	"zygo/app/flow/content"
	"zygo/app/value"
)

// read makes items of an answer: one of an object or a text, one per element of a list.
func (p *HTTP) read(came *http.Response, body []byte) (*answer, error) {
	read := &answer{header: came.Header, url: came.Request.URL}
	kind := content.TypeOf(came.Header.Get("Content-Type"))
	if p.Response == "file" {
		file := content.File{Name: answeredName(came), MediaType: kind.Name, Body: body}
		read.values = []value.Value{value.Object(value.Member{Key: fieldOf(p), Value: file.Value()})}
		return read, nil
	}
	got := content.Text(kind, body)
	if len(body) > 0 && (p.Response == "json" || kind.IsJSON() && p.Response != "text") {
		parsed, err := content.JSON(kind, body)
		switch {
		case err == nil && parsed.Depth() < value.Deepest:
			got = parsed
		case p.Response == "json":
			return nil, &Error{Code: "HTTP_ANSWER", Message: "The answer is not JSON that can be read.", Cause: err}
		}
	}
	read.whole = got
	if p.Entries != "" {
		path, err := value.ParsePath(p.Entries)
		if err != nil {
			return nil, fault.InvalidField("entries", "%s", err)
		}
		if got = got.Find(path); got.IsMissing() && p.from.isRecipe {
			got = value.List()
		}
		if got.Kind() != value.ListKind {
			return nil, &Error{Code: "HTTP_ANSWER", Message: fmt.Sprintf("The answer has no list at %.100s.", p.Entries)}
		}
	}
	switch {
	case p.Response == "full":
		headers := make([]value.Member, 0, len(came.Header))
		for name, values := range came.Header {
			headers = append(headers, value.Member{Key: strings.ToLower(name), Value: headerValue(name, values)})
		}
		read.values = []value.Value{value.Object(value.Member{Key: "status", Value: value.Int(int64(came.StatusCode))},
			value.Member{Key: "headers", Value: value.Object(headers...)}, value.Member{Key: "body", Value: got})}
	case got.Kind() == value.ListKind:
		for _, element := range got.Elements() {
			read.values = append(read.values, objectOf(fieldOf(p), element))
		}
	default:
		read.values = []value.Value{objectOf(fieldOf(p), got)}
	}
	return read, nil
}

// answeredName is how a service calls the file that it sent: in its header, or in its address.
func answeredName(came *http.Response) string {
	if _, parameters, err := mime.ParseMediaType(came.Header.Get("Content-Disposition")); err == nil && parameters["filename"] != "" {
		return parameters["filename"]
	}
	if name := path.Base(came.Request.URL.Path); name != "/" && name != "." {
		return name
	}
	return ""
}

// headerValue is a text, or a list where the header came several times. Cookies are always a list.
func headerValue(name string, values []string) value.Value {
	if len(values) == 1 && name != "Set-Cookie" {
		return value.String(values[0])
	}
	list := make([]value.Value, len(values))
	for i, v := range values {
		list[i] = value.String(v)
	}
	return value.List(list...)
}

// errorBody is what an answer that is no success says.
func errorBody(answer *http.Response, body []byte) value.Value {
	kind := content.TypeOf(answer.Header.Get("Content-Type"))
	if kind.IsJSON() {
		if parsed, err := content.JSON(kind, body); err == nil && parsed.Depth() < value.Deepest {
			return parsed
		}
	}
	return content.Text(kind, body)
}

// asObject wraps what is no object, because an item's JSON is one.
func asObject(v value.Value) value.Value { return objectOf("data", v) }

func objectOf(field string, v value.Value) value.Value {
	if v.Kind() == value.ObjectKind {
		return v
	}
	return value.Object(value.Member{Key: field, Value: v})
}

// fieldOf is the field in which a text or a file stands.
func fieldOf(p *HTTP) string { return cmp.Or(p.Field, "data") }
