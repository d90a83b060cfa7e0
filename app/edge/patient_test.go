package edge

import (
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// between runs two ends of a connection in a time of their own.
func between(t *testing.T, near, far func(t *testing.T, c net.Conn)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		one, other := net.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			far(t, other)
			other.Close()
		}()
		near(t, one)
		one.Close()
		<-done
	})
}

// slowly writes so many pieces of a size, each after a pause, until nobody takes them.
func slowly(pieces, size int, pause time.Duration) func(t *testing.T, c net.Conn) {
	return func(_ *testing.T, c net.Conn) {
		for range pieces {
			time.Sleep(pause)
			if _, err := c.Write(make([]byte, size)); err != nil {
				return
			}
		}
	}
}

func TestABodyMayBeSlowAndNotStandStill(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct {
		pieces, size int
		pause        time.Duration
		whole        bool
		most         time.Duration
	}{
		"40 kB a second for two minutes":  {120, 40 << 10, time.Second, true, 3 * time.Minute},
		"a file over a slow line":         {60, 64 << 10, 10 * time.Second, true, 11 * time.Minute},
		"a byte now and then":             {1000, 1, 5 * time.Second, false, 20 * time.Second},
		"a byte each second":              {100_000, 1, time.Second, false, 20 * time.Second},
		"something, then nothing":         {1, 64 << 10, time.Second, true, 20 * time.Second},
		"less on the whole than it seems": {1000, 10 << 10, 10 * time.Second, false, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			between(t, func(t *testing.T, c net.Conn) {
				began := time.Now()
				watched := &watchedReader{from: c, conn: c, began: began, left: 1 << 30, tooLarge: errors.New("too large")}
				n, err := io.Copy(io.Discard, io.LimitReader(watched, int64(try.pieces*try.size)))
				if whole := n == int64(try.pieces*try.size); whole != try.whole || time.Since(began) > try.most {
					t.Errorf("%d bytes in %s: %v", n, time.Since(began), err)
				}
				if try.pieces == 1 { // what comes next never comes
					if _, err := watched.Read(make([]byte, 1)); err == nil || time.Since(began) > try.most {
						t.Errorf("a body that stands still: %v after %s", err, time.Since(began))
					}
				}
			}, func(t *testing.T, c net.Conn) {
				slowly(try.pieces, try.size, try.pause)(t, c)
				if try.pieces == 1 {
					time.Sleep(time.Hour)
				}
			})
		})
	}
}

func TestAnAnswerWaitsForWhoeverReads(t *testing.T) {
	t.Parallel()
	const size = 100 * writePiece
	for name, try := range map[string]struct {
		pause time.Duration
		whole bool
	}{"a slow line": {20 * time.Second, true}, "a reader that stands still": {10 * time.Minute, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			between(t, func(t *testing.T, c net.Conn) {
				began := time.Now()
				slow := patientConn{c}
				if err := slow.SetWriteDeadline(began.Add(time.Second)); err != nil { // that of the framework
					t.Error(err)
				}
				n, err := slow.Write(make([]byte, size))
				if whole := n == size && err == nil; whole != try.whole || !whole && time.Since(began) > time.Minute {
					t.Errorf("%d of %d bytes in %s: %v", n, size, time.Since(began), err)
				}
			}, func(_ *testing.T, c net.Conn) {
				piece := make([]byte, writePiece)
				for {
					time.Sleep(try.pause)
					if _, err := io.ReadFull(c, piece); err != nil {
						return
					}
				}
			})
		})
	}
}
