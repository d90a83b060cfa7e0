package contract

import (
	"slices"
	"strings"
	"testing"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
)

// The contract suite holds what every kind promises by being declared. It knows kinds by the list of routes and by the
// OpenAPI document alone, so that a new kind is tested by being there.

func TestEveryKindStoresWhatItIsGiven(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, d, all := i.As("owner@acme"), catalogue.Document(t, i), catalogue.Kinds(t)
	known := catalogue.ByName(all)
	for _, k := range all {
		if !k.Has("POST", "") {
			continue
		}
		path := k.At(owner, d, "above", known)
		given := d.Generate(t, owner, k.Name, "given", 1, known)
		var made map[string]any
		answer := owner.Call("POST", path, given)
		owner.Must(answer, 201, &made)
		id := made["id"].(string)
		for name, value := range given {
			field := d.Components.Schemas[catalogue.SchemaName(k.Name)+"Create"].Properties[name]
			if got, want := instance.Encode(made[name]), instance.Encode(value); got != want && !field.WriteOnly {
				t.Errorf("%s.%s is %s after a create with %s", k.Name, name, got, want)
			}
		}
		var got map[string]any
		owner.Must(owner.Call("GET", path+"/"+id, nil), 200, &got)
		if instance.Encode(got) != instance.Encode(made) {
			t.Errorf("%s: get differs from create:\n%s\n%s", k.Name, instance.Encode(got), instance.Encode(made))
		}
		if answer.Header.Get("ETag") != `"1"` || !strings.HasSuffix(answer.Header.Get("Location"), id) {
			t.Errorf("%s: create answers ETag %q and Location %q", k.Name, answer.Header.Get("ETag"), answer.Header.Get("Location"))
		}
		if list := owner.Call("GET", path, nil); !strings.Contains(string(list.Body), id) {
			t.Errorf("%s: the list lacks a new row", k.Name)
		}
		if unknown := owner.Call("POST", path, map[string]any{"no_such_field": 1}); unknown.Status != 422 {
			t.Errorf("%s: an unknown field answers %d", k.Name, unknown.Status)
		}
		for _, forged := range []string{"id", "tenant_id", "version", "created_at"} {
			body := d.Generate(t, owner, k.Name, "forged", 2, known)
			body[forged] = "01990000-0000-7000-8000-000000000000"
			if answer := owner.Call("POST", path, body); answer.Status != 422 {
				t.Errorf("%s: a body with %s answers %d", k.Name, forged, answer.Status)
			}
		}
		for _, name := range d.Components.Schemas[catalogue.SchemaName(k.Name)+"Create"].Required {
			body := d.Generate(t, owner, k.Name, "lacking", 3, known)
			delete(body, name)
			if answer := owner.Call("POST", path, body); answer.Status != 422 || !strings.Contains(string(answer.Body), name) {
				t.Errorf("%s without %s answers %d: %s", k.Name, name, answer.Status, answer.Body)
			}
		}
	}
}

func TestEveryKindRefusesStaleChangesAndComesBackFromTheTrash(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, d, all := i.As("owner@acme"), catalogue.Document(t, i), catalogue.Kinds(t)
	for _, k := range all {
		if !k.Has("POST", "") || !k.Has("PATCH", "/{id}") {
			continue
		}
		path := k.At(owner, d, "above", catalogue.ByName(all))
		row := catalogue.CreateAt(owner, path, d, k.Name, "mine", 1, catalogue.ByName(all))
		id := path + "/" + row["id"].(string)
		owner.Must(owner.Call("PATCH", id, map[string]any{}, "If-Match", `"1"`), 200, nil)
		if answer := owner.Call("PATCH", id, map[string]any{}, "If-Match", `"1"`); answer.Status != 412 || answer.Code() != "STALE" {
			t.Errorf("%s: a stale change answers %d %s", k.Name, answer.Status, answer.Code())
		}
		if answer := owner.Call("DELETE", id, nil, "If-Match", `"1"`); answer.Status != 412 {
			t.Errorf("%s: a stale delete answers %d", k.Name, answer.Status)
		}
		owner.Must(owner.Call("DELETE", id, nil), 200, nil)
		if answer := owner.Call("GET", id, nil); answer.Status != 404 {
			t.Errorf("%s: a deleted row answers %d", k.Name, answer.Status)
		}
		if list := owner.Call("GET", path+"?deleted=true", nil); !strings.Contains(string(list.Body), row["id"].(string)) {
			t.Errorf("%s: the trash lacks a deleted row", k.Name)
		}
		owner.Must(owner.Call("POST", id+"/restore", nil), 200, nil)
		owner.Must(owner.Call("GET", id, nil), 200, nil)
	}
}

func TestNoKindShowsOrTakesAnotherOrganizationsRows(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	theirs, mine, d, all := i.As("owner@umbrella"), i.As("owner@acme"), catalogue.Document(t, i), catalogue.Kinds(t)
	known := catalogue.ByName(all)
	const marker = "UMBRELLAMARKER"
	for _, k := range all {
		if k.OfOperators() {
			if answer := theirs.Call("GET", k.Path, nil); answer.Status != 403 && answer.Status != 404 {
				t.Errorf("%s: the list answers somebody who is no operator %d", k.Name, answer.Status)
			}
			continue
		}
		var id string
		path := k.At(theirs, d, marker, known)
		if k.Has("POST", "") {
			id = catalogue.CreateAt(theirs, path, d, k.Name, marker, 1, known)["id"].(string)
		} else {
			var rows []map[string]any
			theirs.Must(theirs.Call("GET", path, nil), 200, &rows)
			if len(rows) == 0 {
				continue
			}
			id = rows[0]["id"].(string)
		}
		unknown := "01990000-0000-7000-8000-000000000000"
		leak := func(what string, r instance.Reply) {
			t.Helper()
			if strings.Contains(string(r.Body), marker) || strings.Contains(string(r.Body), id) ||
				strings.Contains(strings.ToLower(string(r.Body)), "umbrella") {
				t.Errorf("%s %s shows another organization's row: %s", k.Name, what, r.Body)
			}
		}
		for _, query := range []string{"", "?limit=100", "?search=" + marker, "?deleted=true", "?filter[id]=" + id,
			"?sort_by=created_at&sort_order=asc"} {
			leak("list"+query, mine.Call("GET", path+query, nil))
		}
		leak("audit", mine.Call("GET", "audit-logs?filter[resource_id]="+id, nil))
		for _, try := range []struct{ method, rest string }{{"GET", ""}, {"PATCH", ""}, {"DELETE", ""}, {"POST", "/restore"}} {
			if !k.Has(try.method, "/{id}"+try.rest) {
				continue
			}
			var body any
			if try.method == "PATCH" {
				body = map[string]any{}
			}
			foreign := mine.Call(try.method, path+"/"+id+try.rest, body)
			absent := mine.Call(try.method, path+"/"+unknown+try.rest, body)
			leak(try.method, foreign)
			plain := func(r instance.Reply) string { return catalogue.RequestID.ReplaceAllString(string(r.Body), "") }
			if foreign.Status != 404 || plain(foreign) != plain(absent) {
				t.Errorf("%s %s%s: a foreign id answers %d %s, an unknown one %d %s", k.Name, try.method, try.rest, foreign.Status,
					foreign.Body, absent.Status, absent.Body)
			}
		}
		for _, action := range k.Actions() {
			if answer := mine.Call("POST", path+"/"+id+"/"+action, nil); answer.Status != 404 {
				t.Errorf("%s %s of a foreign row answers %d", k.Name, action, answer.Status)
			}
		}
		if k.Has("POST", "/bulk") {
			answer := mine.Call("POST", path+"/bulk", d.Body(t, mine, k, "POST /bulk", id, "", known))
			own := k.Path == path
			if own && !strings.Contains(string(answer.Body), "NOT_FOUND") || !own && answer.Status != 404 ||
				strings.Contains(string(answer.Body), marker) {
				t.Errorf("%s: the same with a foreign row answers %d %s", k.Name, answer.Status, answer.Body)
			}
		}
		// A reference to a foreign row is not found, as one to nothing is.
		for _, other := range all {
			if !other.Has("POST", "") {
				continue
			}
			for name, field := range d.Components.Schemas[catalogue.SchemaName(other.Name)+"Create"].Properties {
				if field.Kind == k.Name {
					body := d.Generate(t, mine, other.Name, "mine", 7, known)
					body[name] = id
					if field.Is("array") {
						body[name] = []any{id}
					}
					if answer := mine.Call("POST", other.At(mine, d, "mine", known), body); answer.Status != 422 ||
						!strings.Contains(string(answer.Body), name) {
						t.Errorf("%s.%s takes a foreign %s: %d %s", other.Name, name, k.Name, answer.Status, answer.Body)
					}
				}
			}
		}
		theirs.Must(theirs.Call("GET", path+"/"+id, nil), 200, nil)
	}
}

func TestEveryVerbNeedsItsPermission(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, viewer, nobody := i.As("owner@acme"), i.As("viewer@acme"), &instance.Client{Instance: i}
	d, all := catalogue.Document(t, i), catalogue.Kinds(t)
	known := catalogue.ByName(all)
	for _, k := range all {
		id, above := "01990000-0000-7000-8000-000000000000", k.At(owner, d, "above", known)
		if k.Has("POST", "") {
			id = catalogue.CreateAt(owner, above, d, k.Name, "kept", 1, known)["id"].(string)
		}
		before := catalogue.Ledger(t, owner)
		for r := range k.Routes {
			method, rest, _ := strings.Cut(r, " ")
			path := above + strings.ReplaceAll(rest, "{id}", id)
			if k.Name == "access_request" && r == "POST " || k.Name == "api_key" {
				continue // everybody may ask, and has keys of their own
			}
			body := d.Body(t, owner, k, r, id, "refused", known)
			if answer := nobody.Call(method, path, body); answer.Status != 401 {
				t.Errorf("%s of nobody answers %d", r, answer.Status)
			}
			answer := viewer.Call(method, path, body)
			if method == "GET" && !k.OfOperators() && k.Name != "grant" &&
				k.Name != "invitation" { // which say what others lack, and who is asked in
				if answer.Status == 403 {
					t.Errorf("%s %s of a viewer answers %d", k.Name, r, answer.Status)
				}
				continue
			}
			if answer.Status != 403 || answer.Code() != "FORBIDDEN" ||
				!strings.Contains(string(answer.Body), `"permission":"`+strings.TrimSuffix(k.Name, "_field")) {
				t.Errorf("%s %s of a viewer answers %d %s", k.Name, r, answer.Status, answer.Body)
			}
		}
		for _, entry := range catalogue.Ledger(t, owner)[len(before):] {
			if entry.Result == "success" && !strings.HasPrefix(entry.Action, "user.") && entry.Kind == k.Name {
				t.Errorf("%s: a refused request wrote %s", k.Name, entry.Action)
			}
		}
	}
}

func TestEveryWriteIsOneEntryOfTheLedger(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, d, all := i.As("owner@acme"), catalogue.Document(t, i), catalogue.Kinds(t)
	known := catalogue.ByName(all)
	for _, k := range all {
		if !k.Has("POST", "") || k.OfOperators() {
			continue // what operators do stands in the instance's own record
		}
		path := k.At(owner, d, "above", known)
		body := d.Generate(t, owner, k.Name, "counted", 1, known)
		before := len(catalogue.Ledger(t, owner))
		var row map[string]any
		owner.Must(owner.Call("POST", path, body), 201, &row)
		id := path + "/" + row["id"].(string)
		expected := []string{k.Name + ".created"}
		if k.Has("PATCH", "/{id}") {
			owner.Must(owner.Call("PATCH", id, map[string]any{}), 200, nil)
			expected = append(expected, k.Name+".updated")
		}
		if k.Has("DELETE", "/{id}") {
			owner.Must(owner.Call("DELETE", id, nil), 200, nil)
			owner.Must(owner.Call("POST", id+"/restore", nil), 200, nil)
			expected = append(expected, k.Name+".deleted", k.Name+".restored")
		}
		owner.Call("POST", path, map[string]any{"no_such_field": 1})
		var got []string
		for _, e := range catalogue.Ledger(t, owner)[before:] {
			got = append(got, e.Action)
		}
		if !slices.Equal(got, expected) {
			t.Errorf("%s wrote %v, want %v", k.Name, got, expected)
		}
	}
	if i.Stop() != 0 {
		t.Error("the instance did not stop cleanly")
	}
	if out, _, code := i.Command("doctor"); code != 0 {
		t.Errorf("doctor finds problems:\n%s", out)
	}
}

func TestEveryRouteStandsInTheDocument(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	d := catalogue.Document(t, i)
	for _, r := range catalogue.Routes(t) {
		path, ok := strings.CutPrefix(r.Path, "/api/v1")
		if !ok {
			continue
		}
		if _, ok := d.Paths[path][strings.ToLower(r.Method)]; !ok {
			t.Errorf("the OpenAPI document lacks %s %s", r.Method, path)
		}
	}
}
