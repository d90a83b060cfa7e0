package node

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/memory"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// HTTP calls another service, once per item.
type HTTP struct {
	Method       RequestMethod `z:"default=GET,short"`
	URL          field.Exact   `z:"required,max=8192,secrets,label=Address"`
	Query        []Parameter
	QueryLists   QueryLists `z:"default=repeat,literal,fold,label=Lists in the query"`
	Headers      []Pair
	Auth         RequestAuth  `z:"default=none,label=Authentication"`
	Username     field.Exact  `z:"max=200,secrets,short,when=auth:basic|digest"`
	Password     field.Exact  `z:"max=1000,secrets,short,when=auth:basic|digest"`
	Token        field.Exact  `z:"max=8000,secrets,when=auth:bearer"`
	HeaderName   string       `z:"max=100,short,when=auth:header|hmac"`
	HeaderValue  field.Exact  `z:"max=8000,secrets,short,when=auth:header"`
	QueryName    string       `z:"max=100,short,label=Parameter,when=auth:query"`
	QueryValue   field.Exact  `z:"max=8000,secrets,short,label=Its value,when=auth:query"`
	Grant        OAuthGrant   `z:"default=client_credentials,literal,when=auth:oauth2"`
	TokenURL     field.Exact  `z:"max=2000,label=Token address,when=auth:oauth2,help=Where the service gives access tokens, such as https://login.example.com/oauth/token."`
	ClientID     field.Exact  `z:"max=1000,secrets,short,label=Client id,when=auth:oauth2"`
	ClientSecret field.Exact  `z:"max=8000,secrets,short,when=auth:oauth2"`
	RefreshToken field.Exact  `z:"max=8000,secrets,when=grant:refresh_token"`
	Scope        field.Exact  `z:"max=2000,short,when=auth:oauth2,help=Words with spaces between them."`
	Audience     field.Exact  `z:"max=2000,fold,when=auth:oauth2,help=Some services ask for it."`
	ClientProof  ClientProof  `z:"default=header,literal,fold,label=Client sent in,when=auth:oauth2"`
	AccessKey    field.Exact  `z:"max=200,secrets,short,label=Access key id,when=auth:aws"`
	SecretKey    field.Exact  `z:"max=1000,secrets,short,label=Secret access key,when=auth:aws"`
	SessionToken field.Exact  `z:"max=8000,secrets,fold,when=auth:aws"`
	Region       field.Exact  `z:"max=100,short,when=auth:aws,help=Such as eu-central-1."`
	AWSService   field.Exact  `z:"max=100,short,label=Service,when=auth:aws,help=Such as s3 or execute-api."`
	SigningKey   field.Exact  `z:"max=8000,secrets,short,when=auth:hmac"`
	Signed       field.Exact  `z:"max=1000,default={body},literal,label=Signed text,when=auth:hmac,help=It may hold {method}, {path}, {query}, {body} and {timestamp}."`
	Hash         CryptoHash   `z:"default=SHA256,literal,short,when=auth:hmac"`
	Coding       DigestCoding `z:"default=hex,literal,short,label=Written in,when=auth:hmac"`
	Prefix       field.Exact  `z:"max=100,literal,short,label=Before the signature,when=auth:hmac,help=Such as sha256="`
	TimeHeader   string       `z:"max=100,literal,short,label=Header of the time,when=auth:hmac,help=It gets the seconds since 1970 that {timestamp} stands for."`
	BodyType     BodyType     `z:"default=none,label=Body"`
	Body         value.Value  `z:"secrets,document=body_type,label=Content,when=body_type:json|raw|file,help=For a file, the file or the name of the field that holds it."`
	Form         []Parameter  `z:"label=Content,when=body_type:form"`
	Parts        []Part       `z:"max=100,label=Parts,when=body_type:multipart"`
	ContentType  string       `z:"max=200,fold,when=body_type:raw|file"`
	Response     ResponseForm `z:"default=auto,fold"`
	Field        string       `z:"max=200,fold,literal,label=Field of the answer,when=response:auto|text|file,help=Where a text or a file stands in the item; data when empty."`
	Entries      string       `z:"max=500,fold,literal,label=List in the answer,help=Path to a list whose entries become the items, such as data.items."`
	Pages        Paging       `z:"default=none,fold,literal"`
	Next         string       `z:"max=500,fold,literal,label=Next page at,when=pages:next|cursor,help=Path in the answer to the next page's address or cursor. When empty it is the header Link."`
	PageName     string       `z:"max=100,default=page,fold,literal,label=Page parameter,when=pages:number|cursor,help=The parameter that names the page."`
	PageIn       PagePlace    `z:"default=query,fold,literal,label=Page parameter in,when=pages:number|cursor"`
	FirstPage    int          `z:"default=1,min=0,max=1000000,fold,literal,when=pages:number"`
	PageStep     int          `z:"default=1,min=1,max=1000000,fold,literal,when=pages:number,help=By how much the number grows: 1 for pages, and the size of a page for an offset."`
	LastAt       string       `z:"max=500,fold,literal,label=Ends where this is empty,when=pages:next|number|cursor,help=Path in the answer: the page on which it has nothing, or false, is the last."`
	EndCodes     string       `z:"max=200,fold,literal,label=Ends with the codes,when=pages:next|number|cursor,help=Such as 404: an answer with this code says that there are no more pages, and is no error."`
	MostPages    int          `z:"default=100,min=1,max=1000,fold,literal,when=pages:next|number|cursor"`
	AtOnce       int          `z:"default=1,min=1,max=20,fold,literal,label=Requests at the same time,help=For as many items. They may reach the service in another order than that of the items."`
	Batch        int          `z:"min=0,max=10000,fold,literal,label=Items before a pause,help=No pauses when empty."`
	Pause        int          `z:"default=1000,min=0,max=60000,fold,literal,help=In milliseconds, between so many items and between pages."`
	Success      string       `z:"default=200-299,max=200,fold,literal,label=Success codes,help=Such as 200-299,404."`
	NeverError   bool         `z:"fold,help=Every answer is a success, whatever its code."`
	Timeout      float64      `z:"default=30,min=0,max=600,fold,help=In seconds, such as 0.5."`
	Redirects    int          `z:"default=5,min=0,max=5,fold"`
	Proxy        field.Exact  `z:"max=2000,secrets,fold,help=Such as http://user:password@proxy.example.com:3128. Keep one with a password in a secret."`
	TLSVerify    *bool        `z:"default=true,literal,fold,label=Check the certificate,help=Only administrators may publish a workflow that does not check it."`

	// from are what a recipe knows beyond that.
	from recipeRequest
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

// QueryLists is how a list and an object stand in a query.
type QueryLists string

// Choices are the ways.
func (QueryLists) Choices() []field.Choice {
	return []field.Choice{{Value: "repeat", Label: "a=1&a=2, and an object as JSON"}, {Value: "brackets", Label: "a[]=1&a[]=2, and b[c]=3"},
		{Value: "indices", Label: "a[0]=1&a[1]=2, and b[c]=3"}}
}

// Part is one field of a form with files. A list sends a part for each of its entries.
type Part struct {
	Name        field.Exact `z:"required,max=500,short"`
	Value       value.Value `z:"secrets,short,help=A text, or a file such as {{ $json.body.cv }}"`
	FileName    field.Exact `z:"max=255,short,help=Sends the value as a file of this name."`
	ContentType string      `z:"max=200,short"`
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
		{Value: "bearer", Label: "Bearer token"}, {Value: "header", Label: "A header"}, {Value: "query", Label: "A parameter of the query"},
		{Value: "oauth2", Label: "OAuth 2"}, {Value: "digest", Label: "Digest"}, {Value: "aws", Label: "AWS signature"},
		{Value: "hmac", Label: "HMAC signature"}}
}

// BodyType is what a request carries.
type BodyType string

// Choices are the types.
func (BodyType) Choices() []field.Choice {
	return []field.Choice{{Value: "none", Label: "Nothing"}, {Value: "json", Label: "JSON"}, {Value: "form", Label: "Form"},
		{Value: "multipart", Label: "Form with files"}, {Value: "raw", Label: "Text"}, {Value: "file", Label: "A file"}}
}

// ResponseForm is what becomes of an answer.
type ResponseForm string

// Choices are the forms.
func (ResponseForm) Choices() []field.Choice {
	return []field.Choice{{Value: "auto", Label: "By its type"}, {Value: "json", Label: "JSON"}, {Value: "text", Label: "Text"},
		{Value: "file", Label: "A file"}, {Value: "full", Label: "With code and headers"}}
}

func request() *Type {
	return Declare(Type{
		Name: "http", Version: 1, Category: "integration", Title: "HTTP request", Icon: "globe", Repeat: SafeWithKey,
		Help: "Calls the API of another service.",
	}, runHTTP)
}

const mostAnswer = 10 << 20

func runHTTP(ctx context.Context, c *Call, parameters func(int) (*HTTP, error)) (Result, error) {
	return c.eachAtOnce(ctx, func(item int) (work, int, error) {
		p, err := parameters(item)
		if err != nil {
			return nil, 0, err
		}
		if p.Batch > 0 && item > 0 && item%p.Batch == 0 {
			if err := p.rest(ctx); err != nil {
				return nil, 0, err
			}
		}
		return func() ([]value.Value, error) { return p.call(ctx, c, item) }, p.AtOnce, nil
	})
}

// call does all that is asked for an item.
func (p *HTTP) call(ctx context.Context, c *Call, item int) ([]value.Value, error) {
	room := c.carried()
	defer room.Reset()
	of := &httpCall{p: p, call: c, item: c.Items[item].JSON, key: fmt.Sprintf("%s:%d", c.Key, item), room: room}
	if p.Pages != "none" {
		return of.pages(ctx)
	}
	answer, err := of.send(ctx)
	if err != nil {
		return nil, err
	}
	return answer.values, nil
}

// rest pauses between requests, because a service may allow so many in a second.
func (p *HTTP) rest(ctx context.Context) error {
	timer := time.NewTimer(time.Duration(p.Pause) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// httpCall is what is asked for one item.
type httpCall struct {
	p    *HTTP
	call *Call
	item value.Value
	key  string
	room *memory.Meter
	// to is the address of the latest request.
	to *url.URL
}

// answer is what came back: the items that it became, and what leads to the next page.
type answer struct {
	values []value.Value
	whole  value.Value
	header http.Header
	url    *url.URL
	// isLast tells that no page follows.
	isLast bool
}

// send makes one request and reads its answer.
func (q *httpCall) send(ctx context.Context) (*answer, error) {
	r, err := q.make(ctx)
	if err != nil {
		return nil, err
	}
	came, body, err := q.fetch(r)
	if err != nil {
		return nil, err
	}
	read, err := q.read(came, body)
	if err == nil {
		err = q.p.from.check(read)
	}
	var unread *Error
	if errors.As(err, &unread) {
		unread.Exchange = exchangeOf(r, q.p.HeaderName, came, body)
	}
	return read, err
}

// fetch makes a request and reads the body of its answer. An answer that is no success is an error.
func (q *httpCall) fetch(r *http.Request) (*http.Response, []byte, error) {
	p := q.p
	isSuccess, err := codes("success", p.Success)
	if err != nil {
		return nil, nil, err
	}
	q.to = r.URL
	client, err := q.client()
	if err != nil {
		return nil, nil, err
	}
	came, err := q.ask(client, r)
	if err != nil {
		return nil, nil, q.unanswered(failure(outgoing.Explain(err), exchangeOf(r, p.HeaderName, nil, nil)))
	}
	body, err := outgoing.ReadBody(came, mostAnswer)
	if err != nil {
		return nil, nil, q.unanswered(failure(err, exchangeOf(r, p.HeaderName, came, body)))
	}
	if !p.NeverError && !isSuccess(came.StatusCode) {
		said := strings.ToValidUTF8(string(body), "\uFFFD")
		return nil, nil, &Error{
			Code:      "HTTP_STATUS",
			Message:   strings.TrimSpace(fmt.Sprintf("The service answered %d: %.300s", came.StatusCode, said)),
			Retryable: came.StatusCode == http.StatusTooManyRequests || came.StatusCode >= 500,
			After:     retryAfter(came.Header.Get("Retry-After"), q.call.Now),
			Status:    came.StatusCode,
			Body:      errorBody(came, body),
			Exchange:  exchangeOf(r, p.HeaderName, came, body),
		}
	}
	return came, body, nil
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

// codes reads a list such as 200-299,404 that a field has.
func codes(name, list string) (func(code int) bool, error) {
	good, ok := rangesOf(list, 100, 599)
	if !ok && list != "" {
		return nil, fault.InvalidField(name, "must be codes such as 200-299,404")
	}
	return good.have, nil
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

// checkAddress refuses an address that is none. A workflow that behaves as in n8n fails at it instead, unless it holds a password.
func (p *HTTP) checkAddress(asInN8n bool) error {
	u, err := outgoing.ParseURL(string(p.URL))
	if p.URL == "" || err == nil || asInN8n && (u == nil || u.User == nil) {
		return nil
	}
	return fault.InvalidField("url", "%s", fault.Public(err).Message)
}

// CheckWritten refuses what would fail at every item. What an expression gives is empty here.
func (p *HTTP) CheckWritten() error {
	for _, h := range p.Headers {
		if h.Name == "" {
			continue
		}
		if err := outgoing.SetHeader(http.Header{}, h.Name, string(h.Value)); err != nil {
			return fault.InvalidField("headers", "%s", fault.Public(err).Message)
		}
	}
	if err := p.checkAuthentication(); err != nil {
		return err
	}
	if err := p.checkPaths(); err != nil {
		return err
	}
	if _, err := codes("success", p.Success); err != nil {
		return err
	}
	_, err := codes("end_codes", p.EndCodes)
	return err
}

// Check refuses what is not complete.
func (p *HTTP) Check() error {
	if missing := p.missing(); missing != "" {
		return fault.InvalidField(missing, "is required")
	}
	switch {
	case p.Response == "file" && (p.Entries != "" || p.Pages != "none"):
		return fault.InvalidField("response", "is a file, which has neither entries nor pages")
	}
	return nil
}
