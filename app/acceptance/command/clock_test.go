package command

import (
	"bytes"
	"os"
	"testing"

	"zygo/app/acceptance/instance"
)

// TestOnlyTheBinaryOfTestsHasAClockToMove looks for the variable that names the clock's file in both binaries. The one of the
// tests has it, so that the search finds what is there.
func TestOnlyTheBinaryOfTestsHasAClockToMove(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path string
		has  bool
	}{
		"the binary that ships": {instance.Binary(t), false},
		"the binary of tests":   {instance.ClockedBinary(t), true},
	} {
		content, err := os.ReadFile(test.path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte("TESTCLOCK")) != test.has {
			t.Errorf("%s has a clock to move: %t", name, !test.has)
		}
	}
}
