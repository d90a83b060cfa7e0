// Package flow is the workflow engine: what a team draws as a graph of nodes runs here, and goes on after a crash from what
// was recorded. Start with workflow.go (what is drawn), execution.go (what is recorded), then run.go (how it runs) and
// journal.go (when it is put on disk). The language of fields is in expression, the node types are in node, other people's
// JavaScript runs in sandbox.
package flow

import (
	"time"

	"zygo/app/field"
	"zygo/app/module"
	"zygo/app/resource"
	"zygo/app/rights"
	"zygo/store"
)

// Module lists what the area brings. What needs the running engine is in Engine.Operations.
var Module = module.Module{Module: resource.Module{
	Name:   "flow",
	Kinds:  []resource.Declaration{&Workflows, &Folders, &Executions, &Approvals},
	Tables: []*resource.Table{versions, trials, hooks, schedules, listeners, mailboxes, steps, waits, payloadTable, seenTable},
	Permissions: []rights.Permission{{
		Name:     skipCertificates,
		Category: "Automation",
		Help:     "Publish and try workflows that don't check certificates, where a request to another service turns the check off.",
		Least:    rights.Admin,
	}},
}, Needs: []string{"domain", "former_slug", "membership", "tenant", "user", "variable", "workspace"}, Home: homeBlocks}

func timeOf(t time.Time) field.Time { return store.TimeOf(t) }
