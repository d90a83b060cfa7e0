package flow

import (
	"zygo/app/flow/node"
	"zygo/app/resource"
)

// mayAct refuses what acts for somebody who may start no execution any more: whose account was closed, who left the
// organization or lost the role. It is asked before each effect and each secret, because an execution can wait for weeks. What
// nobody started by hand acts for the organization.
func (e *Engine) mayAct(tenant, actor string) error {
	if actor == "" {
		return nil
	}
	roles, err := resource.Select[string](e.session(tenant, "", ""), `SELECT m.role FROM {membership} m JOIN {user} u ON u.id = m.user_id AND u.suspended_at IS NULL WHERE m.user_id = ?`, actor)
	if err != nil {
		return err
	}
	if len(roles) == 0 || resource.RoleNamed(roles[0]) < resource.Editor {
		return &node.Error{Code: "ACTOR_GONE", Message: "Whoever started this execution may not act here any more. Somebody else can retry it."}
	}
	return nil
}
