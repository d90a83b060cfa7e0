// Package factors tests second factors and passkeys: authenticator apps, text messages, backup codes, remembered devices.
package factors

import (
	"testing"

	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) { instance.Main(m) }
