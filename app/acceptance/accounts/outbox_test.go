package accounts

import (
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

func TestAMailIsNotLost(t *testing.T) {
	t.Parallel()
	server := &counterpart.MoodyServer{Mails: make(chan string, 10), Answer: make(chan error, 10)}
	i := instance.StartBinary(t, "mail.host=127.0.0.1", "mail.port="+counterpart.ServeMail(t, server), "mail.encryption=none",
		"mail.from=Zygo <zygo@acme.test>")
	owner := i.As("owner@acme")
	ask := func(email string) {
		owner.Must(owner.Call("POST", "auth/forgot-password", map[string]string{"email": email}), 200, nil)
	}

	// A server that is busy is asked again.
	ask("viewer@acme.test")
	server.Answer <- &smtp.SMTPError{Code: 451, Message: "busy"}
	first := server.MessageID(t)
	waits := owner.NewestMail(func(m instance.OutboxMail) bool { return m.Attempts == 1 })
	if waits.State != "waiting" || waits.Error == "" || waits.Text != "" {
		t.Errorf("after a busy server the list shows %+v", waits)
	}
	owner.Must(owner.Call("POST", "admin/outbox/"+waits.ID+"/send", nil), 200, nil)

	// The process dies while the server has the mail and has not answered: it comes again, and is the same.
	if again := server.MessageID(t); again != first {
		t.Errorf("the second attempt is a new mail: %s, not %s", again, first)
	}
	i.Kill()
	server.Answer <- &smtp.SMTPError{Code: 451, Message: "nobody listens any more"}
	server.Answer <- nil
	i.Serve()
	if again := server.MessageID(t); again != first {
		t.Errorf("after the crash another mail comes: %s, not %s", again, first)
	}
	owner.NewestMail(func(m instance.OutboxMail) bool { return m.State == "sent" })
	var whole instance.OutboxMail
	owner.Must(owner.Call("GET", "admin/outbox/"+waits.ID, nil), 200, &whole)
	if whole.Link != "" || !strings.Contains(whole.Text, "one hour") {
		t.Errorf("the mail reads %+v", whole)
	}
	if r := owner.Call("POST", "admin/outbox/"+waits.ID+"/send", nil); r.Status != 409 {
		t.Errorf("a mail whose link is forgotten is sent again with %d", r.Status)
	}
	if n := i.Count("SELECT count(*) FROM t_ledger WHERE action = 'message.read' AND resource_id = '" + waits.ID + "'"); n != 1 {
		t.Errorf("%d entries say who read it", n)
	}

	// A server that refuses for good is not asked again.
	ask("editor@acme.test")
	server.Answer <- &smtp.SMTPError{Code: 550, Message: "no such mailbox"}
	server.MessageID(t)
	failed := owner.NewestMail(func(m instance.OutboxMail) bool { return m.Attempts == 1 && m.ID != waits.ID })
	if failed.State != "failed" || !strings.Contains(failed.Error, "550") {
		t.Errorf("after a refusal the list shows %+v", failed)
	}
	if log := i.Output.String(); strings.Contains(log, "token=") {
		t.Error("the log holds a link")
	}
}
