//go:build !race

package sandbox

// mostMemory is the worker's RLIMIT_DATA: scripts fail at 128 MB, and the worker doesn't start at 64. RLIMIT_AS can't
// serve, because Go reserves address space that it never uses.
const mostMemory uint64 = 256 << 20
