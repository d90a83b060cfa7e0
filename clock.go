//go:build !testclock

package main

import "time"

// clock is nil, which is the system's. The build tag testclock replaces it.
func clock() func() time.Time { return nil }
