// Package pages opens every page with hostile texts and more rows than it shows, and looks at it as people see it.
package pages

import (
	"testing"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) { instance.Main(m, catalogue.Sample) }
