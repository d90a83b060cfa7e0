package flow

import (
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/value"
)

// errorRuns are the executions that an execution's failure starts: of the error workflow that its workflow names, or else of those
// that hear of all. The failure of an error workflow starts none, because that could never end.
func (e *Engine) errorRuns(row *Execution) []*Execution {
	if row.Status != Failed || row.Trigger == "error" {
		return nil
	}
	s := e.session(row.TenantID, "", "")
	name, tell := "", []string{}
	if p, err := e.program(row.TenantID, string(row.WorkflowID), row.WorkflowVersion); err == nil {
		name = p.workflowName
		if p.settings.ErrorWorkflow != "" {
			tell = []string{string(p.settings.ErrorWorkflow)}
		}
	}
	named := len(tell) > 0
	if !named {
		heard, err := resource.Select[string](s,
			`SELECT l.workflow_id FROM {listener} l JOIN {workflow} w ON w.id = l.workflow_id
			WHERE l.event = ? AND (w.workspace_id = ? OR w.workspace_id = '' AND l.reads_all = ?) ORDER BY l.n LIMIT 10`,
			anyFailure, row.WorkspaceID, true)
		if err != nil {
			e.kernel.Log().Error("read the error workflows", "execution", row.ID, "tenant", row.TenantID, "error", err)
		}
		tell = heard
	}
	var rows []*Execution
	for _, id := range tell {
		if follows := e.errorRun(s, row, id, name, named); follows != nil {
			rows = append(rows, follows)
		}
	}
	return rows
}

// errorRun is the execution of one error workflow, nil where it can't be started. Named tells that the workflow that failed chose it,
// which takes the right to call it.
func (e *Engine) errorRun(s *resource.Session, row *Execution, id, name string, named bool) *Execution {
	lost := func(reason string) *Execution {
		e.kernel.Log().Warn("a failure could not be told to the error workflow", "execution", row.ID, "tenant", row.TenantID, "workflow", id,
			"reason", reason)
		return nil
	}
	to, err := resource.SelectOne[Workflow](s, "SELECT id, enabled, published_version FROM {workflow} WHERE id = ?", id)
	if err != nil || !to.Enabled {
		return lost("it is not published, or switched off")
	}
	p, err := e.program(row.TenantID, to.ID, to.PublishedVersion)
	if err != nil {
		return lost(err.Error())
	}
	trigger := p.triggerOf("trigger.error")
	if trigger == nil {
		return lost("it has no trigger for errors")
	}
	if named && !p.callableFrom(row.WorkspaceID) {
		return lost("its settings let only workflows of its own workspace call it")
	}
	follows, err := e.newStoredRow(p, Start{Trigger: "error", NodeID: trigger.ID, Input: []value.Item{{JSON: e.failureItem(row, name)}}})
	if err != nil {
		return lost(err.Error())
	}
	follows.Parent, follows.Depth = field.Ref(row.ID), row.Depth+1
	return &follows
}

// failureItem is what the error workflow is given, with the names that n8n has too.
func (e *Engine) failureItem(row *Execution, workflow string) value.Value {
	text := func(key, text string) value.Member { return value.Member{Key: key, Value: value.String(text)} }
	failed := row.ErrorNode
	if p, err := e.program(row.TenantID, string(row.WorkflowID), row.WorkflowVersion); err == nil && p.units[failed] != nil {
		failed = p.units[failed].Name
	}
	execution := []value.Member{text("id", row.ID), text("url", e.url+"/executions/"+row.ID), text("mode", row.Trigger),
		text("lastNodeExecuted", failed), {Key: "attempt", Value: value.Int(int64(row.Attempt))},
		{Key: "error", Value: value.Object(text("code", row.ErrorCode), text("message", row.ErrorMessage), text("node", failed))}}
	if row.RetryOf != "" {
		execution = append(execution, text("retryOf", string(row.RetryOf)))
	}
	return value.Object(value.Member{Key: "execution", Value: value.Object(execution...)},
		value.Member{Key: "workflow", Value: value.Object(text("id", string(row.WorkflowID)), text("name", workflow))})
}
