package flow

import (
	"testing"
	"time"

	"zygo/app/allowance"
	"zygo/app/fault"
	"zygo/app/value"
)

// A form starts what it says, as often as a webhook may be called. A webhook of the same path does not meet it.
func TestFormsAreBounded(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.hookCalls = allowance.New(2)
	id := p.publish("{}", `{"id":"hook","type":"trigger.webhook","config":{"path":"contact"}},`+
		`{"id":"sheet","type":"trigger.form","config":{"path":"contact","title":"Contact","fields":[{"name":"a","required":true}]}}`)
	if _, err := p.FormAt("acme", "other"); !fault.Is(err, fault.NotFound) {
		t.Errorf("another path: %v", err)
	}
	form, err := p.FormAt("acme", "contact")
	if err != nil {
		t.Fatal(err)
	}
	if byID, err := p.FormAt(form.Tenant, "contact"); err != nil || byID.unit != form.unit {
		t.Errorf("by the id of the organization: %v", err)
	}
	send := func(key, text string) error {
		return p.SubmitForm(form, value.Object(value.Member{Key: key, Value: value.String(text)}), nil)
	}
	for range 3 { // what is refused costs nothing
		if err := send("b", "x"); !fault.Is(err, fault.Invalid) {
			t.Errorf("without its field: %v", err)
		}
	}
	for i, want := range []fault.Code{"", "", fault.RateLimited} {
		if err := send("a", "x"); want == "" && err != nil || want != "" && !fault.Is(err, want) {
			t.Errorf("call %d: %v, want %s", i+1, err, want)
		}
	}
	p.clock.Advance(time.Minute)
	if err := send("a", "x"); err != nil {
		t.Errorf("a minute later: %v", err)
	}
	rows := p.rows()
	if len(rows) != 3 || rows[0].Trigger != "form" || rows[0].TriggerNode != "sheet" || string(rows[0].WorkflowID) != id {
		t.Errorf("the executions are %+v", rows)
	}
}
