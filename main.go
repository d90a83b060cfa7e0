// Zygo is a company platform in one file. This file lists the modules that the binary consists of; what each brings is
// in its package, and app/cli holds the commands.
package main

import (
	"os"

	"zygo/app/cli"
	"zygo/app/identity"
	"zygo/app/ops"
	"zygo/app/resource"
)

// version is set by the release build.
var version = "dev"

func main() {
	os.Exit(cli.Main(version, modules(), os.Args[1:]))
}

func modules() []resource.Module {
	return []resource.Module{identity.Module, ops.Module}
}
