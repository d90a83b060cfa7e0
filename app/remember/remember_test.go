package remember

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

func TestAValueIsReadAgainAfterAChangeThatItWatches(t *testing.T) {
	t.Parallel()
	var m Memory
	loads := 0
	read := func(watched ...Mark) int {
		t.Helper()
		n, err := Value(&m, "name", func() []Mark { return watched }, func() (int, error) { loads++; return loads, nil })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, step := range []struct {
		touch []Mark
		want  int
	}{
		{nil, 1},
		{Touch("user", "ben"), 1},
		{Touch("team", "ada"), 1},
		{Touch("user", "ada"), 2},
		{Touch("user", ""), 3}, // who it was about is unknown
		{nil, 3},
	} {
		m.Forget(step.touch)
		if got := read(Watch("user", "ada")...); got != step.want {
			t.Errorf("after %v the value is %d, want %d", step.touch, got, step.want)
		}
	}
}

func TestWatchingAKindSeesEachChange(t *testing.T) {
	t.Parallel()
	var m Memory
	loads := 0
	for i, touch := range [][]Mark{Touch("domain", "acme"), Touch("domain", "globex"), Touch("domain", "")} {
		m.Forget(touch)
		_, err := Value(&m, "name", func() []Mark { return Watch("domain", "") }, func() (int, error) { loads++; return loads, nil })
		if err != nil || loads != i+1 {
			t.Errorf("after %d changes it was read %d times: %v", i+1, loads, err)
		}
	}
}

// What was read before a change must not be taken for what is after it, whenever the change comes.
func TestWhatChangesWhileItIsReadIsNotRemembered(t *testing.T) {
	t.Parallel()
	var m Memory
	stored := 1
	read := func(meanwhile func()) (seen int) {
		t.Helper()
		seen, err := Found(&m, "name", func() (int, []Mark, error) {
			read := stored
			meanwhile()
			return read, Watch("user", "ada"), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return seen
	}
	if read(func() { stored = 2; m.Forget(Touch("user", "ada")) }) != 1 {
		t.Fatal("the value is not what was read")
	}
	if got := read(func() {}); got != 2 {
		t.Errorf("the value is %d after the change", got)
	}
	stored = 3
	if got := read(func() {}); got != 2 {
		t.Errorf("the value is %d, though nobody was told of a change", got)
	}
}

// Writers change and are acknowledged, readers must then see at least that: the order of Forget and Found under load.
func TestNoAcknowledgedChangeIsMissed(t *testing.T) {
	t.Parallel()
	var m Memory
	var stored, acknowledged atomic.Int64
	var wait sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		wait.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				least := acknowledged.Load()
				got, err := Found(&m, "name", func() (int64, []Mark, error) { return stored.Load(), Watch("user", "ada"), nil })
				if err != nil || got < least {
					t.Errorf("read %d after %d was acknowledged: %v", got, least, err)
					return
				}
			}
		})
	}
	for range 20_000 {
		n := stored.Add(1)
		m.Forget(Touch("user", "ada"))
		acknowledged.Store(n)
	}
	close(done)
	wait.Wait()
}

func TestMemoryIsBoundedAndKeepsWhatIsInUse(t *testing.T) {
	t.Parallel()
	var m Memory
	loads := 0
	used := func() {
		t.Helper()
		if _, err := Value(&m, "used", func() []Mark { return nil }, func() (int, error) { loads++; return 0, nil }); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 4 * most {
		m.keep(fmt.Sprint(i), entry{})
		if i%1000 == 0 {
			used()
		}
	}
	if loads != 1 {
		t.Errorf("what is in use was read %d times", loads)
	}
	if held := len(m.recent) + len(m.older); held > 2*most {
		t.Errorf("the memory holds %d values", held)
	}
}
