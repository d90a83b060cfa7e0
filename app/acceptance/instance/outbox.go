package instance

import "time"

// OutboxMail is a row of the outbox.
type OutboxMail struct {
	ID, Channel, State, Error, Text, Link string
	Attempts                              int
}

// NewestMail reads the newest mail until it is as wanted.
func (c *Client) NewestMail(wanted func(OutboxMail) bool) OutboxMail {
	c.Instance.T.Helper()
	var mails []OutboxMail
	for late := time.Now().Add(Patience); time.Now().Before(late); {
		c.Must(c.Call("GET", "admin/outbox?limit=1", nil), 200, &mails)
		if len(mails) == 1 && wanted(mails[0]) {
			return mails[0]
		}
	}
	c.Instance.T.Fatalf("the newest mail is %+v", mails)
	return OutboxMail{}
}
