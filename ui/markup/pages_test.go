package markup

import (
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/embed"
	"zygo/ui/browsertest"
)

// policy is R36's, as the edge sends it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

var samplePages = map[string]Page{
	"list": sampleIncidents(50), "short-list": sampleIncidents(3), "empty": sampleEmpty(), "detail": sampleIncident(),
	"execution": sampleExecution(),
	"form":      sampleForm(false), "form-errors": sampleForm(true), "edit": sampleEdit(), "sign-in": sampleSignIn(false),
	"sign-in-refused": sampleSignIn(true),
	"setup":           sampleSetup(), "missing": sampleMissing(), "failure": sampleFailure(),
}

func newPages(t testing.TB) (*Pages, *Static) {
	t.Helper()
	static, err := LoadStatic(embed.Static)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := NewPages(embed.Templates, static)
	if err != nil {
		t.Fatal(err)
	}
	return pages, static
}

// site serves the samples the way the edge will: compressed, with the content policy, and a stream of changes.
type site struct {
	*httptest.Server
	mutex   sync.Mutex
	posted  []string
	streams map[chan string]bool
	// streamed counts every stream that was ever opened.
	streamed int
	isDown   bool
}

func newSite(t *testing.T) *site {
	t.Helper()
	pages, static := newPages(t)
	s := &site{streams: map[chan string]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+StaticPath+"{name}", func(w http.ResponseWriter, r *http.Request) {
		file, found := static.File(r.PathValue("name"))
		if !found {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", file.ContentType)
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		if file.Gzip != nil {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(file.Gzip)
			return
		}
		_, _ = w.Write(file.Content)
	})
	mux.HandleFunc("GET /live", s.stream)
	mux.HandleFunc("GET /lookup/{kind}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<li role="option" data-value="4">%s four</li><li role="option" data-value="5">%s five</li>`, r.PathValue("kind"),
			r.PathValue("kind"))
	})
	mux.HandleFunc("GET /incidents/{id}/menu", func(w http.ResponseWriter, r *http.Request) {
		menu := ActionMenu{Shell: sampleShell("", ""),
			Actions: []Action{{Label: "Acknowledge", Icon: "check", Post: "/incidents/acknowledge"}}}
		if err := pages.RenderFragment(w, MenuFragment, menu); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		s.mutex.Lock()
		s.posted = append(s.posted, r.URL.Path+" "+r.PostForm.Encode())
		s.mutex.Unlock()
		http.Redirect(w, r, "/show/detail", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/show/")
		page, found := samplePages[name]
		if !found {
			page = samplePages["list"]
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Encoding", "gzip")
		compressed := gzip.NewWriter(w)
		defer compressed.Close()
		if err := pages.Render(compressed, page); err != nil {
			t.Error(err)
		}
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Server.Close)
	return s
}

func (s *site) stream(w http.ResponseWriter, r *http.Request) {
	events := make(chan string, 8)
	s.mutex.Lock()
	if s.isDown {
		s.mutex.Unlock()
		panic(http.ErrAbortHandler)
	}
	s.streams[events] = true
	s.streamed++
	s.mutex.Unlock()
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "retry: 100\n\n")
	w.(http.Flusher).Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case event, open := <-events:
			if !open {
				panic(http.ErrAbortHandler)
			}
			fmt.Fprintf(w, "event: change\ndata: %s\n\n", event)
			w.(http.Flusher).Flush()
		}
	}
}

func (s *site) tell(event string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for stream := range s.streams {
		stream <- event
	}
}

// setDown cuts every stream and refuses new ones, until it is told otherwise.
func (s *site) setDown(down bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.isDown = down
	for stream := range s.streams {
		close(stream)
		delete(s.streams, stream)
	}
}

func (s *site) streamCount() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.streamed
}

func (s *site) sent() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return strings.Join(s.posted, "\n")
}

func TestEveryPage(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	for name := range samplePages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := browsertest.New(t, site.URL)
			page.Open("/show/" + name)
			for _, window := range []struct {
				width, height int64
				scheme        string
				look          func(page *browsertest.Page, state string)
			}{
				{1440, 900, "light", (*browsertest.Page).ExpectAccessible},
				{390, 844, "dark", (*browsertest.Page).ExpectAccessible},
				{1440, 900, "dark", (*browsertest.Page).ExpectContrast},
				{390, 844, "light", (*browsertest.Page).ExpectContrast},
				{360, 844, "light", nil},
				{768, 900, "light", (*browsertest.Page).ExpectAccessible},
				{2560, 900, "light", nil},
			} {
				state := fmt.Sprintf("%s-%d-%s", name, window.width, window.scheme)
				page.Size(window.width, window.height)
				page.Media(map[string]string{"prefers-color-scheme": window.scheme})
				page.Screenshot(state)
				if window.look != nil {
					window.look(page, state)
				}
				if pixels, culprits := page.Sideways(); pixels > 0 {
					t.Errorf("%s: %d pixels wider than the window: %q", state, pixels, culprits)
				}
				if window.width < 768 {
					for _, target := range page.SmallTargets() {
						t.Errorf("%s: under 44 pixels: %s", state, target)
					}
				}
			}
		})
	}
}

// Not parallel: what a page costs is measured while the browser does nothing else.
func TestWeight(t *testing.T) {
	site := newSite(t)
	for name := range samplePages {
		t.Run(name, func(t *testing.T) {
			page := browsertest.New(t, site.URL)
			page.Open("/show/" + name)
			page.Wait(`performance.getEntriesByType("resource").length >= 3`)
			weight, nodes := page.Weight(), page.Nodes()
			shift, long := page.Shift(), page.LongTasks()
			t.Logf("%d requests, %d bytes, %d nodes, shift %.3f, %d long tasks", weight.Requests, weight.Bytes, nodes, shift, long)
			if weight.Requests > 8 || weight.Bytes > 60<<10 {
				t.Errorf("%d requests and %d bytes", weight.Requests, weight.Bytes)
			}
			if nodes > 900 {
				t.Errorf("%d nodes", nodes)
			}
			if shift >= 0.01 { // a busy machine paints a long page in two pieces; nobody sees less
				t.Errorf("layout shift %.3f", shift)
			}
		})
	}
}

func TestTwentyRows(t *testing.T) {
	t.Parallel()
	page := browsertest.New(t, newSite(t).URL)
	page.Open("/show/list")
	first, whole := page.Rows()
	if first > 148 || whole < 20 {
		t.Errorf("the first row begins at %.0f, %d are whole", first, whole)
	}
	browsertest.Evaluate[bool](page, `document.documentElement.dataset.density = "compact", true`)
	if _, whole := page.Rows(); whole < 24 {
		t.Errorf("compact shows %d whole rows", whole)
	}
}

func TestHighContrastAndCompact(t *testing.T) {
	t.Parallel()
	page := browsertest.New(t, newSite(t).URL)
	for _, scheme := range []string{"light", "dark"} {
		page.Media(map[string]string{"prefers-contrast": "more", "prefers-color-scheme": scheme})
		page.Open("/show/list")
		page.Screenshot("contrast-" + scheme)
		page.ExpectAccessible("high contrast " + scheme)
	}
}

func BenchmarkList(b *testing.B) {
	pages, _ := newPages(b)
	page := sampleIncidents(20)
	for b.Loop() {
		if err := pages.Render(discard{}, page); err != nil {
			b.Fatal(err)
		}
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func TestRelative(t *testing.T) {
	t.Parallel()
	viewer := Viewer{Zone: time.UTC, Now: now}
	for want, distance := range map[string]time.Duration{
		"now": 10 * time.Second, "1 min ago": 50 * time.Second, "5 min ago": 5*time.Minute + 59*time.Second, "in 5 min": -5 * time.Minute,
		"23 h ago": 23 * time.Hour,
		"6 d ago":  6*24*time.Hour + time.Hour, "13 Nov": 7 * 24 * time.Hour, "20 Nov 2025": 365 * 24 * time.Hour,
	} {
		if got := viewer.Relative(now.Add(-distance)); got != want {
			t.Errorf("%s ago is %q, want %q", distance, got, want)
		}
	}
}
