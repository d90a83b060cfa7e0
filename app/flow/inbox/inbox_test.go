package inbox_test

import (
	"fmt"
	"strings"
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/fault"
	"zygo/app/flow/inbox"
	"zygo/app/outgoing"
)

func open(t *testing.T, guard *outgoing.Guard, a inbox.Account) *inbox.Box {
	t.Helper()
	box, err := inbox.Open(t.Context(), guard, a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	return box
}

func guarded(t *testing.T, host string) (*outgoing.Guard, inbox.Account) {
	t.Helper()
	guard, err := outgoing.NewGuard([]string{host})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	return guard, inbox.Account{Host: host, Encryption: inbox.Plain, User: "support", Password: "secret", Folder: "INBOX"}
}

// What is there before the first visit is old; from then on each message comes once, in pieces.
func TestMessagesComeOnce(t *testing.T) {
	t.Parallel()
	server := counterpart.IMAP(t)
	guard, account := guarded(t, server.Host)
	server.Deliver(t, "Subject: before\r\n\r\nold")
	none, at, _, err := open(t, guard, account).Read(inbox.Position{}, false)
	if err != nil || len(none) != 0 || at.Validity == 0 {
		t.Fatalf("the first visit brings %d messages, %v at %+v", len(none), err, at)
	}
	for i := range inbox.MostAtOnce + 3 {
		server.Deliver(t, fmt.Sprintf("Subject: message %02d\r\n\r\nbody", i))
	}
	var subjects []string
	for more := true; more; {
		var came []inbox.Message
		if came, at, more, err = open(t, guard, account).Read(at, false); err != nil {
			t.Fatal(err)
		}
		for _, m := range came {
			first, _, _ := strings.Cut(string(m.Raw), "\r\n")
			subjects = append(subjects, first)
		}
		if len(came) > inbox.MostAtOnce {
			t.Errorf("one visit brings %d messages", len(came))
		}
	}
	if len(subjects) != inbox.MostAtOnce+3 || subjects[0] != "Subject: message 00" || subjects[22] != "Subject: message 22" {
		t.Errorf("there came %v", subjects)
	}
	if again, _, _, err := open(t, guard, account).Read(at, false); err != nil || len(again) != 0 {
		t.Errorf("another visit brings %d messages, %v", len(again), err)
	}
}

func TestWhatBecomesOfMessages(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]inbox.Disposal{"seen": {Seen: true}, "deleted": {Delete: true}, "left": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := counterpart.IMAP(t)
			guard, account := guarded(t, server.Host)
			_, at, _, err := open(t, guard, account).Read(inbox.Position{}, false)
			if err != nil {
				t.Fatal(err)
			}
			server.Deliver(t, "Subject: one\r\n\r\nbody")
			box := open(t, guard, account)
			came, _, _, err := box.Read(at, true)
			if err != nil || len(came) != 1 {
				t.Fatalf("there came %d messages, %v", len(came), err)
			}
			if err := box.Dispose(came, d); err != nil {
				t.Fatal(err)
			}
			unread, _, _, err := open(t, guard, account).Read(at, true)
			all, _, _, err2 := open(t, guard, account).Read(at, false)
			want := map[string][2]int{"seen": {0, 1}, "deleted": {0, 0}, "left": {1, 1}}[name]
			if err != nil || err2 != nil || len(unread) != want[0] || len(all) != want[1] {
				t.Errorf("there are %d unread of %d messages, %v %v", len(unread), len(all), err, err2)
			}
		})
	}
}

func TestWhatMailServersRefuse(t *testing.T) {
	t.Parallel()
	server := counterpart.IMAP(t)
	guard, account := guarded(t, server.Host)
	for what, change := range map[string]func(a *inbox.Account){
		"does not let support in":            func(a *inbox.Account) { a.Password = "another" },
		"folder None":                        func(a *inbox.Account) { a.Folder = "None" },
		"not a public address":               func(a *inbox.Account) { a.Host = "10.0.0.1" },
		"does not begin TLS":                 func(a *inbox.Account) { a.Encryption = inbox.StartTLS },
		"does not look like a TLS handshake": func(a *inbox.Account) { a.Encryption = inbox.TLS },
	} {
		a := account
		change(&a)
		box, err := inbox.Open(t.Context(), guard, a)
		if err == nil {
			box.Close()
		}
		if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Public(err).Message, what) ||
			strings.Contains(fault.Public(err).Message, "another") {
			t.Errorf("%s: the error is %v", what, err)
		}
	}
}

// Of a message that is too large only the size comes.
func TestLargeMessages(t *testing.T) {
	t.Parallel()
	server := counterpart.IMAP(t)
	guard, account := guarded(t, server.Host)
	_, at, _, err := open(t, guard, account).Read(inbox.Position{}, false)
	if err != nil {
		t.Fatal(err)
	}
	server.Deliver(t, "Subject: large\r\n\r\n"+strings.Repeat("x", inbox.MostBytes))
	server.Deliver(t, "Subject: small\r\n\r\nbody")
	came, _, _, err := open(t, guard, account).Read(at, false)
	if err != nil || len(came) != 2 || came[0].Raw != nil || came[0].Size <= inbox.MostBytes ||
		!strings.Contains(string(came[1].Raw), "small") {
		t.Errorf("there came %d messages, %v", len(came), err)
	}
}
