package flow

import (
	"net/http"
	"testing"
	"time"

	"zygo/app/resource/kerneltest"
)

// Callers get the answer of a workflow that waits, as long as it comes while they are there.
func TestACallerIsAnsweredAfterAWait(t *testing.T) {
	t.Parallel()
	answers := map[string]string{"by_node": `,{"id":"say","type":"respond","config":{"with":"json","body":{"done":true}}}`}
	links := map[string][]string{"by_node": {"hook>wait", "wait>say"}, "at_end": {"hook>wait"}}
	for name, test := range map[string]struct {
		how, wait string
		calls     []string
		after     time.Duration // that passes while the execution is parked
		cancel    bool
		want      string
	}{
		"an answer of its own": {how: "by_node", wait: `{"id":"wait","type":"delay","config":{"amount":40,"unit":"seconds"}}`,
			after: 41 * time.Second, want: `running {"done":true}`},
		"the last items": {how: "at_end", wait: `{"id":"wait","type":"delay","config":{"amount":1,"unit":"seconds"}}`,
			after: 2 * time.Second, want: "succeeded"},
		"another attempt": {how: "by_node", calls: []string{"x 503", "x 200"}, after: 20 * time.Second, want: `running {"done":true}`},
		"cancelled meanwhile": {how: "at_end", wait: `{"id":"wait","type":"delay","config":{"amount":9,"unit":"seconds"}}`, cancel: true,
			want: "cancelled"},
		"too long": {how: "by_node", wait: `{"id":"wait","type":"delay","config":{"amount":51,"unit":"seconds"}}`, want: "waiting"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stub := newStub(t)
			p := newPlant(t, stub.allow())
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			if test.calls != nil {
				test.wait = stub.node("wait", "x", `,"retry":{"attempts":2,"delay":15}`)
			}
			p.publish("{}",
				`{"id":"hook","type":"trigger.webhook","config":{"path":"in","respond":"`+test.how+`"}},`+test.wait+answers[test.how],
				links[test.how]...)
			answered := make(chan Answer, 1)
			go func() {
				a, err := p.Receive(t.Context(), Delivery{Tenant: "acme", Path: "in", Method: "POST", Header: http.Header{}})
				if err != nil {
					t.Error(err)
				}
				answered <- a
			}()
			if test.calls != nil {
				stub.answers(t, test.calls[0])
			}
			id := p.parked()
			if test.cancel {
				if err := p.Cancel(p.s, id); err != nil {
					t.Fatal(err)
				}
			}
			p.pass(test.after)
			if test.calls != nil {
				stub.answers(t, test.calls[1])
			}
			select {
			case a := <-answered:
				got := string(a.Status)
				if a.Response != nil {
					got += " " + string(a.Response.Body)
				}
				if got != test.want || a.ExecutionID != id {
					t.Errorf("the caller got %s of %s, want %s of %s", got, a.ExecutionID, test.want, id)
				}
			case <-time.After(kerneltest.Patience):
				t.Fatal("the caller got nothing")
			}
			if len(p.callers) != 0 {
				t.Errorf("%d callers are kept", len(p.callers))
			}
		})
	}
}

// parked waits until the one execution does.
func (p *plant) parked() string {
	p.t.Helper()
	for late := time.Now().Add(kerneltest.Patience); time.Now().Before(late); time.Sleep(time.Millisecond) {
		if rows := p.rows(); len(rows) == 1 && rows[0].Status == Waiting {
			return rows[0].ID
		}
	}
	p.t.Fatal("nothing is parked")
	return ""
}
