package flow

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"zygo/app/fault"
	"zygo/app/identity/tenants"
)

// What is remembered of an address is forgotten with each change of what it leads to.
func TestAnAddressLeadsToWhatIsPublished(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	must(t, p.Start())
	hook := `{"id":"hook","type":"trigger.webhook","config":{"path":"in","respond":"at_end"}}`
	workflow := p.publish("{}", hook)
	kind, _ := p.kernel.Kind("workflow")
	call := func(organization string) error {
		_, err := p.Receive(t.Context(), Delivery{Tenant: organization, Path: "in", Method: "POST", Header: http.Header{}, Most: 1000})
		return err
	}
	act := func(action string) {
		t.Helper()
		_, err := kind.Act(p.s, workflow, action, 0, nil)
		must(t, err)
	}
	must(t, call("acme"))
	act("disable")
	if err := call("acme"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a disabled workflow answers %v", err)
	}
	act("enable")
	must(t, call("acme"))
	must(t, call(p.s.Tenant()))
	suspended := func(at bool) {
		t.Helper()
		_, err := tenants.Kind.Update(p.clock.System(), p.s.Tenant(), 0, "update", "updated", func(o *tenants.Tenant) error {
			if o.SuspendedAt = 0; at {
				o.SuspendedAt = p.clock.Now()
			}
			return nil
		})
		must(t, err)
	}
	suspended(true)
	if err := call("acme"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a suspended organization answers %v", err)
	}
	suspended(false)
	must(t, call("acme"))
	_, err := tenants.Kind.Update(p.clock.System(), p.s.Tenant(), 0, "update", "updated", func(o *tenants.Tenant) error {
		o.Slug = "acme-two"
		return nil
	})
	must(t, err)
	must(t, call("acme-two"))
	if err := call("nobody"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown organization answers %v", err)
	}
}

// A webhook answers with what its settings say, also before anything ran.
func TestAWebhookAnswersAsItsSettingsSay(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	must(t, p.Start())
	two := `{"id":"two","type":"code","config":{"source":"return [{n: 1}, {n: 2}]"}}`
	for i, c := range []struct{ config, want string }{
		{`"respond":"at_once","text":"Thanks"`, `202 Thanks`},
		{`"respond":"at_once","gives":"none","status":204`, `204 `},
		{`"respond":"at_end","gives":"first","status":201`, `201 {"n":1}`},
		{`"respond":"at_end","gives":"none"`, `200 `},
		{`"respond":"at_end","gives":"file"`, `!no file`},
	} {
		path := fmt.Sprintf("answers-%d", i)
		p.publish("{}", fmt.Sprintf(`{"id":"hook","type":"trigger.webhook","config":{"path":%q,%s,"headers":[{"name":"X-A","value":"b"}]}},%s`,
			path, c.config, two), "hook>two")
		answer, err := p.Receive(t.Context(), Delivery{Tenant: "acme", Path: path, Method: "POST", Header: http.Header{}, Most: 1000})
		if part, fails := strings.CutPrefix(c.want, "!"); fails {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %v; want the error %s", c.config, err, part)
			}
			continue
		}
		must(t, err)
		if got := fmt.Sprintf("%d %s", answer.Response.Status, answer.Response.Body); got != c.want || answer.Header.Get("X-A") != "b" {
			t.Errorf("%s answers %s with %v; want %s", c.config, got, answer.Header, c.want)
		}
	}
}
