package edge

import (
	"net/url"
	"runtime/debug"
	"time"

	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"

	"zygo/app/fault"
)

// Socket is a WebSocket that the server writes to.
type Socket struct{ conn *websocket.Conn }

const socketWrite = 10 * time.Second

// Send writes one text frame.
func (s *Socket) Send(text []byte) error {
	if err := s.conn.SetWriteDeadline(time.Now().Add(socketWrite)); err != nil {
		return err
	}
	return s.conn.WriteMessage(websocket.TextMessage, text)
}

// Gone gives a channel that is closed when the client leaves. What it sends is read and dropped.
func (s *Socket) Gone() <-chan struct{} {
	gone := make(chan struct{})
	s.conn.SetReadLimit(4 << 10)
	go func() {
		defer func() {
			recover() // the library panics when it is read after a failure
			close(gone)
		}()
		for {
			if _, _, err := s.conn.ReadMessage(); err != nil {
				return
			}
		}
	}()
	return gone
}

// upgrade turns the connection into a WebSocket for a page of this instance or a client that is no browser.
func (s *Server) upgrade(c *fiber.Ctx, r *Request, serve func(*Request, *Socket)) error {
	if !websocket.IsWebSocketUpgrade(c) {
		return s.write(c, r, s.options.Failed(r, fault.New(fault.BadRequest, "This address speaks WebSocket.")))
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		if from, err := url.Parse(origin); err != nil || from.Host != r.Host {
			return s.write(c, r, s.options.Failed(r, fault.New(fault.Forbidden, "Another site can't open this stream.")))
		}
	}
	return websocket.New(func(conn *websocket.Conn) {
		defer func() {
			if p := recover(); p != nil {
				s.options.Log.Error("a socket panicked", "request", r.ID, "panic", p, "stack", string(debug.Stack()))
			}
		}()
		serve(r, &Socket{conn})
	})(c)
}
