// Package safety tests what must hold whatever happens: crashes, power loss, failing disks, hostile requests, floods, revoked rights.
// Every test of a safety has a control that must fail.
package safety

import (
	"fmt"
	"os"
	"testing"

	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "write-rows" {
		if err := writeRows(os.Args[2], os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	instance.Main(m)
}
