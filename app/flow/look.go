package flow

import (
	"encoding/json"
	"slices"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// What pages show of workflows besides their rows.

// Draft is the graph that people edit.
func (w *Workflow) Draft() (*Graph, error) { return w.graph() }

// PublishedGraph is the graph of one published version.
func PublishedGraph(s *resource.Session, workflow string, version int) (*Graph, error) {
	if _, err := Workflows.Get(s, workflow); err != nil {
		return nil, err
	}
	v, err := readVersion(s, workflow, version)
	if err != nil {
		return nil, err
	}
	return v.graph()
}

// Health is how a workflow fares.
type Health struct {
	// Last is the newest execution, nil where there was none.
	Last *Execution
	// Failures is how many executions of the last 24 hours failed.
	Failures int
	// Next is when a schedule starts it next, 0 for never.
	Next field.Time
	// Publisher published the version that runs.
	Publisher string
}

// HealthOf reads how some workflows fare, by id.
func HealthOf(s *resource.Session, workflows []string) (map[string]Health, error) {
	if err := Executions.Require(s, resource.List); err != nil {
		return nil, err
	}
	type count struct {
		WorkflowID string
		Count      int
	}
	failed, err := resource.Select[count](s,
		"SELECT workflow_id, count(*) AS count FROM {execution} WHERE status = 'failed' AND created_at >= ? GROUP BY workflow_id",
		s.Now.Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	health := map[string]Health{}
	for _, f := range failed {
		health[f.WorkflowID] = Health{Failures: f.Count}
	}
	ids, err := json.Marshal(workflows)
	if err != nil {
		return nil, err
	}
	type plan struct {
		ID        string
		Next      field.Time
		Publisher string
	}
	plans, err := resource.Select[plan](s, `SELECT w.id, (SELECT min(due_at) FROM {schedule} d WHERE d.workflow_id = w.id) AS next,
		coalesce((SELECT v.author_name FROM {workflow_version} v WHERE v.workflow_id = w.id AND v.number = w.published_version), '') AS publisher
		FROM {workflow} w WHERE w.id IN (SELECT value FROM list_values(?))`, string(ids))
	if err != nil {
		return nil, err
	}
	for _, p := range plans {
		h := health[p.ID]
		h.Next, h.Publisher = p.Next, p.Publisher
		health[p.ID] = h
	}
	for _, id := range workflows {
		last, err := resource.SelectOne[Execution](s,
			"SELECT id, status, error_message, created_at FROM {execution} WHERE workflow_id = ? ORDER BY n DESC LIMIT 1", id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		h := health[id]
		h.Last = &last
		health[id] = h
	}
	return health, nil
}

// mostFailures bounds the failures that RecentFailures reads.
const mostFailures = 100

// RecentFailures are the newest executions of the last 24 hours that failed, were not run again and may be read by the session. Their
// input and output are left out: there can be many, and each can be large.
func RecentFailures(s *resource.Session) ([]Execution, error) {
	if err := Executions.Require(s, resource.List); err != nil {
		return nil, err
	}
	failed, err := resource.Select[Execution](s, `SELECT n, id, workspace_id, workflow_id, error_node, error_message FROM {execution}
		WHERE status = 'failed' AND retried_by IS NULL AND created_at >= ? ORDER BY n DESC LIMIT ?`, s.Now.Add(-24*time.Hour), mostFailures)
	kind, _ := s.Kernel().Kind(Executions.Name)
	return slices.DeleteFunc(failed, func(e Execution) bool { return !s.MayOn(kind.Spec(), resource.Get, e.ID, e.WorkspaceID) }), err
}

// Graph is what the portable workflow draws.
func (p *Portable) Graph() (*Graph, error) {
	return parseGraph(p.Nodes, p.Connections, p.Settings)
}
