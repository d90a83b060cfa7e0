package flow

import (
	"context"
	"errors"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/value"
)

// listener is a trigger of a published, enabled workflow that starts when something happens.
type listener struct {
	N          int64
	TenantID   string
	WorkflowID string
	Version    int
	NodeID     string
	// Event is a pattern such as incident.*, or anyFailure.
	Event string
	// ReadsAll tells that who published it may read all that happens. In a workspace it hears of that workspace all the same.
	ReadsAll bool
	// Seq is the last entry of the organization's ledger that it has seen.
	Seq int64
}

// listening is a listener with the workspace where its workflow is now.
type listening struct {
	listener
	WorkspaceID string
}

// anyFailure is listened for by error workflows that other workflows need not name. It is no event of the ledger.
const anyFailure = "failure"

var listeners = listenerTable()

func listenerTable() *resource.Table {
	t := resource.NewTable[listener]("listener")
	t.Indexes = []resource.Index{{Columns: []string{"tenant_id", "workflow_id"}}, {Columns: []string{"tenant_id", "event"}}}
	return t
}

// readAtOnce is how many entries of a ledger are read in one go.
const readAtOnce = 200

// listen stores what a trigger of a version listens to, from now on.
func (w *Workflow) listen(s *resource.Session, u *unit) error {
	var names []string
	if events, ok := node.EventsOf(u.compiled); ok {
		names = events.Events
	}
	if failures, ok := node.FailuresOf(u.compiled); ok && failures.All {
		names = []string{anyFailure}
	}
	if len(names) == 0 {
		return nil
	}
	head, err := s.Head()
	if err != nil {
		return err
	}
	for _, name := range names {
		if name != anyFailure && !mayListen(s, name) {
			return fault.InvalidField("nodes."+u.ID+".events", "%s needs the permission audit:read, because you may not read all of it", name)
		}
		if err := s.Insert(listeners, &listener{
			WorkflowID: w.ID,
			Version:    w.PublishedVersion,
			NodeID:     u.ID,
			Event:      name,
			ReadsAll:   s.Holds("audit:read"),
			Seq:        head,
		}); err != nil {
			return err
		}
	}
	return nil
}

// mayListen tells whether a person may learn of events: of a kind whose rows they may read, or with the right to read all.
func mayListen(s *resource.Session, pattern string) bool {
	name, _, _ := strings.Cut(pattern, ".")
	kind, ok := s.Kernel().Kind(name)
	return ok && s.May(kind.Spec(), resource.Get) || s.Holds("audit:read")
}

// fireEvents starts what listens to what happened since the last look.
func (e *Engine) fireEvents() error {
	all, err := resource.Select[listening](e.system(), `SELECT l.*, w.workspace_id FROM {listener} l JOIN {workflow} w ON w.id = l.workflow_id
		WHERE l.event <> ? ORDER BY l.tenant_id, l.seq`, anyFailure)
	if err != nil {
		return err
	}
	var errs []error
	for len(all) > 0 {
		count := 1
		for count < len(all) && all[count].TenantID == all[0].TenantID {
			count++
		}
		errs = append(errs, e.fireEventsOf(all[:count])) // one organization's trouble is not the next one's
		all = all[count:]
	}
	return errors.Join(errs...)
}

// fireEventsOf does so for the listeners of one organization, the one that saw least first.
func (e *Engine) fireEventsOf(all []listening) error {
	tenant := all[0].TenantID
	s := e.session(tenant, "", "")
	entries, err := s.Since(max(all[0].Seq, e.heard[tenant]), readAtOnce)
	if err != nil || len(entries) == 0 {
		return err
	}
	var rows []*Execution
	for i := range entries {
		started, err := e.eventRuns(s, all, &entries[i])
		if err != nil {
			return err
		}
		rows = append(rows, started...)
	}
	last := entries[len(entries)-1].Seq
	if len(rows) > 0 || last-all[0].Seq >= readAtOnce {
		// Otherwise a write would follow each write.
		if err := e.hear(s, all, last, rows); err != nil {
			return err
		}
	}
	e.heard[tenant] = last
	if len(rows) > 0 || len(entries) == readAtOnce {
		e.alarm.Set() // what was started is due, and there may be more
	}
	return nil
}

// eventRuns are the executions that an entry starts: of each trigger one, however many of its patterns fit.
func (e *Engine) eventRuns(s *resource.Session, all []listening, entry *resource.Entry) (rows []*Execution, err error) {
	for i := range all {
		l := &all[i]
		has := func(row *Execution) bool {
			return string(row.WorkflowID) == l.WorkflowID && row.TriggerNode == l.NodeID
		}
		if l.Seq >= entry.Seq || !l.hears(entry) || slices.ContainsFunc(rows, has) {
			continue
		}
		row, err := e.eventRun(s, l, entry)
		if err != nil {
			return nil, err
		}
		if row != nil {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// hear stores the executions that start together with how far the listeners came, so that no event starts one twice.
func (e *Engine) hear(s *resource.Session, all []listening, last int64, rows []*Execution) error {
	return s.Write(func(s *resource.Session) error {
		for _, row := range rows {
			if err := e.plan(s, row); err != nil {
				return err
			}
		}
		for _, l := range all {
			if l.Seq >= last {
				continue
			}
			if _, err := s.Change(listeners, []resource.Pair{{Column: "seq", Value: last}}, []resource.Pair{{Column: "n", Value: l.N}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// hears tells whether an entry starts the listener's workflow: its event, of no other workspace, and nothing of the workflow itself.
func (l *listening) hears(entry *resource.Entry) bool {
	own := entry.Kind == Workflows.Name && entry.ResourceID == l.WorkflowID
	near := entry.WorkspaceID == "" || entry.WorkspaceID == l.WorkspaceID || l.WorkspaceID == "" && l.ReadsAll
	return entry.Result == resource.Success && node.MatchesEvent(l.Event, entry.Action) && near && !own
}

// eventRun is the execution that an entry starts, nil where the trigger's conditions do not hold.
func (e *Engine) eventRun(s *resource.Session, l *listening, entry *resource.Entry) (*Execution, error) {
	if err := e.closed(l.TenantID, l.WorkflowID); fault.Is(err, fault.Forbidden) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	depth := 0
	if entry.ActorKind == "execution" {
		by, err := resource.Select[Execution](s, "SELECT workflow_id, depth FROM {execution} WHERE id = ?", entry.ActorID)
		if err != nil {
			return nil, err
		}
		for _, row := range by {
			if depth = row.Depth + 1; entry.Kind == Executions.Name && string(row.WorkflowID) == l.WorkflowID {
				return nil, nil // its own beginning and end
			}
		}
	}
	if depth > deepestCall {
		e.kernel.Log().Warn("an event starts no workflow, because it follows from too many others", "workflow", l.WorkflowID,
			"tenant", l.TenantID, "event", entry.Action, "resource", entry.ResourceID)
		return nil, nil
	}
	p, err := e.program(l.TenantID, l.WorkflowID, l.Version)
	var trigger *unit
	if err == nil {
		trigger, err = p.trigger(l.NodeID, "trigger.event")
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) {
		e.kernel.Log().Error("an event starts no workflow, because its version can't be read any more", "workflow", l.WorkflowID,
			"tenant", l.TenantID, "event", entry.Action, "error", err)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	row, err := e.newStoredRow(p, Start{Trigger: "event", NodeID: trigger.ID, Input: []value.Item{{JSON: eventItem(entry)}}})
	if err != nil {
		return nil, err
	}
	row.Depth = depth
	wanted, err := e.isWanted(p, trigger, &row)
	if err != nil || !wanted {
		return nil, err
	}
	return &row, nil
}

// isWanted asks the conditions of a trigger. One that can't be evaluated starts an execution, which says why. So does one that needs
// a script, because all organizations would wait here for its end; the execution asks it.
func (e *Engine) isWanted(p *program, trigger *unit, row *Execution) (bool, error) {
	r := &run{engine: e, program: p, row: *row, memory: e.budget.execution(p.tenant)}
	defer r.memory.Reset()
	items, err := e.payloads.items(row.Input)
	if err != nil {
		return false, err
	}
	f := &frame{unit: trigger, items: items}
	w := newWalk(p, trigger, items)
	r.built = e.budget.step(r.memory)
	if r.variables, err = e.variables(p.tenant, p.workspace); err != nil {
		return false, err
	}
	environment := r.environment(w, f, &redactor{})
	environment.Script = nil
	result, err := r.runNode(context.Background(), f, &node.Call{
		Items:       items,
		Environment: environment,
		Now:         e.kernel.Now().Go().In(p.zone),
		Services:    e.services,
		Memory:      r.built,
		Log:         func(string) {},
	})
	return err != nil || len(lastItems(result.Outputs)) > 0, nil
}

// eventItem is what happened, as the workflow sees it.
func eventItem(entry *resource.Entry) value.Value {
	text := func(key, text string) value.Member { return value.Member{Key: key, Value: value.String(text)} }
	document := func(key string, json field.JSON) value.Member {
		read, err := value.Parse(json, value.Limits{})
		if err != nil {
			read = value.Null()
		}
		return value.Member{Key: key, Value: read}
	}
	return value.Object(
		text("event", entry.Action), text("id", entry.ID()), text("at", entry.At.String()), text("kind", entry.Kind),
		text("resource_id", entry.ResourceID), text("workspace_id", entry.WorkspaceID),
		value.Member{Key: "actor", Value: value.Object(text("kind", entry.ActorKind), text("id", entry.ActorID), text("name", entry.ActorName))},
		document("object", entry.Object), document("changes", entry.Changes))
}
