package acceptance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zygo/ui/browsertest"
)

// fill stores rows of every kind that can be made, with the marker in every text, and gives the id of one row of each kind
// by the kind's path.
func (i *instance) fill(t testing.TB, c *client, marker string, rows int) map[string]string {
	t.Helper()
	d, all := document(t, i), kinds(t)
	known := byName(all)
	ids := map[string]string{}
	for _, k := range all { // a parent's path comes before those of its children
		if !isTried(k.name) {
			continue
		}
		path := k.path
		if above, _, child := strings.Cut(k.path, "/{id}/"); child {
			path = strings.Replace(k.path, "{id}", ids[above], 1)
		}
		for n := range rows {
			if k.has("POST", "") {
				ids[k.path] = c.createAt(path, d, k.name, marker, 1000+n, known)["id"].(string)
			}
		}
		if k.name == "runbook_run" {
			c.must(c.call("POST", strings.TrimSuffix(path, "s"), map[string]any{}), 200, nil)
		}
		if ids[k.path] == "" && k.has("GET", "") {
			var list []struct{ ID string }
			c.must(c.call("GET", path, nil), 200, &list)
			if len(list) > 0 {
				ids[k.path] = list[0].ID
			}
		}
	}
	ids["admin/outbox"] = c.mailed()
	return ids
}

// mailed makes Zygo write a mail, and gives its id to the client, who is an operator.
func (c *client) mailed() string {
	c.i.t.Helper()
	c.must(c.call("POST", "auth/forgot-password", map[string]string{"email": "viewer@acme.test"}), 200, nil)
	var mails []struct{ ID string }
	c.must(c.call("GET", "admin/outbox?limit=1", nil), 200, &mails)
	return mails[0].ID
}

// ran makes a workflow that ends in a failure and runs it, and gives the ids of both.
func ran(c *client) (workflow, execution string) {
	graph := map[string]any{"name": "Report",
		"nodes": []any{
			map[string]any{"id": "go", "type": "trigger.manual", "type_version": 1, "name": "Go"},
			map[string]any{"id": "call", "type": "http", "type_version": 1, "name": "Call", "position": map[string]int{"x": 264}, "config": map[string]any{"url": "http://127.0.0.1:1/"}},
			map[string]any{"id": "after", "type": "set", "type_version": 1, "name": "After", "position": map[string]int{"x": 528}},
		},
		"connections": []any{
			map[string]string{"id": "a", "from_node": "go", "from_output": "main", "to_node": "call", "to_input": "main"},
			map[string]string{"id": "b", "from_node": "call", "from_output": "main", "to_node": "after", "to_input": "main"},
		}}
	var made, run struct{ ID string }
	c.must(c.call("POST", "workflows", graph), 201, &made)
	c.must(c.call("POST", "workflows/"+made.ID+"/publish", map[string]any{}), 200, nil)
	c.must(c.call("POST", "workflows/"+made.ID+"/execute", map[string]any{"wait": 20}), 200, &run)
	return made.ID, run.ID
}

// pagePaths are the addresses of all pages that the routes name, with the ids of rows that are there.
func pagePaths(t testing.TB, ids map[string]string) []string {
	t.Helper()
	var paths []string
	all := kinds(t)
	for _, r := range routes(t) {
		if !isTried(r.Kind) {
			continue // the others are looked at in the binary that ships
		}
		if r.Method != "GET" || r.Permission == "public" || strings.HasPrefix(r.Path, "/api/") || strings.HasSuffix(r.Path, "/menu") || strings.HasSuffix(r.Path, "/palette") || strings.HasSuffix(r.Path, "/export") || strings.HasSuffix(r.Path, "/lookup") || strings.HasSuffix(r.Path, "/suggestions") || strings.HasSuffix(r.Path, "/{field}") {
			continue
		}
		base, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/"), "/{id}")
		path := r.Path
		for _, k := range all {
			above, segment, child := strings.Cut(k.path, "/{id}/")
			switch {
			case child && strings.HasPrefix(path, "/"+k.path): // the pages of a child
				path = strings.Replace(strings.Replace(path, "{id}", ids[above], 1), "{child_id}", ids[k.path], 1)
			case child && r.Kind == k.name: // what leads to them
				path = strings.Replace(path, "{id}", ids[above+"/{id}/"+segment], 1)
			case r.Kind == k.name:
				base = k.path
			}
		}
		switch {
		case strings.Contains(path, "{page}"):
			path = "/docs/api"
		case base == "workflow-templates":
			path = strings.Replace(path, "{id}", "triage-pushes", 1)
		case strings.Contains(path, "{id}"):
			if ids[base] == "" {
				t.Fatalf("there is no row for %s", path)
			}
			path = strings.Replace(path, "{id}", ids[base], 1)
		}
		paths = append(paths, path)
	}
	if asked["ZYGO_PACKAGE"] != "" {
		return append(paths, "/specimens?search=nothing", "/specimens?deleted=true", "/specimens?filter[found][lte]=2026-11-19&filter[price][gte]=1+EUR")
	}
	if len(paths) < 25 {
		t.Fatalf("only %d pages", len(paths))
	}
	return append(paths, "/incidents/nothing", "/nothing", "/docs/workflows", "/docs/api-assets", "/docs?search=webhook", "/search?q=alert", "/search?q=naem", "/incidents?search=nothing", "/assets?deleted=true")
}

var generic = regexp.MustCompile(`^/(admin/content|docs|dropdowns|members|organizations|runbooks|secrets|settings|specimens|tags|templates|tenants|users|.*/timeline)`)

// sizes are the windows that every page is looked at in.
var sizes = []struct {
	width, height int64
	scheme        string
}{{1440, 900, "light"}, {1440, 900, "dark"}, {390, 844, "light"}, {390, 844, "dark"}, {360, 740, "light"}}

// lookAt holds what every page promises in every window. The pages of most kinds come from the same templates as those of
// assets, so that a wide and a narrow look at them are enough.
func lookAt(t *testing.T, page *browsertest.Page, path string) {
	t.Helper()
	shown := sizes
	if generic.MatchString(path) {
		shown = []struct {
			width, height int64
			scheme        string
		}{sizes[0], sizes[3]}
	}
	for _, size := range shown {
		page.Size(size.width, size.height)
		page.Media(map[string]string{"prefers-color-scheme": size.scheme})
		page.Open(path)
		state := fmt.Sprintf("%s-%d-%s", strings.Trim(strings.NewReplacer("/", "_", "?", "_").Replace(path), "_"), size.width, size.scheme)
		page.Screenshot(state)
		page.ExpectAccessible(state)
		if pixels, culprits := page.Sideways(); pixels > 0 {
			t.Errorf("%s: %d pixels wider than the window: %q", state, pixels, culprits)
		}
		if size.width < 768 {
			for _, target := range page.SmallTargets() {
				t.Errorf("%s: under 44 pixels: %s", state, target)
			}
		}
	}
}

func TestEveryPageIsFitToBeSeen(t *testing.T) {
	t.Parallel()
	i := start(t, "server.connections_per_address=4096", "accounts.signup=open") // a test turns pages faster than streams are missed
	c := i.as("owner@acme")
	empty := i.enter(t, "owner@umbrella")
	for _, path := range []string{"/dashboard", "/incidents", "/assets", "/workflows", "/executions", "/secrets"} {
		lookAt(t, empty, path)
	}
	ids := i.fill(t, c, "A name of the length that people give", 3)
	ids["workflows"], ids["executions"] = ran(c)
	for _, path := range []string{"/login", "/forgot-password", "/reset-password?token=wrong", "/signup", "/verify-email", "/verify-email?token=one", "/confirm-email?token=one"} {
		lookAt(t, browsertest.New(t, i.url), path)
	}
	lookAt(t, browsertest.New(t, startEmpty(t).url), "/login")
	// Several tabs at once, because looking is mostly waiting.
	for paths := range slices.Chunk(pagePaths(t, ids), 12) {
		t.Run(paths[0], func(t *testing.T) {
			t.Parallel()
			page := i.enter(t, "owner@acme")
			for _, path := range paths {
				lookAt(t, page, path)
			}
		})
	}
}

func TestThePagesOfSetup(t *testing.T) {
	t.Parallel()
	i := startEmpty(t)
	page := browsertest.New(t, i.url)
	lookAt(t, page, i.setup[len(i.url):])
}

func TestEveryPageIsLight(t *testing.T) {
	t.Parallel()
	i := start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	c := i.as("owner@acme")
	ids := i.fill(t, c, "Name", 30)
	ids["workflows"], ids["executions"] = ran(c)
	page := i.enter(t, "owner@acme")
	for _, path := range pagePaths(t, ids) {
		page.Forget()
		page.Open(path)
		page.Wait(`performance.getEntriesByType("resource").length >= 3`)
		weight := page.Weight()
		if weight.Requests > 8 || weight.Bytes > 60<<10 {
			t.Errorf("%s takes %d requests and %d bytes", path, weight.Requests, weight.Bytes)
		}
		if shift := page.Shift(); shift >= 0.01 { // a busy machine paints a long page in two pieces; nobody sees less
			t.Errorf("%s shifts by %.3f", path, shift)
		}
	}
}

func TestTwentyRowsOfEveryList(t *testing.T) {
	t.Parallel()
	i := start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	c := i.as("owner@acme")
	i.fill(t, c, "Name", 30)
	page := i.enter(t, "owner@acme")
	for _, path := range []string{"/incidents", "/assets", "/secrets", "/workflows"} {
		page.Open(path)
		if first, whole := page.Rows(); first > 148 || whole < 20 {
			t.Errorf("%s: the first row begins at %.0f and %d are whole", path, first, whole)
		}
		if path == "/incidents" && page.Nodes() > 900 {
			t.Errorf("%s has %d elements", path, page.Nodes())
		}
	}
}

func TestMarkupInRowsIsInert(t *testing.T) {
	t.Parallel()
	i := start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	c := i.as("owner@acme")
	const marker = `<img src=x onerror=alert(2)>"'>` // generated rows add a script to it
	ids := i.fill(t, c, marker, 1)
	ids["workflows"], ids["executions"] = ran(c)
	page := i.enter(t, "owner@acme")
	shown, paths := 0, pagePaths(t, ids)
	for _, path := range paths {
		page.Open(path)
		found := browsertest.Evaluate[struct {
			Active []string
			Text   bool
		}](page, `({
			Active: [...document.querySelectorAll("script:not([src]), img:not(.picture > img), [onerror], [onload], [onclick], iframe, object, embed, base, style, [style], a[href^='javascript:' i]")].map(one => one.outerHTML.slice(0, 200)),
			Text: document.documentElement.innerHTML.includes("&lt;script&gt;alert(1)"),
		})`)
		for _, active := range found.Active {
			t.Errorf("%s holds %s", path, active)
		}
		if found.Text {
			shown++
		}
	}
	if shown < min(8, len(paths)/2) {
		t.Errorf("only %d pages show the marker, so the others prove nothing", shown)
	}
}
