package acceptance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
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
			if k.has("POST", "") && (n == 0 || k.name != "feature_flag" && k.name != "team_member" && k.name != "access_request") { // nobody is twice in a team, or asks for everything; of one feature there is one flag
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
	ids["invitations"] = c.asked(marker)
	ids["admin/outbox"] = c.mailed()
	ids["admin/users"] = c.id()
	ids["admin/organizations"] = tenantOf(c)
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
		case strings.HasPrefix(path, "/access/"):
			path = "/access/asset/" + ids["assets"]
		case strings.HasPrefix(path, "/settings/{page}"):
			continue // leads on to a page that is looked at
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

// window is what a page is looked at in.
type window struct {
	width, height int64
	scheme        string
	look          func(page *browsertest.Page, state string)
}

// windows are those of most people. All that axe-core knows is asked of a wide and a narrow one; the others differ from them
// in colours or width alone.
var windows = []window{
	{1440, 900, "light", (*browsertest.Page).ExpectAccessible},
	{390, 844, "dark", (*browsertest.Page).ExpectAccessible},
	{1440, 900, "dark", (*browsertest.Page).ExpectContrast},
	{390, 844, "light", (*browsertest.Page).ExpectContrast},
	{360, 740, "light", nil},
}

// generic are pages of kinds that come from the same templates as those of assets and incidents.
var generic = regexp.MustCompile(`^/(access|admin|docs|domains|dropdowns|grants|invitations|members|onboarding|organizations|permission-templates|roles|runbooks|secrets|settings|specimens|tags|teams|templates|tenants|users|workspaces|.*/timeline)`)

// lookAt holds what every page promises in every window: the first two for those that come from the same templates as others.
func lookAt(t *testing.T, page *browsertest.Page, path string) {
	t.Helper()
	shown := windows
	if generic.MatchString(path) {
		shown = windows[:2]
	}
	page.Size(shown[0].width, shown[0].height)
	page.Media(map[string]string{"prefers-color-scheme": shown[0].scheme})
	page.Forget()
	page.Open(path)
	expectLight(t, page, path)
	for _, window := range shown {
		page.Size(window.width, window.height)
		page.Media(map[string]string{"prefers-color-scheme": window.scheme})
		state := fmt.Sprintf("%s-%d-%s", strings.Trim(strings.NewReplacer("/", "_", "?", "_").Replace(path), "_"), window.width, window.scheme)
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
}

// expectLight holds what a page may cost that was just opened with nothing remembered.
func expectLight(t *testing.T, page *browsertest.Page, path string) {
	t.Helper()
	weight := page.Weight()
	if weight.Requests > 7 || weight.Bytes > 60<<10 { // Chromium's shell fetches no picture for the tab, which is one request more
		t.Errorf("%s takes %d requests and %d bytes", path, weight.Requests, weight.Bytes)
	}
	if shift := page.Shift(); shift >= 0.01 {
		t.Errorf("%s shifts by %.3f", path, shift)
	}
}

// showsMarker tells whether a page shows the script that stands in every row's texts, and fails the test where it runs.
func showsMarker(t *testing.T, page *browsertest.Page, path string) bool {
	t.Helper()
	found := browsertest.Evaluate[struct {
		Active []string
		Text   bool
	}](page, `({
		Active: [...document.querySelectorAll("script:not([src]), img:not(.picture > img):not(.logo), [onerror], [onload], [onclick], iframe, object, embed, base, style, [style], a[href^='javascript:' i]")].map(one => one.outerHTML.slice(0, 200)),
		Text: document.documentElement.innerHTML.includes("&lt;script&gt;alert(1)"),
	})`)
	for _, active := range found.Active {
		t.Errorf("%s holds %s", path, active)
	}
	return found.Text
}

// TestEveryPageIsFitToBeSeen opens every page once, with hostile texts in every row and more rows than a page shows.
func TestEveryPageIsFitToBeSeen(t *testing.T) {
	t.Parallel()
	i := start(t, "server.connections_per_address=4096", "accounts.signup=open") // a test turns pages faster than streams are missed
	c := i.as("owner@acme")
	empty := i.enter(t, "owner@umbrella")
	for _, path := range []string{"/dashboard", "/incidents", "/assets", "/workflows", "/executions", "/secrets"} {
		lookAt(t, empty, path)
	}
	ids := i.fill(t, c, `<img src=x onerror=alert(2)>"'>`, 21) // generated rows add a script to it
	ids["workflows"], ids["executions"] = ran(c)
	for _, path := range []string{"/login", "/forgot-password", "/reset-password?token=wrong", "/signup", "/verify-email", "/verify-email?token=one", "/confirm-email?token=one", "/invitations/accept?token=wrong"} {
		lookAt(t, browsertest.New(t, i.url), path)
	}
	lookAt(t, browsertest.New(t, startEmpty(t).url), "/login")
	paths := pagePaths(t, ids)
	var marked atomic.Int32
	t.Cleanup(func() { // after the tabs
		if int(marked.Load()) < min(8, len(paths)/2) {
			t.Errorf("only %d pages show the marker, so the others prove nothing", marked.Load())
		}
	})
	// Several tabs at once, because looking is mostly waiting.
	for tab := range slices.Chunk(paths, 12) {
		t.Run(tab[0], func(t *testing.T) {
			t.Parallel()
			page := i.enter(t, "owner@acme")
			for _, path := range tab {
				lookAt(t, page, path)
				if showsMarker(t, page, path) {
					marked.Add(1)
				}
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
