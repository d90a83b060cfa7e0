// Package flow tests workflows from the trigger to the last node, through the API and the pages.
package flow

import (
	"testing"

	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) { instance.Main(m) }
