package edge

import (
	"crypto/tls"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// What is read of a body that nobody wants, and for how long.
const (
	mostUnwanted   = 4 << 20
	unwantedPeriod = 2 * time.Second
)

// lingering is a listener whose connections can be closed without losing the answer that was written last.
type lingering struct{ net.Listener }

func (l lingering) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lingeringConn{Conn: conn}, nil
}

type lingeringConn struct {
	net.Conn
	unread atomic.Bool
}

// Close says that nothing more is written and reads on for a while, where a part of a body was not read: a connection closed
// over bytes that it didn't read is reset, and the client may lose the answer that says why (RFC 9112, section 9.6).
func (c *lingeringConn) Close() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && c.unread.Load() && half.CloseWrite() == nil &&
		c.SetReadDeadline(time.Now().Add(unwantedPeriod)) == nil {
		io.CopyN(io.Discard, c.Conn, mostUnwanted)
	}
	return c.Conn.Close()
}

// linger makes Close of a connection wait for a client that still writes.
func linger(conn net.Conn) {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if bounded, ok := conn.(*counted); ok {
		conn = bounded.Conn
	}
	if slow, ok := conn.(patientConn); ok {
		conn = slow.Conn
	}
	if c, ok := conn.(*lingeringConn); ok {
		c.unread.Store(true)
	}
}
