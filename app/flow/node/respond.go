package node

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// Respond answers the caller of the webhook that started the execution.
type Respond struct {
	With     RespondWith `z:"default=items"`
	Body     value.Value `z:"document=with,when=with:json|text|html|file,help=For a file, the file or the name of the field that holds it."`
	Location field.Exact `z:"max=2000,label=Address,when=with:redirect,help=Where the caller goes, such as https://example.com/thanks."`
	Within   field.Exact `z:"max=200,fold,when=with:items|first_item,help=The field of the answer that has the items; the answer itself when empty."`
	Status   int         `z:"default=200,min=200,max=599,short,help=A redirect is 302 unless you say another one."`
	Headers  []Answered  `z:"fold,max=20"`
}

// Answered is a header of an answer.
type Answered struct {
	Name  string      `z:"required,max=100,short"`
	Value field.Exact `z:"max=4000,short"`
}

// RespondWith is what an answer holds.
type RespondWith string

// Choices are the kinds.
func (RespondWith) Choices() []field.Choice {
	return []field.Choice{{Value: "items", Label: "All items"}, {Value: "first_item", Label: "The first item"},
		{Value: "json", Label: "JSON"},
		{
			Value: "text",
			Label: "Text",
		}, {Value: "html", Label: "HTML"}, {Value: "file", Label: "A file"}, {Value: "redirect", Label: "A redirect"},
		{Value: "none", Label: "No content"}}
}

func respond() *Type {
	return Declare(Type{
		Name: "respond", Version: 1, Category: "flow", Title: "Respond", Icon: "send",
		Help: "Answers the call that started the workflow.",
	}, runRespond)
}

func runRespond(_ context.Context, c *Call, parameters func(int) (*Respond, error)) (Result, error) {
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	response, err := p.response(c)
	if err != nil {
		return Result{}, err
	}
	return Result{Outputs: []Output{{Main, derived(c.Items)}}, Response: response}, nil
}

func (p *Respond) response(c *Call) (*Response, error) {
	set := http.Header{}
	body, err := p.content(c, set)
	if err != nil {
		return nil, err
	}
	if err := p.setHeaders(set); err != nil {
		return nil, err
	}
	headers := make(map[string]string, len(set))
	for name, values := range set {
		headers[name] = values[0]
	}
	return &Response{Status: p.status(), Headers: headers, Body: body}, nil
}

func (p *Respond) status() int {
	if p.With == "redirect" && p.Status == http.StatusOK {
		return http.StatusFound
	}
	return p.Status
}

// content is the body, whose type it sets.
func (p *Respond) content(c *Call, set http.Header) ([]byte, error) {
	first := value.Null()
	if len(c.Items) > 0 {
		first = c.Items[0].JSON
	}
	set.Set("Content-Type", "application/json")
	switch p.With {
	case "items":
		list := make([]value.Value, len(c.Items))
		for i, item := range c.Items {
			list[i] = item.JSON
		}
		return p.within(value.List(list...))
	case "first_item":
		return p.within(first)
	case "json":
		return p.Body.AppendJSON(nil), nil
	case "file":
		return p.file(c, first, set)
	case "html":
		set.Set("Content-Type", "text/html; charset=utf-8")
		return bodyOf(p.Body), nil
	case "text":
		if c.AsInN8n {
			return p.textAsInN8n(set)
		}
		set.Set("Content-Type", "text/plain; charset=utf-8")
		return bodyOf(p.Body), nil
	}
	set.Set("Content-Type", "text/plain; charset=utf-8") // of nothing
	return nil, nil
}

// within is the answer, in the field that is to have it.
func (p *Respond) within(answer value.Value) ([]byte, error) {
	if p.Within == "" {
		return answer.AppendJSON(nil), nil
	}
	made, err := with(value.Object(), "within", string(p.Within), answer)
	return made.AppendJSON(nil), err
}

// textAsInN8n is a text, which n8n calls HTML unless it is JSON: that must be some, and has no spaces.
func (p *Respond) textAsInN8n(set http.Header) ([]byte, error) {
	isJSON := slices.ContainsFunc(p.Headers, func(h Answered) bool {
		return strings.EqualFold(h.Name, "Content-Type") && strings.HasPrefix(string(h.Value), "application/json")
	})
	switch {
	case isJSON && p.Body.Kind() == value.StringKind:
		made, err := value.Parse([]byte(p.Body.Raw()), value.Limits{})
		if err != nil {
			return nil, fault.InvalidField("body", "is not JSON: %s", err)
		}
		return made.AppendJSON(nil), nil
	case p.Body.Kind() == value.StringKind || p.Body.IsMissing():
		set.Set("Content-Type", "text/html; charset=utf-8")
	}
	return bodyOf(p.Body), nil
}

// file answers with the bytes of a file, which a browser shows where it can.
func (p *Respond) file(c *Call, item value.Value, set http.Header) ([]byte, error) {
	room := c.carried()
	defer room.Reset()
	file, err := oneFile("body", p.Body, item, room)
	if err != nil {
		return nil, err
	}
	set.Set("Content-Type", file.MediaType)
	if file.Name != "" {
		set.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": file.Name}))
	}
	return file.Body, nil
}

// bodyOf is a value as the body of a text: lists and objects as JSON, nothing as nothing.
func bodyOf(v value.Value) []byte {
	switch v.Kind() {
	case value.UndefinedKind, value.NullKind:
		return nil
	case value.ListKind, value.ObjectKind:
		return v.AppendJSON(nil)
	}
	return []byte(v.Text())
}

// answerHeaders are those that a workflow may set besides its own X- ones. The others steer the browser: cookies, where to
// go, what a page may do.
var answerHeaders = []string{"Cache-Control", "Content-Disposition", "Content-Language", "Content-Type", "Etag", "Expires", "Last-Modified",
	"Retry-After"}

// steering are X- headers that proxies and browsers obey.
var steering = []string{"X-Frame-Options", "X-Content-Type-Options", "X-Xss-Protection", "X-Permitted-Cross-Domain-Policies",
	"X-Dns-Prefetch-Control", "X-Ua-Compatible", "X-Robots-Tag"}

// CheckWritten refuses headers that no answer may have, and a redirect to nowhere. What an expression gives is empty here.
func (p *Respond) CheckWritten() error {
	named := Respond{With: p.With, Status: p.Status, Location: p.Location}
	for _, h := range p.Headers {
		if h.Name != "" {
			named.Headers = append(named.Headers, h)
		}
	}
	return named.setHeaders(http.Header{})
}

// Check refuses a redirect that leads nowhere.
func (p *Respond) Check() error {
	if p.With != "redirect" {
		return nil
	}
	if p.Location == "" {
		return fault.InvalidField("location", "is required for a redirect")
	}
	if status := p.status(); !redirects(status) {
		return fault.InvalidField("status", "must be 301, 302, 303, 307 or 308 for a redirect, and not %d", status)
	}
	return nil
}

// redirects tells whether a code makes a caller go to the address in Location.
func redirects(status int) bool {
	return slices.Contains([]int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect,
		http.StatusPermanentRedirect}, status)
}

// setHeaders sets what a person named. Location leads somewhere only with the code of a redirect, and to http or https alone.
func (p *Respond) setHeaders(set http.Header) error {
	for _, h := range p.Headers {
		name := http.CanonicalHeaderKey(strings.TrimSpace(h.Name))
		isOwn := strings.HasPrefix(name, "X-") && !slices.Contains(steering, name) &&
			!strings.HasPrefix(name, "X-Accel-") && !strings.HasPrefix(name, "X-Sendfile") && !strings.HasPrefix(name, "X-Forwarded-")
		leads := name == "Location" && (redirects(p.Status) || p.Status == 0)
		if !isOwn && !leads && !slices.Contains(answerHeaders, name) {
			return fault.InvalidField("headers", "a workflow can't answer with the header %.60q", h.Name)
		}
		text := string(h.Value)
		if leads {
			var err error
			if text, err = target("headers", text); err != nil {
				return err
			}
		}
		if err := outgoing.SetHeader(set, name, text); err != nil {
			return err
		}
	}
	if p.With != "redirect" {
		return nil
	}
	text, err := target("location", string(p.Location))
	if err != nil {
		return err
	}
	return outgoing.SetHeader(set, "Location", text)
}

// target is where a redirect leads, as a header has it. It refuses what leads to no page: another scheme, or what browsers read as
// another host.
func target(field, text string) (string, error) {
	if text == "" || strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") && !strings.ContainsAny(text, "\\\t") {
		return text, nil // an expression's, or a path on this instance
	}
	u, err := outgoing.ParseURL(text)
	if err != nil {
		return "", fault.InvalidField(field, "%s", fault.Public(err).Message)
	}
	return u.String(), nil
}
