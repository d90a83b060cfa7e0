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
	if may, err := e.mayOn(r.row.TenantID, actor, roles[0], Workflows.Name, "execute", workflow, workspace); err != nil || may {
		return err
	}
	return gone
}

// mayOn tells whether a member with a role may do something to a row of a kind.
func (e *Engine) mayOn(tenant, user, role, kind, verb, id, workspace string) (bool, error) {
	held, err := e.session(tenant, "", "").RightsOf(user, role)
	if err != nil {
		return false, err
	}
	member := e.kernel.Member(context.Background(), resource.Actor{Kind: "user", ID: user}, tenant, held, resource.Origin{})
	of, ok := e.kernel.Kind(kind)
	return ok && member.MayOn(of.Spec(), verb, id, workspace), nil
}
