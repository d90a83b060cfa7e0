// Package command tests the command line of the built binary, and how it starts and stops.
package command

import (
	"testing"

	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) { instance.Main(m) }
