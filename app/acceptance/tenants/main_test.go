// Package tenants tests organizations: members, invitations, domains, branding, features, and how one ends.
package tenants

import (
	"testing"

	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) { instance.Main(m) }
