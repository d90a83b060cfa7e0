package outgoing

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"zygo/app/fault"
)

// ParseProxy reads the address of a proxy, which may hold a name and a password.
func ParseProxy(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil, len(text) > longestURL, u.Scheme != "http", u.Hostname() == "", u.Port() == "",
		u.Path != "" && u.Path != "/", u.RawQuery != "", u.Fragment != "":
		// The text may hold a password, so the sentence doesn't repeat it.
		return nil, fault.New(fault.Invalid, "the address of the proxy must be like http://proxy.example.com:3128")
	}
	return u, nil
}

// proxied sends requests through a proxy. The guard looks the name up and the proxy is asked to connect to the address that was
// found, so that it can't be led to another one. That needs a tunnel, which proxies make for https alone.
type proxied struct {
	guard   *Guard
	options Options
}

func (p proxied) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" {
		return nil, fault.New(fault.Invalid, "the address must begin with https:// where a proxy is used")
	}
	port := r.URL.Port()
	if port == "" {
		port = "443"
	}
	found, number, _, err := p.guard.admit(r.Context(), net.JoinHostPort(r.URL.Hostname(), port), web)
	if err != nil {
		return nil, err
	}
	transport := p.guard.newTransport()
	transport.Proxy, transport.DisableKeepAlives = http.ProxyURL(p.options.Proxy), true
	transport.TLSClientConfig = &tls.Config{ServerName: r.URL.Hostname(), InsecureSkipVerify: p.options.Unverified}
	pinned := r.Clone(r.Context())
	if pinned.Host == "" {
		pinned.Host = r.URL.Host
	}
	pinned.URL.Host = netip.AddrPortFrom(found[0], number).String()
	came, err := transport.RoundTrip(pinned)
	if came != nil {
		came.Request = r
	}
	return came, err
}
