package ui

import (
	"fmt"
	"net/http"

	"zygo/app/edge"
	"zygo/app/outbox"
)

const outboxPath = "/admin/outbox"

// showOutbox lists the messages of the instance, for its operators.
func (s *Site) showOutbox(v *visit) (*edge.Response, error) {
	page, _, err := v.listPage(s.kind(outbox.Messages.Name))
	if err != nil {
		return nil, err
	}
	page.Notice = s.keeping()
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
	page, _, err := v.named(s.kind(outbox.Messages.Name))
	if err != nil {
		return nil, err
	}
	said := []Section{{Title: "Text", Text: message.Text}}
	switch {
	case !s.outbox.Sends(message.Channel) && !message.Says():
		said = append(said, Section{Title: "Link or code", Text: "It has ended, and is not kept any more."})
	case s.outbox.Sends(message.Channel) && (message.Channel == outbox.SMS || message.Until != 0):
		said = append(said, Section{Title: "Link or code", Text: "Nobody but " + message.Recipient + " sees it. It is forgotten as soon as it is sent."})
	case message.Link != "":
		said = append(said, Section{Title: "Link", Code: &Code{ID: "link", Label: message.Action, Text: message.Link}})
	}
	page.Main, page.Timeline = append(said, page.Main...), nil
	if message.State == outbox.Kept {
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
