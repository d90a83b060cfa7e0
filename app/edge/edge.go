// Package edge is the only room of the web framework. It copies what a request brings into a plain Request, because the
// framework's strings point into buffers that the next request overwrites, and it hands back a plain Response. Limits,
// panics, request ids and the security headers are its business; what a request means is not.
//
// Start with Server; Recognize is how a request finds its person.
package edge

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"zygo/app/fault"
)

// Request is a request as handlers see it. Nothing in it points into the framework.
type Request struct {
	Context context.Context
	Method  string
	Path    string
	// ID is made here; what a client sends under that name is ignored.
	ID string
	// Address is the client's, found through trusted proxies only.
	Address string
	Host    string
	Header  http.Header
	Query   url.Values
	// MostBody is how many bytes a body may have that is no upload.
	MostBody int
	// RawQuery is the query as it came, for who reads it otherwise.
	RawQuery string
	// Body is the whole body, and nil on a route for uploads, where Parts reads it piece by piece.
	Body []byte
	// Closing is closed when the server stops; streams end then.
	Closing <-chan struct{}

	params map[string]string
	secure bool
	// passedOn is a request that seems to come through a proxy that server.trusted_proxies does not name.
	passedOn bool
	upload   io.Reader
}

// Param is a named part of the path.
func (r *Request) Param(name string) string { return r.params[name] }

// Secure tells whether the client came over HTTPS, here or at a trusted proxy.
func (r *Request) Secure() bool { return r.secure }

// Cookie is the value of a cookie, empty if there is none or more than one of that name.
func (r *Request) Cookie(name string) string {
	cookies := (&http.Request{Header: r.Header}).CookiesNamed(name)
	if len(cookies) != 1 {
		return ""
	}
	return cookies[0].Value
}

// Response is what a handler answers.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	// Stream, where it is set, writes the body piece by piece after the handler returned.
	Stream func(w *bufio.Writer) error
	// File, where it is set, is the body, of Size bytes. It is closed when it is sent.
	File io.ReadCloser
	Size int64
}

// NewResponse makes a response with a body of a type.
func NewResponse(status int, contentType string, body []byte) *Response {
	return &Response{Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: body}
}

// Comeback tells the client when to come again, where a refusal says so.
func (r *Response) Comeback(refusal *fault.Error) {
	if refusal.RetryAfter > 0 {
		r.Header.Set("Retry-After", strconv.Itoa(int(math.Ceil(refusal.RetryAfter.Seconds()))))
	}
}

// Redirect sends the browser to another page of this instance.
func Redirect(to string) *Response {
	return &Response{Status: http.StatusSeeOther, Header: http.Header{"Location": {to}}}
}

// Handler answers a request.
type Handler func(r *Request) *Response

// Route is one method and path. Path parts in braces are parameters; {path...} at the end is whatever follows.
type Route struct {
	Method, Path string
	// Permission is kind:verb for the list of routes; empty is a signed-in person, "public" nobody in particular.
	Permission string
	Kind       string
	// Upload takes a form with files, which may be as large as the limit for uploads says.
	Upload bool
	// Packed takes a body with Content-Encoding: gzip as it came; the handler unpacks it within a bound.
	Packed  bool
	Handler Handler
	// Socket upgrades to a WebSocket instead, after Handler agreed by answering nil.
	Socket func(r *Request, c *Socket)
}

// Options are the limits and the wiring of a server.
type Options struct {
	// BodyLimit and UploadLimit in bytes; the second is that of one file.
	BodyLimit   int
	UploadLimit int64
	// ConnectionsPerAddress bounds one client; 0 is no bound, for an instance behind a proxy.
	ConnectionsPerAddress int
	TrustedProxies        []netip.Prefix
	Log                   *slog.Logger
	// Failed answers what no handler did: an unknown path, a body over the limit, a panic.
	Failed func(r *Request, err error) *Response
}

// The limits that no setting changes. readTimeout is for the head of a request; bodies and answers have theirs in body.go and
// patient.go.
const (
	readTimeout  = 15 * time.Second
	writeTimeout = 60 * time.Second
	idleTimeout  = 60 * time.Second
	headerLimit  = 16 << 10
	connections  = 4096
	// StreamLife is how long one stream of events lasts before the client is asked to come again.
	StreamLife = 50 * time.Second
)

// Server serves routes.
type Server struct {
	app     *fiber.App
	options Options
	unnamed *unnamed
	closing chan struct{}
}

// NewServer makes a server of routes. An earlier route wins over a later one that matches too.
func NewServer(routes []Route, options Options) *Server {
	s := &Server{options: options, unnamed: newUnnamed(options.Log, time.Now), closing: make(chan struct{})}
	s.app = fiber.New(fiber.Config{
		// Without it every string of a request would change under anyone who keeps it.
		Immutable:             true,
		CaseSensitive:         true,
		StrictRouting:         true,
		DisableStartupMessage: true,
		BodyLimit:             options.BodyLimit,
		ReadBufferSize:        headerLimit,
		ReadTimeout:           readTimeout,
		WriteTimeout:          writeTimeout,
		IdleTimeout:           idleTimeout,
		Concurrency:           connections,
		ErrorHandler:          s.frameworkError,
		// Bodies are read by readBody, which knows the limit of the route.
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,
	})
	s.app.Server().HeaderReceived = s.expectBody
	s.app.Server().NoDefaultServerHeader = true
	for _, route := range routes {
		path := strings.NewReplacer("{path...}", "+", "{", ":", "}", "").Replace(route.Path)
		s.app.Add(route.Method, path, func(c *fiber.Ctx) error { return s.serve(c, route) })
		if route.Method == http.MethodGet && route.Socket == nil {
			s.app.Add(http.MethodHead, path, func(c *fiber.Ctx) error { return s.serve(c, route) })
		}
	}
	return s
}

// Serve answers until Shutdown, by HTTPS where there is a configuration for it.
func (s *Server) Serve(listener net.Listener, secure *tls.Config) error {
	listener = Limited(patient{lingering{listener}}, s.options.ConnectionsPerAddress, secure != nil)
	if secure != nil {
		listener = tls.NewListener(listener, secure)
	}
	return s.app.Listener(listener)
}

// Shutdown ends the streams, lets the other requests finish, and closes the connections.
func (s *Server) Shutdown(ctx context.Context) error {
	close(s.closing)
	return s.app.ShutdownWithContext(ctx)
}

func (s *Server) serve(c *fiber.Ctx, route Route) (err error) {
	r := s.request(c)
	defer func() {
		if p := recover(); p != nil {
			s.options.Log.Error("a handler panicked", "request", r.ID, "method", r.Method, "path", route.Path, "panic", p, "stack",
				string(debug.Stack()))
			s.write(c, r, s.options.Failed(r, errors.New("panic")))
		}
	}()
	if err := checkFraming(c, route.Packed); err != nil {
		c.Context().SetConnectionClose()
		return s.write(c, r, s.options.Failed(r, err))
	}
	if err := s.readBody(c, r, route.Upload); err != nil {
		return s.write(c, r, s.options.Failed(r, err))
	}
	for _, name := range c.Route().Params {
		value, err := url.PathUnescape(c.Params(name))
		if err != nil {
			return s.write(c, r, s.options.Failed(r, fault.New(fault.BadRequest, "The address is not valid.")))
		}
		r.params[name] = value
	}
	response := route.Handler(r)
	if route.Socket != nil && response == nil {
		return s.upgrade(c, r, route.Socket)
	}
	return s.write(c, r, response)
}

// request copies what the framework holds.
func (s *Server) request(c *fiber.Ctx) *Request {
	r := &Request{
		Context:  context.Background(),
		Method:   strings.Clone(c.Method()),
		Path:     strings.Clone(c.Path()),
		ID:       uuid.Must(uuid.NewV7()).String(),
		Host:     strings.Clone(string(c.Request().Host())),
		Header:   http.Header{},
		Closing:  s.closing,
		MostBody: s.options.BodyLimit,
		params:   map[string]string{},
	}
	for name, value := range c.Request().Header.All() {
		r.Header.Add(string(name), string(value))
	}
	r.RawQuery = string(c.Request().URI().QueryString())
	r.Query, _ = url.ParseQuery(r.RawQuery)
	peer := peerOf(c)
	trusted := within(peer, s.options.TrustedProxies)
	if !trusted {
		r.passedOn = s.unnamed.look(peer, r.Header)
	}
	r.Address = clientAddress(peer, r.Header.Values("X-Forwarded-For"), s.options.TrustedProxies)
	r.secure = c.Context().IsTLS() || trusted && r.Header.Get("X-Forwarded-Proto") == "https"
	return r
}

func peerOf(c *fiber.Ctx) netip.Addr {
	address, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	return address.Unmap()
}

// checkFraming refuses what makes a proxy and this server read two different requests, and encodings that unpack without
// a bound.
func checkFraming(c *fiber.Ctx, packed bool) error {
	raw := strings.ToLower(string(c.Request().Header.RawHeaders()))
	if strings.Contains(raw, "\ntransfer-encoding:") && strings.Contains(raw, "\ncontent-length:") {
		return fault.New(fault.BadRequest, "A request has a length or is chunked, not both.")
	}
	if encoding := c.Get("Content-Encoding"); encoding != "" && encoding != "identity" && !(packed && encoding == "gzip") {
		return fault.New(fault.UnsupportedMedia, "Send the body without Content-Encoding.")
	}
	if version := string(c.Request().Header.Protocol()); version != "HTTP/1.1" && version != "HTTP/1.0" {
		return fault.New(fault.BadRequest, "This server speaks HTTP/1.1.")
	}
	path, _, _ := strings.Cut(strings.ToLower(string(c.Request().RequestURI())), "?")
	for _, trick := range []string{"//", "/./", "/../", "\\", ";", "%2f", "%5c", "%2e", "%00", "%25"} {
		if strings.Contains(path, trick) {
			return fault.New(fault.BadRequest, "The address is not in its plain form.")
		}
	}
	return nil
}

// clientAddress walks the forwarding list from its end to the first address that is no trusted proxy.
func clientAddress(address netip.Addr, forwarded []string, trusted []netip.Prefix) string {
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0 && within(address, trusted); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		address = next.Unmap()
	}
	return address.String()
}

func within(address netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(address) {
			return true
		}
	}
	return false
}

func (s *Server) write(c *fiber.Ctx, r *Request, response *Response) error {
	header := &c.Response().Header
	for name, value := range securityHeaders {
		header.Set(name, value)
	}
	header.Set("X-Request-Id", r.ID)
	if r.secure {
		header.Set("Strict-Transport-Security", "max-age=31536000")
	}
	for name, values := range response.Header {
		header.Del(name)
		for _, value := range values {
			header.Add(name, value)
		}
	}
	c.Status(response.Status)
	closeUnread(c, r)
	if response.File != nil {
		c.Context().Response.SetBodyStream(response.File, int(response.Size))
		return nil
	}
	if response.Stream == nil {
		c.Response().SetBodyRaw(response.Body)
		return nil
	}
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer func() {
			if p := recover(); p != nil {
				s.options.Log.Error("a stream panicked", "request", r.ID, "panic", p, "stack", string(debug.Stack()))
			}
		}()
		if err := response.Stream(w); err != nil {
			s.options.Log.Debug("a stream ended", "request", r.ID, "error", err)
		}
	})
	return nil
}

// securityHeaders stand on every answer; a page loosens nothing but its caching, and what people uploaded has a
// stricter policy.
var securityHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-store",
}

// frameworkError answers what the framework refused before a route was found. Its own texts echo input and are dropped.
func (s *Server) frameworkError(c *fiber.Ctx, err error) error {
	r := s.request(c)
	var refused *fiber.Error
	status := http.StatusInternalServerError
	if errors.As(err, &refused) {
		status = refused.Code
	}
	public := map[int]*fault.Error{
		http.StatusNotFound:                    fault.New(fault.NotFound, "There is nothing at this address."),
		http.StatusMethodNotAllowed:            fault.New(fault.MethodNotAllowed, "This address does not take that method."),
		http.StatusRequestEntityTooLarge:       fault.New(fault.TooLarge, "The body is over the limit of %d bytes.", s.options.BodyLimit),
		http.StatusRequestHeaderFieldsTooLarge: fault.New(fault.TooLarge, "The headers are over the limit of %d bytes.", headerLimit),
		http.StatusBadRequest:                  fault.New(fault.BadRequest, "The request can't be read."),
		http.StatusRequestTimeout:              fault.New(fault.BadRequest, "The request took too long to arrive."),
	}[status]
	if public == nil {
		return s.write(c, r, s.options.Failed(r, err))
	}
	response := s.options.Failed(r, public)
	response.Status = status // headers that are too large have a status of their own
	return s.write(c, r, response)
}
