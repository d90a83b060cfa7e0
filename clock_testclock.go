//go:build testclock

package main

import (
	"os"
	"strings"
	"time"
)

// clock is ahead of the system's by the duration in the file that TESTCLOCK names. The file is read each time, so that a
// test moves the time of an instance that serves.
func clock() func() time.Time {
	file := os.Getenv("TESTCLOCK")
	return func() time.Time {
		text, err := os.ReadFile(file)
		if err != nil {
			return time.Now()
		}
		ahead, err := time.ParseDuration(strings.TrimSpace(string(text)))
		if err != nil {
			return time.Now()
		}
		return time.Now().Add(ahead)
	}
}
