package flow

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

const whenCalled = `{"id":"start","type":"trigger.workflow"},`

func calling(id, workflow, more string) string {
	return fmt.Sprintf(`{"id":%q,"type":"workflow","config":{"workflow":%q%s}}`, id, workflow, more)
}

// jsonOf are the items of an execution's output.
func jsonOf(t *testing.T, output field.JSON) string {
	t.Helper()
	var items []struct{ JSON json.RawMessage }
	if err := json.Unmarshal(output, &items); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, item := range items {
		all = append(all, string(item.JSON))
	}
	return strings.Join(all, " ")
}

func TestWorkflowsCallEachOther(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	double := p.publish("{}", whenCalled+at("x", 0, "set", `{"keep":"none","assignments":[{"name":"n","value":"{{ $json.n * 2 }}"}]}`), "start>x")
	none := p.publish("{}", whenCalled+onlyTrue("x", "false"), "start>x")
	fails := p.publish("{}", whenCalled+at("x", 0, "stop", `{"message":"no luck","code":"LUCK"}`), "start>x")
	typed := p.publish("{}", `{"id":"start","type":"trigger.workflow","config":{"fields":[{"name":"id","type":"number","required":true}]}}`)
	other := p.publish("{}", byHand+tag("x", 0), "start>x")
	who := at("who", 0, "set", `{"keep":"none","assignments":[{"name":"is","value":"{{ $json.n }} of {{ $('start').item.json.n }}"}]}`)
	for _, test := range []struct{ sentence, nodes, output, code string }{
		{"it goes on with what the other gives, item by item", list(calling("call", double, ""), who), `{"is":"2 of 1"} {"is":"4 of 2"} {"is":"6 of 3"}`, ""},
		{"once for each item, two at the same time", list(calling("call", double, `,"mode":"each","at_once":2`), who),
			`{"is":"2 of 1"} {"is":"4 of 2"} {"is":"6 of 3"}`, ""},
		{"what gives nothing leads nowhere", list(calling("call", none, ""), who), ``, ""},
		{"it does not wait if it need not", list(calling("call", double, `,"then":"go_on"`), who), `{"is":"1 of 1"} {"is":"2 of 2"} {"is":"3 of 3"}`, ""},
		{"the failure of the other is its own", list(calling("call", fails, ""), who), ``, "LUCK"},
		{"a missing field is told", list(calling("call", typed, ""), who), ``, "INVALID"},
		{"only a workflow that is meant for it is called", list(calling("call", other, ""), who), ``, "CALL_REFUSED"},
		{"one that is not there is not called", list(calling("call", "nothing", ""), who), ``, "CALL_REFUSED"},
	} {
		done := p.end(p.run(p.publish("{}", byHand+test.nodes, "start>call", "call>who"), numbers))
		code := ""
		if done.Error != nil {
			code = done.Error.Code
		}
		got := ""
		if code == "" {
			got = jsonOf(t, done.Output)
		}
		if got != test.output || code != test.code {
			t.Errorf("%s: %s %+v", test.sentence, got, done.Error)
		}
	}
}

func TestACallThatNeverEnds(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	// A workflow that calls itself ends at the depth that calls may have.
	itself := p.publish("{}", whenCalled+tag("x", 0), "start>x")
	w, err := Workflows.Get(p.s, itself)
	if err != nil {
		t.Fatal(err)
	}
	nodes := "[" + whenCalled + calling("call", itself, "") + "]"
	if _, err := Workflows.Update(p.s, itself, w.Version, resource.Update, "updated", func(w *Workflow) error {
		w.Nodes, w.Connections = field.JSON(nodes), field.JSON(`[{"id":"c","from_node":"start","to_node":"call"}]`)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	kind, _ := p.kernel.Kind("workflow")
	if _, err := kind.Act(p.s, itself, "publish", 0, nil); err != nil {
		t.Fatal(err)
	}
	done := p.end(p.run(p.publish("{}", byHand+calling("call", itself, ""), "start>call"), "{}"))
	if rows := p.rows(); done.Error == nil || done.Error.Code != "TOO_DEEP" || len(rows) != deepestCall+1 {
		t.Errorf("it ends with %+v after %d executions", done.Error, len(rows))
	}
}

// Who calls and who is called stand and fall together.
func TestCallsEndTogether(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	waits := p.publish("{}", whenCalled+at("x", 0, "delay", `{"amount":2,"unit":"days"}`), "start>x")
	caller := p.publish("{}", byHand+calling("call", waits, ""), "start>call")
	late := p.publish("{}", byHand+strings.TrimSuffix(calling("call", waits, ""), "}")+`,"timeout":60}`, "start>call")
	for name, test := range map[string]struct {
		workflow string
		end      func(id string)
		status   Status
		code     string
	}{
		"cancelled":      {caller, func(id string) { must(t, p.Cancel(p.s, id)) }, Cancelled, "CANCELLED"},
		"late":           {late, func(string) { p.pass(time.Hour) }, Failed, "TIMEOUT"},
		"taken up again": {caller, func(string) { p.restart(); p.pass(48 * time.Hour) }, Succeeded, ""},
	} {
		id := p.run(test.workflow, "{}")
		p.until(id, "execution.waiting")
		child := p.childOf(id)
		p.until(child, "execution.waiting")
		test.end(id)
		done, called := p.end(id), p.end(child)
		if done.Status != test.status || test.code != "" && done.Error.Code != test.code {
			t.Errorf("%s: the caller ends with %s %+v", name, done.Status, done.Error)
		}
		if want := test.status == Succeeded; (called.Status == Succeeded) != want {
			t.Errorf("%s: the called one ends with %s", name, called.Status)
		}
	}
}

// childOf is the execution that another one called.
func (p *plant) childOf(parent string) string {
	p.t.Helper()
	id, err := resource.SelectOne[string](p.s, "SELECT id FROM {execution} WHERE parent = ?", parent)
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFailuresAreTold(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	told := p.publish("{}", `{"id":"start","type":"trigger.error"},`+at("x", 0, "stop", `{"message":"{{ $json.execution.error.message }}"}`), "start>x")
	failing := p.publish(`{"error_workflow":"`+told+`"}`, byHand+at("bad", 0, "stop", `{"message":"no luck","code":"LUCK"}`), "start>bad")
	id := p.run(failing, "{}")
	p.end(id)
	end := p.end(p.childOf(id))
	var input []struct {
		JSON struct {
			Execution struct {
				ID, URL, LastNodeExecuted string
				Error                     struct{ Code, Message string }
			}
			Workflow struct{ ID, Name string }
		}
	}
	if err := json.Unmarshal(end.Input, &input); err != nil {
		t.Fatal(err)
	}
	got := input[0].JSON
	if got.Execution.ID != id || got.Execution.URL != "https://zygo.test/executions/"+id || got.Execution.LastNodeExecuted != "bad" ||
		got.Execution.Error.Code != "LUCK" || got.Workflow.ID != failing || got.Workflow.Name != t.Name() {
		t.Errorf("the error workflow gets %s", end.Input)
	}
	// It failed as well, and that starts nothing.
	if end.Status != Failed || end.Error.Message != "no luck" || len(p.rows()) != 2 {
		t.Errorf("the error workflow ends with %s, and there are %d executions", end.Status, len(p.rows()))
	}
}

// Nobody is asked who could not answer.
func TestApproversMayDecide(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	must(t, p.Start())
	system := p.clock.System()
	for _, role := range []string{"viewer", "editor"} {
		u, err := people.Users.Create(system, func(u *people.User) error {
			u.Name, u.Email = role, field.Email(role+"@acme.test")
			return nil
		})
		must(t, err)
		_, err = people.Memberships.Create(system.In(p.s.Tenant()), func(m *people.Membership) error {
			m.UserID, m.Role = field.Ref(u.ID), field.Ref(role)
			return nil
		})
		must(t, err)
	}
	ask := func(address string) string {
		return p.run(p.publish("{}", byHand+at("ask", 0, "approval", `{"title":"Release","approvers":["`+address+`"]}`), "start>ask"), "{}")
	}
	for _, address := range []string{"viewer@acme.test", "nobody@acme.test"} {
		if done := p.end(ask(address)); done.Error == nil || done.Error.Code != "NO_APPROVER" {
			t.Errorf("%s is asked: %s %+v", address, done.Status, done.Error)
		}
	}
	p.until(ask("editor@acme.test"), "execution.waiting")
}

func TestApprovals(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	answer := func(output string) string {
		return at(output, 0, "set", `{"keep":"none","assignments":[{"name":"is","value":"`+output+` by {{ $json.approval.by?.name }}: {{ $json.approval.comment }}"}]}`)
	}
	workflow := p.publish("{}", byHand+list(at("ask", 0, "approval", `{"title":"Release {{ $json.v }}","message":"**All** tests pass.","approvers":["Ada@acme.test"]}`),
		answer("approved"), answer("rejected"), answer("expired")), "start>ask", "ask.approved>approved", "ask.rejected>rejected", "ask.expired>expired")
	kind, _ := p.kernel.Kind("approval")
	for verb, want := range map[string]string{
		"approve": `{"is":"approved by Ada: well"}`, "reject": `{"is":"rejected by Ada: well"}`, "": `{"is":"expired by : "}`,
	} {
		id := p.run(workflow, `{"v":7}`)
		p.until(id, "execution.waiting")
		asked, err := resource.SelectOne[Approval](p.s, "SELECT * FROM {approval} WHERE execution_id = ?", id)
		if err != nil || asked.Title != "Release 7" || len(asked.Approvers) != 1 || asked.State != OpenApproval {
			t.Fatalf("%+v %v", asked, err)
		}
		if verb == "" {
			p.pass(7 * 24 * time.Hour)
		} else if _, err := kind.Act(p.s, asked.ID, verb, 0, resource.Input{"comment": resource.Text("well")}); err != nil {
			t.Fatal(err)
		}
		if done := p.end(id); done.Error != nil || jsonOf(t, done.Output) != want {
			t.Errorf("%q: %s %+v", verb, done.Output, done.Error)
		}
		if _, err := kind.Act(p.s, asked.ID, "approve", 0, nil); err == nil {
			t.Errorf("%q: it is decided twice", verb)
		}
	}
	mails, err := resource.Select[string](p.clock.System(), "SELECT subject FROM {message} ORDER BY n")
	if err != nil || strings.Join(mails, ",") != strings.Repeat("Your decision: Release 7,", 2)+"Your decision: Release 7" {
		t.Errorf("the mails are %q, %v", mails, err)
	}
	id := p.run(workflow, "{}")
	p.until(id, "execution.waiting")
	must(t, p.Cancel(p.s, id))
	p.end(id)
	state, err := resource.SelectOne[string](p.s, "SELECT state FROM {approval} WHERE execution_id = ?", id)
	if err != nil || state != string(Withdrawn) {
		t.Errorf("what a cancelled execution asked is %s, %v", state, err)
	}
}
