package acceptance

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestListsAreExportedWholeAndInert(t *testing.T) {
	t.Parallel()
	i := start(t)
	c, theirs := i.as("editor@acme"), i.as("owner@umbrella")
	for n := range 230 {
		c.must(c.call("POST", "assets", map[string]any{"name": fmt.Sprintf("asset %03d", n), "tags": []string{"a", "b"}}), 201, nil)
	}
	formula := `=cmd|' /C calc'!A0`
	c.must(c.call("POST", "assets", map[string]any{"name": formula, "description": "two\nlines, \"quoted\""}), 201, nil)
	theirs.must(theirs.call("POST", "assets", map[string]any{"name": "FOREIGN"}), 201, nil)
	answer := c.call("GET", "assets?fields=name,tags,description", nil, "Accept", "text/csv")
	if answer.status != 200 || !strings.HasPrefix(answer.header.Get("Content-Type"), "text/csv") || !strings.Contains(answer.header.Get("Content-Disposition"), "assets.csv") {
		t.Fatalf("an export answers %d %v", answer.status, answer.header)
	}
	rows, err := csv.NewReader(strings.NewReader(string(answer.body))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 232 || !slices.Equal(rows[0], []string{"name", "description", "tags"}) {
		t.Fatalf("%d rows, the first is %v", len(rows), rows[0])
	}
	if !slices.ContainsFunc(rows, func(row []string) bool { return row[0] == "'"+formula && row[1] == "two\nlines, \"quoted\"" }) {
		t.Error("the formula is not inert, or the text is not whole")
	}
	if strings.Contains(string(answer.body), "FOREIGN") {
		t.Error("the export holds another organization's row")
	}
	if filtered := c.call("GET", "assets?search=042", nil, "Accept", "text/csv"); strings.Count(string(filtered.body), "\n") != 2 {
		t.Errorf("a filtered export is %s", filtered.body)
	}
	if !slices.ContainsFunc(ledger(t, c), func(e entry) bool { return e.Action == "asset.exported" }) {
		t.Error("the ledger lacks the export")
	}
}
