package outgoing

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"zygo/app/fault"
)

const (
	longestURL    = 8 << 10
	longestHeader = 8 << 10
)

// ParseURL reads an address that Zygo may be asked to call: http or https, a host, no name and password.
func ParseURL(text string) (*url.URL, error) {
	if len(text) > longestURL {
		return nil, fault.New(fault.Invalid, "the address has %d bytes, %d are allowed", len(text), longestURL)
	}
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		// The text may hold a secret, so the sentence doesn't repeat it, nor does the cause.
		return nil, fault.New(fault.Invalid, "this is not an address such as https://example.com/path")
	}
	u.RawQuery = escapedQuery(u.RawQuery)
	return u, checkURL(u)
}

// escapedQuery escapes what may not stand in a query (RFC 3986, 3.4) and leaves what is escaped already.
func escapedQuery(query string) string {
	var b strings.Builder
	for i := range len(query) {
		c := query[i]
		switch {
		case c == '%' && (len(query) < i+3 || strings.Trim(query[i+1:i+3], "0123456789abcdefABCDEF") != ""),
			c <= ' ', c >= 0x7F, strings.IndexByte("\"<>\\^`{|}", c) >= 0:
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func checkURL(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return fault.New(fault.Invalid, "the address must begin with http:// or https://, not with %.20q", u.Scheme+":")
	}
	if u.Hostname() == "" {
		return fault.New(fault.Invalid, "the address has no host")
	}
	if u.User != nil {
		return fault.New(fault.Invalid,
			"the address holds a name or password, which would end up in logs; use the fields for authentication")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return fault.New(fault.Invalid, "%.20q is no port", port)
		}
	}
	return nil
}

// ours are the headers that Zygo writes itself: those that frame the message, name the host, or belong to a proxy.
var ours = []string{"Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Te", "Trailer", "Upgrade", "Expect",
	"Http2-Settings"}

// SetHeader sets a header that a user chose. A name or value that would change the framing or add another header is
// refused.
func SetHeader(h http.Header, name, value string) error {
	canonical := http.CanonicalHeaderKey(strings.TrimSpace(name))
	switch {
	case !isToken(canonical):
		return fault.New(fault.Invalid, "%.60q is no name of a header", name)
	case slices.Contains(ours, canonical), strings.HasPrefix(canonical, "Proxy-"):
		return fault.New(fault.Invalid, "the header %s can't be set", canonical)
	case strings.ContainsFunc(value, isForbidden):
		return fault.New(fault.Invalid, "the value of the header %s holds a line break or another control character", canonical)
	case len(value) > longestHeader:
		return fault.New(fault.Invalid, "the value of the header %s has %d bytes, %d are allowed", canonical, len(value), longestHeader)
	}
	h.Set(canonical, value)
	return nil
}

// isToken is what RFC 9110 calls a token.
func isToken(s string) bool {
	return s != "" && strings.Trim(s, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func isForbidden(r rune) bool { return r < ' ' && r != '\t' || r == 0x7F }

// methods that a request may have.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
	http.MethodOptions}

// CheckMethod refuses what is not one of HTTP's own methods in upper case.
func CheckMethod(method string) error {
	if !slices.Contains(methods, method) {
		return fault.New(fault.Invalid, "the method must be one of %s", strings.Join(methods, ", "))
	}
	return nil
}
