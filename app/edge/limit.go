package edge

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/google/uuid"

	"zygo/app/identity/throttle"
)

// Limited bounds the connections that one address, or one /64 of IPv6, holds open; 0 is no bound. It stands before the
// framework, whose own bound answers in words that are not ours. Where the connections are going to be encrypted, one too
// many is closed without a word.
func Limited(listener net.Listener, most int, silent bool) net.Listener {
	if most <= 0 {
		return listener
	}
	return &limited{Listener: listener, most: most, silent: silent, open: map[string]int{}}
}

type limited struct {
	net.Listener
	most   int
	silent bool

	mu   sync.Mutex
	open map[string]int
}

// refusal is written without reading the request: anyone who holds too many connections gets no work out of this one.
const refusal = "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"

func (l *limited) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		remote, err := netip.ParseAddrPort(conn.RemoteAddr().String())
		if err != nil {
			return conn, nil // a socket without addresses has a file's permissions
		}
		if network := throttle.Network(remote.Addr().String()); l.take(network) {
			return &counted{Conn: conn, release: sync.OnceFunc(func() { l.give(network) })}, nil
		}
		if l.silent {
			conn.Close()
			continue
		}
		body := fmt.Sprintf(
			`{"success":false,"error":{"code":"RATE_LIMITED","message":"Too many connections from your address. Close some, or reuse them.","request_id":%q}}`, uuid.Must(uuid.NewV7()))
		if conn.SetWriteDeadline(time.Now().Add(time.Second)) == nil {
			fmt.Fprintf(conn, refusal, len(body), body)
		}
		conn.Close()
	}
}

func (l *limited) take(network string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[network] >= l.most {
		return false
	}
	l.open[network]++
	return true
}

func (l *limited) give(network string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[network]--; l.open[network] == 0 {
		delete(l.open, network)
	}
}

// counted gives its place back when it is closed.
type counted struct {
	net.Conn
	release func()
}

func (c *counted) Close() error {
	c.release()
	return c.Conn.Close()
}
