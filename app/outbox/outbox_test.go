package outbox_test

import (
	"testing"
	"time"

	"zygo/app/outbox"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

func TestMessagesAreKeptForThirtyDays(t *testing.T) {
	t.Parallel()
	kernel := kerneltest.New(t, outbox.Module)
	box := outbox.New(kernel.Kernel, nil, nil)
	put := func(letters, notes int) {
		t.Helper()
		err := kernel.System().Write(func(s *resource.Session) error {
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
		operator := kernel.System()
		operator.Operator = true
		messages, err := box.List(operator, 0, 10_000)
		if err != nil || len(messages) != want {
			t.Errorf("%d messages are left, want %d: %v", len(messages), want, err)
		}
	}
	put(1005, 5) // more than one round forgets
	kernel.Advance(24 * time.Hour)
	put(2, 1)
	kernel.Advance(29 * 24 * time.Hour)
	left(1013) // to the minute thirty days
	kernel.Advance(time.Second)
	left(13)
	left(3)
	kernel.Advance(24 * time.Hour)
	left(0)
}
