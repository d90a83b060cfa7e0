package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"zygo/app/certificate"
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/identity"
	"zygo/app/module"
	"zygo/app/operation"
	"zygo/app/outbox"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/embed"
	"zygo/ui/markup"
)

// Site answers the page routes of an instance, as far as they belong to no area.
type Site struct {
	Kernel *resource.Kernel
	Options
	// Buttons are the operations with a button, by kind.
	Buttons map[string][]*Buttoned
	pages   *markup.Pages
	static  *markup.Static
	writers sync.Pool
}

// Options are what a Site needs of an instance beside its kernel. The list of routes needs none of them.
type Options struct {
	Accounts *identity.Accounts
	Engine   *flow.Engine
	Log      *slog.Logger
	// URL is the address that links carry, without a slash at the end.
	URL     string
	Uploads *platform.Uploads
	Outbox  *outbox.Outbox
	// Certificates is nil where Zygo gets none by itself.
	Certificates *certificate.Keeper
	// Operations are those of the instance; some have a button on pages.
	Operations []operation.Operation
	// Home are the blocks of the page that people begin at.
	Home []module.HomeBlock
	Hooks
}

// New makes the server of a kernel's kinds. A kind that names an icon which is not there is an error here.
func New(kernel *resource.Kernel, options Options) (*Site, error) {
	static, err := markup.LoadStatic(embed.Static)
	if err != nil {
		return nil, err
	}
	pages, err := markup.NewPages(embed.Templates, static)
	if err != nil {
		return nil, err
	}
	for _, name := range pages.Overridden {
		if _, ok := kernel.Kind(name); !ok {
			return nil, fmt.Errorf("templates/kinds has a page of %s, which nobody declares", name)
		}
	}
	if err := checkIcons(kernel, static); err != nil {
		return nil, err
	}
	buttons, err := buttonsOf(options.Operations)
	if err != nil {
		return nil, err
	}
	return &Site{
		Kernel:  kernel,
		Options: options,
		Buttons: buttons,
		pages:   pages,
		static:  static,
	}, nil
}

// Hooks are what the server needs of the pages that stand on it.
type Hooks struct {
	// Proof asks a person to show again who they are, before the form that was refused is carried out.
	Proof func(v *Visit, to string, form url.Values) markup.AlonePage
	// Remedies lead from a refusal to what helps.
	Remedies []func(v *Visit, refused *fault.Error) (markup.Action, bool)
	// Tables give the rows of a kind other columns than those of its declaration.
	Tables map[string]func(v *Visit, table *markup.Table, records []resource.Record) error
}

// Buttoned is an operation with a button, with the fields of its input.
type Buttoned struct {
	operation.Operation
	Fields []*field.Field
}

func buttonsOf(operations []operation.Operation) (map[string][]*Buttoned, error) {
	all := map[string][]*Buttoned{}
	for _, o := range operations {
		if o.Button == nil {
			continue
		}
		fields, err := o.Fields()
		if err != nil {
			return nil, err
		}
		all[o.Button.Kind] = append(all[o.Button.Kind], &Buttoned{o, fields})
	}
	return all, nil
}

// Visit is one request of somebody who is signed in.
type Visit struct {
	*edge.Request
	Site   *Site
	Person *identity.Person
	Form   url.Values
	// Head is where the page's knowledge of the ledger ends: the stream of changes goes on from there.
	Head    int64
	Cookies []string
	// accountCookies are those that the answer sets for the accounts.
	accountCookies []operation.Cookie
}

// SignedIn runs a handler for a person; anybody else is sent to the sign-in. A form has to carry the session's token.
func (s *Site) SignedIn(handle func(v *Visit) (*edge.Response, error)) edge.Handler {
	return s.recognized(edge.Recognize, handle)
}

// recognizer finds the person behind a request.
type recognizer = func(*identity.Accounts, *edge.Request) (*identity.Person, error)

func (s *Site) recognized(recognize recognizer, handle func(v *Visit) (*edge.Response, error)) edge.Handler {
	return s.Open(func(s *Site, r *edge.Request) (*edge.Response, error) {
		v, err := s.visitOf(r, recognize)
		if err != nil {
			return nil, err
		}
		if r.Method == http.MethodPost {
			if err := v.ReadForm(); err != nil {
				return nil, edge.Explain(v.Person, err)
			}
		}
		response, err := handle(v)
		if IsStale(err) && v.Form != nil {
			response, err = v.Show(http.StatusOK, s.Proof(v, r.Path, v.Form))
		}
		if err == nil {
			v.endDraft(response)
			response.Header["Set-Cookie"] = append(response.Header["Set-Cookie"], v.Cookies...)
			for _, cookie := range v.accountCookies {
				response.SetCookie(r, cookie)
			}
		}
		return response, edge.Explain(v.Person, err)
	})
}

// Open runs a handler for anybody; what it refuses is answered with a page.
func (s *Site) Open(handle func(s *Site, r *edge.Request) (*edge.Response, error)) edge.Handler {
	return func(r *edge.Request) *edge.Response {
		response, err := handle(s, r)
		if err != nil {
			return s.Fail(r, err)
		}
		return response
	}
}

// Visit finds who it is. A form is read by signedIn, once.
func (s *Site) Visit(r *edge.Request) (*Visit, error) { return s.visitOf(r, edge.Recognize) }

func (s *Site) visitOf(r *edge.Request, recognize recognizer) (*Visit, error) {
	person, err := recognize(s.Accounts, r)
	if err != nil {
		return nil, err
	}
	v := &Visit{Request: r, Site: s, Person: person}
	if r.Method != http.MethodPost && person.Tenant.ID != "" {
		v.Head, err = person.Head()
	}
	return v, err
}

// ReadForm reads the form of a request and refuses one without the session's token.
func (v *Visit) ReadForm() (err error) {
	if v.IsForm() {
		return v.readParts()
	}
	if v.Form, err = formOf(v.Request); err != nil {
		return err
	}
	return edge.CheckForm(v.Person, v.Form)
}

// formOf reads the fields that a browser sent.
func formOf(r *edge.Request) (url.Values, error) {
	if len(r.Body) > 0 {
		if err := r.CheckType("application/x-www-form-urlencoded"); err != nil {
			return nil, err
		}
	}
	form, err := url.ParseQuery(string(r.Body))
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The form can't be read.")
	}
	return form, nil
}

// SingleForm is formOf for a page without a session, where no field can come twice: what checks one must not see another than
// what acts.
func SingleForm(r *edge.Request) (url.Values, error) {
	form, err := formOf(r)
	for name, values := range form {
		if len(values) > 1 {
			return nil, fault.New(fault.BadRequest, "The form has %q twice.", name)
		}
	}
	return form, err
}

// refreshed is a page of which htmx can ask for the part that changes.
type refreshed interface{ Part() markup.Fragment }

// IsFragment tells whether htmx asks for a part of a page; when it rebuilds one from its history it needs the whole.
func IsFragment(r *edge.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-History-Restore-Request") == ""
}

// Show answers a page, or the part of it that htmx refreshes.
func (s *Site) Show(r *edge.Request, status int, page markup.Page) (*edge.Response, error) {
	var out bytes.Buffer
	var err error
	if page, err = s.branded(r, page); err != nil {
		return nil, err
	}
	if part, ok := page.(refreshed); ok && IsFragment(r) {
		err = s.pages.RenderFragment(&out, part.Part(), page)
	} else {
		err = s.pages.Render(&out, page)
	}
	if err != nil {
		return nil, err
	}
	return s.HTML(r, status, out.Bytes()), nil
}

// HTML answers markup, compressed where the browser can read that.
func (s *Site) HTML(r *edge.Request, status int, body []byte) *edge.Response {
	response := edge.NewResponse(status, "text/html; charset=utf-8", body)
	response.Header.Set("Vary", "HX-Request, Cookie, Accept-Encoding")
	if len(body) > 1<<10 && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		response.Body = s.compress(body)
		response.Header.Set("Content-Encoding", "gzip")
	}
	return response
}

func (s *Site) compress(body []byte) []byte {
	var out bytes.Buffer
	w, ok := s.writers.Get().(*gzip.Writer)
	if !ok {
		w = gzip.NewWriter(nil)
	}
	defer s.writers.Put(w)
	w.Reset(&out)
	// A buffer takes everything.
	_, _ = w.Write(body)
	_ = w.Close()
	return out.Bytes()
}

// Show answers the person with a page.
func (v *Visit) Show(status int, page markup.Page) (*edge.Response, error) {
	return v.Site.Show(v.Request, status, page)
}

// ShowRefused shows a page again that says why something was refused.
func (s *Site) ShowRefused(r *edge.Request, refusal *fault.Error, page markup.Page) (*edge.Response, error) {
	response, err := s.Show(r, edge.Status(refusal.Code), page)
	if err == nil {
		response.Comeback(refusal)
	}
	return response, err
}

// ShowRefused answers the person with a page that says why something was refused.
func (v *Visit) ShowRefused(refusal *fault.Error, page markup.Page) (*edge.Response, error) {
	return v.Site.ShowRefused(v.Request, refusal, page)
}

// serveStatic answers a file that never changes under its name.
func (s *Site) serveStatic(r *edge.Request) (*edge.Response, error) {
	file, found := s.static.File(strings.TrimPrefix(r.Path, markup.StaticPath))
	if !found {
		return nil, fault.New(fault.NotFound, "There is nothing at this address.")
	}
	response := edge.NewResponse(http.StatusOK, file.ContentType, file.Content)
	forEver(response, "public")
	response.Header.Set("Vary", "Accept-Encoding")
	if file.Gzip != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		response.Body = file.Gzip
		response.Header.Set("Content-Encoding", "gzip")
	}
	return response, nil
}

// Fail answers an error with a page that says what happened and what to do. Somebody who has to sign in is sent there.
func (s *Site) Fail(r *edge.Request, err error) *edge.Response {
	edge.LogFailure(s.Log, r, err)
	public := fault.Public(err)
	status := edge.Status(public.Code)
	if public.Code == fault.Unauthenticated && !IsFragment(r) {
		to := "/login"
		if r.Method == http.MethodGet && r.Path != "/" {
			to += "?next=" + url.QueryEscape(r.Path+QueryText(r.Query))
		} else if form, err := formOf(r); err == nil && form.Get("draft_page") != "" {
			to += "?kept=draft&next=" + url.QueryEscape(Next(form.Get("draft_page")))
		}
		return edge.Redirect(to)
	}
	if _, enrol := public.Details.(identity.Enrol); enrol && !IsFragment(r) {
		return edge.Redirect(FactorsPath)
	}
	if _, barred := public.Details.(identity.Bar); barred && !IsFragment(r) {
		if response, err := s.barred(r, public); err == nil {
			return response
		}
	}
	page := markup.ErrorPage{Title: errorTitles[public.Code], Text: public.Message, Look: Look(r), Request: r.ID}
	if page.Title == "" {
		page.Title = "This request can't be carried out"
	}
	if v, signedOut := s.Visit(r); signedOut == nil {
		shell := v.Shell(page.Title)
		page.Shell = &shell
		page.Actions = []markup.Action{{Label: "Home", Href: "/dashboard"}}
		for _, remedy := range s.Remedies {
			if action, ok := remedy(v, public); ok {
				page.Actions = append([]markup.Action{action}, page.Actions...)
			}
		}
		if kind := s.kindAt(r.Path); kind != nil && v.Person.May(kind.Spec(), resource.List) {
			if public.Code == fault.NotFound {
				page.Title = "No such " + Lower(kind.Spec().Label())
				shell.Title = page.Title
			}
			page.Actions = append([]markup.Action{{Label: "All " + Lower(kind.Spec().PluralLabel()), Href: "/" + kind.Spec().Path}}, page.Actions...)
		}
	}
	response, err := s.Show(r, status, page)
	if err != nil {
		s.Log.Error("an error page can't be rendered", "request", r.ID, "error", err)
		response = edge.NewResponse(http.StatusInternalServerError, "text/plain; charset=utf-8", []byte("Something went wrong on our side. Request "+r.ID+"\n"))
	}
	response.Comeback(public)
	return response
}

// errorTitles say what happened; the fault's own sentence stands below.
var errorTitles = map[fault.Code]string{
	fault.NotFound: "Not found", fault.Forbidden: "Not allowed", fault.FeatureRestrict: "Your organization does not have this", fault.Conflict: "The state does not allow it", fault.Stale: "Somebody else was faster",
	fault.RateLimited: "Too many requests", fault.TooLarge: "Too large", fault.Internal: "Something went wrong on our side", fault.Unavailable: "Not available now",
	fault.MethodNotAllowed: "Not found",
}

// kindAt is the kind whose pages begin with the path, nil for none.
func (s *Site) kindAt(path string) resource.Resource {
	for _, kind := range s.Kernel.Kinds() {
		base := "/" + kind.Spec().Path
		if (path == base || strings.HasPrefix(path, base+"/")) && kind.Spec().Has(resource.List) {
			return kind
		}
	}
	return nil
}

// Kind finds a kind that the binary has for sure.
func (s *Site) Kind(name string) resource.Resource {
	kind, ok := s.Kernel.Kind(name)
	if !ok {
		panic("nobody declares " + name)
	}
	return kind
}
