package flow

import (
	"zygo/app/fault"
	"zygo/app/resource"
)

// closed refuses what would start or go on in an organization that its operator suspended or that is being deleted, or in a
// workspace that was archived. It is asked before each start and each effect.
func (e *Engine) closed(tenant, workflow string) error {
	type state struct{ Open, Archived bool }
	found, err := resource.Cached(e.session(tenant, "", ""), "closed "+workflow, []string{"tenant", "workflow", "workspace"},
		func(s *resource.Session) (state, error) {
			return resource.SelectOne[state](s, `SELECT EXISTS (SELECT 1 FROM {tenant} WHERE suspended_at IS NULL AND delete_at IS NULL) AS open,
				EXISTS (SELECT 1 FROM {workflow} f JOIN {workspace} w ON w.id = f.workspace_id
				WHERE f.id = ? AND w.archived_at IS NOT NULL) AS archived`, workflow)
		})
	switch {
	case err != nil:
		return err
	case !found.Open:
		return fault.New(fault.Forbidden, "This organization is closed, so nothing runs in it.")
	case found.Archived:
		return fault.New(fault.Forbidden, "The workspace of this workflow is archived, so it does not run.")
	}
	return nil
}
