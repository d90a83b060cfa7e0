package ui

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

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
)

// Site answers the page routes of an instance. Start reading at Routes.
type Site struct {
	kernel   *resource.Kernel
	accounts *identity.Accounts
	engine   *flow.Engine
	log      *slog.Logger
	url      string
	uploads  *platform.Uploads
	outbox   *outbox.Outbox
	pages    *Pages
	static   *Static
	manual   *manual
	// buttons are the operations with a button, by kind.
	buttons map[string][]*buttoned
	blocks  []module.HomeBlock
	// certificates is nil where Zygo gets none by itself.
	certificates *certificate.Keeper
	writers      sync.Pool
	Hooks
}

// Hooks are what the server needs of the pages that stand on it.
type Hooks struct {
	// Proof asks a person to show again who they are, before the form that was refused is carried out.
	Proof func(v *visit, to string, form url.Values) AlonePage
	// Remedies lead from a refusal to what helps.
	Remedies []func(v *visit, refused *fault.Error) (Action, bool)
	// Tables give the rows of a kind other columns than those of its declaration.
	Tables map[string]func(v *visit, table *Table, records []resource.Record) error
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
	// OpenAPI is the document that the reference of the API is rendered from.
	OpenAPI func() []byte
}

// New makes the pages of a kernel's kinds. A kind that names an icon which is not there is an error here.
func New(kernel *resource.Kernel, options Options) (*Site, error) {
	static, err := LoadStatic(embed.Static)
	if err != nil {
		return nil, err
	}
	pages, err := NewPages(embed.Templates, static)
	if err != nil {
		return nil, err
	}
	for _, name := range pages.overridden {
		if _, ok := kernel.Kind(name); !ok {
			return nil, fmt.Errorf("templates/kinds has a page of %s, which nobody declares", name)
		}
	}
	if err := checkIcons(kernel, static); err != nil {
		return nil, err
	}
	book, err := newManual(embed.Docs, options.OpenAPI)
	if err != nil {
		return nil, err
	}
	buttons, err := buttonsOf(options.Operations)
	if err != nil {
		return nil, err
	}
	return &Site{
		kernel:       kernel,
		accounts:     options.Accounts,
		engine:       options.Engine,
		log:          options.Log,
		url:          options.URL,
		uploads:      options.Uploads,
		outbox:       options.Outbox,
		pages:        pages,
		static:       static,
		manual:       book,
		buttons:      buttons,
		blocks:       options.Home,
		certificates: options.Certificates,
		Hooks: Hooks{
			Proof:    proofPage,
			Remedies: []func(*visit, *fault.Error) (Action, bool){askFor, featuresLink},
			Tables:   map[string]func(*visit, *Table, []resource.Record) error{"execution": showCourse},
		},
	}, nil
}

// buttoned is an operation with a button, with the fields of its input.
type buttoned struct {
	operation.Operation
	fields []*field.Field
}

func buttonsOf(operations []operation.Operation) (map[string][]*buttoned, error) {
	all := map[string][]*buttoned{}
	for _, o := range operations {
		if o.Button == nil {
			continue
		}
		fields, err := o.Fields()
		if err != nil {
			return nil, err
		}
		all[o.Button.Kind] = append(all[o.Button.Kind], &buttoned{o, fields})
	}
	return all, nil
}

// visit is one request of somebody who is signed in.
type visit struct {
	*edge.Request
	site   *Site
	person *identity.Person
	form   url.Values
	// head is where the page's knowledge of the ledger ends: the stream of changes goes on from there.
	head    int64
	cookies []string
	// accountCookies are those that the answer sets for the accounts.
	accountCookies []operation.Cookie
}

// signedIn runs a handler for a person; anybody else is sent to the sign-in. A form has to carry the session's token.
func (s *Site) signedIn(handle func(v *visit) (*edge.Response, error)) edge.Handler {
	return s.recognized(edge.Recognize, handle)
}

// recognizer finds the person behind a request.
type recognizer = func(*identity.Accounts, *edge.Request) (*identity.Person, error)

func (s *Site) recognized(recognize recognizer, handle func(v *visit) (*edge.Response, error)) edge.Handler {
	return s.open(func(s *Site, r *edge.Request) (*edge.Response, error) {
		v, err := s.visitOf(r, recognize)
		if err != nil {
			return nil, err
		}
		if r.Method == http.MethodPost {
			if err := v.readForm(); err != nil {
				return nil, edge.Explain(v.person, err)
			}
		}
		response, err := handle(v)
		if isStale(err) && v.form != nil {
			response, err = v.show(http.StatusOK, s.Proof(v, r.Path, v.form))
		}
		if err == nil {
			v.endDraft(response)
			response.Header["Set-Cookie"] = append(response.Header["Set-Cookie"], v.cookies...)
			for _, cookie := range v.accountCookies {
				response.SetCookie(r, cookie)
			}
		}
		return response, edge.Explain(v.person, err)
	})
}

func (s *Site) open(handle func(s *Site, r *edge.Request) (*edge.Response, error)) edge.Handler {
	return func(r *edge.Request) *edge.Response {
		response, err := handle(s, r)
		if err != nil {
			return s.Fail(r, err)
		}
		return response
	}
}

// visit finds who it is. A form is read by signedIn, once.
func (s *Site) visit(r *edge.Request) (*visit, error) { return s.visitOf(r, edge.Recognize) }

func (s *Site) visitOf(r *edge.Request, recognize recognizer) (*visit, error) {
	person, err := recognize(s.accounts, r)
	if err != nil {
		return nil, err
	}
	v := &visit{Request: r, site: s, person: person}
	if r.Method != http.MethodPost && person.Tenant.ID != "" {
		v.head, err = person.Head()
	}
	return v, err
}

// readForm reads the form of a request and refuses one without the session's token.
func (v *visit) readForm() (err error) {
	if v.IsForm() {
		return v.readParts()
	}
	if v.form, err = formOf(v.Request); err != nil {
		return err
	}
	return edge.CheckForm(v.person, v.form)
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

// singleForm is formOf for a page without a session, where no field can come twice: what checks one must not see another than
// what acts.
func singleForm(r *edge.Request) (url.Values, error) {
	form, err := formOf(r)
	for name, values := range form {
		if len(values) > 1 {
			return nil, fault.New(fault.BadRequest, "The form has %q twice.", name)
		}
	}
	return form, err
}

// refreshed is a page of which htmx can ask for the part that changes.
type refreshed interface{ fragment() Fragment }

func (ListPage) fragment() Fragment   { return ListFragment }
func (DetailPage) fragment() Fragment { return DetailFragment }

// isFragment tells whether htmx asks for a part of a page; when it rebuilds one from its history it needs the whole.
func isFragment(r *edge.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-History-Restore-Request") == ""
}

// show answers a page, or the part of it that htmx refreshes.
func (s *Site) show(r *edge.Request, status int, page Page) (*edge.Response, error) {
	var out bytes.Buffer
	var err error
	if page, err = s.branded(r, page); err != nil {
		return nil, err
	}
	if part, ok := page.(refreshed); ok && isFragment(r) {
		err = s.pages.RenderFragment(&out, part.fragment(), page)
	} else {
		err = s.pages.Render(&out, page)
	}
	if err != nil {
		return nil, err
	}
	return s.html(r, status, out.Bytes()), nil
}

// html answers markup, compressed where the browser can read that.
func (s *Site) html(r *edge.Request, status int, body []byte) *edge.Response {
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

func (v *visit) show(status int, page Page) (*edge.Response, error) {
	return v.site.show(v.Request, status, page)
}

// showRefused shows a page again that says why something was refused.
func (s *Site) showRefused(r *edge.Request, refusal *fault.Error, page Page) (*edge.Response, error) {
	response, err := s.show(r, edge.Status(refusal.Code), page)
	if err == nil {
		response.Comeback(refusal)
	}
	return response, err
}

func (v *visit) showRefused(refusal *fault.Error, page Page) (*edge.Response, error) {
	return v.site.showRefused(v.Request, refusal, page)
}

// look is what the browser's cookies say. Only known words pass.
func look(r *edge.Request) Look {
	one := func(name string, known ...string) string {
		value := r.Cookie(name)
		for _, word := range known {
			if value == word {
				return value
			}
		}
		return ""
	}
	return Look{Theme: one("theme", "light", "dark"), Density: one("density", "compact"), Sidebar: one("sidebar", "collapsed"), Keys: one("keys", "off")}
}

// zone is the browser's time zone, nil until it said one.
func zone(r *edge.Request) *time.Location {
	name, err := url.QueryUnescape(r.Cookie("zone"))
	if err != nil || name == "" || name == "Local" || len(name) > 64 {
		return nil
	}
	found, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return found
}

// serveStatic answers a file that never changes under its name.
func (s *Site) serveStatic(r *edge.Request) (*edge.Response, error) {
	file, found := s.static.File(strings.TrimPrefix(r.Path, StaticPath))
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
	edge.LogFailure(s.log, r, err)
	public := fault.Public(err)
	status := edge.Status(public.Code)
	if public.Code == fault.Unauthenticated && !isFragment(r) {
		to := "/login"
		if r.Method == http.MethodGet && r.Path != "/" {
			to += "?next=" + url.QueryEscape(r.Path+queryText(r.Query))
		} else if form, err := formOf(r); err == nil && form.Get("draft_page") != "" {
			to += "?kept=draft&next=" + url.QueryEscape(next(form.Get("draft_page")))
		}
		return edge.Redirect(to)
	}
	if _, enrol := public.Details.(identity.Enrol); enrol && !isFragment(r) {
		return edge.Redirect(factorsPath)
	}
	if _, barred := public.Details.(identity.Bar); barred && !isFragment(r) {
		if response, err := s.barred(r, public); err == nil {
			return response
		}
	}
	page := ErrorPage{Title: errorTitles[public.Code], Text: public.Message, Look: look(r), Request: r.ID}
	if page.Title == "" {
		page.Title = "This request can't be carried out"
	}
	if v, signedOut := s.visit(r); signedOut == nil {
		shell := v.shell(page.Title)
		page.Shell = &shell
		page.Actions = []Action{{Label: "Home", Href: "/dashboard"}}
		for _, remedy := range s.Remedies {
			if action, ok := remedy(v, public); ok {
				page.Actions = append([]Action{action}, page.Actions...)
			}
		}
		if kind := s.kindAt(r.Path); kind != nil && v.person.May(kind.Spec(), resource.List) {
			if public.Code == fault.NotFound {
				page.Title = "No such " + lower(kind.Spec().Label())
				shell.Title = page.Title
			}
			page.Actions = append([]Action{{Label: "All " + lower(kind.Spec().PluralLabel()), Href: "/" + kind.Spec().Path}}, page.Actions...)
		}
	}
	response, err := s.show(r, status, page)
	if err != nil {
		s.log.Error("an error page can't be rendered", "request", r.ID, "error", err)
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
	for _, kind := range s.kernel.Kinds() {
		base := "/" + kind.Spec().Path
		if (path == base || strings.HasPrefix(path, base+"/")) && kind.Spec().Has(resource.List) {
			return kind
		}
	}
	return nil
}

// setCookies gives the browser cookies of the accounts with the answer.
func (v *visit) setCookies(cookies ...operation.Cookie) {
	v.accountCookies = append(v.accountCookies, cookies...)
}
