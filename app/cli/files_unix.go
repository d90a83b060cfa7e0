//go:build unix

package cli

import "syscall"

// restrictFiles makes whatever the process creates the owner's alone.
func restrictFiles() { syscall.Umask(0o077) }
