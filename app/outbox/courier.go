package outbox

import (
	"context"
	"time"

	"zygo/app/fault"
	"zygo/app/outgoing"
	"zygo/app/resource"
	"zygo/jobs"
)

// Jobs is the work of the outbox. Text messages have work of their own, so that a slow mail server holds no code up.
func (o *Outbox) Jobs() []jobs.Work {
	work := []jobs.Work{jobs.Hourly("forget-messages", o.Forget)}
	for _, channel := range []Channel{Email, SMS} {
		if o.Sends(channel) {
			// The job is kept longer than the message, whose state it is.
			work = append(work, jobs.Work{Name: channel.work(), Do: o.send, Keep: life + 24*time.Hour})
		}
	}
	return work
}

func (c Channel) work() string { return "send-" + string(c) }

func handOver(s *resource.Session, m Message) error {
	_, err := s.Jobs().Put(jobs.Job{ID: m.ID, Name: m.Channel.work(), Deadline: m.Until}, nil)
	return err
}

// send hands a message over, and forgets its secret then. If the process dies in between it is sent again, a mail with the same
// Message-ID. The ledger names what caused the message, and not each attempt to send it.
func (o *Outbox) send(ctx context.Context, job jobs.Job) error {
	message, err := o.get(o.system(ctx), job.ID)
	if fault.Is(err, fault.NotFound) {
		return nil // it was erased
	}
	if err == nil {
		err = o.hand(ctx, message)
	}
	if err != nil {
		return err
	}
	// The other side has it: a stop that comes now must not send it twice.
	return o.system(context.WithoutCancel(ctx)).Write(func(s *resource.Session) error {
		if _, err := s.Change(messages, []resource.Pair{forgotten}, []resource.Pair{{Column: "id", Value: message.ID}}); err != nil {
			return err
		}
		return s.Jobs().Complete(job)
	})
}

// hand gives a message to the mail server or to Twilio.
func (o *Outbox) hand(ctx context.Context, m Message) error {
	if err := o.reveal(o.system(ctx), &m); err != nil {
		return err
	}
	if m.Channel == SMS {
		return o.texter.Send(ctx, m.Recipient, m.Text)
	}
	text, html, err := o.bodies(m)
	if err != nil {
		return err
	}
	_, err = o.mailer.Send(ctx, outgoing.Message{
		ID:      "outbox " + m.ID,
		Sender:  m.Sender,
		To:      []string{m.Recipient},
		Subject: m.Subject,
		Text:    text,
		HTML:    html,
	})
	return err
}
