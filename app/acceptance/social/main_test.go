// Package social tests sign-in with other providers, against a real OpenID provider, a fake of GitHub and a forger of tokens.
package social

import (
	"testing"

	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) { instance.Main(m) }
