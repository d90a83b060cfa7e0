//go:build race

package sandbox

import "golang.org/x/sys/unix"

// mostMemory is no limit under the race detector, whose shadow memory alone is larger than the usual one.
const mostMemory uint64 = unix.RLIM_INFINITY
