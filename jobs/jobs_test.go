package jobs

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"
)

func newTestRunner(t *testing.T) *Runner {
	t.Helper()
	r, err := NewRunner(slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAPanicEndsItsOwnWorkAlone(t *testing.T) {
	t.Parallel()
	r := newTestRunner(t)
	done := make(chan struct{})
	r.Go("panics", func(context.Context) { panic("at work") })
	r.Go("goes on", func(ctx context.Context) {
		defer close(done)
		<-ctx.Done()
	})
	if err := r.Every(time.Millisecond, "panics again", func(context.Context) error { panic("on time") }); err != nil {
		t.Fatal(err)
	}
	if err := r.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-done
}

func TestStopSaysWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	r := newTestRunner(t)
	release := make(chan struct{})
	r.Go("deaf", func(context.Context) { <-release })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Stop(ctx); err == nil {
		t.Error("work that goes on is not reported")
	}
	close(release)
}

func TestAlarmRingsAtOnceWhenSetAndWhenDue(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a, rings, next := NewAlarm(), make(chan struct{}), make(chan time.Time)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.Run(ctx, time.Now, func(context.Context) time.Time {
			rings <- struct{}{}
			return <-next
		})
	}()
	<-rings // at once
	next <- time.Time{}
	a.Set()
	<-rings // when it is set
	next <- time.Now().Add(time.Millisecond)
	<-rings // when the time comes
	cancel()
	next <- time.Time{}
	<-ended
}
