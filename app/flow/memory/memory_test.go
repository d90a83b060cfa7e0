package memory_test

import (
	"errors"
	"testing"

	"zygo/app/flow/memory"
)

func TestMeters(t *testing.T) {
	t.Parallel()
	outer, inner := errors.New("outer"), errors.New("inner")
	all := memory.New(100, outer)
	one, other := all.Part(80, inner), all.Part(80, inner)
	take := func(m *memory.Meter, bytes int, want error) {
		t.Helper()
		if err := m.Take(bytes); err != want {
			t.Errorf("taking %d gives %v, want %v", bytes, err, want)
		}
	}
	take(one, 80, nil)
	take(one, 1, inner)
	take(other, 21, outer)
	take(other, 20, nil)
	if all.Used() != 100 || one.Used() != 80 || other.Used() != 20 {
		t.Errorf("counted are %d, of %d and %d", all.Used(), one.Used(), other.Used())
	}
	one.Keep(30)
	take(other, 50, nil)
	one.Reset()
	other.Reset()
	if all.Used() != 0 || one.Used() != 0 {
		t.Errorf("left are %d and %d", all.Used(), one.Used())
	}
	var none *memory.Meter
	take(none, 1<<30, nil)
	take(none.Part(1<<30, inner), 1<<20, nil)
	none.Reset()
	if memory.Available() < 64<<20 {
		t.Errorf("%d bytes are available", memory.Available())
	}
}
