package node

import (
	"context"
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
	With    RespondWith `z:"default=items"`
	Body    value.Value `z:"document=with,when=with:json|text"`
	Status  int         `z:"default=200,min=200,max=599,short"`
	Headers []Answered  `z:"fold,max=20"`
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
	return []field.Choice{{Value: "items", Label: "The items"}, {Value: "json", Label: "JSON"}, {Value: "text", Label: "Text"}}
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
	headers, err := p.headers()
	if err != nil {
		return Result{}, err
	}
	return Result{
		Outputs:  []Output{{Main, derived(c.Items)}},
		Response: &Response{Status: p.Status, Headers: headers, Body: p.content(c.Items)},
	}, nil
}

func (p *Respond) content(items []value.Item) []byte {
	switch {
	case p.With == "items":
		list := make([]value.Value, len(items))
		for i, item := range items {
			list[i] = item.JSON
		}
		return value.List(list...).AppendJSON(nil)
	case p.With == "json":
		return p.Body.AppendJSON(nil)
	case p.Body.IsMissing():
		return nil
	case p.Body.Kind() == value.ListKind, p.Body.Kind() == value.ObjectKind:
		return p.Body.AppendJSON(nil)
	}
	return []byte(p.Body.Text())
}

// answerHeaders are those that a workflow may set besides its own X- ones. The others steer the browser: cookies, where to
// go, what a page may do.
var answerHeaders = []string{"Cache-Control", "Content-Disposition", "Content-Language", "Content-Type", "Etag", "Expires", "Last-Modified", "Retry-After"}

// steering are X- headers that proxies and browsers obey.
var steering = []string{"X-Frame-Options", "X-Content-Type-Options", "X-Xss-Protection", "X-Permitted-Cross-Domain-Policies", "X-Dns-Prefetch-Control", "X-Ua-Compatible", "X-Robots-Tag"}

// CheckWritten refuses headers that no answer may have. One whose name an expression gives is empty here.
func (p *Respond) CheckWritten() error {
	named := Respond{With: p.With}
	for _, h := range p.Headers {
		if h.Name != "" {
			named.Headers = append(named.Headers, h)
		}
	}
	_, err := named.headers()
	return err
}

func (p *Respond) headers() (map[string]string, error) {
	kind := "application/json"
	if p.With == "text" {
		kind = "text/plain; charset=utf-8"
	}
	set := http.Header{"Content-Type": {kind}}
	for _, h := range p.Headers {
		name := http.CanonicalHeaderKey(strings.TrimSpace(h.Name))
		isOwn := strings.HasPrefix(name, "X-") && !slices.Contains(steering, name) &&
			!strings.HasPrefix(name, "X-Accel-") && !strings.HasPrefix(name, "X-Sendfile") && !strings.HasPrefix(name, "X-Forwarded-")
		if !isOwn && !slices.Contains(answerHeaders, name) {
			return nil, fault.InvalidField("headers", "a workflow can't answer with the header %.60q", h.Name)
		}
		if err := outgoing.SetHeader(set, name, string(h.Value)); err != nil {
			return nil, err
		}
	}
	headers := make(map[string]string, len(set))
	for name, values := range set {
		headers[name] = values[0]
	}
	return headers, nil
}
