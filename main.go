// Zygo is a company platform in one file. This file lists the modules that the binary consists of; what each brings is
// in its package, and app/cli holds the commands.
package main

import (
	"os"

	"zygo/app/access"
	"zygo/app/cli"
	"zygo/app/feature"
	"zygo/app/flow"
	"zygo/app/flow/sandbox"
	"zygo/app/identity"
	"zygo/app/ops"
	"zygo/app/outbox"
	"zygo/app/platform"
	"zygo/app/request"
	"zygo/app/resource"
)

// version is set by the release build.
var version = "dev"

func main() {
	if len(os.Args) > 1 && os.Args[1] == sandbox.Word {
		sandbox.Serve()
	}
	modules := []resource.Module{outbox.Module, request.Module, feature.Module, identity.Module, access.Module, platform.Module, ops.Module, flow.Module}
	os.Exit(cli.Main(version, modules, os.Args[1:]))
}
