package pages

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

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
		if r.Method != "GET" || r.Permission == "public" || strings.HasPrefix(r.Path, "/api/") || strings.HasSuffix(r.Path, "/menu") ||
			strings.HasSuffix(r.Path, "/canvas") || strings.HasSuffix(r.Path, "/palette") || strings.HasSuffix(r.Path, "/export") ||
			strings.HasSuffix(r.Path, "/lookup") || strings.HasSuffix(r.Path, "/suggestions") || strings.HasSuffix(r.Path, "/{field}") {
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
	return append(paths, "/incidents/nothing", "/nothing", "/docs/workflows", "/docs/api-assets", "/docs?search=webhook",
		"/search?q=alert", "/search?q=naem", "/incidents?search=nothing", "/assets?deleted=true",
		"/specimens?search=nothing", "/specimens?deleted=true", "/specimens?filter[found][lte]=2026-11-19&filter[price][gte]=1+EUR")
}

// activeElements run something, or let a page be restyled, wherever a row's text could put them.
var activeElements = []string{"iframe", "object", "embed", "base", "style"}

// active lists what in a page could run.
func active(page *html.Node) (found []string) {
	for node := range page.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		attributes := map[string]string{}
		for _, one := range node.Attr {
			attributes[one.Key] = one.Val
		}
		inPicture := node.Parent != nil && slices.Contains(node.Parent.Attr, html.Attribute{Key: "class", Val: "picture"})
		_, hasSource := attributes["src"]
		runs := slices.Contains(activeElements, node.Data) || node.Data == "script" && !hasSource ||
			node.Data == "img" && !inPicture && !strings.Contains(attributes["class"], "logo") ||
			node.Data == "a" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(attributes["href"])), "javascript:")
		for name := range attributes {
			runs = runs || strings.HasPrefix(name, "on") || name == "style"
		}
		if runs {
			found = append(found, fmt.Sprintf("<%s %v>", node.Data, node.Attr))
		}
	}
	return found
}

// TestEveryPageIsFitToBeSeen asks for every page once, with hostile texts in every row and more rows than a page shows. What
// comes from the same templates as the pages of the sample's kind is opened in the browser only where TEST_WIDE is set.
func TestEveryPageIsFitToBeSeen(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096", "accounts.signup=open") // a test turns pages faster than streams are missed
	c := i.As("owner@acme")
	ids := catalogue.Fill(i, t, c, `<img src=x onerror=alert(2)>"'>`, 21, "incident", "incident_entry", "asset", "secret", "workflow",
		"specimen") // generated rows add a script to it
	ids["workflows"], ids["executions"] = instance.RunFailing(c)
	ids["approvals"] = instance.RunAsking(c)
	paths := pagePaths(t, ids)
	marked := 0
	for _, path := range paths {
		answer := c.Call("GET", path, nil)
		if to := answer.Header.Get("Location"); to != "" {
			answer = c.Call("GET", to, nil)
		}
		page, err := html.Parse(bytes.NewReader(answer.Body))
		if err != nil || !bytes.Contains(answer.Body, []byte("<title>")) {
			t.Errorf("%s is no page: %v", path, err)
			continue
		}
		for _, element := range active(page) {
			t.Errorf("%s holds %s", path, element)
		}
		if bytes.Contains(answer.Body, []byte("&lt;script&gt;alert(1)")) {
			marked++
		}
	}
	if marked < min(8, len(paths)/2) {
		t.Errorf("only %d pages show the marker, so the others prove nothing", marked)
	}
	look := func(tab string, page *browsertest.Page, paths ...string) {
		t.Run(tab, func(t *testing.T) {
			t.Parallel()
			for _, path := range paths {
				instance.LookAt(t, page, path)
			}
		})
	}
	// Several tabs at once, because looking is mostly waiting.
	look("stranger", browsertest.New(t, i.URL), "/login", "/forgot-password", "/reset-password?token=wrong", "/signup", "/verify-email",
		"/verify-email?token=one", "/confirm-email?token=one", "/invitations/accept?token=wrong")
	look("fresh", browsertest.New(t, instance.StartEmpty(t).URL), "/login")
	look("empty", i.Enter(t, "owner@umbrella"), "/dashboard", "/incidents", "/assets", "/workflows", "/executions", "/secrets")
	paths = slices.DeleteFunc(paths, func(path string) bool { return !instance.IsLookedAt(path) })
	for tab := range slices.Chunk(paths, (len(paths)+1)/2) {
		look(tab[0], i.Enter(t, "owner@acme"), tab...)
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
