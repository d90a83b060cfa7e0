package edge_test

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"zygo/app/edge"
)

// serve serves one route and returns its address. A request that fails is answered with what is wrong with it.
func serve(t *testing.T, path string, handler func(*edge.Request) *edge.Response) string {
	t.Helper()
	server := edge.NewServer([]edge.Route{{Method: http.MethodPost, Path: path, Handler: handler}},
		edge.Options{BodyLimit: 1 << 20, ConnectionsPerAddress: 10, Log: slog.New(slog.DiscardHandler),
			Failed: func(_ *edge.Request, err error) *edge.Response {
				return edge.NewResponse(http.StatusTeapot, "text/plain", []byte(err.Error()))
			}})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener, nil)
	t.Cleanup(func() { server.Shutdown(t.Context()) })
	return listener.Addr().String()
}

// TestARefusalReachesWhoStillWrites sends bodies over the limit and reads the answer only then.
func TestARefusalReachesWhoStillWrites(t *testing.T) {
	t.Parallel()
	address := serve(t, "/", func(*edge.Request) *edge.Response { return edge.NewResponse(http.StatusOK, "text/plain", nil) })
	for range 30 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		body := strings.Repeat("x", 3<<20)
		fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: zygo.test\r\nContent-Length: %d\r\n\r\n", len(body))
		if _, err := io.WriteString(conn, body); err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(conn)
		if conn.Close(); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 418 ") ||
			!strings.Contains(string(answer), "over the limit") {
			t.Fatalf("got %s, %v", answer, err)
		}
	}
}

// TestWhatAHandlerKeepsStays keeps all that a handler is given, while the connection reads other requests into the same memory.
func TestWhatAHandlerKeepsStays(t *testing.T) {
	t.Parallel()
	type kept struct{ all, was []string }
	var mu sync.Mutex
	var keeps []kept
	handler := func(r *edge.Request) *edge.Response {
		all := []string{r.Method, r.Path, r.Host, r.Address, r.Param("word"), r.Query.Get("word"), r.Header.Get("X-Word"), r.Cookie("word")}
		one := kept{all: append(all, r.Header["X-Word"]...)}
		for _, text := range one.all {
			one.was = append(one.was, strings.Clone(text))
		}
		mu.Lock()
		defer mu.Unlock()
		keeps = append(keeps, one)
		return edge.NewResponse(http.StatusOK, "text/plain", r.Body)
	}
	address := serve(t, "/keep/{word}", handler)
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
	for n := range 200 {
		word := fmt.Sprintf("word-%03d", n)
		request, err := http.NewRequest(http.MethodPost, "http://"+address+"/keep/"+word+"?word="+word, strings.NewReader(word))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Word", word)
		request.AddCookie(&http.Cookie{Name: "word", Value: word})
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK || string(answer) != word {
			t.Fatalf("%s answers %d %s %v", word, response.StatusCode, answer, err)
		}
	}
	for n, one := range keeps {
		if got, want := fmt.Sprint(one.all), fmt.Sprint(one.was); got != want || strings.Count(want, fmt.Sprintf("word-%03d", n)) != 6 {
			t.Errorf("request %d was %s and became %s", n, want, got)
		}
	}
}
