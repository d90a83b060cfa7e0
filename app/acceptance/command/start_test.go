package command

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// What a package may allocate before main. A package that takes a millisecond there allocates this much: the slowest one within
// these bounds takes about that. The rule counts bytes and allocations and no time, because they are the same on a
// busy machine.
const (
	mostInitBytes       = 600_000
	mostInitAllocations = 4_000
)

// Every command and every sandbox worker pays for what a package does before main, whether it uses the package or not.
func TestNoPackageDoesMuchBeforeMain(t *testing.T) {
	t.Parallel()
	command := exec.Command(instance.Binary(t), "version")
	command.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace strings.Builder
	command.Stderr = &trace
	if err := command.Run(); err != nil {
		t.Fatal(err)
	}
	packages := 0
	for line := range strings.Lines(trace.String()) {
		// init zygo/store @46 ms, 0.060 ms clock, 27544 bytes, 220 allocs
		words := strings.Fields(line)
		if len(words) != 11 || words[0] != "init" {
			continue
		}
		bytes, err := strconv.Atoi(words[7])
		if err != nil {
			t.Fatal(line)
		}
		allocations, err := strconv.Atoi(words[9])
		if err != nil {
			t.Fatal(line)
		}
		if packages++; bytes > mostInitBytes || allocations > mostInitAllocations {
			t.Errorf("%s allocates %d bytes in %d pieces before main; load it when it is used, or take another library",
				words[1], bytes, allocations)
		}
	}
	if packages < 50 {
		t.Errorf("the trace has only %d packages:\n%s", packages, trace.String())
	}
}
