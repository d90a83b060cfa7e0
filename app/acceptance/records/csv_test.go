package records

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestListsAreExportedWholeAndInert(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c, theirs := i.As("editor@acme"), i.As("owner@umbrella")
	for n := range 230 {
		c.Must(c.Call("POST", "assets", map[string]any{"name": fmt.Sprintf("asset %03d", n), "tags": []string{"a", "b"}}), 201, nil)
	}
	formula := `=cmd|' /C calc'!A0`
	c.Must(c.Call("POST", "assets", map[string]any{"name": formula, "description": "two\nlines, \"quoted\""}), 201, nil)
	theirs.Must(theirs.Call("POST", "assets", map[string]any{"name": "FOREIGN"}), 201, nil)
	answer := c.Call("GET", "assets?fields=name,tags,description", nil, "Accept", "text/csv")
	if answer.Status != 200 || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/csv") ||
		!strings.Contains(answer.Header.Get("Content-Disposition"), "assets.csv") {
		t.Fatalf("an export answers %d %v", answer.Status, answer.Header)
	}
	rows, err := csv.NewReader(strings.NewReader(string(answer.Body))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 232 || !slices.Equal(rows[0], []string{"name", "description", "tags"}) {
		t.Fatalf("%d rows, the first is %v", len(rows), rows[0])
	}
	if !slices.ContainsFunc(rows, func(row []string) bool { return row[0] == "'"+formula && row[1] == "two\nlines, \"quoted\"" }) {
		t.Error("the formula is not inert, or the text is not whole")
	}
	if strings.Contains(string(answer.Body), "FOREIGN") {
		t.Error("the export holds another organization's row")
	}
	if filtered := c.Call("GET", "assets?search=042", nil, "Accept", "text/csv"); strings.Count(string(filtered.Body), "\n") != 2 {
		t.Errorf("a filtered export is %s", filtered.Body)
	}
	if !slices.ContainsFunc(catalogue.Ledger(t, i.As("owner@acme")), func(e catalogue.Entry) bool { return e.Action == "asset.exported" }) {
		t.Error("the ledger lacks the export")
	}
}

func TestAListIsExportedAsItIsFiltered(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c, theirs := i.As("editor@acme"), i.As("owner@umbrella")
	for n := range 60 {
		c.Must(c.Call("POST", "incidents", map[string]any{"title": fmt.Sprintf("Incident %02d", n),
			"severity": []string{"sev1", "sev2"}[n%2]}), 201, nil)
	}
	theirs.Must(theirs.Call("POST", "incidents", map[string]any{"title": "FOREIGN", "severity": "sev1"}), 201, nil)
	page := i.Enter(t, "viewer@acme")
	page.Open("/incidents?filter[severity]=sev1&sort_by=title&sort_order=asc&search=Incident")
	page.Click("disclosure", "More actions")
	page.WaitText("Export CSV")
	page.ExpectAccessible("export")
	text := browsertest.Evaluate[string](page,
		`fetch(document.querySelector("a[href*='/export']").href).then(async answer => answer.headers.get("Content-Disposition") + "\n" + await answer.text())`)
	name, table, _ := strings.Cut(text, "\n")
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil || name != `attachment; filename="incidents.csv"` {
		t.Fatalf("%s: %v", name, err)
	}
	title := slices.Index(rows[0], "title")
	if len(rows) != 31 || rows[1][title] != "Incident 00" || rows[30][title] != "Incident 58" {
		t.Errorf("%d rows: %v", len(rows), rows)
	}
	if !slices.ContainsFunc(catalogue.Ledger(t, i.As("owner@acme")),
		func(e catalogue.Entry) bool { return e.Action == "incident.exported" }) {
		t.Error("the ledger lacks the export")
	}
	workflow, _ := instance.RunFailing(c)
	_, _ = instance.RunFailing(c)
	page.Open("/workflows/" + workflow + "/executions")
	lines := browsertest.Evaluate[int](page,
		`fetch(document.querySelector("a[href*='/export']").href).then(async answer => (await answer.text()).trim().split("\n").filter(line => line.includes("`+workflow+`")).length)`)
	if lines != 1 {
		t.Errorf("the executions of one workflow are %d", lines)
	}
	page.Open("/assets")
	if browsertest.Evaluate[bool](page, `Boolean(document.querySelector("a[href*='/export']"))`) {
		t.Error("an empty list can be exported")
	}
}
