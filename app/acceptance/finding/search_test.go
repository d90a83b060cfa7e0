package finding

import (
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
	checkout := make(owner, "incidents", map[string]any{"title": "Checkout is slow", "summary": "Customers in Zürich wait for the *payment* page."})
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
