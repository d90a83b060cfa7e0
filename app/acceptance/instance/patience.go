package instance

import (
	"testing"
	"time"
)

// Patience is how long a test waits for what has to come. A machine that does other work may need most of it.
const Patience = time.Minute

// Eventually waits until something is so, and names it where it never is.
func Eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	late := time.After(Patience)
	for every := time.Tick(20 * time.Millisecond); !is(); {
		select {
		case <-every:
		case <-late:
			t.Fatalf("waited %s for %s", Patience, what)
		}
	}
}
