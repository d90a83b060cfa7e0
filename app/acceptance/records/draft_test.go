package records

import (
	"fmt"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

const typedBefore = "You typed something here before."

func titleOf(page *browsertest.Page) string {
	return browsertest.Evaluate[string](page, `document.getElementsByName("title")[0].value`)
}

// holds opens the form of a new incident and wants to find a title that was typed there before, or none.
func holds(t *testing.T, page *browsertest.Page, when, title string) {
	t.Helper()
	page.Open("/incidents/new")
	if title != "" {
		page.WaitText(typedBefore)
	} else if browsertest.Evaluate[bool](page, `document.querySelector("[data-draft-notice]").checkVisibility()`) {
		t.Errorf("%s, something is said to have been typed before", when)
	}
	if got := titleOf(page); got != title {
		t.Errorf("%s, the form holds %q and not %q", when, got, title)
	}
}

// TestWhatWasTypedOutlivesWhatGoesWrong loses the session, the right and the server below a form that is being filled.
func TestWhatWasTypedOutlivesWhatGoesWrong(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	page := i.Enter(t, "editor@acme")

	// The session ends: signing in leads back to the form.
	page.Open("/incidents/new")
	page.Fill("Title", "Half an hour of words")
	editor := i.As("editor@acme")
	var sessions []struct {
		ID      string
		Current bool
	}
	editor.Must(editor.Call("GET", "users/me/sessions", nil), 200, &sessions)
	for _, one := range sessions {
		if !one.Current {
			editor.Expect(200, "DELETE", "users/me/sessions/"+one.ID, nil)
		}
	}
	page.Click("button", "Create incident")
	page.WaitPath("/login")
	page.WaitText("What you typed is kept in this browser")
	page.Screenshot("draft-kept")
	page.ExpectAccessible("the sign-in after a lost session")
	instance.SignInAs(page, "editor@acme.test", instance.Password)
	page.WaitPath("/incidents/new")
	page.WaitText(typedBefore)
	if got := titleOf(page); got != "Half an hour of words" {
		t.Errorf("after signing in the form holds %q", got)
	}

	// The right is taken away for a while.
	owner := i.As("owner@acme")
	membership, _ := owner.Member("editor of acme")
	owner.Expect(200, "PATCH", "memberships/"+membership, map[string]any{"role": "viewer"})
	page.Click("button", "Create incident")
	page.WaitText("lacks the permission incident:create")
	owner.Expect(200, "PATCH", "memberships/"+membership, map[string]any{"role": "editor"})
	holds(t, page, "after a refusal", "Half an hour of words")

	// The server is away.
	address := i.URL
	i.Stop()
	page.Click("button", "Create incident")
	page.Wait(`location.protocol === "chrome-error:"`)
	i.URL = address
	i.Serve()
	holds(t, page, "after a restart", "Half an hour of words")

	// A refused form shows what was sent, and nothing ends the draft but what was stored, or Cancel.
	page.Fill("Title", "")
	page.Click("button", "Create incident")
	page.WaitText("Title is required.")
	page.Fill("Title", "Fewer words")
	holds(t, page, "after a mistake", "Fewer words")
	page.Click("button", "Create incident")
	page.WaitText("created this incident")
	holds(t, page, "after it was stored", "")
	page.Fill("Title", "Never mind")
	page.Click("link", "Cancel")
	page.WaitPath("/incidents")
	holds(t, page, "after Cancel", "")
}

// TestADraftIsNoOlderThanItsRow: what was typed before somebody else's change is offered, and not put over it.
func TestADraftIsNoOlderThanItsRow(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	editor := i.As("editor@acme")
	path := "/incidents/" + editor.Raise("sev3", "It broke")[0]
	page := i.Enter(t, "editor@acme")
	page.Open(path + "/edit")
	page.Fill("Title", "It burns")
	editor.Must(editor.Call("PATCH", path[1:], map[string]string{"title": "It is slow"}), 200, nil)
	page.Open(path + "/edit")
	page.WaitText("Show what I typed")
	page.Screenshot("draft-stale")
	if got := titleOf(page); got != "It is slow" {
		t.Errorf("the form shows %q over the change", got)
	}
	page.Click("button", "Show what I typed")
	if got := titleOf(page); got != "It burns" {
		t.Errorf("the form shows %q", got)
	}
}

// TestASavedWorkflowIsNotTakenBack adds nodes, leaves, and edits again.
func TestASavedWorkflowIsNotTakenBack(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	page := i.Enter(t, "editor@acme")
	page.Open("/workflows/new")
	page.Fill("Name", "Greeting")
	page.Press("Ctrl+Enter")
	page.Wait(`location.pathname.endsWith("/edit")`)
	edit := page.Path() + "?form="
	page.Open(edit)
	page.WaitText("Add a node")
	for n, kind := range []string{"trigger.manual", "set"} {
		instance.Choose(page, "add", kind)
		page.Press("Ctrl+s")
		page.Wait(fmt.Sprintf(`document.getElementById(%q)`, []string{"node-manual", "node-set"}[n]))
	}
	page.Open(edit[:len(edit)-len("/edit?form=")])
	page.Open(edit)
	page.WaitText("Add a node")
	if browsertest.Evaluate[bool](page, `document.querySelector("[data-draft-notice]").checkVisibility()`) ||
		browsertest.Evaluate[bool](page,
			`document.querySelector(".save-bar").checkVisibility() && !!document.querySelector(".save-bar .changed").textContent`) {
		t.Error("the form shows a state from before the last save")
	}
}
