package edge

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Limited bounds the connections that one address holds open; 0 is no bound. It stands before the framework, whose own bound
// answers in words that are not ours. Where the connections are going to be encrypted, one too many is closed without a word.
func Limited(listener net.Listener, most int, silent bool) net.Listener {
	if most <= 0 {
		return listener
	}
	return &limited{Listener: listener, most: most, silent: silent, open: map[netip.Addr]int{}}
}

type limited struct {
	net.Listener
	most   int
	silent bool

	mu   sync.Mutex
	open map[netip.Addr]int
}

// refusal is written without reading the request: whoever holds too many connections gets no work out of this one.
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
		if address := remote.Addr().Unmap(); l.take(address) {
			return &counted{Conn: conn, release: sync.OnceFunc(func() { l.give(address) })}, nil
		}
		if l.silent {
			conn.Close()
			continue
		}
		body := fmt.Sprintf(`{"success":false,"error":{"code":"RATE_LIMITED","message":"Too many connections from your address. Close some, or reuse them.","request_id":%q}}`, uuid.Must(uuid.NewV7()))
		if conn.SetWriteDeadline(time.Now().Add(time.Second)) == nil {
			fmt.Fprintf(conn, refusal, len(body), body)
		}
		conn.Close()
	}
}

func (l *limited) take(address netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[address] >= l.most {
		return false
	}
	l.open[address]++
	return true
}

func (l *limited) give(address netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[address]--; l.open[address] == 0 {
		delete(l.open, address)
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
