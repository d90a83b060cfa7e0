package acceptance

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"zygo/ui/browsertest"
)

// What stands here is tried on the sample's kind, which has a field of every type.

func TestSpecimenIsFilteredAndSortedByWhatItMeans(t *testing.T) {
	onlyOverTheSample(t)
	t.Parallel()
	i := start(t)
	c := i.as("editor@acme")
	var checkout, relay struct{ ID string }
	c.must(c.call("POST", "assets", map[string]any{"name": "Checkout"}), 201, &checkout)
	c.must(c.call("POST", "assets", map[string]any{"name": "Relay"}), 201, &relay)
	euros := func(amount int) any { return map[string]any{"amount": amount, "currency": "EUR"} }
	for _, row := range []map[string]any{
		{"name": "a", "price": euros(-500), "effort": 60, "found": "2026-01-31", "assets": []string{checkout.ID}},
		{"name": "b", "price": euros(900), "effort": 5400, "found": "2026-02-01", "assets": []string{relay.ID, checkout.ID}},
		{"name": "c", "price": euros(10000), "effort": 172800, "words": []string{"rare"}},
		{"name": "d", "price": map[string]any{"amount": 950, "currency": "USD"}, "found": "2026-03-01"},
		{"name": "e"},
	} {
		c.must(c.call("POST", "specimens", row), 201, nil)
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
		for _, row := range list(c, "specimens?"+query) {
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
		if answer := c.call("GET", "specimens?"+query, nil); answer.status != 400 {
			t.Errorf("%s answers %d %s", query, answer.status, answer.body)
		}
	}
	many := make([]string, 101)
	for n := range many {
		many[n] = fmt.Sprintf("01990000-0000-7000-8000-%012d", n)
	}
	for _, wrong := range [][]string{many, {checkout.ID, "01990000-0000-7000-8000-000000000000"}, {"nothing"}} {
		if answer := c.call("POST", "specimens", map[string]any{"name": "refused", "assets": wrong}); answer.status != 422 || !strings.Contains(string(answer.body), `"assets"`) {
			t.Errorf("%d references answer %d %s", len(wrong), answer.status, answer.body)
		}
	}
}

func TestSpecimenIsWrittenAsPeopleWrite(t *testing.T) {
	onlyOverTheSample(t)
	t.Parallel()
	i := start(t)
	c := i.as("editor@acme")
	for _, name := range []string{"Checkout", "Relay", "Database"} {
		c.must(c.call("POST", "assets", map[string]any{"name": name}), 201, nil)
	}
	page := i.enter(t, "editor@acme")
	page.Open("/specimens/new")
	page.Fill("Name", "Blue morpho")
	page.Fill("Price optional", "1.234,50 chf")
	page.Fill("Effort optional", "2d 4h")
	page.Fill("Street and number", "Rue X 1\nBâtiment B")
	page.Fill("City", "Paris")
	choose(page, "place.country", "FR")
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
	browsertest.Evaluate[bool](page, `(() => { const t = new DataTransfer(); t.items.add(new File(["hello"], "größe.txt", {type: "image/png"})); document.querySelector("input[type=file][name=paper]").files = t.files; return true })()`)
	page.Press("Ctrl+Enter")
	page.WaitText("Call must be a number with the country's code")
	page.WaitText("größe.txt") // it was sent, and need not be sent again
	page.ExpectAccessible("specimen refused")
	page.Fill("Call optional", "0049 (0)30 123-456")
	page.Press("Ctrl+Enter")
	for _, shown := range []string{"created this specimen", "1,234.50 CHF", "2 d 4 h", "Rue X 1, Bâtiment B, Paris, France", "#1a7f37", "Checkout", "+4930123456", "größe.txt"} {
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
