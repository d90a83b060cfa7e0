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

// Run hands mails to the mail server as they become due, until the context ends. A mail is marked after the server took it:
// if the process dies in between it is sent again, with the same Message-ID.
func (o *Outbox) Run(ctx context.Context) {
	if !o.Sends() {
		return
	}
	for ctx.Err() == nil {
		changed := o.kernel.Changed()
		next, err := o.deliver(ctx)
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

// deliver sends what is due and tells when the next mail is, 0 for none.
func (o *Outbox) deliver(ctx context.Context) (field.Time, error) {
	system := o.kernel.System(ctx, "mails belong to the instance")
	due, err := resource.Select[Mail](system, "SELECT * FROM {mail} WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at LIMIT ?", system.Now, sendAtOnce)
	if err != nil {
		return 0, err
	}
	for _, mail := range due {
		if err := o.send(ctx, mail); err != nil {
			return 0, err
		}
	}
	next, err := resource.Select[field.Time](system, "SELECT due_at FROM {mail} WHERE state = 'waiting' ORDER BY due_at LIMIT 1")
	if err != nil || len(next) == 0 {
		return 0, err
	}
	return next[0], nil
}

func (o *Outbox) send(ctx context.Context, mail Mail) error {
	mail.Attempts++
	if mail.Until != 0 && o.kernel.Now() > mail.Until {
		return o.mark(ctx, mail, Failed, "It could not be sent before its link ended.")
	}
	text, html, err := o.bodies(mail)
	if err != nil {
		return err
	}
	_, err = o.mailer.Send(ctx, outgoing.Message{ID: "outbox " + mail.ID, To: []string{mail.Recipient}, Subject: mail.Subject, Text: text, HTML: html})
	switch {
	case err == nil:
		return o.mark(ctx, mail, Sent, "")
	case ctx.Err() != nil:
		return ctx.Err() // the instance stops; the mail waits
	}
	o.kernel.Log().Warn("a mail was not sent", "mail", mail.ID, "attempt", mail.Attempts, "error", err)
	if fault.Is(err, fault.Invalid) || mail.Attempts >= mostAttempts {
		return o.mark(ctx, mail, Failed, fault.Public(err).Message)
	}
	return o.mark(ctx, mail, Waiting, fault.Public(err).Message)
}

// mark keeps what became of an attempt. The ledger names what caused the mail, and not each attempt to send it.
func (o *Outbox) mark(ctx context.Context, mail Mail, state State, message string) error {
	set := []resource.Pair{{Column: "state", Value: string(state)}, {Column: "attempts", Value: mail.Attempts}, {Column: "error", Value: message}}
	now := o.kernel.Now()
	switch state {
	case Waiting:
		set = append(set, resource.Pair{Column: "due_at", Value: now.Add(min(firstDelay<<min(mail.Attempts-1, 20), longestDelay))})
	case Sent:
		set = append(set, resource.Pair{Column: "sent_at", Value: now})
	}
	return o.kernel.System(ctx, "mails belong to the instance").Write(func(s *resource.Session) error {
		_, err := s.Change(mails, set, []resource.Pair{{Column: "id", Value: mail.ID}})
		return err
	})
}
