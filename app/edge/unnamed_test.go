package edge

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestAProxyThatNoSettingNamesIsToldOnceAnHour(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	u := newUnnamed(slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now })
	lines := func() int {
		t.Helper()
		count := strings.Count(log.String(), "server.trusted_proxies")
		log.Reset()
		return count / 2 // each names it twice
	}
	look := func(peer, name string) {
		header := http.Header{}
		if name != "" {
			header.Set(name, "198.51.100.7")
		}
		u.look(netip.MustParseAddr(peer), header)
	}
	look("10.0.0.1", "")
	look("10.0.0.1", "X-Forwarded-Proto") // changes no address
	if n := lines(); n != 0 {
		t.Errorf("%d lines of what nobody passed on", n)
	}
	for n, name := range []string{"X-Forwarded-For", "Forwarded", "X-Real-IP", "x-forwarded-for"} {
		peer := fmt.Sprintf("10.0.1.%d", n)
		for range 50 {
			look(peer, name)
		}
		if got := log.String(); !strings.Contains(got, peer) || lines() != 1 {
			t.Errorf("fifty requests with %s log %s", name, got)
		}
	}
	look("2001:db8::1", "Forwarded")
	look("2001:db8::2", "Forwarded") // the same network
	if n := lines(); n != 1 {
		t.Errorf("%d lines of one network", n)
	}
	now = now.Add(tellEach)
	look("10.0.1.0", "Forwarded")
	if n := lines(); n != 1 {
		t.Errorf("%d lines after an hour", n)
	}
	for n := range 1000 {
		look(fmt.Sprintf("10.1.%d.%d", n/250, n%250), "Forwarded")
	}
	if n := lines(); n > mostTold || len(u.told) > mostTold {
		t.Errorf("%d lines and %d kept of a thousand peers", n, len(u.told))
	}
}
