package finding

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// headings are the columns that a list shows.
func headings(page *browsertest.Page) []string {
	return browsertest.Evaluate[[]string](page, `[...document.querySelectorAll("#list th")].map(one => one.textContent.trim())`)
}

// tick sets the box of a column.
func tick(page *browsertest.Page, column string, on bool) {
	page.Wait(fmt.Sprintf(`document.querySelector("input[name=column][value=%s]")`, column))
	browsertest.Evaluate[bool](page,
		fmt.Sprintf(`(() => { const box = document.querySelector("input[name=column][value=%s]"); if (box.checked !== %t) box.click(); return true })()`,
			column, on))
}

func TestAPersonChoosesTheColumns(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	i.As("editor@acme").Raise("sev1", "It broke")
	page := i.Enter(t, "editor@acme")
	page.Open("/incidents?filter%5Bseverity%5D=sev1")
	usual := headings(page)
	page.Click("disclosure", "Columns")
	tick(page, "severity", false)
	tick(page, "created_at", true)
	page.ExpectAccessible("columns open")
	page.Screenshot("columns-open")
	page.Click("button", "Show these")
	page.WaitPath("/incidents")
	page.Wait(`[...document.querySelectorAll("#list th")].some(one => one.textContent.trim() === "Created")`)
	page.WaitText("Severity: Sev 1") // the filter stays
	want := []string{"Title", "State", "Assignee", "Created", "Updated"}
	if got := headings(page); !slices.Equal(got, want) {
		t.Errorf("the list shows %q instead of %q", got, want)
	}
	again := i.Enter(t, "editor@acme") // another browser of the same person
	again.Open("/incidents")
	if got := headings(again); !slices.Equal(got, want) {
		t.Errorf("another browser shows %q", got)
	}
	other := i.Enter(t, "owner@acme")
	other.Open("/incidents")
	if got := headings(other); !slices.Equal(got, usual) {
		t.Errorf("somebody else sees %q", got)
	}
	page.Click("disclosure", "Columns")
	page.Click("button", "The usual")
	page.Wait(`document.querySelector("#list th") && ![...document.querySelectorAll("#list th")].some(one => one.textContent.trim() === "Created")`)
	if got := headings(page); !slices.Equal(got, usual) {
		t.Errorf("back at the usual the list shows %q", got)
	}
}

func TestAListIsKeptAsAView(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	c := i.As("editor@acme")
	c.Raise("sev1", "Burning")
	c.Raise("sev4", "A nuisance")
	page := i.Enter(t, "editor@acme")
	page.Open("/incidents?" + url.Values{"filter[severity]": {"sev1"}, "sort_by": {"title"}, "sort_order": {"asc"}}.Encode())
	page.Click("disclosure", "Keep as a view")
	page.Fill("Keep what is shown as a new view", "Worst")
	page.ExpectAccessible("views open")
	page.Screenshot("views-open")
	page.Press("Enter")
	page.WaitText("Worst")
	page.Wait(`document.querySelector(".tabs [aria-current]")?.textContent === "Worst"`)
	instance.LookAt(t, page, page.Path())
	page.Size(1440, 900)

	// The other tabs show other things, and the view comes back with its filter.
	page.Click("link", "All")
	page.WaitText("A nuisance")
	page.Click("link", "Worst")
	page.WaitNoText("A nuisance")
	page.WaitText("Burning")

	// Columns that are chosen in a view are a change to it, kept when it is replaced.
	page.Click("disclosure", "Columns")
	tick(page, "assignee", false)
	page.Click("button", "Show these")
	page.Wait(`location.search.includes("columns=")`)
	page.Click("disclosure", "View “Worst”")
	page.Click("button", "Replace by what is shown")
	page.Wait(`!location.search.includes("columns=")`)
	if got := headings(page); slices.Contains(got, "Assignee") {
		t.Errorf("the view shows %q", got)
	}

	// It can open first; the whole list is one press away then.
	page.Click("disclosure", "View “Worst”")
	page.Click("button", "Open first")
	page.Wait(`document.querySelector(".keep")?.textContent.includes("Open first no longer")`)
	page.Open("/incidents")
	page.WaitText("Burning")
	page.Wait(`document.querySelector(".tabs [aria-current]")?.textContent === "Worst"`)
	page.Click("link", "All")
	page.WaitText("A nuisance")
	page.Click("link", "Worst")
	page.WaitNoText("A nuisance")

	page.Click("disclosure", "View “Worst”")
	page.Fill("Rename", "The worst")
	page.Press("Enter")
	page.Wait(`document.querySelector(".tabs [aria-current]")?.textContent === "The worst"`)
	page.Click("disclosure", "View “The worst”")
	page.Click("button", "Share with the organization")
	page.Wait(`document.querySelector(".keep")?.textContent.includes("Share no longer")`)
	other := i.Enter(t, "viewer@acme")
	other.Open("/incidents")
	other.Click("link", "The worst")
	other.WaitNoText("A nuisance")
	other.Click("disclosure", "View “The worst”")
	other.WaitNoText("Rename")
	other.WaitNoText("Delete view")
	other.WaitNoText("Share with") // neither this one nor a new one

	// A second view of the same name is refused, beside the name.
	page.Click("disclosure", "View “The worst”")
	page.Fill("Keep what is shown as a new view", "The worst")
	page.Press("Enter")
	page.WaitText("is taken")
	page.Fill("Name", "Another")
	page.Press("Ctrl+Enter")
	page.WaitPath("/incidents")
	page.Wait(`document.querySelector(".tabs [aria-current]")?.textContent === "Another"`)
	page.Click("disclosure", "View “Another”")
	page.Click("button", "Delete view")
	page.WaitText("The rows that it shows stay.")
	page.Press("Tab", "Enter")
	page.WaitNoText("Another")
}

func TestViewsOverTheAPI(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, admin, editor := i.As("owner@acme"), i.As("admin@acme"), i.As("editor@acme")
	viewer, other := i.As("viewer@acme"), i.As("owner@umbrella")
	type view struct {
		ID, Kind, Name, Shared string
		Parameters             map[string]string
		Columns                []string
		First                  bool
		Version                int
	}
	var made view
	given := map[string]any{"kind": "incident", "name": "Mine", "parameters": map[string]string{"filter[state]": "open", "search": "shop"},
		"columns": []string{"title", "severity"}, "first": true}
	editor.Must(editor.Call("POST", "views", given), 201, &made)
	if made.Parameters["filter[state]"] != "open" || !slices.Equal(made.Columns, []string{"title", "severity"}) ||
		made.Shared != "nobody" || !made.First {
		t.Errorf("the view came back as %+v", made)
	}
	for name, wrong := range map[string]map[string]any{
		"no name": {"kind": "incident"}, "no kind": {"kind": "nothing", "name": "x"},
		"a parameter": {"kind": "incident", "name": "x", "parameters": map[string]string{"nothing": "1"}},
		"a page":      {"kind": "incident", "name": "x", "parameters": map[string]string{"page": "2"}},
		"a column":    {"kind": "incident", "name": "x", "columns": []string{"nothing"}},
		"a field":     {"kind": "incident", "name": "x", "parameters": map[string]string{"filter[nothing]": "1"}},
		"whom":        {"kind": "incident", "name": "x", "shared": "everybody"},
	} {
		if r := editor.Call("POST", "views", wrong); r.Status != 422 && r.Status != 400 {
			t.Errorf("%s: %d", name, r.Status)
		}
	}
	// A private view does not exist for anybody else, whatever their role.
	for _, c := range []*instance.Client{owner, admin, viewer, other} {
		var list []view
		c.Must(c.Call("GET", "views?kind=incident", nil), 200, &list)
		if len(list) != 0 {
			t.Errorf("somebody else sees %+v", list)
		}
		c.Must(c.Call("PATCH", "views/"+made.ID, map[string]any{"name": "Theirs"}), 404, nil)
		c.Must(c.Call("DELETE", "views/"+made.ID, nil), 404, nil)
	}
	viewer.Must(viewer.Call("POST", "views", map[string]any{"kind": "incident", "name": "Ours", "shared": "organization"}), 403, nil)
	var list []view
	editor.Must(editor.Call("PATCH", "views/"+made.ID, map[string]any{"shared": "organization"}), 200, &made)
	if made.Version != 2 {
		t.Errorf("the version is %d", made.Version)
	}
	viewer.Must(viewer.Call("GET", "views?kind=incident", nil), 200, &list)
	if len(list) != 1 || list[0].First {
		t.Errorf("a shared view appears as %+v", list)
	}
	viewer.Must(viewer.Call("GET", "views?kind=asset", nil), 200, &list)
	if len(list) != 0 {
		t.Errorf("views of assets are %+v", list)
	}
	viewer.Must(viewer.Call("PATCH", "views/"+made.ID, map[string]any{"first": true}), 200, &made)
	viewer.Must(viewer.Call("PATCH", "views/"+made.ID, map[string]any{"name": "Theirs"}), 403, nil)
	viewer.Must(viewer.Call("DELETE", "views/"+made.ID, nil), 403, nil)
	other.Must(other.Call("DELETE", "views/"+made.ID, nil), 404, nil)
	admin.Must(admin.Call("DELETE", "views/"+made.ID, nil), 200, nil)
	editor.Must(editor.Call("GET", "views", nil), 200, &list)
	if len(list) != 0 {
		t.Errorf("a deleted view is still there: %+v", list)
	}
	for n := range 100 {
		editor.Must(editor.Call("POST", "views", map[string]any{"kind": "asset", "name": fmt.Sprint("View ", n)}), 201, nil)
	}
	editor.Must(editor.Call("POST", "views", map[string]any{"kind": "asset", "name": "One more"}), 409, nil)
	var entries []struct{ Action string }
	admin.Must(admin.Call("GET", "audit-logs?limit=5", nil), 200, &entries)
	if len(entries) == 0 || entries[0].Action != "view.created" {
		t.Errorf("the ledger ends with %+v", entries)
	}
}
