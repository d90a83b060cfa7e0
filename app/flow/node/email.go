package node

import (
	"context"
	"fmt"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// Email sends a mail per item through the instance's mail server.
type Email struct {
	To      Recipients     `z:"required,max=100"`
	Cc      Recipients     `z:"max=100,fold"`
	Bcc     Recipients     `z:"max=100,fold"`
	ReplyTo string         `z:"max=320,fold"`
	Subject field.Exact    `z:"required,max=998"`
	Text    field.LongText `z:"max=1000000"`
	HTML    field.LongText `z:"max=1000000,fold,label=HTML,help=With a text too, the reader's program chooses."`
	// Attachments are files, or the names of fields that hold some.
	Attachments value.Value `z:"fold,help=Files such as {{ $json.body.cv }}, or the names of the fields that hold them, such as body.cv."`
}

// Recipients are addresses as people write them into a mail.
type Recipients []string

// Split cuts a text with several.
func (Recipients) Split(text string) []string { return outgoing.SplitAddresses(text) }

func email() *Type {
	return Declare(Type{
		Name: "email", Version: 1, Category: "integration", Title: "Send e-mail", Icon: "mail", Repeat: SafeWithKey,
		Help: "Sends a mail through the instance's mail server.",
	}, runEmail)
}

// CheckWritten refuses what is no address. What an expression gives is empty here.
func (p *Email) CheckWritten() error {
	return outgoing.CheckAddresses(map[string][]string{
		"to":       p.To,
		"cc":       p.Cc,
		"bcc":      p.Bcc,
		"reply_to": outgoing.SplitAddresses(p.ReplyTo),
	})
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
		room := c.carried()
		defer room.Reset()
		carried, err := files("attachments", p.Attachments, c.Items[item].JSON, room)
		if err != nil {
			return nil, err
		}
		var attachments []outgoing.Attachment
		for _, f := range carried {
			attachments = append(attachments, outgoing.Attachment{Name: f.Name, MediaType: f.MediaType, Body: f.Body})
		}
		id, err := c.Services.Mail.Send(ctx, outgoing.Message{
			ID:      fmt.Sprintf("%s:%d", c.Key, item),
			To:      p.To,
			Cc:      p.Cc,
			Bcc:     p.Bcc,
			ReplyTo: p.ReplyTo,
			Subject: string(p.Subject),
			Text:    string(p.Text),
			HTML:    string(p.HTML),

			Attachments: attachments,
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
