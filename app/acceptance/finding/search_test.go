package finding

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"zygo/app/acceptance/instance"
)

type found struct{ Kind, ID, Title, Excerpt string }

func search(c *instance.Client, words string) []found {
	c.Instance.T.Helper()
	var all []found
	c.Must(c.Call("GET", "search?q="+url.QueryEscape(words), nil), 200, &all)
	return all
}

func titles(all []found) []string {
	var list []string
	for _, f := range all {
		list = append(list, f.Title)
	}
	slices.Sort(list)
	return list
}

func TestSearchFindsByWordsWithinTheOrganization(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, theirs := i.As("owner@acme"), i.As("owner@umbrella")
	make := func(c *instance.Client, path string, body map[string]any) string {
		var made struct{ ID string }
		c.Must(c.Call("POST", path, body), 201, &made)
		return made.ID
	}
	checkout := make(owner, "incidents", map[string]any{"title": "Checkout is slow",
		"summary": "Customers in Zürich wait for the *payment* page."})
	make(owner, "assets", map[string]any{"name": "checkout-db", "description": "The database behind the shop."})
	make(theirs, "incidents", map[string]any{"title": "Checkout of the others"})
	for words, want := range map[string][]string{
		"checkout":         {"Checkout is slow", "checkout-db"},
		"CHECK":            {"Checkout is slow", "checkout-db"},
		"zurich payment":   {"Checkout is slow"},
		"checkuot":         {"Checkout is slow", "checkout-db"},
		"others":           nil,
		"\"* OR NEAR( -":   nil,
		"t17_checkout":     nil,
		"nothing like it":  nil,
		"slow checkout db": nil,
	} {
		if got := titles(search(owner, words)); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", words, got, want)
		}
	}
	if all := search(owner, "payment"); len(all) != 1 || all[0].ID != checkout || all[0].Excerpt == "" {
		t.Errorf("payment finds %+v", all)
	}
	var rows []struct{ ID string }
	owner.Must(owner.Call("GET", "incidents?search=zurich&sort_by=title&sort_order=asc", nil), 200, &rows)
	if len(rows) != 1 || rows[0].ID != checkout {
		t.Errorf("the list finds %+v", rows)
	}
	owner.Must(owner.Call("PATCH", "incidents/"+checkout, map[string]any{"title": "Basket is slow", "summary": ""}), 200, nil)
	if got := titles(search(owner, "payment")); got != nil {
		t.Errorf("words that are gone find %v", got)
	}
	if got := titles(search(owner, "basket")); !slices.Equal(got, []string{"Basket is slow"}) {
		t.Errorf("new words find %v", got)
	}
	owner.Must(owner.Call("DELETE", "incidents/"+checkout, nil), 200, nil)
	if got := titles(search(owner, "basket")); got != nil {
		t.Errorf("a deleted row is found: %v", got)
	}
	owner.Must(owner.Call("POST", "incidents/"+checkout+"/restore", nil), 200, nil)
	if got := titles(search(owner, "basket")); len(got) != 1 {
		t.Errorf("a restored row is not found: %v", got)
	}
}

func TestSearchKnowsOtherScripts(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	for _, title := range []string{"我家在上海东边", "データベース障害", "오늘끝말잇기게임을했다", "ระบบล่มเมื่อเช้านี้", "Łódź Straße v1.2.3-rc4", "Ωμέγας"} {
		c.Create("incidents", map[string]any{"title": title})
		c.Create("assets", map[string]any{"name": title})
	}
	for words, want := range map[string]string{
		"上海": "我家在上海东边", "海东边": "我家在上海东边", "障害": "データベース障害", "끝말잇기": "오늘끝말잇기게임을했다", "เมื่อเช้า": "ระบบล่มเมื่อเช้านี้",
		"lodz": "Łódź Straße v1.2.3-rc4", "STRASSE lod": "Łódź Straße v1.2.3-rc4", "1.2.3": "Łódź Straße v1.2.3-rc4",
		"rc4": "Łódź Straße v1.2.3-rc4", "ΩΜΕΓΑΣ": "Ωμέγας",
		"海上": "", "東": "",
	} {
		var some []string
		if want != "" {
			some = []string{want, want}
		}
		if got := titles(search(c, words)); !slices.Equal(got, some) {
			t.Errorf("%q finds %q, want %q twice", words, got, want)
		}
	}
	gone := c.Create("assets", map[string]any{"name": "ΑΘΗΝΑΪΚΌΣ ςωστός"})
	c.Expect(200, "DELETE", "assets/"+gone, nil)
	var rows []struct{ ID string }
	c.Must(c.Call("GET", "assets?deleted=true&search="+url.QueryEscape("ΣΩΣΤΌΣ αθηναικος"), nil), 200, &rows)
	if len(rows) != 1 || rows[0].ID != gone {
		t.Errorf("the trash finds %+v", rows)
	}
}

func TestHiddenRowsLendASearchNothing(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, editor := i.As("owner@acme"), i.As("editor@acme")
	space := owner.Create("workspaces", map[string]any{"name": "Vault", "private": true})
	// More rows than a search shows, all of which match better than the one that the editor may see.
	for n := range 60 {
		owner.Create("assets", map[string]any{"name": fmt.Sprint("Zirkonium ", n), "workspace_id": space})
	}
	owner.Create("assets", map[string]any{"name": "Zirkonien with a longer name in which zirkonium stands once"})
	corrected := func(c *instance.Client, words string) string {
		var answer struct{ Metadata struct{ Corrected string } }
		if err := json.Unmarshal(c.Call("GET", "search?q="+url.QueryEscape(words), nil).Body, &answer); err != nil {
			t.Fatal(err)
		}
		return answer.Metadata.Corrected
	}
	if got := search(editor, "zirkonium"); len(got) != 1 {
		t.Errorf("the editor finds %+v", got)
	}
	if got := corrected(editor, "zirkoniem"); got != "zirkonien" {
		t.Errorf("the editor is led to %q", got)
	}
	owner.Create("assets", map[string]any{"name": "Palladium", "workspace_id": space})
	if got := corrected(editor, "paladium"); got != "" {
		t.Errorf("the editor learns %q", got)
	}
	if got := corrected(owner, "paladium"); got != "palladium" {
		t.Errorf("the owner is led to %q", got)
	}
}
