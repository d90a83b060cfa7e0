package records

import (
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestARowIsDeletedForEver(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.connections_per_address=4096") // a test turns pages faster than streams are missed
	c := i.As("editor@acme")
	ids := c.Raise("sev1", "Wrong one", "Another one")
	path := "incidents/" + ids[0]
	c.Must(c.Call("POST", path+"/purge", map[string]any{}), 404, nil) // only what is in the trash
	c.Must(c.Call("DELETE", path, nil), 200, nil)
	c.Must(c.Call("DELETE", "incidents/"+ids[1], nil), 200, nil)
	i.As("viewer@acme").Must(i.As("viewer@acme").Call("POST", path+"/purge", map[string]any{}), 403, nil)
	i.As("owner@umbrella").Must(i.As("owner@umbrella").Call("POST", path+"/purge", map[string]any{}), 404, nil)

	page := i.Enter(t, "editor@acme")
	page.Open("/incidents?deleted=true")
	page.WaitText("Wrong one")
	page.Hover("checkbox", "Select Wrong one")
	page.Click("disclosure", "Actions for Wrong one")
	page.WaitText("Delete permanently")
	page.Click("button", "Delete permanently")
	page.WaitText("Nobody can take it back.")
	page.ExpectAccessible("asked for the name")
	page.Screenshot("typed-confirmation")
	if !browsertest.Evaluate[bool](page, `document.querySelector("#confirm .button.primary").disabled`) {
		t.Error("it can be pressed before the name is typed")
	}
	page.Fill("Type Wrong one to go on", "Wrong one")
	page.Press("Enter")
	page.WaitNoText("Wrong one")
	page.WaitText("Another one")
	c.Must(c.Call("POST", path+"/restore", map[string]any{}), 404, nil)
	var entries []struct{ Action string }
	i.As("owner@acme").Must(i.As("owner@acme").Call("GET", "audit-logs?limit=1", nil), 200, &entries)
	if len(entries) != 1 || entries[0].Action != "incident.purged" {
		t.Errorf("the ledger ends with %+v", entries)
	}

	// Without the script the server asks for the name itself.
	page.Open("/incidents?deleted=true")
	browsertest.Evaluate[bool](page, `(() => {
		const form = document.createElement("form")
		form.method = "post"
		form.action = "/incidents/`+ids[1]+`/purge"
		form.append(document.querySelector("[name=form_token]").cloneNode())
		document.body.append(form)
		return form.submit(), true
	})()`)
	page.WaitText("Type “Another one” to go on")
	page.Fill("Type “Another one” to go on", "another")
	page.Press("Enter")
	page.WaitText("This is not the name.")
	page.Fill("Type “Another one” to go on", "Another one")
	page.Press("Enter")
	page.WaitText("The trash is empty")
}

func TestARowInTheTrashIsReadAndRestored(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	id := c.Create("assets", map[string]any{"name": "Old router", "description": "Behind the door"})
	c.Must(c.Call("DELETE", "assets/"+id, nil), 200, nil)
	page := i.Enter(t, "editor@acme")
	page.Open("/assets?deleted=true")
	page.Click("link", "Old router")
	page.WaitPath("/assets/" + id + "/deleted")
	page.WaitText("This asset is in the trash.")
	page.WaitText("Behind the door")
	page.WaitNoText("Edit")
	page.ExpectAccessible("a row in the trash")
	page.Click("button", "Restore")
	page.WaitPath("/assets/" + id)
	c.Must(c.Call("GET", "assets/"+id, nil), 200, nil)
	page.Open("/assets/" + id + "/deleted")
	page.WaitText("is not in the trash")
}
