package flow

import (
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

// A mail to the support starts a workflow once, with what it says and what is attached; what no person wrote starts none.
func TestMailStartsAWorkflow(t *testing.T) {
	t.Parallel()
	server := counterpart.IMAP(t)
	i := instance.StartClocked(t, "outgoing.allow="+server.Host)
	owner := i.As("owner@acme")
	owner.Must(owner.Call("POST", "secrets", map[string]any{"name": "MAILBOX", "value": "secret"}), 201, nil)
	nodes := func(subject string) []any {
		return []any{
			instance.Node("mail", "trigger.mail", map[string]any{"host": server.Host, "encryption": "none", "user": "support", "secret": "MAILBOX",
				"subject": subject, "then": "read"}),
			instance.Node("read", "set", map[string]any{"keep": "none", "assignments": []any{map[string]any{"name": "says",
				"value": "{{ $json.from.address }}: {{ $json.subject }}: {{ $json.text }}: {{ $json.files[0].name }}"}}}),
		}
	}
	workflow := owner.Publish("Support", nodes("order"), instance.Chain("mail", "read"))
	looked := func() string {
		return i.Text("SELECT coalesce(max(checked_at), 0) || ' ' || coalesce(max(error), '') FROM t_mailbox")
	}
	// look lets the time pass until the mailbox is looked at again. A write makes the queue ask the clock.
	look := func() {
		t.Helper()
		before := looked()
		i.Advance(2 * time.Minute)
		owner.Must(owner.Call("PATCH", "workflows/"+workflow, map[string]any{"description": i.Now().String()}), 200, nil)
		instance.Eventually(t, "another look", func() bool { return looked() != before })
	}
	instance.Eventually(t, "a first look", func() bool { return !strings.HasPrefix(looked(), "0") })
	const head = "From: Ada <ada@example.org>\r\nContent-Type: multipart/mixed; boundary=a\r\n"
	const body = "\r\n--a\r\n\r\nIt is late.\r\n--a\r\nContent-Type: image/png; name=box.png\r\n\r\nPNG\r\n--a--"
	server.Deliver(t, head+"Subject: My order\r\n"+body)
	server.Deliver(t, head+"Subject: Order: out of office\r\nAuto-Submitted: auto-replied\r\n"+body)
	server.Deliver(t, head+"Subject: Something else\r\n"+body)
	var started []instance.Execution
	executions := func(count int) {
		t.Helper()
		instance.Eventually(t, "the executions", func() bool {
			owner.Must(owner.Call("GET", "executions?filter[status]=succeeded&filter[workflow_id]="+workflow, nil), 200, &started)
			return len(started) >= count
		})
		if len(started) != count {
			t.Errorf("there are %d executions, not %d", len(started), count)
		}
	}
	look()
	executions(1)
	e := owner.Finished(started[0].ID)
	if want := `"says":"ada@example.org: My order: It is late.: box.png"`; !strings.Contains(string(e.Output), want) {
		t.Errorf("it gave %s", e.Output)
	}

	// A version that is published anew goes on where the one before was.
	server.Deliver(t, head+"Subject: Order two\r\n"+body)
	owner.Must(owner.Call("PATCH", "workflows/"+workflow, map[string]any{"nodes": nodes("two")}), 200, nil)
	owner.Must(owner.Call("POST", "workflows/"+workflow+"/publish", nil), 200, nil)
	executions(2)

	// The page says why a mailbox can't be read, and it is read on when it can be.
	owner.Must(owner.Call("PATCH", "secrets/"+owner.First("secrets"), map[string]any{"value": "another"}), 200, nil)
	look()
	page := i.Enter(t, "owner@acme")
	page.Open("/workflows/" + workflow)
	page.WaitText("does not let support in")
	owner.Must(owner.Call("PATCH", "secrets/"+owner.First("secrets"), map[string]any{"value": "secret"}), 200, nil)
	server.Deliver(t, head+"Subject: Order two, again\r\n"+body)
	look()
	executions(3)
}
