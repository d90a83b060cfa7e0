package records

import (
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestAnIncidentFromATemplateToItsEnd(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	page := i.Enter(t, "editor@acme")
	page.Open("/incidents/new")
	page.Click("link", "Start from a template")
	page.WaitText("Start an incident from a template")
	page.Click("disclosure", "Service down Something that customers or colleagues use does not answer.")
	page.WaitText("Checkout is down") // the preview, filled with samples
	page.Fill("Service", "Payments")
	browsertest.Evaluate[bool](page, `(document.querySelector("details[open] form").requestSubmit(), true)`)
	page.Wait(`document.getElementsByName("title")[0]?.value === "Payments is down"`)
	instance.Choose(page, "custom.affected_customers", "all")
	page.Press("Ctrl+Enter")
	page.WaitText("created this incident")
	page.WaitText("Affected customers")
	path := page.Path()

	page.Fill("Add timeline entry", "Pool exhausted at **09:40**.")
	page.Press("Ctrl+Enter")
	page.WaitText("Pool exhausted at 09:40.")
	page.Open(path + "/resolve")
	page.Fill("Resolution optional", "A larger pool.")
	page.Press("Ctrl+Enter")
	page.WaitPath(path)
	page.WaitText("A larger pool.")
	page.WaitText("resolved this incident")
	page.Click("button", "Close")
	page.WaitText("closed this incident")
}

func TestARunbookIsRunOnItsPage(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	book := c.CreateRow("runbooks", map[string]any{"title": "Restart",
		"text": "- [ ] Tell the channel\n- [ ] Restart it: `systemctl restart checkout`\n"})
	page := i.Enter(t, "editor@acme")
	page.Open("/runbooks/" + book.ID)
	page.Click("link", "Run")
	page.WaitPath("/runbooks/" + book.ID + "/run")
	page.WaitText("The incident that it is run for")
	page.Press("Ctrl+Enter")
	page.WaitText("started this runbook")
	c.Must(c.Call("GET", "runbooks/"+book.ID, nil), 200, &book)
	page.Open("/runbook-runs/" + book.LastRun)
	page.WaitPath("/runbooks/" + book.ID + "/runs/" + book.LastRun)
	page.WaitText("Steps, 0 of 2 done")
	page.Fill("Note on step 1", "told them")
	page.Press("Enter")
	page.WaitText("Steps, 1 of 2 done")
	page.WaitText("told them")
	page.Click("button", "Skip")
	page.WaitText("Steps, 2 of 2 done")
	page.WaitText("Finished")
}

func TestATemplateIsMadeInThePages(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	page := i.Enter(t, "admin@acme")
	page.Open("/templates/new")
	page.Fill("Name", "Audit finding")
	instance.Choose(page, "kind", "incident")
	page.Fill("Title optional", "Finding: {{what}}")
	page.Press("Ctrl+Enter")
	page.WaitText("created this template")
	page.Click("link", "Add field")
	page.WaitText("What people read beside the field.")
	page.Fill("Label", "Risk")
	page.Fill("Name", "risk")
	instance.Choose(page, "type", "number")
	page.Press("Ctrl+Enter")
	page.WaitText("Risk")
	page.Open("/incidents/new/template")
	page.WaitText("Of Acme")
	page.WaitText("Audit finding")
}
