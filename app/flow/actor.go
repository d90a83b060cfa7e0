package flow

import (
	"context"
	"slices"
	"strings"

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
	gone := &node.Error{
		Code:    "ACTOR_GONE",
		Message: "The person who started this execution may not act here any more. Somebody else can retry it.",
	}
	if may, err := e.mayOn(r.row.TenantID, actor, Workflows.Name, "execute", workflow, workspace); err != nil || may {
		return err
	}
	return gone
}

// mayOn tells whether a user may do something to a row of a kind, as an active member of an organization.
func (e *Engine) mayOn(tenant, user, kind, verb, id, workspace string) (bool, error) {
	member, err := e.member(context.Background(), tenant, user, resource.Actor{Kind: "user", ID: user})
	of, ok := e.kernel.Kind(kind)
	return err == nil && member != nil && ok && member.MayOn(of.Spec(), verb, id, workspace), err
}

// owns tells whether a host is at or below a domain of which the organization proved that it is its own.
func (r *run) owns(host string) (bool, error) {
	names, err := resource.Select[string](r.engine.session(r.row.TenantID, "", ""), "SELECT name FROM {domain} WHERE state = 'verified'")
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return slices.ContainsFunc(names, func(name string) bool { return host == name || strings.HasSuffix(host, "."+name) }), err
}

// member is a session within the rights that a user has in an organization now; nil where they are no active member of it.
func (e *Engine) member(ctx context.Context, tenant, user string, actor resource.Actor) (*resource.Session, error) {
	whole := e.session(tenant, "", "")
	roles, err := resource.Select[string](whole,
		"SELECT m.role FROM {membership} m JOIN {user} u ON u.id = m.user_id AND u.suspended_at IS NULL WHERE m.user_id = ? AND m.status = 'active'", user)
	if err != nil || len(roles) == 0 {
		return nil, err
	}
	held, err := whole.RightsOf(user, roles[0])
	if err != nil {
		return nil, err
	}
	return e.kernel.Member(ctx, actor, tenant, held, resource.Origin{}), nil
}
