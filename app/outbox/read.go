package outbox

import (
	"context"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Only operators read the outbox. It holds links and codes by which accounts are entered, which are shown only where Zygo can't
// send them, so that an operator has to pass them on.
func (o *Outbox) operators(s *resource.Session) (*resource.Session, error) {
	if err := Messages.Require(s, resource.Get); err != nil {
		return nil, err
	}
	return o.system(s.Context).As(s.Actor, s.Origin), nil
}

// withJob reads messages with how far they have come. An attempt counts when it has ended, and one whose job was cancelled failed.
const withJob = `SELECT m.*, CASE WHEN j.id IS NULL THEN 'kept' WHEN j.ended_at IS NULL THEN 'waiting' WHEN j.state = 'done' THEN 'sent' ELSE 'failed' END AS state,
	CASE WHEN j.state = 'running' THEN j.attempts - 1 ELSE coalesce(j.attempts, 0) END AS attempts, coalesce(j.error, '') AS error, coalesce(j.due_at, m.created_at) AS due_at, CASE WHEN j.state = 'done' THEN j.ended_at END AS sent_at
	FROM {message} m LEFT JOIN {job} j ON j.id = m.id`

// Get reads one message with what it says, which is recorded. Its link or code stands in it only where nothing sends it.
func (o *Outbox) Get(s *resource.Session, id string) (Message, error) {
	system, err := o.operators(s)
	if err != nil {
		return Message{}, err
	}
	message, err := o.get(system, id)
	if err == nil && !o.Sends(message.Channel) {
		err = o.reveal(system, &message)
	}
	if err != nil {
		return Message{}, err
	}
	return message, system.Record("message", "read", message.ID, resource.Success)
}

func (o *Outbox) get(system *resource.Session, id string) (Message, error) {
	message, err := resource.SelectOne[Message](system, withJob+" WHERE m.id = ?", id)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "There is no such message; they are kept for 30 days.")
	}
	return message, err
}

// Says tells whether a message has all that it says. It lacks its link or code once it is sent, or when that has ended.
func (m *Message) Says() bool {
	return *m.secret() != "" || len(m.Secret) > 0 || m.Channel == Email && m.Until == 0
}

// SendAgain hands a message that failed, was kept or waits over once more.
func (o *Outbox) SendAgain(s *resource.Session, id string) error {
	system, err := o.operators(s)
	if err != nil {
		return err
	}
	message, err := o.get(system, id)
	if err != nil {
		return err
	}
	switch {
	case !message.Says():
		return fault.New(fault.Conflict,
			"The link or code of this message is not kept any more, because it was sent or has ended. Let %s ask for another one.",
			message.Recipient)
	case o.Sends(message.Channel):
	case message.Channel == SMS:
		return fault.New(fault.Conflict, "This instance sends no text messages. Set sms.account_sid, or pass the code on yourself.")
	default:
		return fault.New(fault.Conflict, "This instance has no mail server. Set mail.host, or pass the link on yourself.")
	}
	return system.Write(func(s *resource.Session) error {
		again := s.Jobs().Retry(message.ID)
		if fault.Is(again, fault.NotFound) {
			again = handOver(s, message) // it was kept
		}
		if again != nil {
			return again
		}
		return s.Record("message", "sent_again", message.ID, resource.Success)
	})
}

// forgotten takes the secret of a message away.
var forgotten = resource.Pair{Column: "secret", Value: field.Secret("")}

// forgetAtOnce bounds one transaction of Forget.
const forgetAtOnce = 1000

// Forget removes what is older than 30 days, and the secrets that have ended.
func (o *Outbox) Forget(ctx context.Context) error {
	return o.system(ctx).Write(func(s *resource.Session) error {
		if err := s.Prune(messages, "created_at", int64(s.Now.Add(-life)), forgetAtOnce); err != nil {
			return err
		}
		ended, err := resource.Select[int64](s, "SELECT n FROM {message} WHERE "+holdsSecret+" AND until < ? ORDER BY until LIMIT ?",
			s.Now, forgetAtOnce)
		if err != nil {
			return err
		}
		for _, n := range ended {
			if _, err := s.Change(messages, []resource.Pair{forgotten}, []resource.Pair{{Column: "n", Value: n}}); err != nil {
				return err
			}
		}
		return nil
	})
}
