package command

import (
	"encoding/json"
	"strings"
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

// TestJobsFromTheCommandLine: an operator of a stopped instance sees what failed, tries it again, and does periodic work at once.
func TestJobsFromTheCommandLine(t *testing.T) {
	t.Parallel()
	refuses := []string{"mail.host=127.0.0.1", "mail.port=1", "mail.encryption=none", "mail.from=Zygo <zygo@acme.test>"}
	box, port := counterpart.ReceiveMail(t)
	i := instance.Start(t, refuses...)
	owner := i.As("owner@acme")
	owner.Invite("viewer", "grace@example.com")
	owner.NewestMail(func(m instance.OutboxMail) bool { return m.Attempts == 1 })
	i.Stop()
	mailing := func(arguments ...string) []string {
		return append(arguments, "--set", refuses[0], "--set", refuses[2], "--set", refuses[3], "--set", "mail.port="+port)
	}
	list := func(arguments ...string) (jobs []struct{ ID, State, Error string }) {
		t.Helper()
		out, failed, code := i.Command(append([]string{"job", "list", "--json", "--name", "send-email"}, arguments...)...)
		if err := json.Unmarshal([]byte(out), &jobs); code != 0 || err != nil || len(jobs) != 1 {
			t.Fatalf("the list gives %d and says %s%s: %v", code, out, failed, err)
		}
		return jobs
	}
	waiting := list("--state", "waiting")[0]
	if waiting.Error == "" {
		t.Error("nothing says why the mail waits")
	}
	for _, step := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"job", "cancel", waiting.ID}, 0, "cancelled"},
		{[]string{"job", "cancel", waiting.ID}, 3, "ended already"},
		{[]string{"job", "list", "--state", "cancelled"}, 0, waiting.ID},
		{[]string{"job", "list", "--state", "no"}, 2, "waiting, running"},
		{[]string{"job", "retry", waiting.ID}, 0, "waiting"},
		{[]string{"job", "retry", "nobody"}, 4, "no job nobody"},
		{[]string{"job", "run", "send-email"}, 4, "empty-trash"}, // without a mail server nothing sends
		{mailing("job", "run", "send-email"), 0, "1 done"},
		{[]string{"job", "list", "--state", "done"}, 0, waiting.ID},
		{[]string{"job", "run", "forget-accounts"}, 0, "1 done"},
		{[]string{"job", "run", "check-domains"}, 0, "1 done"},
		{[]string{"job", "list"}, 0, "rotate-keys"},
	} {
		out, failed, code := i.Command(step.arguments...)
		if code != step.code || !strings.Contains(out+failed, step.says) {
			t.Errorf("%v gives %d and says:\n%s%s", step.arguments, code, out, failed)
		}
	}
	if text := box.Receive(t, "grace@example.com", ""); !strings.Contains(text, "/invitations/accept") {
		t.Errorf("the mail says %s", text)
	}
	if done := list()[0]; done.State != "done" || done.Error != "" {
		t.Errorf("after it was sent the job is %+v", done)
	}
}
