// Zygo is a company platform in one file. The package app/modules lists what it consists of, and app/cli holds the commands.
package main

import (
	"os"

	"zygo/app/cli"
	"zygo/app/flow/sandbox"
	"zygo/app/modules"
)

// version is set by the release build.
var version = "dev"

func main() {
	if len(os.Args) > 1 && os.Args[1] == sandbox.Word {
		sandbox.Serve()
	}
	os.Exit(cli.Binary{Version: version, Modules: modules.All(), Now: clock()}.Main(os.Args[1:]))
}
