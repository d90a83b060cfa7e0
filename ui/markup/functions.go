package markup

import (
	"errors"
	"html/template"
	"strings"
	"time"
)

// functions are what templates can call.
func functions(static *Static) template.FuncMap {
	sprite, _ := static.path("icons.svg")
	written := func(write func(m *Writer)) template.HTML {
		var m Writer
		write(&m)
		return m.html()
	}
	return template.FuncMap{
		"asset": func(name string) (template.URL, error) {
			path, err := static.path(name)
			return template.URL(path), err
		},
		"icon": func(name string) template.HTML {
			return written(func(m *Writer) { m.icon(sprite, name) })
		},
		// A picture comes from this program and from no request.
		"picture": func(data string) (template.URL, error) {
			if !strings.HasPrefix(data, "data:image/png;base64,") {
				return "", errors.New("a picture is no PNG")
			}
			return template.URL(data), nil
		},
		"safe":      func(actions []Action) []Action { return ofDanger(actions, false) },
		"dangerous": func(actions []Action) []Action { return ofDanger(actions, true) },
		"markdown":  FormatMarkdown,
		"guide":     guideMarkdown,
		"cell": func(viewer Viewer, cell Cell) template.HTML {
			var m Writer
			if cell != nil {
				cell.Write(&m, viewer)
			}
			return m.html()
		},
		"rows": func(viewer Viewer, table *Table) template.HTML {
			return written(func(m *Writer) { m.rows(viewer, table) })
		},
		"graph": func(graph *Graph) template.HTML {
			return written(func(m *Writer) { m.graph(sprite, graph) })
		},
		"span": func(steps *Steps, step Step) template.HTML {
			return written(func(m *Writer) { m.span(steps, step) })
		},
		"time": func(viewer Viewer, at time.Time) template.HTML {
			return written(func(m *Writer) { Time(at).Write(m, viewer) })
		},
		"number": func(n int) string { return Number(int64(n)) },
		"part":   func(it any, token, extra string) part { return part{It: it, Token: token, Extra: extra} },
		"seen": func(viewer Viewer, p part) part {
			p.Viewer = viewer
			return p
		},
		// The first of several buttons is the one to press.
		"class": func(index int) string {
			if index == 0 {
				return "button primary"
			}
			return "button"
		},
	}
}

// part is what a template hands to another one: a thing, the token that its forms need, one word for how to show it, and
// who looks where times are shown.
type part struct {
	It           any
	Token, Extra string
	Viewer       Viewer
}
