// Package modules lists what Zygo consists of. An area is one folder and one line here; nothing else knows all of them. The order
// is that in which a new instance sets them up. Start with All.
package modules

import (
	"zygo/app/access"
	"zygo/app/console"
	"zygo/app/feature"
	"zygo/app/flow"
	"zygo/app/identity"
	"zygo/app/module"
	"zygo/app/ops"
	"zygo/app/outbox"
	"zygo/app/platform"
	"zygo/app/request"
)

// All are the modules in the order in which an instance sets them up.
func All() []module.Module {
	return []module.Module{
		outbox.Module,
		{Module: request.Module, Jobs: request.Jobs},
		feature.Module,
		identity.Module,
		access.Module,
		platform.Module,
		ops.Module,
		flow.Module,
		console.Module,
	}
}
