package console

import (
	"fmt"
	"net/http"

	"zygo/app/edge"
	"zygo/app/outbox"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
)

const outboxPath = "/admin/outbox"

// showOutbox lists the messages of the instance, for its operators.
func showOutbox(v *web.Visit) (*edge.Response, error) {
	page, _, err := kinds.ListPage(v, v.Site.Kind(outbox.Messages.Name))
	if err != nil {
		return nil, err
	}
	page.Notice = keeping(v.Site)
	return v.Show(http.StatusOK, page)
}

// keeping tells what this instance does not send.
func keeping(s *web.Site) *markup.Strip {
	mails, texts := s.Outbox.Sends(outbox.Email), s.Outbox.Sends(outbox.SMS)
	switch {
	case mails && texts:
		return nil
	case mails:
		return &markup.Strip{
			Tone:   markup.Info,
			Text:   "This instance sends no text messages, so they are kept here.",
			Remedy: "Set sms.account_sid, or pass the codes in them on yourself.",
		}
	case texts:
		return &markup.Strip{
			Tone:   markup.Warn,
			Text:   "This instance has no mail server, so its mails are kept here.",
			Remedy: "Set mail.host, or pass the links in them on yourself.",
		}
	}
	return &markup.Strip{
		Tone:   markup.Warn,
		Text:   "This instance has no mail server and sends no text messages, so both are kept here.",
		Remedy: "Set mail.host and sms.account_sid, or pass their links and codes on yourself.",
	}
}

// showMessage shows what a message says, with its link to copy.
func showMessage(v *web.Visit) (*edge.Response, error) {
	message, err := v.Site.Outbox.Get(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	page, _, err := kinds.Named(v, v.Site.Kind(outbox.Messages.Name))
	if err != nil {
		return nil, err
	}
	said := []markup.Section{{Title: "Text", Text: message.Text}}
	switch {
	case !v.Site.Outbox.Sends(message.Channel) && !message.Says():
		said = append(said, markup.Section{Title: "Link or code", Text: "It has ended, and is not kept any more."})
	case v.Site.Outbox.Sends(message.Channel) && (message.Channel == outbox.SMS || message.Until != 0):
		said = append(said, markup.Section{
			Title: "Link or code",
			Text:  "Nobody but " + message.Recipient + " sees it. It is forgotten as soon as it is sent.",
		})
	case message.Link != "":
		said = append(said, markup.Section{Title: "Link", Code: &markup.Code{ID: "link", Label: message.Action, Text: message.Link}})
	}
	page.Main, page.Timeline = append(said, page.Main...), nil
	if message.State == outbox.Kept {
		page.Notice = &markup.Strip{
			Tone:   markup.Warn,
			Text:   "This mail was written without a mail server, and is kept here.",
			Remedy: "Pass its link on to " + message.Recipient + " yourself.",
		}
		if message.Channel == outbox.SMS {
			page.Notice = &markup.Strip{
				Tone:   markup.Warn,
				Text:   "This text message was written without an account at Twilio, and is kept here.",
				Remedy: "Pass what it says on to " + message.Recipient + " yourself.",
			}
		}
	}
	if message.Error != "" {
		page.Notice = &markup.Strip{Tone: markup.Bad, Text: fmt.Sprintf("Attempt %d failed: %s.", message.Attempts, message.Error)}
	}
	if v.Site.Outbox.Sends(message.Channel) && message.State != outbox.Waiting && message.Says() {
		page.Actions = []markup.Action{{Label: "Send again", Icon: "send", Post: v.Path + "/send"}}
	}
	return v.Show(http.StatusOK, page)
}

func sendAgain(v *web.Visit) (*edge.Response, error) {
	if err := v.Site.Outbox.SendAgain(v.Person.Session, v.Param("id")); err != nil {
		return nil, err
	}
	return edge.Redirect(outboxPath + "/" + v.Param("id")), nil
}
