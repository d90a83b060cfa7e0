// Package outgoing is the one door to the network: every connection that Zygo opens on somebody's behalf goes through a
// Guard, and every mail through a Mailer. A Guard connects to public addresses only, plus what the operator allows; it
// decides on the numeric address at the moment of connecting, so that no name, redirect or late answer of a name server
// leads it elsewhere.
//
// Start at NewGuard and Guard.Client; request.go says what a request may carry, mail.go sends mail. It imports fault only.
package outgoing

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"zygo/app/fault"
)

const (
	dialTime  = 10 * time.Second
	mostHosts = 32 // addresses of one name; more is an attack or a mistake
	mostTries = 4
)

// Guard decides where Zygo connects, and holds the connections that are kept for the next request. Make one per
// instance; it is used from any goroutine.
type Guard struct {
	public    *ssrf.Guardian
	networks  []netip.Prefix
	named     map[string]bool // "host:port" in lower case
	transport *http.Transport
	// unverified takes every certificate.
	unverified *http.Transport
	lookup     func(ctx context.Context, host string) ([]netip.Addr, error)
}

// NewGuard makes a guard that allows public addresses and, beyond them, the given destinations: a network such as
// 10.1.0.0/16, or a host and port such as billing.internal:8443 or 127.0.0.1:9000.
func NewGuard(allow []string) (*Guard, error) {
	g := &Guard{
		named: map[string]bool{},
		// Azure's host answers virtual machines on a public address.
		public: ssrf.New(ssrf.WithAnyPort(), ssrf.WithAnyNetwork(), ssrf.WithDeniedV4Prefixes(netip.MustParsePrefix("168.63.129.16/32"))),
		lookup: func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		},
	}
	for _, destination := range allow {
		if network, err := netip.ParsePrefix(destination); err == nil {
			g.networks = append(g.networks, network.Masked())
			continue
		}
		host, port, err := net.SplitHostPort(destination)
		if number, wrong := strconv.ParseUint(port, 10, 16); err != nil || wrong != nil || number == 0 || host == "" {
			return nil, fault.InvalidField("outgoing.allow",
				"%q is neither a network such as 10.1.0.0/16 nor a host and port such as billing.internal:8443", destination)
		}
		g.named[strings.ToLower(net.JoinHostPort(strings.TrimSuffix(host, "."), port))] = true
	}
	g.transport, g.unverified = g.newTransport(), g.newTransport()
	g.unverified.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	return g, nil
}

func (g *Guard) newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  nil, // a proxy named in the environment would connect in place of the guard
		DialContext:            g.dial,
		DisableCompression:     true, // Go inflates without a limit
		MaxResponseHeaderBytes: 64 << 10,
		TLSHandshakeTimeout:    dialTime,
		IdleConnTimeout:        30 * time.Second,
		MaxIdleConns:           64,
		Protocols:              http1(),
	}
}

func http1() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	return p
}

// Close ends the connections that are kept.
func (g *Guard) Close() {
	g.transport.CloseIdleConnections()
	g.unverified.CloseIdleConnections()
}

// Protocol is what is spoken over a connection. It may have a port of its own below 1024 or among those of other protocols.
type Protocol struct {
	Name string
	Port uint16
}

// web is what the ports of the Guard's clients are for.
var web = Protocol{Name: "HTTP"}

// allows tells whether a protocol may be spoken with a port.
func (p Protocol) allows(port uint16) bool {
	return port == p.Port && port != 0 || p == web && (port == 80 || port == 443) || port >= 1024 && !slices.Contains(otherProtocols, port)
}

// Dial connects to a host and port, where something else than HTTP is spoken, by the rules of the guard. Explain makes sentences of
// its errors.
func (g *Guard) Dial(ctx context.Context, address string, speaking Protocol) (net.Conn, error) {
	return g.connect(ctx, address, speaking)
}

func (g *Guard) dial(ctx context.Context, _, address string) (net.Conn, error) {
	return g.connect(ctx, address, web)
}

// connect looks the name up once, refuses it if any of its addresses is refused, and connects to those addresses and to no
// name.
func (g *Guard) connect(ctx context.Context, address string, speaking Protocol) (net.Conn, error) {
	addresses, port, named, err := g.admit(ctx, address, speaking)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: dialTime, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		if named {
			return nil
		}
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("read the address %q: %w", address, err)
		}
		return g.check(to, speaking)
	}}
	var failed error
	for _, a := range addresses[:min(len(addresses), mostTries)] {
		connection, err := dialer.DialContext(ctx, "tcp", netip.AddrPortFrom(a, port).String())
		if err == nil {
			return connection, nil
		}
		failed = err
	}
	return nil, failed
}

// admit gives the addresses of a host and port, none of which is refused, and tells whether the operator named it.
func (g *Guard) admit(ctx context.Context, address string, speaking Protocol) (all []netip.Addr, port uint16, named bool, err error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, 0, false, fault.New(fault.Invalid, "%q has no port", address)
	}
	number, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, 0, false, fault.New(fault.Invalid, "%q is no port", portText)
	}
	host, port = strings.TrimSuffix(host, "."), uint16(number)
	named = g.named[strings.ToLower(net.JoinHostPort(host, portText))]
	all, err = g.resolve(ctx, host)
	if err != nil || named {
		return all, port, named, err
	}
	for _, a := range all {
		if err := g.check(netip.AddrPortFrom(a, port), speaking); err != nil {
			return nil, 0, false, err
		}
	}
	return all, port, false, nil
}

func (g *Guard) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a.Unmap()}, nil
	}
	addresses, err := g.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	if len(addresses) == 0 || len(addresses) > mostHosts {
		return nil, fault.New(fault.Unavailable, "the name %s has %d addresses", host, len(addresses))
	}
	for i := range addresses {
		addresses[i] = addresses[i].Unmap()
	}
	return addresses, nil
}

// Reaches tells whether Zygo connects to an address.
func (g *Guard) Reaches(a netip.Addr) bool { return g.check(netip.AddrPortFrom(a, 443), web) == nil }

// check refuses an address. The sentence names the setting, because its reader is often the operator.
func (g *Guard) check(to netip.AddrPort, speaking Protocol) error {
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	if g.named[to.String()] {
		return nil
	}
	within := func(n netip.Prefix) bool { return n.Contains(to.Addr().WithZone("")) }
	if !slices.ContainsFunc(g.networks, within) {
		if err := g.public.SafeAddr(to.Addr()); err != nil || to.Addr().Zone() != "" {
			return fault.New(fault.Forbidden,
				"Zygo doesn't connect to %s, which is not a public address. An operator can allow it in the setting outgoing.allow.", to).Because(err)
		}
	}
	if !speaking.allows(to.Port()) {
		return fault.New(fault.Forbidden,
			"Zygo doesn't connect to port %d of %s, which is not for %s. An operator can allow %s in the setting outgoing.allow.",
			to.Port(), to.Addr(), speaking.Name, to)
	}
	return nil
}

// otherProtocols are ports from 1024 on whose servers understand a line here and there of an HTTP request: those that
// browsers refuse, and common databases.
var otherProtocols = []uint16{1719, 1720, 1723, 2049, 2375, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566,
	6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 10080, 11211, 27017}
