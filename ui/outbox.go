package ui

import (
	"fmt"
	"net/http"

	"zygo/app/edge"
	"zygo/app/outbox"
)

const outboxPath = "/admin/outbox"

// messageStates are the states of a message in words.
var messageStates = map[outbox.State]Badge{outbox.Waiting: {Info, "Waiting"}, outbox.Sent: {Good, "Sent"}, outbox.Failed: {Bad, "Failed"}, outbox.Kept: {Warn, "Kept"}}

// channels are the ways of messages in words.
var channels = map[outbox.Channel]string{outbox.Email: "E-mail", outbox.SMS: "Text message"}

// showOutbox lists the messages of the instance, for its operators.
func (s *Site) showOutbox(v *visit) (*edge.Response, error) {
	before, err := v.cursorOf()
	if err != nil {
		return nil, err
	}
	messages, err := s.outbox.List(v.person.Session, before, listRows+1)
	if err != nil {
		return nil, err
	}
	page := &ListPage{Shell: v.shell("Outbox"), Heading: "Outbox", Path: outboxPath, Self: v.Path + queryText(v.Query), Notice: s.keeping(),
		Empty: Empty{Icon: "mail", Title: "No messages yet", Text: "Every mail and text message that Zygo sends stands here for 30 days."}}
	messages = byKey(page, v, messages, before, func(m outbox.Message) int64 { return m.N })
	page.Table = &Table{Caption: "Outbox", Columns: []Column{{Label: "Subject"}, {Label: "State", State: true}, {Label: "To"}, {Label: "By", Leaves: 2}, {Label: "Created", Leaves: 1}}}
	for _, message := range messages {
		page.Table.Rows = append(page.Table.Rows, Row{ID: message.ID, Label: message.Subject, Href: outboxPath + "/" + message.ID, Cause: message.Error,
			Cells: []Cell{Text(message.Subject), messageStates[message.State], Text(message.Recipient), Text(channels[message.Channel]), Time(message.CreatedAt.Go())}})
	}
	return v.show(http.StatusOK, page)
}

// keeping tells what this instance does not send.
func (s *Site) keeping() *Strip {
	mails, texts := s.outbox.Sends(outbox.Email), s.outbox.Sends(outbox.SMS)
	switch {
	case mails && texts:
		return nil
	case mails:
		return &Strip{Tone: Info, Text: "This instance sends no text messages, so they are kept here.", Remedy: "Set sms.account_sid, or pass the codes in them on yourself."}
	case texts:
		return &Strip{Tone: Warn, Text: "This instance has no mail server, so its mails are kept here.", Remedy: "Set mail.host, or pass the links in them on yourself."}
	}
	return &Strip{Tone: Warn, Text: "This instance has no mail server and sends no text messages, so both are kept here.", Remedy: "Set mail.host and sms.account_sid, or pass their links and codes on yourself."}
}

// showMessage shows what a message says, with its link to copy.
func (s *Site) showMessage(v *visit) (*edge.Response, error) {
	message, err := s.outbox.Get(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	page := &DetailPage{Shell: v.shell(message.Subject), Crumbs: []Crumb{{"Outbox", outboxPath}}, Heading: message.Subject, State: messageStates[message.State], Self: v.Path,
		Main: []Section{{Title: "Text", Text: message.Text}},
		Side: []Section{{Title: "Facts", Facts: []Fact{{"To", Text(message.Recipient)}, {"By", Text(channels[message.Channel])}, {"Created", Time(message.CreatedAt.Go())}, {"Attempts", Count(message.Attempts)}}}}}
	switch {
	case !s.outbox.Sends(message.Channel) && !message.Says():
		page.Main = append(page.Main, Section{Title: "Link or code", Text: "It has ended, and is not kept any more."})
	case s.outbox.Sends(message.Channel) && (message.Channel == outbox.SMS || message.Until != 0):
		page.Main = append(page.Main, Section{Title: "Link or code", Text: "Nobody but " + message.Recipient + " sees it. It is forgotten as soon as it is sent."})
	case message.Link != "":
		page.Main = append(page.Main, Section{Title: "Link", Code: &Code{ID: "link", Label: message.Action, Text: message.Link}})
	}
	switch message.State {
	case outbox.Sent:
		page.Side[0].Facts = append(page.Side[0].Facts, Fact{"Sent", Time(message.SentAt.Go())})
	case outbox.Waiting:
		page.Side[0].Facts = append(page.Side[0].Facts, Fact{"Next attempt", Time(message.DueAt.Go())})
	case outbox.Kept:
		page.Notice = &Strip{Tone: Warn, Text: "This mail was written without a mail server, and is kept here.", Remedy: "Pass its link on to " + message.Recipient + " yourself."}
		if message.Channel == outbox.SMS {
			page.Notice = &Strip{Tone: Warn, Text: "This text message was written without an account at Twilio, and is kept here.", Remedy: "Pass what it says on to " + message.Recipient + " yourself."}
		}
	}
	if message.Error != "" {
		page.Notice = &Strip{Tone: Bad, Text: fmt.Sprintf("Attempt %d failed: %s.", message.Attempts, message.Error)}
	}
	if s.outbox.Sends(message.Channel) && message.State != outbox.Waiting && message.Says() {
		page.Actions = []Action{{Label: "Send again", Icon: "send", Post: v.Path + "/send"}}
	}
	return v.show(http.StatusOK, page)
}

func (s *Site) sendAgain(v *visit) (*edge.Response, error) {
	if err := s.outbox.SendAgain(v.person.Session, v.Param("id")); err != nil {
		return nil, err
	}
	return edge.Redirect(outboxPath + "/" + v.Param("id")), nil
}
