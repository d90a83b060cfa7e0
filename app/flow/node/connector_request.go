package node

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/content"
	"zygo/app/flow/recipe"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// request makes a request of what the recipe says.
func (d *deed) request(ctx context.Context, r *recipe.Request, key string) (*httpCall, error) {
	address, err := d.address(r.Path)
	if err != nil {
		return nil, err
	}
	p := &HTTP{
		Method:    RequestMethod(r.Method),
		URL:       field.Exact(address),
		Success:   "200-299",
		Timeout:   30,
		Redirects: 5,
		Pages:     "none",
		Response:  "auto",
		MostPages: mostConnectorPages,
	}
	p.from.isRecipe = true
	if r.Timeout > 0 {
		p.Timeout = float64(r.Timeout)
	}
	switch d.operation.Response {
	case "file", "text":
		if r == &d.operation.Request {
			p.Response = ResponseForm(d.operation.Response)
		}
	}
	if d.operation.OK != "" {
		if p.from.ok, err = value.ParsePath(d.operation.OK); err != nil {
			return nil, err
		}
		if p.from.reason, err = value.ParsePath(d.operation.Error); err != nil {
			return nil, err
		}
	}
	if err := d.fill(ctx, p, r); err != nil {
		return nil, err
	}
	return &httpCall{p: p, call: d.call, item: d.item, key: key, room: d.room}, d.authenticate(p)
}

const mostConnectorPages = 1000

// fill sets query, headers and body.
func (d *deed) fill(ctx context.Context, p *HTTP, r *recipe.Request) error {
	env := d.environment()
	query, err := r.Query.Evaluate(ctx, env)
	if err != nil {
		return err
	}
	p.Query = parametersOf(query)
	for name, text := range d.recipe.Headers {
		p.Headers = append(p.Headers, Pair{name, field.Exact(text)})
	}
	headers, err := r.Headers.Evaluate(ctx, env)
	if err != nil {
		return err
	}
	for name, v := range headers.Members() {
		p.Headers = append(p.Headers, Pair{name, field.Exact(v.Text())})
	}
	if r.Body == nil {
		return nil
	}
	if p.Body, err = r.Body.Evaluate(ctx, env); err != nil {
		return err
	}
	return d.body(p, r.As)
}

// body says how the body is sent.
func (d *deed) body(p *HTTP, as string) error {
	if p.BodyType = BodyType(as); as == "" {
		p.BodyType = "json"
	}
	switch p.BodyType {
	case "json":
		if p.Body.IsMissing() {
			p.Body = value.Object()
		}
	case "form":
		p.Form = parametersOf(p.Body)
	case "multipart":
		for name, v := range p.Body.Members() {
			p.Parts = append(p.Parts, Part{Name: field.Exact(name), Value: v})
		}
	case related:
		for name, v := range p.Body.Members() {
			part := Part{Name: field.Exact(name), Value: v}
			if _, isFile := content.SizeOf(v); !isFile {
				part.ContentType = "application/json; charset=UTF-8"
			}
			p.Parts = append(p.Parts, part)
		}
	}
	return nil
}

// parametersOf are the members of an object, with several values where one is a list.
func parametersOf(object value.Value) []Parameter {
	var all []Parameter
	for name, v := range object.Members() {
		if v.Kind() != value.ListKind {
			v = value.List(v)
		}
		var texts []value.Value
		for _, element := range v.Elements() {
			text := element.Text()
			if k := element.Kind(); k == value.ObjectKind || k == value.ListKind {
				text = element.JSON()
			}
			texts = append(texts, value.String(text))
		}
		all = append(all, Parameter{field.Exact(name), field.OneOrMany{Given: value.List(texts...)}})
	}
	return all
}

// hostPart is what a value may be in the name of a host: one label or several, and nothing that ends the name.
var hostPart = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,200}[A-Za-z0-9])?$`)

// address is where a request goes. What people or data gave stays within its part of the path, and never changes the host.
func (d *deed) address(path string) (string, error) {
	base := d.recipe.URL
	if holes := recipe.Holes(base); len(holes) > 0 && strings.HasPrefix(base, "{"+holes[0]+"}") {
		own, err := outgoing.ParseURL(d.connection[holes[0]])
		if err == nil && (own.RawQuery != "" || own.Fragment != "") {
			err = fault.New(fault.Invalid, "the address has a query")
		}
		if err != nil {
			return "", fault.InvalidField(holes[0], "%s", fault.Public(err).Message)
		}
		base = strings.TrimRight(own.String(), "/") + strings.TrimPrefix(base, "{"+holes[0]+"}")
	}
	scheme, rest, _ := strings.Cut(base, "://")
	host, below, _ := strings.Cut(rest, "/")
	host, err := recipe.Fill(host, func(name string) (string, error) {
		if text := d.connection[name]; hostPart.MatchString(text) && !strings.Contains(text, "..") {
			return text, nil
		}
		return "", fault.InvalidField(name, "can't stand in the name of a host")
	})
	if err != nil {
		return "", err
	}
	if below != "" {
		below = "/" + below
	}
	below, err = recipe.Fill(below+path, d.segment)
	return scheme + "://" + host + below, err
}

// segment is a value as one part of a path, or as several parts where its name begins with a +.
func (d *deed) segment(name string) (string, error) {
	name, several := strings.CutPrefix(name, "+")
	text, isConnection := d.connection[name]
	if !isConnection {
		text = d.textOf(name)
	}
	if text == "" {
		return "", fault.InvalidField(name, "is required")
	}
	parts := []string{text}
	if several {
		parts = strings.Split(strings.Trim(text, "/"), "/")
	}
	for i, part := range parts {
		if part == "" || part == "." || part == ".." || strings.ContainsFunc(part, func(r rune) bool { return r < ' ' || r == 0x7F }) {
			return "", fault.InvalidField(name, "can't stand in an address")
		}
		parts[i] = strings.NewReplacer("%3A", ":", "%2C", ",").Replace(url.PathEscape(part))
	}
	return strings.Join(parts, "/"), nil
}

// textOf is a field, or the answer of a name, as a text.
func (d *deed) textOf(name string) string {
	for _, m := range d.known {
		if m.Key == name && !m.Value.IsMissing() {
			return m.Value.Text()
		}
	}
	return ""
}

// authenticate sets what shows who makes the request.
func (d *deed) authenticate(p *HTTP) error {
	a := d.recipe.Auth
	fill := func(text string) string {
		filled, _ := recipe.Fill(text, func(name string) (string, error) { return d.connection[name], nil })
		return filled
	}
	for name, text := range a.Also {
		p.Headers = append(p.Headers, Pair{name, field.Exact(fill(text))})
	}
	switch a.Kind {
	case "bearer":
		p.Auth, p.Token = "bearer", field.Exact(fill(a.Value))
	case "header":
		p.Auth, p.HeaderName, p.HeaderValue = "header", a.Name, field.Exact(fill(a.Value))
	case "query":
		p.Auth, p.QueryName, p.QueryValue = "query", a.Name, field.Exact(fill(a.Value))
	case "basic":
		p.Auth, p.Username, p.Password = "basic", field.Exact(fill(a.Username)), field.Exact(fill(a.Password))
	case "oauth2":
		return d.oauth(p, fill(a.Value))
	}
	return nil
}

// oauth reads the secret of a service that gives access tokens: JSON with client_id, client_secret, refresh_token and token_url.
func (d *deed) oauth(p *HTTP, secret string) error {
	wrong := fault.InvalidField(d.secretName(),
		"the secret must be JSON such as {\"client_id\":\"…\",\"client_secret\":\"…\",\"refresh_token\":\"…\",\"token_url\":\"https://…\"}")
	given, err := value.Parse([]byte(secret), value.Limits{})
	if err != nil || given.Kind() != value.ObjectKind {
		return wrong
	}
	for name, v := range given.Members() {
		if !slices.Contains([]string{"client_id", "client_secret", refreshToken, "token_url", "scope"}, name) || v.Kind() != value.StringKind {
			return wrong
		}
		if name == "client_secret" || name == refreshToken {
			d.call.hide(v.Raw())
		}
	}
	text := func(name string) field.Exact { return field.Exact(given.Get(name).Raw()) }
	p.Auth, p.Grant, p.ClientProof = "oauth2", refreshToken, "body"
	p.TokenURL, p.ClientID, p.ClientSecret = text("token_url"), text("client_id"), text("client_secret")
	p.RefreshToken, p.Scope = text(refreshToken), text("scope")
	if p.RefreshToken == "" {
		p.Grant = "client_credentials"
	}
	if p.missing() != "" {
		return wrong
	}
	return nil
}

func (d *deed) secretName() string {
	for _, f := range d.recipe.Connection {
		if f.Secret {
			return f.Name
		}
	}
	return ""
}

// paged sets how a long list is read.
func (d *deed) paged(p *HTTP) error {
	p.Entries = d.operation.Items
	pages := d.operation.Pages
	if pages == nil {
		return nil
	}
	all := false
	for _, m := range d.known {
		switch m.Key {
		case "all":
			all = m.Value.Truthy()
		case "limit":
			count, ok := m.Value.Whole()
			if !ok || count < 1 || count > mostItems {
				return fault.InvalidField("limit", "must be a whole number between 1 and %d", mostItems)
			}
			d.most = int(count)
		}
	}
	if all {
		d.most = 0
	}
	p.Pages, p.Next, p.PageName, p.FirstPage = Paging(pages.Kind), pages.Next, pages.Parameter, pages.First
	p.PageIn, p.from.most = PagePlace(pages.In), d.most
	if pages.End != 0 {
		p.EndCodes = fmt.Sprint(pages.End)
	}
	if pages.Kind == "offset" {
		p.Pages = "number"
	}
	if pages.Size == "" {
		return nil
	}
	size := pages.Most
	if d.most > 0 {
		size = min(size, d.most)
	}
	if pages.Kind == "offset" || pages.Kind == "number" {
		p.from.size = size
	}
	if pages.Kind == "offset" {
		p.PageStep = size
	}
	if p.PageIn == "body" {
		changed, err := p.Body.Set(value.Path{value.Key(pages.Size)}, value.Int(int64(size)))
		p.Body = changed
		return err
	}
	p.Query = withParameter(p.Query, pages.Size, fmt.Sprint(size))
	return nil
}

// mail composes a message and codes it as Gmail takes it.
func (d *deed) mail(ctx context.Context) (string, error) {
	given, err := d.operation.Mail.Evaluate(ctx, d.environment())
	if err != nil {
		return "", err
	}
	list := func(name string) []string {
		if v := given.Get(name); v.Kind() == value.StringKind {
			return outgoing.SplitAddresses(v.Raw())
		} else if v.Kind() == value.ListKind {
			var all []string
			for _, element := range v.Elements() {
				all = append(all, outgoing.SplitAddresses(element.Text())...)
			}
			return all
		}
		return nil
	}
	text := func(name string) string {
		if v := given.Get(name); !v.IsMissing() {
			return v.Text()
		}
		return ""
	}
	m := outgoing.Message{
		To:        list("to"),
		Cc:        list("cc"),
		Bcc:       list("bcc"),
		ReplyTo:   text("reply_to"),
		InReplyTo: text("in_reply_to"),
		Subject:   text("subject"),
		Text:      text("text"),
		HTML:      text("html"),
	}
	carried, err := files("attachments", given.Get("attachments"), d.item, d.room)
	if err != nil {
		return "", err
	}
	for _, f := range carried {
		m.Attachments = append(m.Attachments, outgoing.Attachment{Name: f.Name, MediaType: f.MediaType, Body: f.Body})
	}
	raw, err := outgoing.Raw(m)
	return base64.URLEncoding.EncodeToString(raw), err
}
