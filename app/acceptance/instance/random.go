package instance

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// Seed is TEST_SEED, or a new one, and is printed so that a failure can be repeated.
func Seed(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv("TEST_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("repeat with TEST_SEED=%d", seed)
	return seed
}

// Number is a count that the environment may change.
func Number(t *testing.T, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is no number: %q", name, text)
	}
	return n
}
