// Package access tests who may do what: roles, grants, teams, private and archived workspaces.
package access

import (
	"testing"

	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) { instance.Main(m) }
