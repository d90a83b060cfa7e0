// Package house reads the source: what may import what, which package has which dependency, who may cross tenants.
package house

import (
	"testing"

	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) { instance.Main(m) }
