package flow

import (
	"context"

	"zygo/app/fault"
	"zygo/app/flow/node"
	"zygo/app/resource"
)

// mayAct refuses what acts for somebody who may not start the workflow any more: whose account was closed, who left the
// organization or lost the right. It is asked before each effect and each secret, because an execution can wait for weeks. What
// nobody started by hand acts for the organization.
func (r *run) mayAct() error { return r.mayStart(r.program.workflowID, r.row.WorkspaceID) }

// mayStart asks the same of a workflow that the execution is about to start.
func (r *run) mayStart(workflow, workspace string) error {
	actor, e := r.row.ActorID, r.engine
	if err := e.closed(r.row.TenantID, workflow); fault.Is(err, fault.Forbidden) {
		return &node.Error{
			Code:    "ORGANIZATION_CLOSED",
			Message: "The organization was closed, or the workspace archived, while this execution was under way. Retry it once it is open again.",
		}
	} else if err != nil {
		return err
	}
	if actor == "" {
		return nil
	}
	roles, err := resource.Select[string](e.session(r.row.TenantID, "", ""),
		"SELECT m.role FROM {membership} m JOIN {user} u ON u.id = m.user_id AND u.suspended_at IS NULL WHERE m.user_id = ? AND m.status = 'active'", actor)
	if err != nil {
		return err
	}
	gone := &node.Error{
		Code:    "ACTOR_GONE",
		Message: "The person who started this execution may not act here any more. Somebody else can retry it.",
	}
	if len(roles) == 0 {
		return gone
	}
	held, err := e.session(r.row.TenantID, "", "").RightsOf(actor, roles[0])
	if err != nil {
		return err
	}
	member := e.kernel.Member(context.Background(), resource.Actor{Kind: "user", ID: actor}, r.row.TenantID, held, resource.Origin{})
	if kind, ok := e.kernel.Kind(Workflows.Name); ok && !member.MayOn(kind.Spec(), "execute", workflow, workspace) {
		return gone
	}
	return nil
}
