package allowance

import (
	"fmt"
	"testing"
	"time"
)

func TestABucketHoldsAMinute(t *testing.T) {
	t.Parallel()
	b, now := New(60), time.Unix(1_800_000_000, 0)
	for n := range 60 {
		if a := b.Take("x", now); !a.Allowed || a.Remaining != 59-n {
			t.Fatalf("number %d: %+v", n, a)
		}
	}
	if a := b.Take("x", now); a.Allowed || a.Next != time.Second || a.Full != time.Minute {
		t.Errorf("one too many: %+v", a)
	}
	if a := b.Take("y", now); !a.Allowed {
		t.Error("somebody else is slowed")
	}
	if a := b.Take("x", now.Add(time.Second)); !a.Allowed {
		t.Error("a second later there is none")
	}
	for n := range 2 * mostBuckets { // who came long ago is forgotten
		b.Take(fmt.Sprint(n), now.Add(time.Duration(n)*time.Minute))
	}
	if len(b.buckets) > mostBuckets {
		t.Errorf("%d buckets are kept", len(b.buckets))
	}
	if a := New(0).Take("x", now); !a.Allowed {
		t.Error("no bound refuses")
	}
}
