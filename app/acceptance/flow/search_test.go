package flow

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

func TestSearchInData(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	hook := c.PublishHook("acme")
	caller := &instance.Client{Instance: i}
	for _, order := range []string{"A-17", "<b>B-18</b>", "C-19"} {
		caller.Must(caller.Call("POST", hook, map[string]any{"order": order}), 202, nil)
	}
	var list []struct {
		ID         string
		WorkflowID string `json:"workflow_id"`
	}
	c.Must(c.Call("GET", "executions", nil), 200, &list)
	for _, e := range list {
		c.Finished(e.ID)
	}
	var hits []struct{ ID, Excerpt, NodeID string }
	c.Must(c.Call("GET", "executions/search?text=b-18&workflow_id="+list[0].WorkflowID, nil), 200, &hits)
	if len(hits) != 1 || hits[0].ID != list[1].ID || !strings.Contains(hits[0].Excerpt, "B-18") {
		t.Fatalf("the search finds %+v among %+v", hits, list)
	}
	r := i.As("viewer@umbrella").Call("GET", "executions/search?text=b-18", nil)
	if r.Status != 200 || strings.Contains(string(r.Body), "B-18") {
		t.Errorf("another organization finds %d %s", r.Status, r.Body)
	}
	page := func(path string) string { return string(c.Call("GET", path, nil).Body) }
	for path, wants := range map[string][]string{
		"/executions": {`href="/executions/search"`},
		"/workflows/" + list[0].WorkflowID + "/executions":                           {"/executions/search?workflow=" + list[0].WorkflowID},
		"/executions?search=b-18":                                                    {"/executions/search?q=b-18"},
		"/executions/search":                                                         {"Search the data of executions", "An order number"},
		"/executions/search?q=b-18":                                                  {"/executions/" + list[1].ID + "?step=hook", "<mark>B</mark>", "Hooked"},
		"/executions/search?q=none-of-them&workflow=" + list[0].WorkflowID:           {"Nothing found for", "Search the data of Hooked"},
		"/executions/search?q=b-18&before=1&workflow=" + list[0].WorkflowID + "&x=y": {"Nothing found"},
	} {
		text := page(path)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
		if strings.Contains(text, "<b>B-18") {
			t.Errorf("%s shows the data as markup", path)
		}
	}
}
