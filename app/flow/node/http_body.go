package node

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/content"
	"zygo/app/outgoing"
	"zygo/app/value"
)

func (q *httpCall) make(ctx context.Context) (*http.Request, error) {
	p := q.p
	if err := outgoing.CheckMethod(string(p.Method)); err != nil {
		return nil, err
	}
	to, err := outgoing.ParseURL(string(p.URL))
	if err != nil {
		return nil, err
	}
	if len(p.Query) > 0 {
		query := encoded(q.query())
		if q.call.AsInN8n {
			query = strings.ReplaceAll(query, "+", "%20")
		}
		to.RawQuery = strings.TrimPrefix(to.RawQuery+"&"+query, "&")
	}
	if q.call.AsInN8n {
		to.RawQuery = braces.Replace(to.RawQuery) // which are no part of what a URL may have, and services take them
	}
	body, contentType, err := q.content()
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, string(p.Method), to.String(), body)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the request can't be made").Because(err)
	}
	if contentType != "" || p.BodyType == "raw" {
		if err := outgoing.SetHeader(r.Header, "Content-Type", contentType); err != nil {
			return nil, err
		}
	}
	if p.Method != "GET" && p.Method != "HEAD" && p.Method != "OPTIONS" {
		r.Header.Set("Idempotency-Key", q.key)
	}
	if q.call.AsInN8n && !p.from.isRecipe {
		r.Header.Set("Accept", p.accepts())
	}
	for _, pair := range p.Headers {
		if err := outgoing.SetHeader(r.Header, pair.Name, string(pair.Value)); err != nil {
			return nil, err
		}
	}
	return r, q.prove(r)
}

var braces = strings.NewReplacer("%7B", "{", "%7D", "}")

// content is the body with its type, which the request may replace.
func (q *httpCall) content() (io.Reader, string, error) {
	p := q.p
	switch p.BodyType {
	case "json":
		return bytes.NewReader(p.Body.AppendJSON(nil)), "application/json", nil
	case "form":
		return strings.NewReader(encoded(p.Form)), "application/x-www-form-urlencoded", nil
	case "multipart":
		return q.form()
	case related:
		return q.related()
	case "file":
		file, err := oneFile("body", p.Body, q.item, q.room)
		return bytes.NewReader(file.Body), cmp.Or(p.ContentType, file.MediaType), err
	case "raw":
		if q.call.AsInN8n && content.TypeOf(p.ContentType).IsJSON() {
			made, err := value.Parse(bodyOf(p.Body), value.Limits{})
			if err != nil {
				return nil, "", fault.InvalidField("body", "is not JSON: %s", err)
			}
			return bytes.NewReader(made.AppendJSON(nil)), p.ContentType, nil
		}
		kind := p.ContentType
		if !q.call.AsInN8n {
			kind = cmp.Or(kind, "text/plain; charset=utf-8")
		}
		return bytes.NewReader(bodyOf(p.Body)), kind, nil
	}
	return nil, "", nil
}

// query is what the query holds, with a parameter for each value within a list or an object where services want it so. Such a query
// has null as an empty value.
func (q *httpCall) query() []Parameter {
	if q.p.QueryLists == "repeat" && !q.call.AsInN8n || q.p.from.isRecipe {
		return q.p.Query
	}
	var all []Parameter
	for _, p := range q.p.Query {
		all = q.p.QueryLists.flatten(all, string(p.Name), p.Value.Given)
	}
	return all
}

func (l QueryLists) flatten(all []Parameter, name string, v value.Value) []Parameter {
	switch v.Kind() {
	case value.UndefinedKind:
		return all
	case value.ListKind:
		for i, element := range v.Elements() {
			within := map[QueryLists]string{"repeat": name, "brackets": name + "[]"}[l]
			all = l.flatten(all, cmp.Or(within, fmt.Sprintf("%s[%d]", name, i)), element)
		}
		return all
	case value.ObjectKind:
		for key, member := range v.Members() {
			all = l.flatten(all, name+"["+key+"]", member)
		}
		return all
	case value.NullKind:
		v = value.String("")
	}
	return append(all, Parameter{field.Exact(name), field.OneOrMany{Given: v}})
}

// encoded keeps the order, which a signature may need.
func encoded(parameters []Parameter) string {
	var parts []string
	for _, p := range parameters {
		for _, v := range p.Value.Texts() {
			parts = append(parts, url.QueryEscape(string(p.Name))+"="+url.QueryEscape(v))
		}
	}
	return strings.Join(parts, "&")
}

// accepts says which form of an answer is wanted, where a service has several.
func (p *HTTP) accepts() string {
	switch p.Response {
	case "json":
		return "application/json,text/*;q=0.99"
	case "text":
		return "application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, */*;q=0.1"
	}
	return "application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, image/*;q=0.8, */*;q=0.7"
}

// part is a part of a form as it is sent.
type part struct {
	header textproto.MIMEHeader
	body   []byte
}

// form writes a form with files. Another attempt sends the same bytes, because services that know the idempotency key compare
// them: so the boundary is made of the content.
func (q *httpCall) form() (io.Reader, string, error) {
	sum := sha256.New()
	sum.Write([]byte(q.key))
	var parts []part
	for i, p := range q.p.Parts {
		some, err := q.parts(p, p.Value)
		if err != nil {
			return nil, "", inRow("parts", i, err)
		}
		for _, one := range some {
			sum.Write(one.body)
		}
		parts = append(parts, some...)
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	_ = w.SetBoundary("zygo-" + hex.EncodeToString(sum.Sum(nil)[:16])) // which is a valid one
	for _, one := range parts {
		into, err := w.CreatePart(one.header)
		if err == nil {
			_, err = into.Write(one.body)
		}
		if err != nil {
			return nil, "", err // memory takes everything
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return bytes.NewReader(out.Bytes()), w.FormDataContentType(), nil
}

// parts are those of one field of the form: one for each value of a list.
func (q *httpCall) parts(p Part, v value.Value) ([]part, error) {
	if v.Kind() == value.ListKind {
		var all []part
		for _, element := range v.Elements() {
			some, err := q.parts(p, element)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
		return all, nil
	}
	file := content.File{Name: string(p.FileName), MediaType: p.ContentType}
	_, isFile := content.SizeOf(v)
	if isFile {
		came, err := oneFile("value", v, q.item, q.room)
		if err != nil {
			return nil, err
		}
		file = content.File{
			Name:      cmp.Or(file.Name, came.Name, "file"),
			MediaType: cmp.Or(file.MediaType, came.MediaType),
			Body:      came.Body,
		}
	} else {
		file.Body = bodyOf(v)
		if err := q.room.Take(len(file.Body)); err != nil {
			return nil, err
		}
	}
	header := http.Header{}
	disposition := `form-data; name="` + quotedInForm.Replace(string(p.Name)) + `"`
	if file.Name != "" {
		disposition += `; filename="` + quotedInForm.Replace(file.Name) + `"`
	}
	if err := outgoing.SetHeader(header, "Content-Disposition", disposition); err != nil {
		return nil, err
	}
	if file.MediaType != "" {
		if err := outgoing.SetHeader(header, "Content-Type", file.MediaType); err != nil {
			return nil, err
		}
	}
	return []part{{textproto.MIMEHeader(header), file.Body}}, nil
}

// quotedInForm escapes what would end a name, as browsers do (HTML, 4.10.21.8).
var quotedInForm = strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22")

// inRow says in which row of a parameter something is wrong.
func inRow(field string, row int, err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	return fault.InvalidField(fmt.Sprintf("%s.%d", field, row), "%s", f.Message).Because(err)
}
