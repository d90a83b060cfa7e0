package flow

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/inbox"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/value"
)

// A person who tries a workflow needs what would start it. What is offered comes from the last execution, or is made up from the settings
// of the trigger by the code that makes the true one, so that it has the same shape.

// Opening is what a run by hand can begin with at one trigger of a draft.
type Opening struct {
	NodeID string `json:"node_id"`
	// Sample are made-up items of the form that the trigger's settings give them.
	Sample field.JSON `json:"sample"`
	// Last is what the newest execution from this trigger began with, null where there is none among the last executions.
	Last *LastOpening `json:"last"`
}

// LastOpening is what an execution began with.
type LastOpening struct {
	ExecutionID string     `json:"execution_id"`
	At          field.Time `json:"at"`
	// Items are null where they are too large to be edited by hand.
	Items field.JSON `json:"items"`
}

const (
	// mostLookedAt is how many of the newest executions are looked at for the last one of a trigger.
	mostLookedAt = 200
	// largestOpening bounds what is offered of an execution, in bytes.
	largestOpening = 200_000
)

// openings are those of each trigger of a workflow's draft.
func (e *Engine) openings(s *resource.Session, in *byID) ([]Opening, error) {
	w, err := Workflows.Get(s, in.ID)
	if err != nil {
		return nil, err
	}
	graph, err := w.graph()
	if err != nil {
		return nil, err
	}
	last, err := lastOf(s, w.ID)
	if err != nil {
		return nil, err
	}
	all := []Opening{}
	for i := range graph.Nodes {
		n := &graph.Nodes[i]
		kind, ok := node.Find(n.Type, n.TypeVersion)
		if !ok || !kind.Trigger {
			continue
		}
		sample, err := e.sampleOf(s, w, n, kind)
		if err != nil {
			return nil, err
		}
		opening := Opening{NodeID: n.ID, Sample: value.List(sample).AppendJSON(nil)}
		if id := last[n.ID]; id != "" {
			if opening.Last, err = e.openingOf(s, id); err != nil {
				return nil, err
			}
		}
		all = append(all, opening)
	}
	return all, nil
}

// lastOf finds the newest execution that began at each trigger, by the trigger's id. Who may not read executions is offered none.
func lastOf(s *resource.Session, workflow string) (map[string]string, error) {
	last := map[string]string{}
	if !s.MayNamed("execution:read") { // nothing was refused that would have to be recorded
		return last, nil
	}
	type begun struct{ ID, TriggerNode string }
	newest, err := resource.Select[begun](s,
		"SELECT id, trigger_node FROM {execution} WHERE workflow_id = ? ORDER BY n DESC LIMIT ?", workflow, mostLookedAt)
	for _, one := range newest {
		if last[one.TriggerNode] == "" {
			last[one.TriggerNode] = one.ID
		}
	}
	return last, err
}

func (e *Engine) openingOf(s *resource.Session, execution string) (*LastOpening, error) {
	row, err := Executions.Get(s, execution)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return nil, nil // gone meanwhile, or of a workspace that they don't see
	}
	if err != nil {
		return nil, err
	}
	opening := &LastOpening{ExecutionID: row.ID, At: row.CreatedAt}
	if fullLen(row.Input) > largestOpening {
		return opening, nil
	}
	items, err := e.payloads.items(row.Input)
	if err != nil {
		return nil, err
	}
	plain := make([]value.Value, len(items))
	for i, item := range items {
		plain[i] = item.JSON
	}
	opening.Items = value.List(plain...).AppendJSON(nil)
	return opening, nil
}

// sampleOf makes up an item of a trigger. Of settings that are not whole yet it takes what can be read.
func (e *Engine) sampleOf(s *resource.Session, w *Workflow, n *Node, kind *node.Type) (value.Value, error) {
	compiled, _ := kind.Compile(n.Config)
	if compiled == nil {
		compiled = &node.Node{Type: kind}
	}
	switch n.Type {
	case "trigger.webhook":
		webhook, _ := node.WebhookOf(compiled)
		var settings Settings
		_ = json.Unmarshal(w.Settings, &settings) // of settings that are not whole the rest is as usual
		return e.sampleCall(webhook, w.TenantID, settings.AsInN8n)
	case "trigger.form":
		form, _ := node.FormOf(compiled)
		return sampleForm(form, s.Now), nil
	case "trigger.schedule":
		schedule, _ := node.ScheduleOf(compiled)
		return dueItem(firstDue(schedule, s.Now), s.Now), nil
	case "trigger.event":
		events, _ := node.EventsOf(compiled)
		return sampleEvent(s, events)
	case "trigger.mail":
		return mailItem(inbox.Message{Raw: []byte(sampleMail), Size: int64(len(sampleMail))}), nil
	case "trigger.workflow":
		return node.SampleCall(compiled), nil
	case "trigger.error":
		return e.failureItem(&Execution{
			ID: resource.NewID(), TenantID: w.TenantID, WorkflowID: field.Ref(w.ID), Trigger: "manual", Attempt: 1,
			ErrorCode: "NODE_FAILED", ErrorMessage: "503 from the service", ErrorNode: "HTTP request",
		}, "Another workflow"), nil
	}
	return value.Object(), nil
}

// sampleCall is a call of a webhook, with a body unless its method has none.
func (e *Engine) sampleCall(webhook *node.Webhook, tenant string, asInN8n bool) (value.Value, error) {
	if webhook == nil {
		webhook = &node.Webhook{}
	}
	path := strings.NewReplacer("{", "", "}", "").Replace(webhook.Path) // each parameter has its own name for a value
	d := Delivery{Tenant: tenant, Path: path, Method: http.MethodPost, Header: http.Header{"User-Agent": {"Sample"}}, Query: "page=1"}
	if len(webhook.Method) > 0 {
		d.Method = string(webhook.Method[0])
	}
	if d.Method != http.MethodGet && d.Method != http.MethodHead {
		d.Header.Set("Content-Type", "application/json")
		d.Body = []byte(`{"id": 1, "name": "Ada Lovelace", "email": "ada@example.com"}`)
		d.Most = len(d.Body)
	}
	item, err := e.itemOf(d, webhook, node.Admission{}, asInN8n)
	return item.JSON, err
}

func sampleForm(form *node.Form, now field.Time) value.Value {
	var values []value.Member
	if form != nil {
		values = form.Sample()
	}
	about := value.Object(value.Member{Key: "submitted_at", Value: value.String(now.String())})
	return value.Object(append(values, value.Member{Key: node.FormAbout, Value: about})...)
}

// firstDue is when a schedule is due next, now where that can't be told.
func firstDue(schedule *node.Schedule, now field.Time) field.Time {
	first := time.Time{}
	if schedule != nil {
		for _, timetable := range schedule.Timetables() {
			if due := timetable.Next(now.Go()); first.IsZero() || !due.IsZero() && due.Before(first) {
				first = due
			}
		}
	}
	if first.IsZero() {
		return now
	}
	return timeOf(first)
}

// sampleEvent is the newest event that the trigger would hear and the person may read; where there was none, one about the newest row.
func sampleEvent(s *resource.Session, events *node.Events) (value.Value, error) {
	names := []string{"incident.created"}
	if events != nil && len(events.Events) > 0 {
		names = events.Events
	}
	head, err := s.Head()
	if err != nil {
		return value.Null(), err
	}
	entries, err := s.Since(head-readAtOnce, readAtOnce)
	if err != nil {
		return value.Null(), err
	}
	for _, entry := range slices.Backward(entries) {
		heard := func(name string) bool { return node.MatchesEvent(name, entry.Action) }
		if entry.Result == resource.Success && slices.ContainsFunc(names, heard) && s.MayRead(&entry) {
			return eventItem(&entry), nil
		}
	}
	name, verb, _ := strings.Cut(strings.Replace(names[0], "*", "updated", 1), ".")
	made := resource.Entry{
		Seq: head, At: s.Now, Kind: name, Action: fmt.Sprintf("%s.%s", name, verb), Changes: field.JSON("{}"), Object: field.JSON("{}"),
		ActorKind: s.Actor.Kind, ActorID: s.Actor.ID, ActorName: s.Actor.Name,
	}
	kind, ok := s.Kernel().Kind(name)
	if !ok || !s.May(kind.Spec(), resource.List) {
		return eventItem(&made), nil
	}
	if made.ResourceID, made.Object, err = newestRow(s, kind); err != nil {
		return value.Null(), err
	}
	return eventItem(&made), nil
}

// newestRow is the row of a kind that was made last, or the fields of one without values.
func newestRow(s *resource.Session, kind resource.Resource) (id string, object field.JSON, err error) {
	found, err := kind.List(s, resource.Query{Limit: 1})
	switch {
	case err != nil:
		return "", nil, err
	case len(found.Rows) > 0:
		return kind.ID(found.Rows[0]), kind.AppendJSON(nil, found.Rows[0], nil), nil
	}
	blank := map[string]any{"id": resource.NewID()}
	for _, f := range kind.Spec().Fields {
		if !f.Internal {
			blank[f.Name] = nil
		}
	}
	object, err = json.Marshal(blank)
	return blank["id"].(string), object, err
}

// sampleMail is a message as a mailbox holds it.
const sampleMail = "Message-Id: <sample@example.com>\r\nFrom: Ada Lovelace <ada@example.com>\r\nTo: support@example.com\r\n" +
	"Date: Mon, 02 Mar 2026 09:30:00 +0000\r\nSubject: A question\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHow do I begin?\r\n"
