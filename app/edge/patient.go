package edge

import (
	"net"
	"time"
)

// A client has to read a piece of the answer within each pause, however long the whole takes.
const (
	writePiece = 16 << 10
	writePause = 30 * time.Second
)

// patient is a listener whose connections wait for a slow reader as long as it reads: an answer of any length arrives over any
// line, and a reader that stands still is cut off.
type patient struct{ net.Listener }

func (l patient) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return patientConn{conn}, nil
}

type patientConn struct{ net.Conn }

// SetWriteDeadline changes nothing: each piece has its own.
func (c patientConn) SetWriteDeadline(time.Time) error { return nil }

func (c patientConn) SetDeadline(t time.Time) error { return c.Conn.SetReadDeadline(t) }

func (c patientConn) Write(p []byte) (written int, err error) {
	for len(p) > 0 && err == nil {
		var n int
		if err = c.Conn.SetWriteDeadline(time.Now().Add(writePause)); err == nil {
			n, err = c.Conn.Write(p[:min(len(p), writePiece)])
		}
		written, p = written+n, p[n:]
	}
	return written, err
}
