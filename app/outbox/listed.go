package outbox

import (
	"zygo/app/field"
	"zygo/app/resource"
)

// Listed is a message as operators list it, without what it says.
type Listed struct {
	N         int64
	ID        string
	Subject   string     `z:"list,search"`
	State     State      `z:"list"`
	Recipient string     `z:"list,search,label=To"`
	Channel   Channel    `z:"list,label=By"`
	Attempts  int        `z:"filter"`
	Error     string     `z:"list"`
	DueAt     field.Time `z:"filter"`
	Until     field.Time `z:"filter"`
	SentAt    field.Time `z:"filter"`
	CreatedAt field.Time `z:"list"`
}

// Messages are the mails and text messages of the last 30 days.
var Messages = resource.Kind[Listed]{
	Name: "outbox_message", Label: "outbox message", Path: "admin/outbox", Area: "Operator", Icon: "mail", State: "state", Operators: true,
	Help: "Every mail and text message that Zygo sends stands here for 30 days.",
	From: "SELECT n, id, subject, state, recipient, channel, attempts, error, due_at, until, sent_at, created_at FROM (" + withJob + ")",
}

// Choices are the states with their colours.
func (State) Choices() []field.Choice {
	return []field.Choice{
		{Value: string(Waiting), Label: "Waiting", Tone: "blue"},
		{Value: string(Failed), Label: "Failed", Tone: "red"},
		{Value: string(Kept), Label: "Kept", Tone: "amber"},
		{Value: string(Sent), Label: "Sent", Tone: "green"},
	}
}

// Choices are the ways of messages.
func (Channel) Choices() []field.Choice {
	return []field.Choice{{Value: string(Email), Label: "E-mail"}, {Value: string(SMS), Label: "Text message"}}
}
