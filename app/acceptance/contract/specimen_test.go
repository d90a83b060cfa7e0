package contract

import (
	"bytes"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// What stands here is tried on the sample's kind, which has a field of every type.

func TestSpecimenIsFilteredAndSortedByWhatItMeans(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	var checkout, relay struct{ ID string }
	c.Must(c.Call("POST", "assets", map[string]any{"name": "Checkout"}), 201, &checkout)
	c.Must(c.Call("POST", "assets", map[string]any{"name": "Relay"}), 201, &relay)
	euros := func(amount int) any { return map[string]any{"amount": amount, "currency": "EUR"} }
	for _, row := range []map[string]any{
		{"name": "a", "price": euros(-500), "effort": 60, "found": "2026-01-31", "assets": []string{checkout.ID}},
		{"name": "b", "price": euros(900), "effort": 5400, "found": "2026-02-01", "assets": []string{relay.ID, checkout.ID}},
		{"name": "c", "price": euros(10000), "effort": 172800, "words": []string{"rare"}},
		{"name": "d", "price": map[string]any{"amount": 950, "currency": "USD"}, "found": "2026-03-01"},
		{"name": "e"},
	} {
		c.Must(c.Call("POST", "specimens", row), 201, nil)
	}
	for query, want := range map[string]string{
		"filter[price][gte]=9 EUR":                        "bc",
		"filter[price][lte]=9,00 EUR":                     "ab",
		"filter[price]=9.50 USD":                          "d",
		"filter[effort][gte]=1h 30m":                      "bc",
		"filter[effort][lte]=90m":                         "abde",
		"filter[found][gte]=2026-02-01":                   "bd",
		"filter[found][lte]=2026-02-01":                   "ab",
		"filter[assets]=" + checkout.ID:                   "ab",
		"filter[assets][in]=" + relay.ID + ",x":           "b",
		"filter[assets][not]=" + checkout.ID:              "cde",
		"filter[words]=rare":                              "c",
		"filter[words][not]=rare":                         "abde",
		"sort_by=effort&sort_order=desc&limit=2":          "cb",
		"sort_by=found&sort_order=asc&filter[name][in]=a": "a",
	} {
		parts := strings.SplitAfterN(query, "=", 2)
		if !strings.HasPrefix(query, "sort") {
			query = parts[0] + url.QueryEscape(parts[1])
		}
		var names []string
		for _, row := range instance.List(c, "specimens?"+query) {
			names = append(names, row["name"].(string))
		}
		if !strings.HasPrefix(query, "sort") {
			slices.Sort(names)
		}
		if got := strings.Join(names, ""); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
	for _, query := range []string{"filter[price]=9", "filter[effort]=soon", "filter[found]=31.1.2026", "filter[assets][gte]=x"} {
		if answer := c.Call("GET", "specimens?"+query, nil); answer.Status != 400 {
			t.Errorf("%s answers %d %s", query, answer.Status, answer.Body)
		}
	}
	many := make([]string, 101)
	for n := range many {
		many[n] = fmt.Sprintf("01990000-0000-7000-8000-%012d", n)
	}
	for _, wrong := range [][]string{many, {checkout.ID, "01990000-0000-7000-8000-000000000000"}, {"nothing"}} {
		if answer := c.Call("POST", "specimens", map[string]any{"name": "refused", "assets": wrong}); answer.Status != 422 ||
			!strings.Contains(string(answer.Body), `"assets"`) {
			t.Errorf("%d references answer %d %s", len(wrong), answer.Status, answer.Body)
		}
	}
}

func TestSpecimenIsWrittenAsPeopleWrite(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	for _, name := range []string{"Checkout", "Relay", "Database"} {
		c.Must(c.Call("POST", "assets", map[string]any{"name": name}), 201, nil)
	}
	page := i.Enter(t, "editor@acme")
	page.Open("/specimens/new")
	page.Fill("Name", "Blue morpho")
	page.Fill("Price optional", "1.234,50 chf")
	page.Fill("Effort optional", "2d 4h")
	page.Fill("Street and number", "Rue X 1\nBâtiment B")
	page.Fill("City", "Paris")
	instance.Choose(page, "place.country", "FR")
	page.Fill("Tint optional", "#1A7F37")
	page.Wait(`document.querySelector("[data-colour]").value === "#1a7f37"`)
	for _, name := range []string{"Check", "Rel"} {
		page.Fill("Assets optional", name)
		page.Wait(`document.querySelector("[data-many] [role=option]")`)
		page.Press("ArrowDown", "Enter")
	}
	page.Wait(`document.querySelectorAll(".many .chip").length === 2`)
	page.Click("button", "Relay remove")
	page.Wait(`document.querySelectorAll(".many .chip").length === 1`)
	page.Fill("Call optional", "nonsense")
	browsertest.Evaluate[bool](page,
		`(() => { const t = new DataTransfer(); t.items.add(new File(["hello"], "größe.txt", {type: "image/png"})); document.querySelector("input[type=file][name=paper]").files = t.files; return true })()`)
	page.Press("Ctrl+Enter")
	page.WaitText("Call must be a number with the country's code")
	page.WaitText("größe.txt") // it was sent, and need not be sent again
	page.ExpectAccessible("specimen refused")
	page.Fill("Call optional", "0049 (0)30 123-456")
	page.Press("Ctrl+Enter")
	for _, shown := range []string{"created this specimen", "1,234.50 CHF", "2 d 4 h", "Rue X 1, Bâtiment B, Paris, France", "#1a7f37",
		"Checkout", "+4930123456", "größe.txt"} {
		page.WaitText(shown)
	}
	path := page.Path()
	page.Open(path + "/edit")
	page.Fill("Price optional", "")
	browsertest.Evaluate[bool](page, `document.querySelector("[name='paper.remove']").checked = true`)
	page.Press("Ctrl+Enter")
	page.WaitText("Price: 1,234.50 CHF → nothing")
	page.WaitText("Paper: größe.txt → nothing")
	page.WaitText("Checkout")
}

func TestSpecimenHoldsFiles(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c, other, theirs := i.As("editor@acme"), i.As("admin@acme"), i.As("owner@umbrella")
	script := []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	photo, paper := c.Upload("photo.png", instance.SmallPicture), c.Upload("na\"me ü.svg", script)
	var made map[string]any
	refuse := func(who *instance.Client, field string, value any) {
		t.Helper()
		if answer := who.Call("POST", "specimens", map[string]any{"name": "refused", field: value}); answer.Status != 422 ||
			!strings.Contains(string(answer.Body), field) {
			t.Errorf("%s with %v answers %d %s", field, value, answer.Status, answer.Body)
		}
	}
	refuse(other, "paper", paper["id"])
	refuse(theirs, "paper", paper["id"])
	refuse(c, "photo", paper["id"])
	refuse(c, "paper", "01990000-0000-7000-8000-000000000000")
	c.Must(c.Call("POST", "specimens", map[string]any{"name": "one", "photo": photo["id"],
		"paper": map[string]any{"id": paper["id"], "name": "forged.exe", "size": 1}}), 201, &made)
	if instance.Encode(made["photo"]) != instance.Encode(photo) || instance.Encode(made["paper"]) != instance.Encode(paper) {
		t.Errorf("the row holds %v and %v", made["photo"], made["paper"])
	}
	refuse(c, "paper", paper["id"])
	path := "specimens/" + made["id"].(string)
	answer := c.Call("GET", path+"/files/paper", nil)
	header := answer.Header
	if !bytes.Equal(answer.Body, script) || header.Get("Content-Type") != "application/octet-stream" ||
		!strings.HasPrefix(header.Get("Content-Disposition"), "attachment") ||
		!strings.Contains(header.Get("Content-Disposition"), "utf-8''na%22me%20%C3%BC.svg") ||
		!strings.Contains(header.Get("Content-Security-Policy"), "sandbox") ||
		header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Content-Length") != fmt.Sprint(len(script)) ||
		header.Get("Cache-Control") != "no-store" {
		t.Errorf("a drawing comes as %v", header)
	}
	answer = other.Call("GET", path+"/files/photo", nil)
	if !bytes.Equal(answer.Body, instance.SmallPicture) || answer.Header.Get("Content-Type") != "image/png" ||
		!strings.HasPrefix(answer.Header.Get("Content-Disposition"), "inline") {
		t.Errorf("a picture comes as %v", answer.Header)
	}
	head := c.Call("HEAD", path+"/files/photo", nil)
	if head.Status != 200 || head.Header.Get("Content-Length") != fmt.Sprint(len(instance.SmallPicture)) {
		t.Errorf("HEAD answers %d %v", head.Status, head.Header)
	}
	for _, try := range []struct {
		who  *instance.Client
		path string
	}{{theirs, path + "/files/paper"}, {c, path + "/files/name"}, {c, path + "/files/nothing"},
		{c, "specimens/01990000-0000-7000-8000-000000000000/files/paper"}} {
		if answer := try.who.Call("GET", try.path, nil); answer.Status != 404 {
			t.Errorf("%s answers %d", try.path, answer.Status)
		}
	}
	// A change that says nothing of the file keeps it; one that takes it off frees the upload for another row of the person.
	c.Must(c.Call("PATCH", path, map[string]any{"name": "two", "paper": made["paper"]}), 200, &made)
	c.Must(c.Call("PATCH", path, map[string]any{"paper": nil}), 200, &made)
	if made["paper"] != nil || instance.Encode(made["photo"]) != instance.Encode(photo) {
		t.Errorf("the row holds %v and %v", made["photo"], made["paper"])
	}
	if answer := c.Call("GET", path+"/files/paper", nil); answer.Status != 404 {
		t.Errorf("a file that was taken off answers %d", answer.Status)
	}
	c.Must(c.Call("POST", "specimens", map[string]any{"name": "three", "paper": paper["id"]}), 201, nil)

	backup := filepath.Join(t.TempDir(), "all.tar.gz")
	if out, wrong, code := i.Command("backup", "create", backup); code != 0 {
		t.Fatalf("backup: %s%s", out, wrong)
	}
	into := filepath.Join(t.TempDir(), "restored")
	if out, wrong, code := instance.Command(t, "backup", "restore", backup, "--data-dir", into); code != 0 {
		t.Fatalf("restore: %s%s", out, wrong)
	}
	restored := &instance.Instance{T: t, Dir: into}
	restored.Serve()
	if answer := restored.As("viewer@acme").Call("GET", path+"/files/photo", nil); !bytes.Equal(answer.Body, instance.SmallPicture) {
		t.Errorf("after a restore the picture answers %d", answer.Status)
	}
}

func TestSpecimenComesBackFromItsExport(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c, d := i.As("editor@acme"), catalogue.Document(t, i)
	known := catalogue.ByName(catalogue.Kinds(t))
	for n := range 120 {
		row := d.Generate(t, c, "specimen", []string{"=SUM(A1)", "'=quoted", "-5", "\ttab", "plain; with, \"marks\""}[n%5], n, known)
		delete(row, "photo") // the file of a row is taken
		delete(row, "paper")
		c.Must(c.Call("POST", "specimens", row), 201, nil)
	}
	own := func() string {
		var all []map[string]any
		for _, page := range []string{"1", "2"} {
			all = append(all, instance.List(c, "specimens?limit=100&page="+page)...)
		}
		for _, row := range all {
			for _, name := range []string{"id", "version", "created_at", "updated_at", "photo", "paper"} {
				delete(row, name)
			}
		}
		return instance.Encode(all)
	}
	before := own()
	table := string(c.Call("GET", "specimens", nil, "Accept", "text/csv").Body)
	for _, row := range append(instance.List(c, "specimens?limit=100"), instance.List(c, "specimens?limit=100&page=2")...) {
		c.Must(c.Call("DELETE", "specimens/"+row["id"].(string), nil), 200, nil)
	}
	result := c.ImportTable("specimens/import", table)
	if result.Created != 120 || result.Failed != 0 {
		t.Fatalf("the export comes back as %+v", result)
	}
	if after := own(); after != before {
		t.Errorf("rows differ after export and import:\n%.2000s\n%.2000s", before, after)
	}
}
