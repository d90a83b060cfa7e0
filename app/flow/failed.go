package flow

import (
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/value"
)

// errorRun is the execution of the error workflow that an execution's failure starts: of the one that its workflow names, or else
// the organization's. It is nil where there is none, and for the failure of an error workflow, which would never end.
func (e *Engine) errorRun(row *Execution) *Execution {
	if row.Status != Failed || row.Trigger == "error" {
		return nil
	}
	s := e.session(row.TenantID, "", "")
	id, name := "", ""
	if p, err := e.program(row.TenantID, string(row.WorkflowID), row.WorkflowVersion); err == nil {
		id, name = string(p.settings.ErrorWorkflow), p.workflowName
	}
	if id == "" {
		return nil
	}
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
	follows := e.newRow(p, Start{Trigger: "error", NodeID: trigger.ID, Input: []value.Item{{JSON: e.failureItem(row, name)}}})
	follows.Parent = field.Ref(row.ID)
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
