package records

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestTablesAreImportedRowByRow(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	table := "\uFEFFname;Category;tags;owner;description\r\nRouter;network;\"a, b\";editor of acme;'=1+1\r\n;server;;;\r\nSwitch;toaster;;;\r\nRouter;;;;twice\r\nLamp;;;nobody of that name;\r\nMail;;;;\"two\r\nlines\"\r\n;;\r\na;b;c;d;e;f\r\n"
	checked := c.ImportTable("assets/import?dry_run=true", table)
	if total := instance.Encode(instance.List(c, "assets")); total != "[]" {
		t.Errorf("a dry run stored %s", total)
	}
	result := c.ImportTable("assets/import", table)
	if instance.Encode(checked) != instance.Encode(result) || result.Rows != 7 || result.Created != 2 || result.Failed != 5 {
		t.Errorf("a dry run says %+v, the import %+v", checked, result)
	}
	var told []string
	for _, one := range result.Errors {
		told = append(told, fmt.Sprintf("%d %s: %s", one.Row, one.Field, one.Message))
	}
	for at, want := range []string{"3 name: is required", "4 category: must be one of", "5 name: stands in row 2 already",
		"6 owner: is not found", "9 : has 6 cells"} {
		if at >= len(told) || !strings.HasPrefix(told[at], want) {
			t.Errorf("the errors are %q, want %q", told, want)
		}
	}
	rows := instance.List(c, "assets?sort_by=name&sort_order=desc")
	if len(rows) != 2 || rows[0]["name"] != "Router" || rows[0]["description"] != "=1+1" ||
		instance.Encode(rows[0]["tags"]) != `["a","b"]` || rows[0]["owner"] == nil || rows[1]["description"] != "two\nlines" {
		t.Errorf("stored are %s", instance.Encode(rows))
	}
	entries := catalogue.Ledger(t, i.As("owner@acme"))
	if last := entries[len(entries)-1]; last.Action != "asset.imported" || entries[len(entries)-2].Action != "asset.created" {
		t.Errorf("the ledger ends with %+v", entries[len(entries)-2:])
	}
	for what, try := range map[string]struct {
		table, kind string
		status      int
	}{
		"JSON":              {"{}", "application/json", 415},
		"nothing":           {"", "text/csv", 400},
		"an open quote":     {"name\n\"open", "text/csv", 400},
		"half of UTF-16":    {"\xff\xfen\x00a", "text/csv", 400},
		"NUL":               {"name\na\x00b\n", "text/csv", 400},
		"an unknown column": {"name,no_such\na,b\n", "text/csv", 422},
		"a column twice":    {"name,Name\na,b\n", "text/csv", 422},
		"many columns":      {strings.Repeat("name,", 300) + "\n", "text/csv", 400},
		"many rows":         {"name\n" + strings.Repeat("a\n", 10_001), "text/csv", 413},
	} {
		if answer := c.Call("POST", "assets/import", try.table, "Content-Type", try.kind); answer.Status != try.status {
			t.Errorf("%s answers %d %s", what, answer.Status, answer.Body)
		}
	}
	if answer := i.As("viewer@acme").Call("POST", "assets/import", "name\na\n", "Content-Type", "text/csv"); answer.Status != 403 {
		t.Errorf("an import of a viewer answers %d", answer.Status)
	}
}

func TestATableIsSeenBeforeItIsImported(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	page := i.Enter(t, "editor@acme")
	page.Open("/assets/import")
	send := func(table string) {
		t.Helper()
		text, _ := json.Marshal(table)
		browsertest.Evaluate[bool](page,
			`(() => { const t = new DataTransfer(); t.items.add(new File([`+string(text)+
				`], "assets.csv")); document.querySelector("input[type=file]").files = t.files; return true })()`)
		page.Click("button", "Check the table")
	}
	send("nothing\x00")
	page.WaitText("must be a text in UTF-8 or UTF-16")
	send("Name of it,Category,Weight\nRouter,network,5\nLamp,toaster,2\n")
	page.WaitText("Row 2 (Router | network | 5): Name is required.")
	page.Screenshot("import columns")
	page.ExpectAccessible("import columns")
	instance.Choose(page, "column.0", "name")
	page.Click("button", "Check again")
	page.WaitText("1 asset can be imported, and 1 asset would be left out.")
	page.WaitText("Row 3 (Lamp | toaster | 2): Category must be one of")
	page.Screenshot("import checked")
	page.Click("button", "Import 1 asset")
	page.WaitText("1 asset imported, and 1 asset left out.")
	page.Screenshot("import done")
	page.ExpectAccessible("import done")
	page.Open("/assets")
	page.WaitText("Router")
}

func TestCellsHoldWhatPagesShow(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	for _, name := range []string{"Weber, Jonas & Co", "Web", "web", "Einzeln"} {
		c.Create("assets", map[string]any{"name": name})
	}
	ids := map[string]string{}
	for _, row := range instance.List(c, "assets") {
		ids[row["name"].(string)] = row["id"].(string)
	}
	table := "Name\tCategory\tCriticality\tOwner\tDepends on\tPrice\t\n" +
		"One\tServer\tHIGH\tEDITOR@ACME.TEST\tWeber, Jonas & Co, einzeln\t1\u202f234,50\u00a0EUR\t\n" +
		"Two\tserver\tHigh\teditor OF acme\tWeb\t\u22125.00 EUR\n" +
		"Three\tServers\t\t\t\t\n" +
		"Four\t\t\t\tWEB\t\n\t\t\n"
	result := c.ImportTable("assets/import", table)
	var told []string
	for _, one := range result.Errors {
		told = append(told, fmt.Sprintf("%d %s", one.Row, one.Field))
	}
	if got := strings.Join(told, ", "); result.Rows != 4 || result.Created != 2 || got != "4 category, 5 depends_on" {
		t.Fatalf("%+v", result)
	}
	rows := instance.List(c, "assets?filter[name]=One")
	rows = append(rows, instance.List(c, "assets?filter[name]=Two")...)
	for at, want := range []struct{ depends, price string }{
		{ids["Weber, Jonas & Co"] + `","` + ids["Einzeln"], `{"amount":123450,"currency":"EUR"}`},
		{ids["Web"], `{"amount":-500,"currency":"EUR"}`}} {
		row := rows[at]
		if row["category"] != "server" || row["criticality"] != "high" || row["owner"] == nil ||
			instance.Encode(row["depends_on"]) != `["`+want.depends+`"]` || instance.Encode(row["price"]) != want.price {
			t.Errorf("stored is %s", instance.Encode(row))
		}
	}
	exported := string(c.Call("GET", "assets?filter[name]=Two", nil, "Accept", "text/csv").Body)
	if !strings.Contains(exported, ",-5.00 EUR,") || strings.HasPrefix(exported, "\uFEFF") {
		t.Errorf("the export is %q", exported)
	}
	if file := string(c.Call("GET", "/assets/export", nil).Body); !strings.HasPrefix(file, "\uFEFFid,") {
		t.Errorf("the file for spreadsheets begins %.40q", file)
	}
}
