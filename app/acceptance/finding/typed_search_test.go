package finding

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// titlesShown are the names of the rows that a list shows.
func titlesShown(page *browsertest.Page) []string {
	return browsertest.Evaluate[[]string](page, `[...document.querySelectorAll("#rows td.primary > a")].map(one => one.textContent)`)
}

func TestASearchTakesTypedFilters(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	c := i.As("editor@acme")
	var asset, self struct{ ID string }
	c.Must(c.Call("POST", "assets", map[string]string{"name": "Web shop"}), 201, &asset)
	c.Must(c.Call("GET", "users/me", nil), 200, &self)
	ids := c.Raise("sev1", "Payment fails", "Payment is slow", "Login fails")
	c.Raise("sev3", "Payment looks odd")
	c.Must(c.Call("PATCH", "incidents/"+ids[0], map[string]any{"assets": []string{asset.ID}, "assignee": self.ID,
		"tags": []string{"money"}}), 200, nil)
	c.Must(c.Call("POST", "incidents/"+ids[1]+"/resolve", map[string]any{}), 200, nil)
	page := i.Enter(t, "editor@acme")
	page.Open("/dashboard")
	tomorrow := time.Now().AddDate(0, 0, 1).UTC().Format("2006-01-02")
	for typed, want := range map[string]string{
		"state:open severity:sev1 payment":           "Payment fails",
		`severity:"Sev 1" -state:resolved`:           "Login fails|Payment fails",
		"state:OPEN,resolved payment":                "Payment looks odd|Payment is slow|Payment fails",
		"state:open state:resolved":                  "Payment looks odd|Login fails|Payment is slow|Payment fails",
		"assignee:me":                                "Payment fails",
		"-assignee:me sev1":                          "",
		"-assignee:me severity:sev1":                 "Login fails|Payment is slow",
		`asset:"web shop"`:                           "Payment fails",
		"asset:web":                                  "Payment fails",
		"tag:money":                                  "Payment fails",
		"-tag:money severity:sev1":                   "Login fails|Payment is slow",
		"created:today login":                        "Login fails",
		"created:>" + tomorrow:                       "",
		"created:<" + tomorrow + " state:open login": "Login fails",
	} {
		page.Open("/incidents?search=" + url.QueryEscape(typed))
		if got := strings.Join(titlesShown(page), "|"); got != want {
			t.Errorf("%s shows %q instead of %q at %s", typed, got, want, page.Path())
		}
	}
	// What names no field, or no value of it, stays a word.
	for _, typed := range []string{"nothing:open", "state:nothing", "created:soon", "http://payment", "asset:nothing"} {
		page.Open("/incidents?search=" + url.QueryEscape(typed))
		if got := page.Path(); got != "/incidents?search="+url.QueryEscape(typed) {
			t.Errorf("%s leads to %s", typed, got)
		}
		page.WaitText("Nothing fits this search and filter.")
	}
	// Without script the same form does the same.
	page.Open("/incidents?search=" + url.QueryEscape("state:open payment"))
	want := "/incidents?" + url.Values{"filter[state]": {"open"}, "search": {"payment"}}.Encode()
	if got := page.Path(); got != want {
		t.Errorf("the address became %s instead of %s", got, want)
	}
}

func TestTheFilterMenuReachesEveryRow(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096")
	c := i.As("editor@acme")
	for n := range 12 {
		c.Create("assets", map[string]any{"name": fmt.Sprintf("Machine %02d", n)})
	}
	assets := instance.List(c, "assets?search=Machine+11")
	last := assets[0]["id"].(string)
	c.Create("incidents", map[string]any{"title": "About the last", "assets": []string{last}})
	c.Create("incidents", map[string]any{"title": "About nothing"})
	page := i.Enter(t, "editor@acme")
	page.Open("/incidents")
	page.Click("disclosure", "Filter")
	page.Screenshot("filter menu")
	page.ExpectAccessible("filter menu")
	c.Create("incidents", map[string]any{"title": "About what came meanwhile"})
	page.WaitText("About what came meanwhile") // the menu stays open while the list is refreshed
	browsertest.Evaluate[bool](page, `(document.getElementById("filter[assets]").focus(), true)`)
	page.Press("1", "1", "Enter") // before the server answered, which found others by the first figure
	page.Wait(`document.querySelector("[id='filter[assets]']").value === "Machine 11"`)
	page.Press("Tab", "Enter")
	page.Wait(`location.search.includes("` + last + `")`)
	if got := titlesShown(page); !slices.Equal(got, []string{"About the last"}) {
		t.Errorf("the list shows %q", got)
	}
	// Days are those of the person, and the filters in force stay.
	day := time.Now().UTC().Format("2006-01-02")
	page.Open("/incidents?filter[severity]=sev3&created_at.since=" + day + "&created_at.until=")
	page.WaitText("Created from")
	if got := page.Path(); strings.Contains(got, "since") || !strings.Contains(got, "severity") ||
		!strings.Contains(got, url.QueryEscape(day)) {
		t.Errorf("the days lead to %s", got)
	}
}

func TestASearchSuggests(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	c := i.As("editor@acme")
	c.Raise("sev1", "Payment fails")
	c.Raise("sev4", "Payment looks odd")
	page := i.Enter(t, "editor@acme")
	page.Open("/incidents")
	suggested := func(want ...string) {
		t.Helper()
		page.Wait(fmt.Sprintf(`[...document.querySelectorAll("#suggestions [role=option]")].map(one => one.textContent).join("|") === %q`,
			strings.Join(want, "|")))
	}
	page.Press("/", "s")
	suggested("severity:", "source:", "state:")
	page.Press("e")
	suggested("severity:")
	page.ExpectAccessible("suggestions open")
	page.Screenshot("suggestions")
	page.Press("ArrowDown", "Enter")
	suggested("Sev 1", "Sev 2", "Sev 3", "Sev 4")
	page.Wait(`document.querySelector("#search").value === "severity:"`)
	page.Press("ArrowDown", "Enter")
	// The filter is whole: it becomes a chip and leaves the field, which keeps the focus for the words.
	page.WaitText("Severity: Sev 1")
	page.Wait(`document.querySelector("#search").value === "" && document.activeElement.id === "search"`)
	page.WaitNoText("Payment looks odd")
	page.Press("p", "a", "y", "m")
	page.Wait(`new URLSearchParams(location.search).get("search") === "paym"`)
	if got := titlesShown(page); !slices.Equal(got, []string{"Payment fails"}) {
		t.Errorf("the list shows %q", got)
	}
	page.Press("Escape", "Ctrl+a", "-", "t", "a", "g", ":", "x", "Enter") // a tag is not suggested, and Enter ends it
	page.WaitText("Tags is not x")
	viewer := i.As("viewer@umbrella")
	r := viewer.Call("GET", "/assets/suggestions?search=owner%3A", nil)
	if r.Status == http.StatusOK && strings.Contains(string(r.Body), "acme") {
		t.Errorf("another organization suggests %s", r.Body)
	}
}
