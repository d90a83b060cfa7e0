package flow

import (
	"context"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/content"
	"zygo/app/flow/inbox"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/value"
	"zygo/jobs"
)

// mailbox is a mail trigger of a published, enabled workflow, and how far it has read.
type mailbox struct {
	N          int64
	TenantID   string
	WorkflowID string
	Version    int
	NodeID     string
	// Account names the mailbox and the folder that the position is about.
	Account  string
	Validity int64
	UID      int64
	// CheckedAt is the last look, and Error why it failed, empty for a success.
	CheckedAt field.Time
	Error     string
}

var mailboxes = mailboxTable()

func mailboxTable() *resource.Table {
	t := resource.NewTable[mailbox]("mailbox")
	t.Unique = [][]string{{"tenant_id", "workflow_id", "node_id"}}
	return t
}

// readMail is the name of the work in the queue.
const readMail = "read-mail"

// mailJob is the input of the work.
type mailJob struct{ Workflow, Node string }

// mailWork reads mailboxes. It is tried without an end: a server that is down for a week is read on when it is back.
func (e *Engine) mailWork() jobs.Work {
	return jobs.Work{
		Name:       readMail,
		Do:         e.readMailbox,
		Attempts:   1 << 30,
		First:      time.Minute,
		Longest:    15 * time.Minute,
		Limit:      5 * time.Minute,
		Concurrent: 4,
		Keep:       time.Hour,
	}
}

// watch begins to read the mailbox of a trigger. A version that is published anew goes on where the one before was.
func (w *Workflow) watch(s *resource.Session, u *unit, before []mailbox) error {
	settings, ok := node.InboxOf(u.compiled)
	if !ok {
		return nil
	}
	m := &mailbox{
		WorkflowID: w.ID,
		Version:    w.PublishedVersion,
		NodeID:     u.ID,
		Account:    settings.User + " " + settings.Host + " " + settings.Folder,
	}
	for _, old := range before {
		if old.NodeID == m.NodeID && old.Account == m.Account {
			m.Validity, m.UID = old.Validity, old.UID
		}
	}
	if err := s.Insert(mailboxes, m); err != nil {
		return err
	}
	return lookForMail(s, w.ID, u.ID, s.Now)
}

func lookForMail(s *resource.Session, workflow, node string, at field.Time) error {
	_, err := s.Jobs().Put(jobs.Job{Name: readMail, Key: workflow + " " + node, DueAt: at}, mailJob{workflow, node})
	return err
}

// readMailbox starts an execution with each new message, in the same write that keeps how far the mailbox was read.
func (e *Engine) readMailbox(ctx context.Context, job jobs.Job) error {
	var of mailJob
	if err := job.Read(&of); err != nil {
		return err
	}
	s := e.session(job.TenantID, "", "")
	found, err := resource.Select[mailbox](s, "SELECT * FROM {mailbox} WHERE workflow_id = ? AND node_id = ?", of.Workflow, of.Node)
	if err != nil || len(found) == 0 {
		return err // it is switched off
	}
	m := &found[0]
	p, err := e.program(m.TenantID, m.WorkflowID, m.Version)
	if err != nil {
		return err
	}
	trigger, err := p.trigger(m.NodeID, "trigger.mail")
	if err != nil {
		return err
	}
	settings, _ := node.InboxOf(trigger.compiled)
	if err := e.closed(m.TenantID, m.WorkflowID); err == nil {
		err = e.takeMail(ctx, job, p, trigger, settings, m)
		if err != nil {
			return e.keepMailError(m, err)
		}
		return nil
	} else if !fault.Is(err, fault.Forbidden) {
		return err
	}
	return s.Write(func(s *resource.Session) error { // what comes while the organization is closed waits in the mailbox
		if err := s.Jobs().Complete(job); err != nil {
			return err
		}
		return lookForMail(s, m.WorkflowID, m.NodeID, s.Now.Add(time.Duration(settings.Minutes)*time.Minute))
	})
}

func (e *Engine) takeMail(ctx context.Context, job jobs.Job, p *program, trigger *unit, settings *node.Inbox, m *mailbox) error {
	password, err := e.secret(m.TenantID, settings.Secret)
	if err != nil {
		return err
	}
	box, err := inbox.Open(ctx, e.services.HTTP, settings.Account(password))
	if err != nil {
		return err
	}
	defer box.Close()
	messages, now, more, err := box.Read(inbox.Position{Validity: uint32(m.Validity), UID: uint32(m.UID)}, settings.Unread)
	if err != nil {
		return err
	}
	var rows []Execution
	var taken []inbox.Message
	for _, message := range messages {
		if message.Raw != nil && len(message.Raw) == 0 {
			continue // somebody deleted it meanwhile
		}
		item := mailItem(message)
		if !settings.Wants(item) {
			continue
		}
		taken = append(taken, message)
		row, err := e.newStoredRow(p, Start{Trigger: "mail", NodeID: trigger.ID, Input: []value.Item{{JSON: item}}})
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	if err := e.session(m.TenantID, "", "").Write(func(s *resource.Session) error {
		for i := range rows {
			if err := e.plan(s, &rows[i]); err != nil {
				return err
			}
		}
		if _, err := s.Change(mailboxes, []resource.Pair{
			{Column: "validity", Value: int64(now.Validity)},
			{Column: "uid", Value: int64(now.UID)},
			{Column: "checked_at", Value: s.Now},
			{Column: "error", Value: ""},
		}, []resource.Pair{{Column: "n", Value: m.N}}); err != nil {
			return err
		}
		if err := s.Jobs().Complete(job); err != nil {
			return err
		}
		next := s.Now
		if !more {
			next = next.Add(time.Duration(settings.Minutes) * time.Minute)
		}
		return lookForMail(s, m.WorkflowID, m.NodeID, next)
	}); err != nil {
		return err
	}
	e.alarm.Set()
	if err := box.Dispose(taken, settings.Disposal()); err != nil { // what they started is on disk, and nothing is to be undone
		e.kernel.Log().Warn("messages that were read stay as they were", "workflow", m.WorkflowID, "tenant", m.TenantID, "error", err)
	}
	return nil
}

// mailItem is what a message starts a workflow with. One that is too large comes without its content, and one that can't be read as a
// file.
func mailItem(m inbox.Message) value.Value {
	size := value.Member{Key: "size", Value: value.Int(m.Size)}
	if m.Raw == nil {
		return value.Object(value.Member{Key: "too_large", Value: value.Bool(true)}, size)
	}
	item, err := content.Mail(m.Raw)
	if err != nil {
		file := content.File{Name: "message.eml", MediaType: "message/rfc822", Body: m.Raw}
		return value.Object(value.Member{Key: "unreadable", Value: value.Bool(true)}, size, value.Member{Key: "file", Value: file.Value()})
	}
	return item
}

// keepMailError shows on the workflow's page why its mailbox can't be read.
func (e *Engine) keepMailError(m *mailbox, cause error) error {
	err := e.session(m.TenantID, "", "").Write(func(s *resource.Session) error {
		_, err := s.Change(mailboxes, []resource.Pair{
			{Column: "checked_at", Value: s.Now},
			{Column: "error", Value: fault.Public(cause).Message},
		}, []resource.Pair{{Column: "n", Value: m.N}})
		return err
	})
	if err != nil {
		e.kernel.Log().Warn("the failure of a mailbox could not be stored", "workflow", m.WorkflowID, "tenant", m.TenantID, "error", err)
	}
	return cause
}

// MailboxState is how the reading of a mail trigger goes.
type MailboxState struct {
	NodeID    string     `json:"node_id"`
	CheckedAt field.Time `json:"checked_at"`
	// Error is why the last look failed, empty for a success.
	Error string `json:"error"`
}

// Mailboxes tells of the mail triggers of an enabled workflow.
func Mailboxes(s *resource.Session, workflow string) ([]MailboxState, error) {
	return resource.Select[MailboxState](s, "SELECT node_id, checked_at, error FROM {mailbox} WHERE workflow_id = ? ORDER BY n", workflow)
}
