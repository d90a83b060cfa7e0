package node_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"zygo/app/flow/node"
	"zygo/app/outgoing"
)

// gate lets the first requests through together, once so many are there, and knows how many were there at most.
type gate struct {
	mutex            sync.Mutex
	after            int
	asked            []string
	underWay, atOnce int
	open             chan struct{}
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mutex.Lock()
	g.asked = append(g.asked, r.URL.Path)
	g.underWay++
	g.atOnce = max(g.atOnce, g.underWay)
	if len(g.asked) == g.after {
		close(g.open)
	}
	g.mutex.Unlock()
	<-g.open
	g.mutex.Lock()
	g.underWay--
	g.mutex.Unlock()
	if strings.HasSuffix(r.URL.Path, "2") {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	fmt.Fprint(w, strings.TrimPrefix(r.URL.Path, "/"))
}

// behind is a call of the node HTTP request with items from 1 on, some of them at the same time.
func (g *gate) behind(t *testing.T, items, atOnce int) (*node.Call, *node.Node) {
	t.Helper()
	g.open = make(chan struct{})
	s := httptest.NewServer(g)
	t.Cleanup(s.Close)
	guard, err := outgoing.NewGuard([]string{s.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	var list []string
	for n := range items {
		list = append(list, fmt.Sprintf(`{"n":%d}`, n+1))
	}
	c := call(t, "["+strings.Join(list, ",")+"]")
	c.Services.HTTP = guard
	return c, compile(t, "http", fmt.Sprintf(`{"url":"%s/{{ $json.n }}","response":"json","at_once":%d}`, s.URL, atOnce))
}

func TestRequestsAreMadeAtTheSameTime(t *testing.T) {
	t.Parallel()
	g := &gate{after: 3}
	c, asks := g.behind(t, 7, 3)
	c.GoesOn = true
	result, err := asks.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if got := outputs(result); got != `main:[{"data":1},{"data":3}@2,{"data":4}@3,{"data":5}@4,{"data":6}@5,{"data":7}@6]` || g.atOnce != 3 {
		t.Errorf("it puts out %s, with %d requests at once", got, g.atOnce)
	}
	if len(result.Failed) != 1 || result.Failed[0].Index != 1 {
		t.Errorf("failed are %+v", result.Failed)
	}
}

// What was under way when an item failed has had its effect, so it is not repeated.
func TestWhatIsUnderWayComesToItsEnd(t *testing.T) {
	t.Parallel()
	g := &gate{after: 3}
	c, asks := g.behind(t, 9, 3)
	c.Progress = node.NewProgress()
	_, err := asks.Run(t.Context(), c)
	done := len(g.asked) - 1
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("Item 2 of 9: The service answered 503: 2 Items done before it: %d.", done)) {
		t.Errorf("it ends with %v", err)
	}
	if _, err = asks.Run(t.Context(), c); err == nil {
		t.Fatal("the item does not fail again")
	}
	times := map[string]int{}
	for _, path := range g.asked {
		times[path]++
	}
	for path, n := range times {
		if n != 1 && path != "/2" {
			t.Errorf("%s was asked %d times", path, n)
		}
	}
	if times["/2"] != 2 {
		t.Errorf("the item that failed was asked for %d times", times["/2"])
	}
}
