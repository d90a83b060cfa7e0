package contract

import (
	"testing"

	"zygo/app/acceptance/instance"
)

// The sample module is an area as any other: what it declares is there without a line anywhere else.

func TestAModuleCarriesItsArea(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	editor, viewer, stranger, operator := i.As("editor@acme"), i.As("viewer@acme"), i.As("editor@umbrella"), i.As("owner@acme")
	moth := editor.Create("specimens", map[string]any{"name": "Moth"})
	editor.Create("specimens", map[string]any{"name": "Fern"})
	editor.Create("specimens", map[string]any{"name": "Amber", "stage": "old"})

	collections := instance.List(viewer, "collections")
	if len(collections) != 2 || collections[0]["name"] != "old" || collections[1]["specimens"] != float64(2) {
		t.Errorf("the query kind gives %v", collections)
	}
	if found := instance.List(stranger, "collections"); len(found) != 0 {
		t.Errorf("another organization reads %v", found)
	}
	if r := editor.Call("POST", "collections", map[string]any{"name": "x"}); r.Status != 405 && r.Status != 404 {
		t.Errorf("a query kind takes rows: %d %s", r.Status, r.Body)
	}

	for _, test := range []struct {
		who  *instance.Client
		body any
		want int
	}{
		{viewer, map[string]any{"name": "Butterfly"}, 403},
		{stranger, map[string]any{"name": "Butterfly"}, 404},
		{editor, map[string]any{}, 422},
		{editor, map[string]any{"name": "Butterfly", "stage": "old"}, 422},
		{editor, map[string]any{"id": "x", "name": "Butterfly"}, 422},
		{editor, map[string]any{"name": " Butterfly "}, 200},
	} {
		if r := test.who.Call("POST", "specimens/"+moth+"/relabel", test.body); r.Status != test.want {
			t.Errorf("relabel with %v answers %d %s", test.body, r.Status, r.Body)
		}
	}
	var row struct{ Name string }
	if editor.Must(editor.Call("GET", "specimens/"+moth, nil), 200, &row); row.Name != "Butterfly" {
		t.Errorf("the specimen is called %q", row.Name)
	}

	works := instance.List(operator, "admin/jobs?filter[name]=dust-specimens")
	if len(works) != 1 {
		t.Fatalf("the work of the module is %v", works)
	}
	job := "admin/jobs/" + works[0]["id"].(string)
	for _, test := range []struct {
		who  *instance.Client
		verb string
		want int
	}{{editor, "run", 403}, {operator, "retry", 409}, {operator, "run", 200}, {operator, "cancel", 200}, {operator, "cancel", 409},
		{operator, "run", 409}, {operator, "retry", 200}} {
		if r := test.who.Call("POST", job+"/"+test.verb, nil); r.Status != test.want {
			t.Errorf("%s of a job answers %d %s", test.verb, r.Status, r.Body)
		}
	}
	for action, want := range map[string]int{"job.hastened": 1, "job.cancelled": 1, "job.retried": 1, "POST admin/jobs/{id}/run": 1} {
		if count := i.Count("SELECT count(*) FROM t_ledger WHERE action = '" + action + "'"); count != want {
			t.Errorf("the record has %d entries %s, want %d", count, action, want)
		}
	}
	if r := editor.Call("GET", "admin/jobs", nil); r.Status != 403 {
		t.Errorf("an editor lists jobs: %d", r.Status)
	}
}

func TestAModuleIsOnThePages(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	editor := i.As("owner@acme")
	moth := editor.Create("specimens", map[string]any{"name": "Moth"})
	editor.Create("specimens", map[string]any{"name": "Amber", "stage": "old"})
	page := i.Enter(t, "owner@acme")
	page.Open("/dashboard")
	page.WaitText("Old specimens")
	page.WaitText("Amber")
	page.Open("/collections")
	page.WaitText("young")
	instance.LookAt(t, page, "/specimens/"+moth+"/relabel")
	page.WaitText("What stands on the label from now on.")
	page.Press("Enter")
	page.WaitText("Name is required")
	page.Fill("Name", "Butterfly")
	page.Press("Enter")
	page.WaitPath("/specimens/" + moth)
	page.WaitText("Butterfly")
	page.Open("/admin/jobs")
	page.Click("link", "dust-specimens")
	page.Click("button", "Run now")
	page.WaitText("hastened this job")
	instance.Eventually(t, "the job waits for its next run", func() bool {
		return len(instance.List(editor, "admin/jobs?filter[name]=dust-specimens&filter[state]=waiting")) == 1
	})
	page.Open(page.Path())
	page.WaitText("Run now")
	page.Screenshot("job")
}
