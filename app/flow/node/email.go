package node

import (
	"context"
	"fmt"

	"zygo/app/fault"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// Email sends a mail per item through the instance's mail server.
type Email struct {
	To      []string `z:"required,addresses,max=100"`
	Cc      []string `z:"addresses,max=100,fold"`
	Bcc     []string `z:"addresses,max=100,fold"`
	ReplyTo string   `z:"max=320,fold"`
	Subject string   `z:"required,max=998"`
	Text    string   `z:"long,max=1000000"`
	HTML    string   `z:"long,max=1000000,fold,label=HTML"`
}

func email() *Type {
	return Declare(Type{
		Name: "email", Version: 1, Category: "integration", Title: "Send e-mail", Icon: "mail", Repeat: SafeWithKey,
		Help: "Sends a mail through the instance's mail server.",
	}, runEmail)
}

// CheckWritten refuses what is no address. What an expression gives is empty here.
func (p *Email) CheckWritten() error {
	return outgoing.CheckAddresses(map[string][]string{"to": p.To, "cc": p.Cc, "bcc": p.Bcc, "reply_to": outgoing.SplitAddresses(p.ReplyTo)})
}

func runEmail(ctx context.Context, c *Call, parameters func(int) (*Email, error)) (Result, error) {
	if c.Services.Mail == nil {
		return Result{}, &Error{Code: "MAIL_NOT_SET_UP", Message: "This instance sends no e-mail: an operator has to set mail.host."}
	}
	return c.each(ctx, func(item int) ([]value.Value, error) {
		p, err := parameters(item)
		if err != nil {
			return nil, err
		}
		id, err := c.Services.Mail.Send(ctx, outgoing.Message{
			ID: fmt.Sprintf("%s:%d", c.Key, item), To: p.To, Cc: p.Cc, Bcc: p.Bcc, ReplyTo: p.ReplyTo, Subject: p.Subject, Text: p.Text, HTML: p.HTML,
		})
		if err != nil {
			if f, ok := fault.As(err); ok {
				err = &Error{Code: "MAIL", Message: f.Message, Retryable: f.Code == fault.Unavailable, Cause: err}
			}
			return nil, err
		}
		return []value.Value{value.Object(value.Member{Key: "message_id", Value: value.String(id)})}, nil
	})
}
