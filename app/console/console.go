// Package console is what operators see of the instance as it runs. Start with job.go.
package console

import (
	"zygo/app/module"
	"zygo/app/resource"
)

// Module lists what the area brings.
var Module = module.Module{
	Module:     resource.Module{Name: "console", Kinds: []resource.Declaration{&Jobs}},
	Operations: operations,
	Needs:      []string{"job", "tenant"},
}
