package flow

import (
	"zygo/app/fault"
	"zygo/app/resource"
)

// closed refuses what would start or go on in an organization that its operator suspended or that is being deleted. It is
// asked before each start and each effect.
func (e *Engine) closed(tenant string) error {
	open, err := resource.SelectOne[int](e.session(tenant, "", ""), "SELECT count(*) FROM {tenant} WHERE suspended_at IS NULL AND delete_at IS NULL")
	if err == nil && open == 0 {
		err = fault.New(fault.Forbidden, "This organization is closed, so nothing runs in it.")
	}
	return err
}
