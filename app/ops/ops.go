// Package ops is operations: what a company runs (assets), what is broken in it (incidents) and what to do then
// (runbooks).
// Each kind is one file; start with incident.go.
package ops

import (
	"zygo/app/module"
	"zygo/app/resource"
)

// Module lists what the area brings.
var Module = module.Module{Module: resource.Module{
	Name:  "ops",
	Kinds: []resource.Declaration{&Incidents, &IncidentEntries, &Assets, &Runbooks, &RunbookRuns},
}, Operations: operations, Home: []module.HomeBlock{openIncidents}}
