package pages

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// pagePaths are the addresses of all pages that the routes name, with the ids of rows that are there.
func pagePaths(t testing.TB, ids map[string]string) []string {
	t.Helper()
	var paths []string
	all := catalogue.Kinds(t)
	for _, r := range catalogue.Routes(t) {
		if r.Method != "GET" || r.Permission == "public" || strings.HasPrefix(r.Path, "/api/") || strings.HasSuffix(r.Path, "/menu") || strings.HasSuffix(r.Path, "/palette") || strings.HasSuffix(r.Path, "/export") || strings.HasSuffix(r.Path, "/lookup") || strings.HasSuffix(r.Path, "/suggestions") || strings.HasSuffix(r.Path, "/{field}") {
			continue
		}
		base, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/"), "/{id}")
		path := r.Path
		for _, k := range all {
			above, segment, child := strings.Cut(k.Path, "/{id}/")
			switch {
			case child && strings.HasPrefix(path, "/"+k.Path): // the pages of a child
				path = strings.Replace(strings.Replace(path, "{id}", ids[above], 1), "{child_id}", ids[k.Path], 1)
			case child && r.Kind == k.Name: // what leads to them
				path = strings.Replace(path, "{id}", ids[above+"/{id}/"+segment], 1)
			case r.Kind == k.Name:
				base = k.Path
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
	if len(paths) < 25 {
		t.Fatalf("only %d pages", len(paths))
	}
	return append(paths, "/incidents/nothing", "/nothing", "/docs/workflows", "/docs/api-assets", "/docs?search=webhook", "/search?q=alert", "/search?q=naem", "/incidents?search=nothing", "/assets?deleted=true",
		"/specimens?search=nothing", "/specimens?deleted=true", "/specimens?filter[found][lte]=2026-11-19&filter[price][gte]=1+EUR")
}

// opened is the page in the tab, and read one that the tab only asks for: its markup is the same, and no time goes into
// drawing it.
const (
	opened = "document"
	read   = `new DOMParser().parseFromString(await (await fetch(%s)).text(), "text/html")`
)

// showsMarker tells whether a page shows the script that stands in every row's texts, and fails the test where it runs.
func showsMarker(t *testing.T, page *browsertest.Page, path, document string) bool {
	t.Helper()
	if strings.Contains(document, "%s") {
		document = fmt.Sprintf(document, instance.Encode(path))
	}
	found := browsertest.Evaluate[struct {
		Active []string
		Text   bool
		Title  string
	}](page, `(async () => { const page = `+document+`; return {
		Active: [...page.querySelectorAll("script:not([src]), img:not(.picture > img):not(.logo), [onerror], [onload], [onclick], iframe, object, embed, base, style, [style], a[href^='javascript:' i]")].map(one => one.outerHTML.slice(0, 200)),
		Text: page.documentElement.innerHTML.includes("&lt;script&gt;alert(1)"),
		Title: page.title,
	}})()`)
	for _, active := range found.Active {
		t.Errorf("%s holds %s", path, active)
	}
	if found.Title == "" {
		t.Errorf("%s is no page", path)
	}
	return found.Text
}

// TestEveryPageIsFitToBeSeen asks for every page once, with hostile texts in every row and more rows than a page shows. What
// comes from the same templates as the pages of the sample's kind is looked at only where TEST_WIDE is set.
func TestEveryPageIsFitToBeSeen(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096", "accounts.signup=open") // a test turns pages faster than streams are missed
	c := i.As("owner@acme")
	empty := i.Enter(t, "owner@umbrella")
	empty.Open("/dashboard")
	for _, path := range []string{"/dashboard", "/incidents", "/assets", "/workflows", "/executions", "/secrets"} {
		instance.LookAt(t, empty, path)
	}
	ids := catalogue.Fill(i, t, c, `<img src=x onerror=alert(2)>"'>`, 21, "incident", "incident_entry", "asset", "secret", "workflow", "specimen") // generated rows add a script to it
	ids["workflows"], ids["executions"] = instance.RunFailing(c)
	for _, path := range []string{"/login", "/forgot-password", "/reset-password?token=wrong", "/signup", "/verify-email", "/verify-email?token=one", "/confirm-email?token=one", "/invitations/accept?token=wrong"} {
		instance.LookAt(t, browsertest.New(t, i.URL), path)
	}
	instance.LookAt(t, browsertest.New(t, instance.StartEmpty(t).URL), "/login")
	paths := pagePaths(t, ids)
	var marked atomic.Int32
	t.Cleanup(func() { // after the tabs
		if int(marked.Load()) < min(8, len(paths)/2) {
			t.Errorf("only %d pages show the marker, so the others prove nothing", marked.Load())
		}
	})
	// Several tabs at once, because looking is mostly waiting.
	for tab := range slices.Chunk(paths, (len(paths)+3)/4) {
		t.Run(tab[0], func(t *testing.T) {
			t.Parallel()
			page := i.Enter(t, "owner@acme")
			page.Open("/dashboard")
			for _, path := range tab {
				document := read
				if instance.IsLookedAt(path) {
					document = opened
					instance.LookAt(t, page, path)
				}
				if showsMarker(t, page, path, document) {
					marked.Add(1)
				}
			}
		})
	}
}

func TestThePagesOfSetup(t *testing.T) {
	t.Parallel()
	i := instance.StartEmpty(t)
	page := browsertest.New(t, i.URL)
	instance.LookAt(t, page, i.Setup[len(i.URL):])
}

func TestTwentyRowsOfEveryList(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	c := i.As("owner@acme")
	catalogue.Fill(i, t, c, "Name", 30, "incident", "asset", "secret", "workflow")
	page := i.Enter(t, "owner@acme")
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
