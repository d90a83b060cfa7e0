package outbox

import (
	"context"
	"math"

	"zygo/app/fault"
	"zygo/app/resource"
)

// The outbox holds links and codes by which accounts are entered, so only operators read it.
func (o *Outbox) operators(s *resource.Session) (*resource.Session, error) {
	if !s.Operator {
		return nil, fault.New(fault.Forbidden, "Only operators of this instance may read its outbox.")
	}
	return o.kernel.System(s.Context, "messages belong to the instance").As(s.Actor, s.Origin), nil
}

// List reads the messages before one of them, or the newest where that is 0, newest first and without what they say.
func (o *Outbox) List(s *resource.Session, before int64, limit int) ([]Message, error) {
	system, err := o.operators(s)
	if err != nil {
		return nil, err
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	return resource.Select[Message](system, `SELECT n, id, channel, recipient, subject, '' AS text, '' AS action, '' AS link, state, attempts, error, created_at, due_at, until, sent_at
		FROM {message} WHERE n < ? ORDER BY n DESC LIMIT ?`, before, limit)
}

// Get reads one message with what it says.
func (o *Outbox) Get(s *resource.Session, id string) (Message, error) {
	system, err := o.operators(s)
	if err != nil {
		return Message{}, err
	}
	message, err := resource.SelectOne[Message](system, "SELECT * FROM {message} WHERE id = ?", id)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "There is no such message; they are kept for 30 days.")
	}
	return message, err
}

// SendAgain hands a message that failed, was kept or got lost over once more.
func (o *Outbox) SendAgain(s *resource.Session, id string) error {
	message, err := o.Get(s, id)
	if err != nil {
		return err
	}
	switch {
	case o.Sends(message.Channel):
	case message.Channel == SMS:
		return fault.New(fault.Conflict, "This instance sends no text messages. Set sms.account_sid, or pass the code on yourself.")
	default:
		return fault.New(fault.Conflict, "This instance has no mail server. Set mail.host, or pass the link on yourself.")
	}
	system, err := o.operators(s)
	if err != nil {
		return err
	}
	return system.Write(func(s *resource.Session) error {
		_, err := s.Change(messages, []resource.Pair{{Column: "state", Value: string(Waiting)}, {Column: "attempts", Value: 0}, {Column: "error", Value: ""}, {Column: "due_at", Value: s.Now}, {Column: "until", Value: nil}},
			[]resource.Pair{{Column: "id", Value: message.ID}})
		if err != nil {
			return err
		}
		return s.Record("message", "sent_again", message.ID, resource.Success)
	})
}

// forgetAtOnce bounds one transaction of Forget.
const forgetAtOnce = 1000

// Forget removes what is older than 30 days.
func (o *Outbox) Forget(ctx context.Context) error {
	system := o.kernel.System(ctx, "messages belong to the instance")
	return system.Write(func(s *resource.Session) error {
		old, err := resource.Select[int64](s, "SELECT n FROM {message} WHERE created_at < ? ORDER BY created_at LIMIT ?", s.Now.Add(-life), forgetAtOnce)
		if err != nil {
			return err
		}
		for _, n := range old {
			if _, err := s.Erase(messages, resource.Pair{Column: "n", Value: n}); err != nil {
				return err
			}
		}
		return nil
	})
}
