package outgoing

import (
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"zygo/app/fault"
)

const (
	defaultTime   = 30 * time.Second
	longestTime   = 10 * time.Minute
	mostRedirects = 5
)

// Options shape one client. The zero Options follow no redirect and wait 30 seconds.
type Options struct {
	// Time bounds the whole exchange with the reading of the body; at most 10 minutes.
	Time time.Duration
	// Redirects are followed up to this number, at most 5. With zero the redirect itself is the answer.
	Redirects int
	// Unverified takes every certificate.
	Unverified bool
	// Proxy is what ParseProxy gave, nil for none. The guard's rules hold for the proxy and for what is behind it.
	Proxy *url.URL
}

// ErrRedirects is the cause of a failure over an address that redirects too often.
var ErrRedirects = errors.New("too many redirects")

// Client is a client behind the guard. Clients share the guard's connections, so that making one per request is cheap.
// A request to elsewhere after a redirect carries none of the caller's headers that could be a credential. Errors of Do
// become sentences by Explain, bodies are read by ReadBody.
func (g *Guard) Client(o Options) *http.Client {
	if o.Time <= 0 {
		o.Time = defaultTime
	}
	o.Redirects = min(o.Redirects, mostRedirects)
	cookies, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // which has no errors
	return &http.Client{
		Jar:       cookies, // of a sign-in whose redirect needs them
		Transport: g.through(o),
		Timeout:   min(o.Time, longestTime),
		CheckRedirect: func(next *http.Request, before []*http.Request) error {
			next.Header.Del("Referer") // which service led here is no business of the next
			if o.Redirects <= 0 {
				return http.ErrUseLastResponse
			}
			if len(before) > o.Redirects {
				return fault.New(fault.Invalid, "the address redirects more than %d times", o.Redirects).Because(ErrRedirects)
			}
			first := before[0].URL
			left := func(r *http.Request) bool {
				return r.URL.Host != first.Host || first.Scheme == "https" && r.URL.Scheme != "https"
			}
			if left(next) || slices.ContainsFunc(before, left) {
				keepHarmless(next.Header)
			}
			return nil
		},
	}
}

// harmless headers may go along to another host. Every other one may hold a key, whatever its name is.
var harmless = []string{"Accept", "Accept-Language", "Content-Type", "User-Agent"}

func keepHarmless(h http.Header) {
	kept := http.Header{}
	for _, name := range harmless {
		if values, ok := h[name]; ok {
			kept[name] = values
		}
	}
	clear(h)
	for name, values := range kept {
		h[name] = values
	}
}

// through is what carries the requests of a client.
func (g *Guard) through(o Options) http.RoundTripper {
	switch {
	case o.Proxy != nil:
		return guarded{proxied{g, o}}
	case o.Unverified:
		return guarded{g.unverified}
	}
	return guarded{g.transport}
}

// guarded checks each request on its way to the transport, that of a redirect too.
type guarded struct{ next http.RoundTripper }

func (t guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := checkURL(r.URL); err != nil {
		return nil, err
	}
	if r.Header.Get("User-Agent") == "" {
		r = r.Clone(r.Context())
		r.Header.Set("User-Agent", "Zygo")
	}
	return t.next.RoundTrip(r)
}

// ReadBody reads and closes a response's body, inflating gzip and deflate. More than most bytes, compressed or not, is a
// TooLarge fault.
func ReadBody(r *http.Response, most int64) ([]byte, error) {
	defer r.Body.Close()
	if r.ContentLength > most {
		return nil, tooLarge(most)
	}
	var from io.Reader = r.Body
	var err error
	switch encoding := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); encoding {
	case "", "identity":
	case "gzip", "x-gzip":
		from, err = gzip.NewReader(from)
	case "deflate":
		from, err = zlib.NewReader(from)
	default:
		return nil, fault.New(fault.UnsupportedMedia, "the answer is compressed as %.40q; gzip and deflate can be read", encoding)
	}
	if errors.Is(err, io.EOF) && r.ContentLength <= 0 {
		return nil, nil // an answer without a body, as to HEAD
	}
	if err != nil {
		return nil, broken(err)
	}
	body, err := io.ReadAll(io.LimitReader(from, most+1))
	switch {
	case int64(len(body)) > most:
		return nil, tooLarge(most)
	case err != nil:
		return nil, broken(err)
	}
	return body, nil
}

func tooLarge(most int64) error {
	return fault.New(fault.TooLarge, "the answer is larger than %d bytes", most)
}

func broken(err error) error {
	if f, ok := fault.As(Explain(err)); ok && f.Code == fault.Unavailable {
		return f
	}
	return fault.New(fault.Unavailable, "the answer can't be read").Because(err)
}

// Explain turns an error of a request into a fault with a sentence. Unavailable means that trying again may help.
func Explain(err error) error {
	if f, ok := fault.As(err); ok {
		return f
	}
	var name *net.DNSError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var certificate x509.CertificateInvalidError
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return fault.New(fault.Unavailable, "no answer came in time").Because(err)
	case errors.As(err, &name):
		return fault.New(fault.Unavailable, "the name %s can't be looked up", name.Name).Because(err)
	case errors.As(err, &authority), errors.As(err, &host), errors.As(err, &certificate):
		return fault.New(fault.Invalid, "the server's certificate is not trusted: %s", innermost(err)).Because(err)
	}
	return fault.New(fault.Unavailable, "the connection failed: %s", innermost(err)).Because(err)
}

// innermost is the text of the first cause, which names no address of ours.
func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
