package outbox

import (
	"context"
	"math"

	"zygo/app/fault"
	"zygo/app/resource"
)

// The outbox holds links by which accounts are entered, so only operators read it.
func (o *Outbox) operators(s *resource.Session) (*resource.Session, error) {
	if !s.Operator {
		return nil, fault.New(fault.Forbidden, "Only operators of this instance may read its outbox.")
	}
	return o.kernel.System(s.Context, "mails belong to the instance").As(s.Actor, s.Origin), nil
}

// List reads the mails before one of them, or the newest where that is 0, newest first and without what they say.
func (o *Outbox) List(s *resource.Session, before int64, limit int) ([]Mail, error) {
	system, err := o.operators(s)
	if err != nil {
		return nil, err
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	return resource.Select[Mail](system, `SELECT n, id, recipient, subject, '' AS text, '' AS action, '' AS link, state, attempts, error, created_at, due_at, until, sent_at
		FROM {mail} WHERE n < ? ORDER BY n DESC LIMIT ?`, before, limit)
}

// Get reads one mail with what it says.
func (o *Outbox) Get(s *resource.Session, id string) (Mail, error) {
	system, err := o.operators(s)
	if err != nil {
		return Mail{}, err
	}
	mail, err := resource.SelectOne[Mail](system, "SELECT * FROM {mail} WHERE id = ?", id)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "There is no such mail; mails are kept for 30 days.")
	}
	return mail, err
}

// SendAgain hands a mail that failed, was kept or got lost to the mail server once more.
func (o *Outbox) SendAgain(s *resource.Session, id string) error {
	mail, err := o.Get(s, id)
	if err != nil {
		return err
	}
	if !o.Sends() {
		return fault.New(fault.Conflict, "This instance has no mail server. Set mail.host, or pass the link on yourself.")
	}
	system, err := o.operators(s)
	if err != nil {
		return err
	}
	return system.Write(func(s *resource.Session) error {
		_, err := s.Change(mails, []resource.Pair{{Column: "state", Value: string(Waiting)}, {Column: "attempts", Value: 0}, {Column: "error", Value: ""}, {Column: "due_at", Value: s.Now}, {Column: "until", Value: nil}},
			[]resource.Pair{{Column: "id", Value: mail.ID}})
		if err != nil {
			return err
		}
		return s.Record("mail", "sent_again", mail.ID, resource.Success)
	})
}

// forgetAtOnce bounds one transaction of Forget.
const forgetAtOnce = 1000

// Forget removes what is older than 30 days.
func (o *Outbox) Forget(ctx context.Context) error {
	system := o.kernel.System(ctx, "mails belong to the instance")
	return system.Write(func(s *resource.Session) error {
		old, err := resource.Select[int64](s, "SELECT n FROM {mail} WHERE created_at < ? ORDER BY created_at LIMIT ?", s.Now.Add(-life), forgetAtOnce)
		if err != nil {
			return err
		}
		for _, n := range old {
			if _, err := s.Erase(mails, resource.Pair{Column: "n", Value: n}); err != nil {
				return err
			}
		}
		return nil
	})
}
