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
		_, page, err := outbox.Messages.List(kernel.System(), resource.Query{})
		if err != nil || page.Total != want {
			t.Errorf("%d messages are left, want %d: %v", page.Total, want, err)
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

// TestALinkIsSealedAndForgotten: what enters an account stands nowhere in the clear, and nowhere after its end.
func TestALinkIsSealedAndForgotten(t *testing.T) {
	t.Parallel()
	kernel := kerneltest.New(t, outbox.Module)
	box := outbox.New(kernel.Kernel, nil, nil)
	operator := kernel.System()
	operator.Operator = true
	err := kernel.System().Write(func(s *resource.Session) error {
		for _, letter := range []outbox.Letter{
			{Subject: "Ends", Link: "https://zygo.example.com/reset-password?token=secret", Until: s.Now.Add(time.Hour)},
			{Subject: "Stays", Link: "https://zygo.example.com/login"},
		} {
			letter.To = "ada@example.com"
			if err := box.Put(s, letter); err != nil {
				return err
			}
		}
		return box.PutNote(s, outbox.Note{To: "+4930123456", Subject: "Code", Text: "123456", Until: s.Now.Add(time.Minute)})
	})
	if err != nil {
		t.Fatal(err)
	}
	// read gives what an operator sees of a message, and what the row holds in the clear.
	read := func(subject string) (seen, stored string) {
		t.Helper()
		type row struct{ ID, Text, Link string }
		one, err := resource.SelectOne[row](kernel.System(), "SELECT id, text, link FROM {message} WHERE subject = ?", subject)
		if err != nil {
			t.Fatal(err)
		}
		message, err := box.Get(operator, one.ID)
		if err != nil {
			t.Fatal(err)
		}
		return message.Link + message.Text, one.Link + one.Text
	}
	for subject, want := range map[string][2]string{
		"Ends":  {"https://zygo.example.com/reset-password?token=secret", ""},
		"Stays": {"https://zygo.example.com/login", "https://zygo.example.com/login"}, "Code": {"123456", ""},
	} {
		if seen, stored := read(subject); seen != want[0] || stored != want[1] {
			t.Errorf("%s: seen %q, stored %q", subject, seen, stored)
		}
	}
	kernel.Advance(2 * time.Hour)
	if err := box.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	for subject, want := range map[string]string{"Ends": "", "Stays": "https://zygo.example.com/login", "Code": ""} {
		if seen, _ := read(subject); seen != want {
			t.Errorf("later %s: seen %q", subject, seen)
		}
	}
}
