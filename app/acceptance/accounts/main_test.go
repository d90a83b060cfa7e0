// Package accounts tests accounts: sign-up, sessions and tokens, passwords, profiles, deletion, mails, and what operators do with accounts.
package accounts

import (
	"testing"

	"zygo/app/acceptance/instance"
)

func TestMain(m *testing.M) { instance.Main(m) }
