package outbox

import (
	"context"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/outgoing"
	"zygo/app/resource"
)

const (
	// delay before the first repetition; each further one doubles it, up to longestDelay.
	firstDelay   = 30 * time.Second
	longestDelay = 4 * time.Hour
	// mostAttempts spreads over about a day.
	mostAttempts = 15
	// longestSleep bounds one sleep, so that a clock that jumps is noticed.
	longestSleep = time.Minute
	// breath bounds how often commits of others make the courier look.
	breath     = 50 * time.Millisecond
	sendAtOnce = 20
)

// SendMails hands mails to the mail server as they become due, until the context ends.
func (o *Outbox) SendMails(ctx context.Context) { o.run(ctx, Email) }

// SendNotes hands text messages to Twilio as they become due, until the context ends. They go beside the mails, so that a slow
// mail server holds no code up.
func (o *Outbox) SendNotes(ctx context.Context) { o.run(ctx, SMS) }

// run sends the messages of one channel. One is marked after the other side took it: if the process dies in between it is
// sent again, a mail with the same Message-ID.
func (o *Outbox) run(ctx context.Context, by Channel) {
	if !o.Sends(by) {
		return
	}
	for ctx.Err() == nil {
		changed := o.kernel.Changed()
		next, err := o.deliver(ctx, by)
		if err != nil && ctx.Err() == nil {
			o.kernel.Log().Error("the outbox can't be worked on", "error", err)
		}
		sleep := longestSleep
		if next != 0 {
			sleep = min(max(next.Sub(o.kernel.Now()), 0), longestSleep)
		}
		wait(ctx, changed, sleep)
		wait(ctx, nil, breath)
	}
}

func wait(ctx context.Context, changed <-chan struct{}, sleep time.Duration) {
	timer := time.NewTimer(sleep)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-changed:
	case <-timer.C:
	}
}

// deliver sends what is due and tells when the next message is, 0 for none.
func (o *Outbox) deliver(ctx context.Context, by Channel) (field.Time, error) {
	system := o.system(ctx)
	due, err := resource.Select[Message](system, "SELECT * FROM {message} WHERE state = 'waiting' AND channel = ? AND due_at <= ? ORDER BY due_at LIMIT ?", by, system.Now, sendAtOnce)
	if err != nil {
		return 0, err
	}
	for _, message := range due {
		if err := o.send(ctx, message); err != nil {
			return 0, err
		}
	}
	next, err := resource.Select[field.Time](system, "SELECT due_at FROM {message} WHERE state = 'waiting' AND channel = ? ORDER BY due_at LIMIT 1", by)
	if err != nil || len(next) == 0 {
		return 0, err
	}
	return next[0], nil
}

func (o *Outbox) send(ctx context.Context, m Message) error {
	m.Attempts++
	if m.Until != 0 && o.kernel.Now() > m.Until {
		return o.mark(ctx, m, Failed, "It could not be sent before its link or code ended.")
	}
	err := o.hand(ctx, m)
	switch {
	case err == nil:
		// The other side has it: a stop that comes now must not send it twice.
		return o.mark(context.WithoutCancel(ctx), m, Sent, "")
	case ctx.Err() != nil:
		return ctx.Err() // the instance stops; the message waits
	}
	o.kernel.Log().Warn("a message was not sent", "message", m.ID, "channel", m.Channel, "attempt", m.Attempts, "error", err)
	if fault.Is(err, fault.Invalid) || m.Attempts >= mostAttempts {
		return o.mark(ctx, m, Failed, fault.Public(err).Message)
	}
	return o.mark(ctx, m, Waiting, fault.Public(err).Message)
}

// hand gives a message to whoever brings it to its recipient.
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
	_, err = o.mailer.Send(ctx, outgoing.Message{ID: "outbox " + m.ID, Sender: m.Sender, To: []string{m.Recipient}, Subject: m.Subject, Text: text, HTML: html})
	return err
}

// mark keeps what became of an attempt, and forgets the secret of what is sent. The ledger names what caused the message, and not
// each attempt to send it.
func (o *Outbox) mark(ctx context.Context, m Message, state State, text string) error {
	set := []resource.Pair{{Column: "state", Value: string(state)}, {Column: "attempts", Value: m.Attempts}, {Column: "error", Value: text}}
	now := o.kernel.Now()
	switch state {
	case Waiting:
		set = append(set, resource.Pair{Column: "due_at", Value: now.Add(min(firstDelay<<min(m.Attempts-1, 20), longestDelay))})
	case Sent:
		set = append(set, resource.Pair{Column: "sent_at", Value: now}, forgotten)
	}
	return o.system(ctx).Write(func(s *resource.Session) error {
		_, err := s.Change(messages, set, []resource.Pair{{Column: "id", Value: m.ID}})
		return err
	})
}
