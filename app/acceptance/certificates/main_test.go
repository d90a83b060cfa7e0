// Package certificates tests HTTPS by itself, against a real ACME directory (Pebble).
package certificates

import (
	"testing"

	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) { instance.Main(m) }
