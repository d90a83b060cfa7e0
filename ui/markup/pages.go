// Package markup shows pages. A page is a value (ListPage, DetailPage, FormPage, …) that says what is on it and nothing of how
// it looks; Pages renders it with the templates of embed/templates. What stands many times on a page, the cells of a table above
// all, is written by Go functions, one for each type of field, because a template would take ten times as long. html.go makes
// HTML of text, and with functions.go is the only place that does. Start reading at Pages.Render and Shell.
package markup

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"

	engine "github.com/gofiber/template/html/v2"
)

// Pages renders. It is made once and used by many requests at the same time.
type Pages struct {
	templates *template.Template
	static    *Static
	// Overridden are the kinds that have a page of their own making.
	Overridden []string
}

// NewPages parses every template in files, the folder "templates", and takes the browser's files from static. A template that
// does not parse, or names an icon or a file that is not there, is an error here and not on the page.
func NewPages(files fs.FS, static *Static) (*Pages, error) {
	folder, err := fs.Sub(files, "templates")
	if err != nil {
		return nil, err
	}
	loader := engine.NewFileSystem(http.FS(folder), ".html")
	// The loader brings a function for layouts. Without it, a template that calls the function does not parse.
	delete(loader.Funcmap, loader.LayoutName)
	loader.AddFuncMap(functions(static))
	if err := loader.Load(); err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	// The loader only parses. Its own Render changes the set on each call, which is slower and a race between requests.
	set := loader.Templates.Option("missingkey=error")
	overridden, err := addOverrides(set)
	if err != nil {
		return nil, err
	}
	return &Pages{templates: set, static: static, Overridden: overridden}, nil
}

// Render writes the whole page to w. It writes nothing when the page can't be rendered, so that an error page can follow.
func (p *Pages) Render(w io.Writer, page Page) error {
	return p.execute(w, p.nameFor(page.Template(), page), page)
}

// RenderFragment writes one named part of a page, for a request of htmx that replaces only that part.
func (p *Pages) RenderFragment(w io.Writer, fragment Fragment, page Page) error {
	return p.execute(w, p.nameFor(string(fragment), page), page)
}

func (p *Pages) execute(w io.Writer, name string, data any) error {
	var out bytes.Buffer
	if err := p.templates.ExecuteTemplate(&out, name, data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	_, err := w.Write(out.Bytes())
	return err
}
