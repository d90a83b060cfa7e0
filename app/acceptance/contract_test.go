package acceptance

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The contract suite holds what every kind promises by being declared. It knows kinds by the list of routes and by the
// OpenAPI document alone, so that a new kind is tested by being there.

// route is one line of `zygo routes --json`.
type route struct{ Method, Path, Permission, Kind string }

func routes(t testing.TB) []route {
	t.Helper()
	out, _, code := command(t, "routes", "--json")
	if code != 0 {
		t.Fatalf("zygo routes ends with %d", code)
	}
	var all []route
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// kindPath is a kind with its routes by method and path behind its own. A child's path has the place of its parent's id.
type kindPath struct {
	name, path string
	routes     map[string]bool
}

// ofOperators tells that the kind belongs to the instance, whose operators alone have it.
func (k kindPath) ofOperators() bool { return strings.HasPrefix(k.path, "admin/") }

// isChild tells that the rows hang on others.
func (k kindPath) isChild() bool { return strings.Contains(k.path, "/{id}/") }

// at is the kind's path; for a child, below a new row of its parent.
func (k kindPath) at(c *client, d openapi, marker string, known map[string]kindPath) string {
	above, _, child := strings.Cut(k.path, "/{id}/")
	if !child {
		return k.path
	}
	for _, parent := range known {
		if parent.path == above {
			return strings.Replace(k.path, "{id}", c.create(d, parent.name, marker, int(referred.Add(1))+100_000, known)["id"].(string), 1)
		}
	}
	c.i.t.Fatalf("no kind stands at %s", above)
	return ""
}

func (k kindPath) has(method, rest string) bool { return k.routes[method+" "+rest] }

// actions are the domain verbs.
func (k kindPath) actions() []string {
	var all []string
	for r := range k.routes {
		if name, ok := strings.CutPrefix(r, "POST /{id}/"); ok && name != "restore" {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func kinds(t testing.TB) []kindPath {
	t.Helper()
	byName := map[string]*kindPath{}
	var order []string
	for _, r := range routes(t) {
		if r.Kind == "" || !strings.HasPrefix(r.Path, "/api/v1/") {
			continue
		}
		path := strings.TrimPrefix(r.Path, "/api/v1/")
		// The shortest path of a kind is its list's.
		base := path
		if k := byName[r.Kind]; k != nil {
			base = k.path
		}
		k := byName[r.Kind]
		if k == nil {
			k = &kindPath{name: r.Kind, path: base, routes: map[string]bool{}}
			byName[r.Kind] = k
			order = append(order, r.Kind)
		}
		k.routes[r.Method+" "+strings.ReplaceAll(strings.TrimPrefix(path, base), "{child_id}", "{id}")] = true
	}
	var all []kindPath
	for _, name := range order {
		all = append(all, *byName[name])
	}
	if len(all) < 6 {
		t.Fatalf("only %d kinds have routes", len(all))
	}
	return all
}

func byName(all []kindPath) map[string]kindPath {
	known := map[string]kindPath{}
	for _, k := range all {
		known[k.name] = k
	}
	return known
}

func TestEveryKindStoresWhatItIsGiven(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, d, all := i.as("owner@acme"), document(t, i), kinds(t)
	known := byName(all)
	for _, k := range all {
		if !k.has("POST", "") {
			continue
		}
		path := k.at(owner, d, "above", known)
		given := d.generate(t, owner, k.name, "given", 1, known)
		var made map[string]any
		answer := owner.call("POST", path, given)
		owner.must(answer, 201, &made)
		id := made["id"].(string)
		for name, value := range given {
			field := d.Components.Schemas[schemaName(k.name)+"Create"].Properties[name]
			if got, want := encode(made[name]), encode(value); got != want && !field.WriteOnly {
				t.Errorf("%s.%s is %s after a create with %s", k.name, name, got, want)
			}
		}
		var got map[string]any
		owner.must(owner.call("GET", path+"/"+id, nil), 200, &got)
		if encode(got) != encode(made) {
			t.Errorf("%s: get differs from create:\n%s\n%s", k.name, encode(got), encode(made))
		}
		if answer.header.Get("ETag") != `"1"` || !strings.HasSuffix(answer.header.Get("Location"), id) {
			t.Errorf("%s: create answers ETag %q and Location %q", k.name, answer.header.Get("ETag"), answer.header.Get("Location"))
		}
		if list := owner.call("GET", path, nil); !strings.Contains(string(list.body), id) {
			t.Errorf("%s: the list lacks a new row", k.name)
		}
		if unknown := owner.call("POST", path, map[string]any{"no_such_field": 1}); unknown.status != 422 {
			t.Errorf("%s: an unknown field answers %d", k.name, unknown.status)
		}
		for _, forged := range []string{"id", "tenant_id", "version", "created_at"} {
			body := d.generate(t, owner, k.name, "forged", 2, known)
			body[forged] = "01990000-0000-7000-8000-000000000000"
			if answer := owner.call("POST", path, body); answer.status != 422 {
				t.Errorf("%s: a body with %s answers %d", k.name, forged, answer.status)
			}
		}
		for _, name := range d.Components.Schemas[schemaName(k.name)+"Create"].Required {
			body := d.generate(t, owner, k.name, "lacking", 3, known)
			delete(body, name)
			if answer := owner.call("POST", path, body); answer.status != 422 || !strings.Contains(string(answer.body), name) {
				t.Errorf("%s without %s answers %d: %s", k.name, name, answer.status, answer.body)
			}
		}
	}
}

func TestEveryKindRefusesStaleChangesAndComesBackFromTheTrash(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, d, all := i.as("owner@acme"), document(t, i), kinds(t)
	for _, k := range all {
		if !k.has("POST", "") || !k.has("PATCH", "/{id}") {
			continue
		}
		path := k.at(owner, d, "above", byName(all))
		row := owner.createAt(path, d, k.name, "mine", 1, byName(all))
		id := path + "/" + row["id"].(string)
		owner.must(owner.call("PATCH", id, map[string]any{}, "If-Match", `"1"`), 200, nil)
		if answer := owner.call("PATCH", id, map[string]any{}, "If-Match", `"1"`); answer.status != 412 || answer.code() != "STALE" {
			t.Errorf("%s: a stale change answers %d %s", k.name, answer.status, answer.code())
		}
		if answer := owner.call("DELETE", id, nil, "If-Match", `"1"`); answer.status != 412 {
			t.Errorf("%s: a stale delete answers %d", k.name, answer.status)
		}
		owner.must(owner.call("DELETE", id, nil), 200, nil)
		if answer := owner.call("GET", id, nil); answer.status != 404 {
			t.Errorf("%s: a deleted row answers %d", k.name, answer.status)
		}
		if list := owner.call("GET", path+"?deleted=true", nil); !strings.Contains(string(list.body), row["id"].(string)) {
			t.Errorf("%s: the trash lacks a deleted row", k.name)
		}
		owner.must(owner.call("POST", id+"/restore", nil), 200, nil)
		owner.must(owner.call("GET", id, nil), 200, nil)
	}
}

var parameter = regexp.MustCompile(`\{[a-z_.]+\}`)

var requestID = regexp.MustCompile(`"request_id":"[^"]+"`)

func TestNoKindShowsOrTakesAnotherOrganizationsRows(t *testing.T) {
	t.Parallel()
	i := start(t)
	theirs, mine, d, all := i.as("owner@umbrella"), i.as("owner@acme"), document(t, i), kinds(t)
	known := byName(all)
	const marker = "UMBRELLAMARKER"
	for _, k := range all {
		if k.ofOperators() {
			if answer := theirs.call("GET", k.path, nil); answer.status != 403 && answer.status != 404 {
				t.Errorf("%s: the list answers somebody who is no operator %d", k.name, answer.status)
			}
			continue
		}
		var id string
		path := k.at(theirs, d, marker, known)
		if k.has("POST", "") {
			id = theirs.createAt(path, d, k.name, marker, 1, known)["id"].(string)
		} else {
			var rows []map[string]any
			theirs.must(theirs.call("GET", path, nil), 200, &rows)
			if len(rows) == 0 {
				continue
			}
			id = rows[0]["id"].(string)
		}
		unknown := "01990000-0000-7000-8000-000000000000"
		leak := func(what string, r reply) {
			t.Helper()
			if strings.Contains(string(r.body), marker) || strings.Contains(string(r.body), id) || strings.Contains(strings.ToLower(string(r.body)), "umbrella") {
				t.Errorf("%s %s shows another organization's row: %s", k.name, what, r.body)
			}
		}
		for _, query := range []string{"", "?limit=100", "?search=" + marker, "?deleted=true", "?filter[id]=" + id, "?sort_by=created_at&sort_order=asc"} {
			leak("list"+query, mine.call("GET", path+query, nil))
		}
		leak("audit", mine.call("GET", "audit-logs?filter[resource_id]="+id, nil))
		for _, try := range []struct{ method, rest string }{{"GET", ""}, {"PATCH", ""}, {"DELETE", ""}, {"POST", "/restore"}} {
			if !k.has(try.method, "/{id}"+try.rest) {
				continue
			}
			var body any
			if try.method == "PATCH" {
				body = map[string]any{}
			}
			foreign := mine.call(try.method, path+"/"+id+try.rest, body)
			absent := mine.call(try.method, path+"/"+unknown+try.rest, body)
			leak(try.method, foreign)
			if foreign.status != 404 || requestID.ReplaceAllString(string(foreign.body), "") != requestID.ReplaceAllString(string(absent.body), "") {
				t.Errorf("%s %s%s: a foreign id answers %d %s, an unknown one %d %s", k.name, try.method, try.rest, foreign.status, foreign.body, absent.status, absent.body)
			}
		}
		for _, action := range k.actions() {
			if answer := mine.call("POST", path+"/"+id+"/"+action, nil); answer.status != 404 {
				t.Errorf("%s %s of a foreign row answers %d", k.name, action, answer.status)
			}
		}
		if k.has("POST", "/bulk") {
			answer := mine.call("POST", path+"/bulk", d.body(t, mine, k, "POST /bulk", id, "", known))
			if own := k.path == path; own && !strings.Contains(string(answer.body), "NOT_FOUND") || !own && answer.status != 404 || strings.Contains(string(answer.body), marker) {
				t.Errorf("%s: the same with a foreign row answers %d %s", k.name, answer.status, answer.body)
			}
		}
		// A reference to a foreign row is not found, as one to nothing is.
		for _, other := range all {
			if !other.has("POST", "") {
				continue
			}
			for name, field := range d.Components.Schemas[schemaName(other.name)+"Create"].Properties {
				if field.Kind == k.name {
					body := d.generate(t, mine, other.name, "mine", 7, known)
					body[name] = id
					if field.is("array") {
						body[name] = []any{id}
					}
					if answer := mine.call("POST", other.at(mine, d, "mine", known), body); answer.status != 422 || !strings.Contains(string(answer.body), name) {
						t.Errorf("%s.%s takes a foreign %s: %d %s", other.name, name, k.name, answer.status, answer.body)
					}
				}
			}
		}
		theirs.must(theirs.call("GET", path+"/"+id, nil), 200, nil)
	}
}

func TestEveryVerbNeedsItsPermission(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, viewer, nobody, d, all := i.as("owner@acme"), i.as("viewer@acme"), &client{i: i}, document(t, i), kinds(t)
	known := byName(all)
	for _, k := range all {
		id, above := "01990000-0000-7000-8000-000000000000", k.at(owner, d, "above", known)
		if k.has("POST", "") {
			id = owner.createAt(above, d, k.name, "kept", 1, known)["id"].(string)
		}
		before := ledger(t, owner)
		for r := range k.routes {
			method, rest, _ := strings.Cut(r, " ")
			path := above + strings.ReplaceAll(rest, "{id}", id)
			if k.name == "access_request" && r == "POST " {
				continue // everybody may ask
			}
			body := d.body(t, owner, k, r, id, "refused", known)
			if answer := nobody.call(method, path, body); answer.status != 401 {
				t.Errorf("%s of nobody answers %d", r, answer.status)
			}
			answer := viewer.call(method, path, body)
			if method == "GET" && !k.ofOperators() && k.name != "grant" && k.name != "invitation" { // which say what others lack, and who is asked in
				if answer.status == 403 {
					t.Errorf("%s %s of a viewer answers %d", k.name, r, answer.status)
				}
				continue
			}
			if answer.status != 403 || answer.code() != "FORBIDDEN" || !strings.Contains(string(answer.body), `"permission":"`+strings.TrimSuffix(k.name, "_field")) {
				t.Errorf("%s %s of a viewer answers %d %s", k.name, r, answer.status, answer.body)
			}
		}
		for _, entry := range ledger(t, owner)[len(before):] {
			if entry.Result == "success" && !strings.HasPrefix(entry.Action, "user.") && entry.Kind == k.name {
				t.Errorf("%s: a refused request wrote %s", k.name, entry.Action)
			}
		}
	}
}

type entry struct {
	Action, Kind, Result string
	ResourceID           string `json:"resource_id"`
}

// ledger is the organization's whole record, oldest first.
func ledger(t testing.TB, c *client) []entry {
	t.Helper()
	var all []entry
	cursor := ""
	for {
		var page []entry
		answer := c.call("GET", "audit-logs?limit=100"+cursor, nil)
		c.must(answer, 200, &page)
		all = append(all, page...)
		var envelope struct {
			Metadata struct {
				NextCursor string `json:"next_cursor"`
			}
		}
		if err := json.Unmarshal(answer.body, &envelope); err != nil {
			t.Fatal(err)
		}
		if envelope.Metadata.NextCursor == "" {
			slices.Reverse(all)
			return all
		}
		cursor = "&cursor=" + envelope.Metadata.NextCursor
	}
}

func TestEveryWriteIsOneEntryOfTheLedger(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, d, all := i.as("owner@acme"), document(t, i), kinds(t)
	known := byName(all)
	for _, k := range all {
		if !k.has("POST", "") || k.ofOperators() {
			continue // what operators do stands in the instance's own record
		}
		path := k.at(owner, d, "above", known)
		body := d.generate(t, owner, k.name, "counted", 1, known)
		before := len(ledger(t, owner))
		var row map[string]any
		owner.must(owner.call("POST", path, body), 201, &row)
		id := path + "/" + row["id"].(string)
		expected := []string{k.name + ".created"}
		if k.has("PATCH", "/{id}") {
			owner.must(owner.call("PATCH", id, map[string]any{}), 200, nil)
			expected = append(expected, k.name+".updated")
		}
		if k.has("DELETE", "/{id}") {
			owner.must(owner.call("DELETE", id, nil), 200, nil)
			owner.must(owner.call("POST", id+"/restore", nil), 200, nil)
			expected = append(expected, k.name+".deleted", k.name+".restored")
		}
		owner.call("POST", path, map[string]any{"no_such_field": 1})
		var got []string
		for _, e := range ledger(t, owner)[before:] {
			got = append(got, e.Action)
		}
		if !slices.Equal(got, expected) {
			t.Errorf("%s wrote %v, want %v", k.name, got, expected)
		}
	}
	if i.stop() != 0 {
		t.Error("the instance did not stop cleanly")
	}
	if out, _, code := i.command("doctor"); code != 0 {
		t.Errorf("doctor finds problems:\n%s", out)
	}
}

func TestEveryRouteStandsInTheDocument(t *testing.T) {
	t.Parallel()
	i := start(t)
	d := document(t, i)
	for _, r := range routes(t) {
		path, ok := strings.CutPrefix(r.Path, "/api/v1")
		if !ok {
			continue
		}
		if _, ok := d.Paths[path][strings.ToLower(r.Method)]; !ok {
			t.Errorf("the OpenAPI document lacks %s %s", r.Method, path)
		}
	}
}

func encode(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}
