package finding

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// column reads a field of all rows of a list, page by page with cursors.
func column(c *instance.Client, path, field string, parameters ...string) []string {
	c.Instance.T.Helper()
	query := url.Values{"limit": {"2"}}
	for i := 0; i < len(parameters); i += 2 {
		query.Set(parameters[i], parameters[i+1])
	}
	var all []string
	for {
		answer := c.Call("GET", path+"?"+query.Encode(), nil)
		var rows []map[string]any
		c.Must(answer, 200, &rows)
		for _, row := range rows {
			value, _ := row[field].(string)
			all = append(all, value)
		}
		var body struct {
			Metadata struct {
				NextCursor string `json:"next_cursor"`
			}
		}
		if err := json.Unmarshal(answer.Body, &body); err != nil || len(all) > 1000 {
			c.Instance.T.Fatalf("%v: %s", err, answer.Body)
		}
		if body.Metadata.NextCursor == "" {
			return all
		}
		query.Set("cursor", body.Metadata.NextCursor)
	}
}

// openPage is a page as the owner gets it.
func openPage(i *instance.Instance, path string) string {
	v := i.Traveller()
	v.Send("POST", "/login", instance.FormType, url.Values{"email": {"owner@acme.test"}, "password": {instance.Password}}.Encode())
	return string(v.Send("GET", path, "", "").Body)
}

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestListsStandInTheOrderThatPeopleExpect(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("owner@acme")
	var people []struct{ ID, Name string }
	c.Must(c.Call("GET", "users?limit=100", nil), 200, &people)
	byName := map[string]string{}
	var names []string
	for _, p := range people {
		byName[p.Name], names = p.ID, append(names, p.Name)
	}
	expect(t, "people in their usual order", column(c, "users", "name"), names...)
	first, last := names[0], names[len(names)-1]
	for _, a := range []struct{ name, criticality, owner string }{
		{"zebra", "low", last}, {"Alpha", "critical", first}, {"äpfel", "medium", ""}, {"Ärger", "high", last}, {"alpha 2", "low", ""},
		{"ALPHA", "critical", first},
	} {
		body := map[string]any{"name": a.name, "criticality": a.criticality}
		if a.owner != "" {
			body["owner"] = byName[a.owner]
		}
		c.Must(c.Call("POST", "assets", body), 201, nil)
	}
	words := []string{"Alpha", "ALPHA", "alpha 2", "äpfel", "Ärger", "zebra"}
	expect(t, "by name", column(c, "assets", "name"), words...)
	slices.Reverse(words)
	expect(t, "by name, falling", column(c, "assets", "name", "sort_by", "name", "sort_order", "desc"), words...)
	expect(t, "by level", column(c, "assets", "criticality", "sort_by", "criticality", "sort_order", "asc"), "low", "low", "medium",
		"high", "critical", "critical")
	expect(t, "by level, falling", column(c, "assets", "name", "sort_by", "criticality", "sort_order", "desc"), "ALPHA", "Alpha", "Ärger",
		"äpfel", "alpha 2", "zebra")
	expect(t, "by owner", column(c, "assets", "owner", "sort_by", "owner", "sort_order", "asc"), "", "", byName[first], byName[first],
		byName[last], byName[last])
	expect(t, "by owner, falling", column(c, "assets", "owner", "sort_by", "owner", "sort_order", "desc"), byName[last], byName[last],
		byName[first], byName[first], "", "")
	expect(t, "from high", column(c, "assets", "name", "filter[criticality][gte]", "high"), "Alpha", "ALPHA", "Ärger")
	expect(t, "under high", column(c, "assets", "name", "filter[criticality][lt]", "high"), "alpha 2", "äpfel", "zebra")
	expect(t, "over high", column(c, "assets", "name", "filter[criticality][gt]", "high"), "Alpha", "ALPHA")
	for _, wrong := range []string{"filter[criticality][gte]=enormous", "filter[owner][gte]=" + byName[first], "filter[criticality][gte]=",
		"filter[tags][lt]=x", "filter[warranty][near]=2026-01-01"} {
		if answer := c.Call("GET", "assets?"+wrong, nil); answer.Status != http.StatusBadRequest {
			t.Errorf("%s is answered %d: %s", wrong, answer.Status, answer.Body)
		}
	}
	table := string(c.Call("GET", "assets?sort_by=criticality&sort_order=desc&fields=name", nil, "Accept", "text/csv").Body)
	if !strings.Contains(strings.ReplaceAll(table, "\r", ""), "ALPHA\nAlpha\nÄrger\näpfel\nalpha 2\nzebra") {
		t.Errorf("the CSV stands in another order:\n%s", table)
	}
	page := openPage(i, "/assets?sort_by=criticality&sort_order=desc")
	page = page[strings.Index(page, "<tbody"):]
	at := -1
	for _, name := range []string{">ALPHA<", ">Ärger<", ">äpfel<", ">zebra<"} {
		next := strings.Index(page, name)
		if next <= at {
			t.Errorf("%s stands at %d on the page, after %d", name, next, at)
		}
		at = next
	}
}

func TestARowWithoutAValueIsFoundAsSuch(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("owner@acme")
	var me []struct{ ID string }
	c.Must(c.Call("GET", "users?limit=1", nil), 200, &me)
	var dep struct{ ID string }
	c.Must(c.Call("POST", "assets", map[string]any{"name": "dep"}), 201, &dep)
	c.Must(c.Call("POST", "assets", map[string]any{"name": "none"}), 201, nil)
	c.Must(c.Call("POST", "assets", map[string]any{"name": "full", "warranty": "2027-01-01", "tags": []string{"x"}, "owner": me[0].ID,
		"depends_on": []string{dep.ID}}), 201, nil)
	for field, value := range map[string]string{"warranty": "2027-01-01", "tags": "X", "owner": me[0].ID, "depends_on": dep.ID} {
		expect(t, field+" is empty", column(c, "assets", "name", "filter["+field+"]", ""), "dep", "none")
		expect(t, field+" has a value", column(c, "assets", "name", "filter["+field+"][not]", ""), "full")
		expect(t, field+" is not that", column(c, "assets", "name", "filter["+field+"][not]", value), "dep", "none")
		expect(t, field+" is that", column(c, "assets", "name", "filter["+field+"]", value), "full")
		expect(t, field+" is that or empty", column(c, "assets", "name", "filter["+field+"][in]", ","+value), "dep", "full", "none")
	}
	expect(t, "a day before", column(c, "assets", "name", "filter[warranty][lte]", "2028-01-01"), "full")
	c.Must(c.Call("POST", "incidents", map[string]any{"title": "without", "severity": "sev3"}), 201, nil)
	c.Must(c.Call("POST", "incidents", map[string]any{"title": "with", "severity": "sev3", "source": "monitoring"}), 201, nil)
	expect(t, "text is empty", column(c, "incidents", "title", "filter[source]", ""), "without")
	expect(t, "text has a value", column(c, "incidents", "title", "filter[source][not]", ""), "with")
	expect(t, "text is not that", column(c, "incidents", "title", "filter[source][not]", "monitoring"), "without")
	for words, want := range map[string]string{"filter[owner]=": "Owner is empty", "filter[owner][not]=": "Owner has a value"} {
		if page := openPage(i, "/assets?"+words); !strings.Contains(page, want) {
			t.Errorf("the page of %s does not say %q", words, want)
		}
	}
}
