// Package console is what operators see of the instance as it runs: its jobs, with how often each was tried and why it failed. It
// reads across organizations and shows nothing of what is in them. Start with job.go.
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
