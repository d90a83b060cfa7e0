package fair_test

import (
	"context"
	"errors"
	"testing"

	"zygo/app/flow/fair"
)

// flood lets organizations take one place after another, each as often as it may, and counts what they got.
func flood(places int, who ...string) (held map[string]int, free int) {
	held, free = map[string]int{}, places
	for before := -1; before != free; {
		before = free
		for _, w := range who {
			if fair.MayTake(held[w], free) {
				held[w]++
				free--
			}
		}
	}
	return held, free
}

func TestOneFloodLeavesPlacesForOthers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		places int
		who    []string
		least  int // of what each got
		free   int
	}{
		{1, []string{"a"}, 1, 0},
		{2, []string{"a"}, 1, 1},
		{2, []string{"a", "b"}, 1, 0},
		{4, []string{"a"}, 3, 1},
		{64, []string{"a"}, 51, 13},
		{64, []string{"a", "b"}, 28, 8},
		{64, []string{"a", "b", "c", "d"}, 14, 4},
	} {
		held, free := flood(test.places, test.who...)
		for _, w := range test.who {
			if held[w] < test.least {
				t.Errorf("of %d places %s has %d", test.places, w, held[w])
			}
		}
		if free < test.free {
			t.Errorf("of %d places %v leave %d free", test.places, test.who, free)
		}
	}
}

func TestPlacesAreHandedOn(t *testing.T) {
	t.Parallel()
	p := fair.NewPlaces(2)
	take := func(who string) <-chan func() {
		taken := make(chan func())
		go func() {
			release, err := p.Take(t.Context(), who)
			if err != nil {
				t.Error(err)
			}
			taken <- release
		}()
		return taken
	}
	first := <-take("a")
	short, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Take(short, "a"); !errors.Is(err, context.Canceled) { // who holds one place doesn't get the last
		t.Errorf("a second place: %v", err)
	}
	second := <-take("b")
	third := take("c")
	first()
	(<-third)()
	second()
	for range 2 { // nothing is lost
		(<-take("a"))()
		(<-take("b"))()
	}
}
