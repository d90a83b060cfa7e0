package flow

import (
	"encoding/json"

	"zygo/app/field"
	"zygo/app/resource"
)

// Event is one message of an execution's stream. Seq rises within the execution and can be worked out from the journal:
// step i has the numbers from 1000*(i+1) on, so that a page that comes late or again sees each event once.
type Event struct {
	Seq         int            `json:"seq"`
	Type        string         `json:"type"`
	At          field.Time     `json:"at"`
	ExecutionID string         `json:"execution_id"`
	NodeID      string         `json:"node_id,omitempty"`
	Data        map[string]any `json:"data"`
}

func (r *run) emit(kind, node string, seq int, data map[string]any) {
	if data == nil {
		data = map[string]any{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, Event{seq, kind, r.engine.kernel.Now(), r.row.ID, node, data})
	close(r.changed)
	r.changed = make(chan struct{})
}

// finished tells the watchers of a step's end.
func (r *run) finished(step *Step) {
	for i, line := range logLines(step.Logs) {
		r.emit("node.log", step.Node, step.Seq*1000+1001+min(i, 900), map[string]any{"line": line})
	}
	r.emit("node.finished", step.Node, step.Seq*1000+1999, map[string]any{
		"status":      step.Status,
		"duration_ms": step.FinishedAt.Sub(step.StartedAt).Milliseconds(),
	})
}

func logLines(text field.JSON) []string {
	var lines []string
	if json.Unmarshal(text, &lines) != nil {
		return nil
	}
	return lines
}

// Follow reads the events of an execution after a number, and a channel that is closed when there are more. The channel is
// nil once the execution is over. Anyone who may not read the execution is refused.
func (e *Engine) Follow(s *resource.Session, id string, after int) ([]Event, <-chan struct{}, error) {
	// The channel is taken before the read, so that what is stored in between wakes the reader.
	changed := e.kernel.Changed()
	row, err := Executions.Get(s, id)
	if err != nil {
		return nil, nil, err
	}
	if live := e.liveRun(id); live != nil {
		live.mu.Lock()
		defer live.mu.Unlock()
		var events []Event
		for _, event := range live.events {
			if event.Seq > after {
				events = append(events, event)
			}
		}
		return events, live.changed, nil
	}
	recorded, err := readProgress(s, row.N)
	if err != nil {
		return nil, nil, err
	}
	var events []Event
	for _, event := range eventsOf(row, recorded) {
		if event.Seq > after {
			events = append(events, event)
		}
	}
	if row.Status.Finished() {
		return events, nil, nil
	}
	return events, changed, nil
}

// eventsOf works the events out of the journal.
func eventsOf(row *Execution, recorded []Step) []Event {
	var events []Event
	add := func(seq int, kind string, at field.Time, node string, data map[string]any) {
		events = append(events, Event{seq, kind, at, row.ID, node, data})
	}
	if row.StartedAt != 0 {
		add(1, "execution.started", row.StartedAt, "", map[string]any{})
	}
	for _, step := range recorded {
		base := step.Seq*1000 + 1000
		if step.Status != stepSkipped {
			add(base, "node.started", step.StartedAt, step.Node, map[string]any{})
		}
		for i, line := range logLines(step.Logs) {
			add(base+1+min(i, 900), "node.log", step.StartedAt, step.Node, map[string]any{"line": line})
		}
		switch {
		case step.Status == stepFailed:
			add(base+999, "node.failed", step.FinishedAt, step.Node, map[string]any{
				"attempt": step.Attempt,
				"code":    step.ErrorCode,
				"message": step.ErrorMessage,
			})
		case step.Status == stepWaiting || step.Status == stepRetrying:
			add(base+998, "execution.waiting", step.StartedAt, step.Node, map[string]any{"until": row.WakeAt})
		case step.isFinal():
			add(base+999, "node.finished", step.FinishedAt, step.Node, map[string]any{
				"status":      step.Status,
				"duration_ms": step.FinishedAt.Sub(step.StartedAt).Milliseconds(),
			})
		}
	}
	if row.Status.Finished() {
		add((len(recorded)+1)*1000, "execution.finished", row.FinishedAt, "", map[string]any{"status": row.Status})
	}
	return events
}

// readProgress reads the journal of an execution without what the nodes put out, which may be much.
func readProgress(s *resource.Session, execution int64) ([]Step, error) {
	return resource.Select[Step](s,
		`SELECT execution, seq, tenant_id, node, status, attempt, started_at, finished_at, error_code, error_message, logs
		FROM {step} WHERE execution = ? ORDER BY seq`, execution)
}

// readSteps reads the journal of an execution in its order.
func readSteps(s *resource.Session, execution int64) ([]Step, error) {
	return resource.Select[Step](s, "SELECT * FROM {step} WHERE execution = ? ORDER BY seq", execution)
}
