package recipe

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"zygo/app/value"
)

var (
	named   = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	types   = []string{"", "line", "text", "long", "number", "boolean", "choice", "list", "object", "value", "file"}
	methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
	sendAs  = []string{"", "json", "form", "multipart", "related", "file"}
	kinds   = []string{"bearer", "header", "basic", "query", "oauth2", "path"}
	// reserved are the names that every operation knows.
	reserved = []string{"operation", "answer", "raw", "all", "limit", "entry", "entry_id"}
)

// OfPages are the fields of an operation that gives a long list.
func OfPages() []Field {
	return []Field{
		{Name: "all", Label: "All entries", Type: "boolean", Help: "Reads every page. Otherwise as many entries as the next field says."},
		{Name: "limit", Label: "Most entries", Type: "number", Default: "50", Short: true},
	}
}

func (r *Recipe) check() error {
	for what, text := range map[string]string{"title": r.Title, "icon": r.Icon, "help": r.Help, "docs": r.Docs, "url": r.URL} {
		if text == "" {
			return fmt.Errorf("%s is missing", what)
		}
	}
	if !named.MatchString(r.Name) {
		return errors.New("the file's name must be lower-case letters, digits and _")
	}
	connection, err := r.checkFields(r.Connection, map[string]bool{})
	if err != nil {
		return err
	}
	if err := r.checkAddress(connection); err != nil {
		return err
	}
	if err := r.checkAuth(connection); err != nil {
		return err
	}
	known, err := r.checkFields(r.Fields, connection)
	if err != nil {
		return err
	}
	if len(r.Operations) == 0 {
		return errors.New("it has no operations")
	}
	seen, used := map[string]bool{}, map[string]bool{}
	for _, o := range r.Operations {
		if seen[o.Name] {
			return fmt.Errorf("the operation %s is there twice", o.Name)
		}
		seen[o.Name] = true
		if err := o.check(known, connection); err != nil {
			return fmt.Errorf("the operation %s: %w", o.Name, err)
		}
		for name := range o.takes {
			used[name] = true
		}
	}
	for _, f := range r.Fields {
		if !used[f.Name] {
			return fmt.Errorf("no operation takes the field %s", f.Name)
		}
	}
	return nil
}

// checkFields checks fields and gives their names with those before.
func (r *Recipe) checkFields(fields []Field, before map[string]bool) (map[string]bool, error) {
	names := map[string]bool{}
	for name := range before {
		names[name] = true
	}
	for _, f := range fields {
		switch {
		case !named.MatchString(f.Name) || slices.Contains(reserved, f.Name):
			return nil, fmt.Errorf("%q is no name for a field", f.Name)
		case names[f.Name]:
			return nil, fmt.Errorf("the field %s is there twice", f.Name)
		case !slices.Contains(types, f.Type):
			return nil, fmt.Errorf("the field %s has the type %q; there are%s", f.Name, f.Type, strings.Join(types, " "))
		case (f.Type == "choice") != (len(f.Options) > 0):
			return nil, fmt.Errorf("the field %s: a choice, and nothing else, has options", f.Name)
		case f.Secret && f.Type != "":
			return nil, fmt.Errorf("the field %s: a secret is a text", f.Name)
		}
		names[f.Name] = true
	}
	return names, nil
}

// checkAddress holds the address to a host of the recipe or of the connection. Values can't be a part of its scheme or port.
func (r *Recipe) checkAddress(connection map[string]bool) error {
	for _, name := range Holes(r.URL) {
		if !connection[name] {
			return fmt.Errorf("url names %s, which is no field of the connection", name)
		}
	}
	if own := Holes(r.URL); len(own) > 0 && strings.HasPrefix(r.URL, "{"+own[0]+"}") {
		return nil // the connection's field is an address itself
	}
	u, err := url.Parse(hole.ReplaceAllString(r.URL, "x"))
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("url must be an address such as https://api.example.com/v1, without a query")
	}
	return nil
}

func (r *Recipe) checkAuth(connection map[string]bool) error {
	a := r.Auth
	if !slices.Contains(kinds, a.Kind) {
		return fmt.Errorf("auth: the kind must be one of %s", strings.Join(kinds, ", "))
	}
	if (a.Kind == "header" || a.Kind == "query") != (a.Name != "") || (a.Kind == "basic") != (a.Password != "") ||
		a.Kind != "basic" && a.Kind != "path" && a.Value == "" {
		return fmt.Errorf("auth: %s lacks something, or has too much", a.Kind)
	}
	texts := []string{a.Value, a.Username, a.Password}
	for _, text := range a.Also {
		texts = append(texts, text)
	}
	for _, text := range texts {
		for _, name := range Holes(text) {
			if !connection[name] {
				return fmt.Errorf("auth names %s, which is no field of the connection", name)
			}
		}
	}
	if !slices.ContainsFunc(r.Connection, func(f Field) bool { return f.Secret }) {
		return errors.New("the connection has no secret")
	}
	return nil
}

func (o *Operation) check(known, connection map[string]bool) error {
	if !named.MatchString(o.Name) || o.Title == "" {
		return errors.New("name or title is missing")
	}
	o.required, o.takes = map[string]bool{}, map[string]bool{}
	for _, name := range o.Fields {
		name, isRequired := strings.CutSuffix(name, "!")
		if !known[name] || connection[name] || o.takes[name] {
			return fmt.Errorf("takes the field %s, which is not there or is taken already", name)
		}
		o.takes[name], o.required[name] = true, isRequired
	}
	visible := map[string]bool{}
	for name := range connection {
		visible[name] = true
	}
	for name := range o.takes {
		visible[name] = true
	}
	if o.Pages != nil {
		visible["all"], visible["limit"] = true, true
		if err := o.Pages.check(); err != nil {
			return err
		}
	}
	if err := o.checkBefore(visible); err != nil {
		return err
	}
	if wrong := unknown(slices.Concat(o.Let.names(), o.FileName.names()), visible); wrong != "" {
		return fmt.Errorf("let names %s, which it does not know", wrong)
	}
	if o.Let != nil {
		for _, name := range o.Let.keys {
			visible[name] = true
		}
	}
	if o.Mail != nil {
		if wrong := unknown(o.Mail.names(), visible); wrong != "" {
			return fmt.Errorf("mail names %s, which it does not know", wrong)
		}
		visible["raw"] = true
	}
	if err := o.Request.check(visible); err != nil {
		return err
	}
	if o.Each != nil {
		visible["entry"], visible["entry_id"] = true, true
		if err := o.Each.check(visible); err != nil {
			return err
		}
	}
	return o.checkOutput(visible)
}

// checkBefore checks what comes first, and makes its names known.
func (o *Operation) checkBefore(visible map[string]bool) error {
	for _, before := range o.Before {
		if !named.MatchString(before.Name) || visible[before.Name] {
			return fmt.Errorf("%q is no name for an answer", before.Name)
		}
		if wrong := unknown(slices.Concat(before.When.names(), before.Value.names()), visible); wrong != "" {
			return fmt.Errorf("%s names %s, which it does not know", before.Name, wrong)
		}
		if before.Value == nil {
			if err := before.check(visible); err != nil {
				return err
			}
		} else if before.Method != "" || before.Path != "" || before.Body != nil {
			return fmt.Errorf("%s is a value and a request", before.Name)
		}
		visible[before.Name] = true
	}
	return nil
}

func (o *Operation) checkOutput(visible map[string]bool) error {
	for what, text := range map[string]string{"items": o.Items, "ok": o.OK, "error": o.Error} {
		if text == "" {
			continue
		}
		if _, err := value.ParsePath(text); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	switch {
	case o.Output != "" && o.Items != "" && o.Pages == nil:
		return errors.New("has both items and output")
	case o.Response != "" && o.Response != "file" && o.Response != "text":
		return fmt.Errorf("response can't be %q", o.Response)
	case len(o.Written) < len(`[{}]`):
		return errors.New("has no example")
	}
	if o.Output == "" {
		return nil
	}
	var err error
	if o.output, err = templateOf(value.String(o.Output)); err != nil {
		return err
	}
	if o.output.expression == nil {
		return errors.New("output is no expression")
	}
	visible["answer"] = true
	if wrong := unknown(o.output.names(), visible); wrong != "" {
		return fmt.Errorf("output names %s, which it does not know", wrong)
	}
	return nil
}

func (r *Request) check(visible map[string]bool) error {
	switch {
	case !slices.Contains(methods, r.Method):
		return fmt.Errorf("the method must be one of %s", strings.Join(methods, ", "))
	case !strings.HasPrefix(r.Path, "/") && r.Path != "" || strings.Contains(r.Path, "..") || strings.ContainsAny(r.Path, "?#\\"):
		return fmt.Errorf("the path %q must begin with / and have no query", r.Path)
	case !slices.Contains(sendAs, r.As):
		return fmt.Errorf("a body can't be sent as %q", r.As)
	case r.As != "" && r.Body == nil:
		return errors.New("as needs a body")
	case r.Timeout < 0 || r.Timeout > 600:
		return errors.New("the timeout must lie between 0 and 600 seconds")
	}
	names := Holes(r.Path)
	for _, t := range []*Template{r.Query, r.Headers, r.Body} {
		names = append(names, t.names()...)
	}
	if wrong := unknown(names, visible); wrong != "" {
		return fmt.Errorf("the request names %s, which it does not know", wrong)
	}
	return nil
}

func (p *Pages) check() error {
	if !slices.Contains([]string{"next", "number", "offset", "cursor"}, p.Kind) {
		return fmt.Errorf("pages can't be %q", p.Kind)
	}
	if p.In != "" && p.In != "body" || (p.Kind == "cursor") != (p.Parameter != "" && p.Next != "") && p.Kind == "cursor" ||
		(p.Kind == "number" || p.Kind == "offset") && p.Parameter == "" || p.Size != "" && p.Most <= 0 {
		return errors.New("pages lack something")
	}
	if p.Next != "" {
		if _, err := value.ParsePath(p.Next); err != nil {
			return fmt.Errorf("pages: %w", err)
		}
	}
	return nil
}

func unknown(names []string, visible map[string]bool) string {
	for _, name := range names {
		if !visible[name] {
			return name
		}
	}
	return ""
}
