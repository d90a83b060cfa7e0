package sandbox

import (
	"bufio"
	"os"
	"runtime"
	"runtime/debug"
)

// Serve is the whole life of a worker: it confines the process, answers the requests on standard input one after the
// other, and exits when the parent closes the pipe. It never returns.
func Serve() {
	runtime.GOMAXPROCS(1)
	// Below what RLIMIT_DATA leaves besides the engine's 64 MB, so that Go collects its copies before it hits the wall.
	debug.SetMemoryLimit(128 << 20)
	os.Exit(serve(os.Stdin, os.Stdout))
}

func serve(in, out *os.File) int {
	if err := confine(); err != nil {
		return 1
	}
	prelude, err := compilePrelude()
	if err != nil {
		return 1
	}
	greeting := []byte{ready}
	filtered, err := filter()
	if err != nil {
		return 1
	}
	if filtered {
		greeting[0] = readyFiltered
	}
	if _, err := out.Write(greeting); err != nil {
		return 1
	}
	from := bufio.NewReader(in)
	for {
		r, err := readRequest(from)
		if err != nil {
			return 0
		}
		to := bufio.NewWriter(out)
		run := prelude.run
		if r.mode == document {
			run = readDocument
		}
		if writeAnswer(to, run(r)) != nil || to.Flush() != nil {
			return 0
		}
	}
}
