//go:build !linux

package store

// checkFileSystem has no way to tell on this system.
func checkFileSystem(string) error { return nil }

// freeSpace is not known on this system.
func freeSpace(string) (free int64, known bool) { return 0, false }
