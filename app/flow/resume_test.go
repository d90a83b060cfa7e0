package flow

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestCallsOfTheAddressOfAnExecution(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	workflow := p.publish("{}", byHand+list(
		at("address", 0, "set", `{"assignments":[{"name":"url","value":"{{ $execution.resumeUrl }}"}]}`),
		at("hold", 0, "delay", `{"mode":"call","amount":2,"unit":"days"}`),
		at("end", 0, "set", `{"keep":"none","assignments":[{"name":"is","value":"{{ $json.body?.answer ?? 'nobody called' }} {{ $('start').first().json.n }}"}]}`)),
		"start>address", "address>hold", "hold>end")
	wait := func() (id string, address *url.URL) {
		id = p.run(workflow, `{"n":7}`)
		p.until(id, "execution.waiting")
		var put struct {
			Main []struct{ JSON struct{ URL string } }
		}
		if err := json.Unmarshal(p.view(id).Nodes[1].Output, &put); err != nil {
			t.Fatal(err)
		}
		address, err := url.Parse(put.Main[0].JSON.URL)
		if err != nil || address.Host != "zygo.test" || address.Path != ResumePath+id {
			t.Fatalf("the address is %s, %v", address, err)
		}
		return id, address
	}
	call := func(id, method, query string) error {
		return p.Resume(id, Delivery{Method: method, Query: query, Header: http.Header{"Content-Type": {"application/json"}},
			Body: []byte(`{"answer":"yes"}`), Most: 1000})
	}

	id, address := wait()
	other, _ := wait()
	for name, refused := range map[string]error{
		"another method":             call(id, "GET", address.RawQuery),
		"no token":                   call(id, "POST", ""),
		"a changed token":            call(id, "POST", "token="+strings.ToLower(address.Query().Get("token"))),
		"a token of another":         call(other, "POST", address.RawQuery),
		"an execution that is none":  call("x", "POST", address.RawQuery),
		"a query that can't be read": call(id, "POST", "%zz"),
	} {
		if refused == nil {
			t.Errorf("%s goes on", name)
		}
	}
	must(t, call(id, "POST", address.RawQuery+"&q=1"))
	if done := p.end(id); jsonOf(t, done.Output) != `{"is":"yes 7"}` {
		t.Errorf("it goes on with %s %+v", done.Output, done.Error)
	}
	if call(id, "POST", address.RawQuery) == nil {
		t.Error("it goes on twice")
	}
	p.pass(48 * time.Hour)
	if done := p.end(other); jsonOf(t, done.Output) != `{"is":"nobody called 7"}` {
		t.Errorf("without a call it goes on with %s %+v", done.Output, done.Error)
	}
}
