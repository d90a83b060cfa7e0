package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/ui/markup"
)

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
	return s.text(r, status, "text/html; charset=utf-8", body)
}

// JSON answers what a script of a page asked for.
func (v *Visit) JSON(what any) (*edge.Response, error) {
	body, err := json.Marshal(what)
	if err != nil {
		return nil, err
	}
	return v.Site.text(v.Request, http.StatusOK, "application/json", body), nil
}

func (s *Site) text(r *edge.Request, status int, contentType string, body []byte) *edge.Response {
	response := edge.NewResponse(status, contentType, body)
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
