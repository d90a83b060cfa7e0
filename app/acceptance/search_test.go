package acceptance

import (
	"net/url"
	"slices"
	"testing"
)

type found struct{ Kind, ID, Title, Excerpt string }

func (c *client) search(words string) []found {
	c.i.t.Helper()
	var all []found
	c.must(c.call("GET", "search?q="+url.QueryEscape(words), nil), 200, &all)
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
	i := start(t)
	owner, theirs := i.as("owner@acme"), i.as("owner@umbrella")
	make := func(c *client, path string, body map[string]any) string {
		var made struct{ ID string }
		c.must(c.call("POST", path, body), 201, &made)
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
		if got := titles(owner.search(words)); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", words, got, want)
		}
	}
	if all := owner.search("payment"); len(all) != 1 || all[0].ID != checkout || all[0].Excerpt == "" {
		t.Errorf("payment finds %+v", all)
	}
	var rows []struct{ ID string }
	owner.must(owner.call("GET", "incidents?search=zurich&sort_by=title&sort_order=asc", nil), 200, &rows)
	if len(rows) != 1 || rows[0].ID != checkout {
		t.Errorf("the list finds %+v", rows)
	}
	owner.must(owner.call("PATCH", "incidents/"+checkout, map[string]any{"title": "Basket is slow", "summary": ""}), 200, nil)
	if got := titles(owner.search("payment")); got != nil {
		t.Errorf("words that are gone find %v", got)
	}
	if got := titles(owner.search("basket")); !slices.Equal(got, []string{"Basket is slow"}) {
		t.Errorf("new words find %v", got)
	}
	owner.must(owner.call("DELETE", "incidents/"+checkout, nil), 200, nil)
	if got := titles(owner.search("basket")); got != nil {
		t.Errorf("a deleted row is found: %v", got)
	}
	owner.must(owner.call("POST", "incidents/"+checkout+"/restore", nil), 200, nil)
	if got := titles(owner.search("basket")); len(got) != 1 {
		t.Errorf("a restored row is not found: %v", got)
	}
}
