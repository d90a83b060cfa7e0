package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/content"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// HTTP calls another service, once per item.
type HTTP struct {
	Method      RequestMethod `z:"default=GET,short"`
	URL         field.Exact   `z:"required,max=8192,secrets,label=Address"`
	Query       []Parameter
	Headers     []Pair
	Auth        RequestAuth  `z:"default=none,label=Authentication"`
	Username    field.Exact  `z:"max=200,secrets,short,when=auth:basic"`
	Password    field.Exact  `z:"max=1000,secrets,short,when=auth:basic"`
	Token       field.Exact  `z:"max=8000,secrets,when=auth:bearer"`
	HeaderName  string       `z:"max=100,short,when=auth:header"`
	HeaderValue field.Exact  `z:"max=8000,secrets,short,when=auth:header"`
	BodyType    BodyType     `z:"default=none,label=Body"`
	Body        value.Value  `z:"secrets,document=body_type,label=Content,when=body_type:json|raw"`
	Form        []Parameter  `z:"label=Content,when=body_type:form"`
	ContentType string       `z:"max=200,fold,when=body_type:raw"`
	Response    ResponseForm `z:"default=auto,fold"`
	Success     string       `z:"default=200-299,max=200,fold,literal,label=Success codes,help=Such as 200-299,404."`
	NeverError  bool         `z:"fold,help=Every answer is a success, whatever its code."`
	Timeout     int          `z:"default=30,min=1,max=600,fold,help=In seconds."`
	Redirects   int          `z:"default=5,min=0,max=5,fold"`
}

// Pair is a name and a value.
type Pair struct {
	Name  string      `z:"required,max=500,short"`
	Value field.Exact `z:"secrets,short"`
}

// Parameter is a name with a value, or with each of a list.
type Parameter struct {
	Name  field.Exact     `z:"required,max=500,short"`
	Value field.OneOrMany `z:"secrets,short"`
}

// RequestMethod is a method that a workflow may use.
type RequestMethod string

// Choices are the methods.
func (RequestMethod) Choices() []field.Choice {
	return choices("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
}

// RequestAuth is how a request shows who makes it.
type RequestAuth string

// Choices are the ways.
func (RequestAuth) Choices() []field.Choice {
	return []field.Choice{{Value: "none", Label: "None"}, {Value: "basic", Label: "Name and password"},
		{Value: "bearer", Label: "Bearer token"}, {Value: "header", Label: "A header"}}
}

// BodyType is what a request carries.
type BodyType string

// Choices are the types.
func (BodyType) Choices() []field.Choice {
	return []field.Choice{{Value: "none", Label: "Nothing"}, {Value: "json", Label: "JSON"}, {Value: "form", Label: "Form"},
		{Value: "raw", Label: "Text"}}
}

// ResponseForm is what becomes of an answer.
type ResponseForm string

// Choices are the forms.
func (ResponseForm) Choices() []field.Choice {
	return []field.Choice{{Value: "auto", Label: "By its type"}, {Value: "json", Label: "JSON"}, {Value: "text", Label: "Text"},
		{Value: "full", Label: "With code and headers"}}
}

func request() *Type {
	return Declare(Type{
		Name: "http", Version: 1, Category: "integration", Title: "HTTP request", Icon: "globe", Repeat: SafeWithKey,
		Help: "Calls the API of another service.",
	}, runHTTP)
}

const mostAnswer = 10 << 20

func runHTTP(ctx context.Context, c *Call, parameters func(int) (*HTTP, error)) (Result, error) {
	return c.each(ctx, func(item int) ([]value.Value, error) {
		p, err := parameters(item)
		if err != nil {
			return nil, err
		}
		return p.call(ctx, c, fmt.Sprintf("%s:%d", c.Key, item))
	})
}

// call makes one request and gives the items of its answer.
func (p *HTTP) call(ctx context.Context, c *Call, key string) ([]value.Value, error) {
	isSuccess, err := codes(p.Success)
	if err != nil {
		return nil, err
	}
	r, err := p.request(ctx, key)
	if err != nil {
		return nil, err
	}
	client := c.Services.HTTP.Client(outgoing.Options{Time: time.Duration(p.Timeout) * time.Second, Redirects: p.Redirects})
	answer, err := client.Do(r)
	if err != nil {
		return nil, failure(outgoing.Explain(err), exchangeOf(r, p.HeaderName, nil, nil))
	}
	body, err := outgoing.ReadBody(answer, mostAnswer)
	if err != nil {
		return nil, failure(err, exchangeOf(r, p.HeaderName, answer, body))
	}
	if !p.NeverError && !isSuccess(answer.StatusCode) {
		return nil, &Error{
			Code:      "HTTP_STATUS",
			Message:   strings.TrimSpace(fmt.Sprintf("The service answered %d: %.300s", answer.StatusCode, strings.ToValidUTF8(string(body), "\uFFFD"))),
			Retryable: answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500,
			After:     retryAfter(answer.Header.Get("Retry-After"), c.Now),
			Status:    answer.StatusCode,
			Body:      errorBody(answer, body),
			Exchange:  exchangeOf(r, p.HeaderName, answer, body),
		}
	}
	values, err := p.read(answer, body)
	var unread *Error
	if errors.As(err, &unread) {
		unread.Exchange = exchangeOf(r, p.HeaderName, answer, body)
	}
	return values, err
}

// failure is a request that got no answer. What the guard or a limit refused stays refused; a connection may come back.
func failure(err error, exchange *Exchange) error {
	f, ok := fault.As(err)
	if !ok {
		return err // the context's own
	}
	code := "CONNECTION"
	switch f.Code {
	case fault.Forbidden:
		code = "ADDRESS_REFUSED"
	case fault.TooLarge:
		code = "ANSWER_TOO_LARGE"
	case fault.Invalid, fault.UnsupportedMedia:
		code = "HTTP"
	}
	return &Error{Code: code, Message: f.Message, Retryable: f.Code == fault.Unavailable, Cause: err, Exchange: exchange}
}

func (p *HTTP) request(ctx context.Context, key string) (*http.Request, error) {
	if err := outgoing.CheckMethod(string(p.Method)); err != nil {
		return nil, err
	}
	to, err := outgoing.ParseURL(string(p.URL))
	if err != nil {
		return nil, err
	}
	if len(p.Query) > 0 {
		to.RawQuery = strings.TrimPrefix(to.RawQuery+"&"+encoded(p.Query), "&")
	}
	body, contentType, err := p.content()
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, string(p.Method), to.String(), body)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the request can't be made").Because(err)
	}
	if contentType != "" {
		if err := outgoing.SetHeader(r.Header, "Content-Type", contentType); err != nil {
			return nil, err
		}
	}
	if p.Method != "GET" && p.Method != "HEAD" && p.Method != "OPTIONS" {
		r.Header.Set("Idempotency-Key", key)
	}
	headers := p.Headers
	switch p.Auth {
	case "basic":
		r.SetBasicAuth(string(p.Username), string(p.Password))
	case "bearer":
		headers = append(headers[:len(headers):len(headers)], Pair{"Authorization", "Bearer " + p.Token})
	case "header":
		headers = append(headers[:len(headers):len(headers)], Pair{p.HeaderName, p.HeaderValue})
	}
	for _, pair := range headers {
		if err := outgoing.SetHeader(r.Header, pair.Name, string(pair.Value)); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (p *HTTP) content() (io.Reader, string, error) {
	switch p.BodyType {
	case "json":
		return bytes.NewReader(p.Body.AppendJSON(nil)), "application/json", nil
	case "form":
		return strings.NewReader(encoded(p.Form)), "application/x-www-form-urlencoded", nil
	case "raw":
		text := p.Body.Text()
		if p.Body.IsMissing() {
			text = ""
		} else if p.Body.Kind() == value.ListKind || p.Body.Kind() == value.ObjectKind {
			text = p.Body.JSON()
		}
		return strings.NewReader(text), or(p.ContentType, "text/plain; charset=utf-8"), nil
	}
	return nil, "", nil
}

// encoded keeps the order, which a signature may need.
func encoded(parameters []Parameter) string {
	var parts []string
	for _, p := range parameters {
		for _, v := range p.Value {
			parts = append(parts, url.QueryEscape(string(p.Name))+"="+url.QueryEscape(v))
		}
	}
	return strings.Join(parts, "&")
}

// read makes items of an answer: one of an object or a text, one per element of a list.
func (p *HTTP) read(answer *http.Response, body []byte) ([]value.Value, error) {
	kind := content.TypeOf(answer.Header.Get("Content-Type"))
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
	switch {
	case p.Response == "full":
		headers := make([]value.Member, 0, len(answer.Header))
		for name, values := range answer.Header {
			headers = append(headers, value.Member{Key: strings.ToLower(name), Value: headerValue(name, values)})
		}
		return []value.Value{value.Object(value.Member{Key: "status", Value: value.Int(int64(answer.StatusCode))},
			value.Member{Key: "headers", Value: value.Object(headers...)}, value.Member{Key: "body", Value: got})}, nil
	case got.Kind() == value.ListKind:
		var list []value.Value
		for _, element := range got.Elements() {
			list = append(list, asObject(element))
		}
		return list, nil
	}
	return []value.Value{asObject(got)}, nil
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
func asObject(v value.Value) value.Value {
	if v.Kind() == value.ObjectKind {
		return v
	}
	return value.Object(value.Member{Key: "data", Value: v})
}

// codes reads a list such as 200-299,404.
func codes(list string) (func(code int) bool, error) {
	type span struct{ from, to int }
	var spans []span
	for part := range strings.SplitSeq(list, ",") {
		low, high, isRange := strings.Cut(strings.TrimSpace(part), "-")
		from, err := strconv.Atoi(strings.TrimSpace(low))
		to := from
		if err == nil && isRange {
			to, err = strconv.Atoi(strings.TrimSpace(high))
		}
		if err != nil || from < 100 || to > 599 || from > to {
			return nil, fault.InvalidField("success", "must be codes such as 200-299,404")
		}
		spans = append(spans, span{from, to})
	}
	return func(code int) bool {
		for _, s := range spans {
			if code >= s.from && code <= s.to {
				return true
			}
		}
		return false
	}, nil
}

// longestWait bounds what a service may ask for.
const longestWait = time.Hour

// retryAfter reads the header, seconds or a date; 0 for none.
func retryAfter(header string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		wait = at.Sub(now)
	}
	return max(0, min(wait, longestWait))
}

// CheckWritten refuses what would fail at every item. What an expression gives is empty here.
func (p *HTTP) CheckWritten() error {
	if p.URL != "" {
		if _, err := outgoing.ParseURL(string(p.URL)); err != nil {
			return fault.InvalidField("url", "%s", fault.Public(err).Message)
		}
	}
	for _, h := range p.Headers {
		if h.Name == "" {
			continue
		}
		if err := outgoing.SetHeader(http.Header{}, h.Name, string(h.Value)); err != nil {
			return fault.InvalidField("headers", "%s", fault.Public(err).Message)
		}
	}
	_, err := codes(p.Success)
	return err
}

// Check refuses what is not complete.
func (p *HTTP) Check() error {
	if p.Auth == "header" && p.HeaderName == "" {
		return fault.InvalidField("header_name", "is required")
	}
	return nil
}
