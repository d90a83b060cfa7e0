// Package outbox_test turns the clock, which no test through the binary can.
package outbox_test

import (
	"log/slog"
	"testing"
	"time"

	"zygo/app/outbox"
	"zygo/app/resource"
)

func TestMessagesAreKeptForThirtyDays(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	kernel, err := resource.Open(t.Context(), []resource.Module{outbox.Module}, resource.Options{Dir: t.TempDir(), Declared: true, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kernel.Close() })
	box := outbox.New(kernel, nil, nil)
	put := func(letters, notes int) {
		t.Helper()
		err := kernel.System(t.Context(), "a test").Write(func(s *resource.Session) error {
			for range letters {
				if err := box.Put(s, outbox.Letter{To: "ada@example.com", Subject: "A letter", Paragraphs: []string{"Hello"}}); err != nil {
					return err
				}
			}
			for range notes {
				if err := box.PutNote(s, outbox.Note{To: "+4930123456", Subject: "A note", Text: "123456"}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	left := func(want int) {
		t.Helper()
		if err := box.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		operator := kernel.System(t.Context(), "a test")
		operator.Operator = true
		messages, err := box.List(operator, 0, 10_000)
		if err != nil || len(messages) != want {
			t.Errorf("%d messages are left, want %d: %v", len(messages), want, err)
		}
	}
	put(1005, 5) // more than one round forgets
	now = now.Add(24 * time.Hour)
	put(2, 1)
	now = now.Add(29 * 24 * time.Hour)
	left(1013) // to the minute thirty days
	now = now.Add(time.Second)
	left(13)
	left(3)
	now = now.Add(24 * time.Hour)
	left(0)
}
