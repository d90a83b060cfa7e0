package ui

import (
	"fmt"
	"net/http"
	"strconv"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/outbox"
)

const outboxPath = "/admin/outbox"

// mailStates are the states of a mail in words.
var mailStates = map[outbox.State]Badge{outbox.Waiting: {Info, "Waiting"}, outbox.Sent: {Good, "Sent"}, outbox.Failed: {Bad, "Failed"}, outbox.Kept: {Warn, "Kept"}}

// showOutbox lists the mails of the instance, for its operators.
func (s *Site) showOutbox(v *visit) (*edge.Response, error) {
	before, err := int64(0), error(nil)
	if text := v.Query.Get("cursor"); text != "" {
		if before, err = strconv.ParseInt(text, 10, 64); err != nil {
			return nil, fault.New(fault.BadRequest, "The cursor is not one of this list. Start again without it.")
		}
	}
	mails, err := s.outbox.List(v.person.Session, before, listRows+1)
	if err != nil {
		return nil, err
	}
	page := &ListPage{Shell: v.shell("Outbox"), Heading: "Outbox", Path: outboxPath, Self: v.Path + queryText(v.Query),
		Empty: Empty{Icon: "mail", Title: "No mails yet", Text: "Every mail that Zygo sends stands here for 30 days."}}
	if !s.outbox.Sends() {
		page.Notice = &Strip{Tone: Warn, Text: "This instance has no mail server, so its mails are kept here.", Remedy: "Set mail.host, or pass the links in them on yourself."}
	}
	if len(mails) > listRows {
		mails = mails[:listRows]
		page.Paging.NextHref = outboxPath + "?cursor=" + strconv.FormatInt(mails[listRows-1].N, 10)
	}
	if before > 0 {
		page.Paging.PreviousHref = outboxPath
	}
	page.Total = strconv.Itoa(len(mails))
	page.Paging.From, page.Paging.To, page.Paging.Total = 1, len(mails), "this page"
	page.Table = &Table{Caption: "Outbox", Columns: []Column{{Label: "Subject"}, {Label: "State", State: true}, {Label: "To"}, {Label: "Created", Leaves: 1}}}
	for _, mail := range mails {
		page.Table.Rows = append(page.Table.Rows, Row{ID: mail.ID, Label: mail.Subject, Href: outboxPath + "/" + mail.ID, Cause: mail.Error,
			Cells: []Cell{Text(mail.Subject), mailStates[mail.State], Text(mail.Recipient), Time(mail.CreatedAt.Go())}})
	}
	return v.show(http.StatusOK, page)
}

// showMail shows what a mail says, with its link to copy.
func (s *Site) showMail(v *visit) (*edge.Response, error) {
	mail, err := s.outbox.Get(v.person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	page := &DetailPage{Shell: v.shell(mail.Subject), Crumbs: []Crumb{{"Outbox", outboxPath}}, Heading: mail.Subject, State: mailStates[mail.State], Self: v.Path,
		Main: []Section{{Title: "Text", Text: mail.Text}},
		Side: []Section{{Title: "Facts", Facts: []Fact{{"To", Text(mail.Recipient)}, {"Created", Time(mail.CreatedAt.Go())}, {"Attempts", Count(mail.Attempts)}}}}}
	if mail.Link != "" {
		page.Main = append(page.Main, Section{Title: "Link", Code: &Code{ID: "link", Label: mail.Action, Text: mail.Link}})
	}
	switch mail.State {
	case outbox.Sent:
		page.Side[0].Facts = append(page.Side[0].Facts, Fact{"Sent", Time(mail.SentAt.Go())})
	case outbox.Waiting:
		page.Side[0].Facts = append(page.Side[0].Facts, Fact{"Next attempt", Time(mail.DueAt.Go())})
	case outbox.Kept:
		page.Notice = &Strip{Tone: Warn, Text: "This mail was written without a mail server, and is kept here.", Remedy: "Pass its link on to " + mail.Recipient + " yourself."}
	}
	if mail.Error != "" {
		page.Notice = &Strip{Tone: Bad, Text: fmt.Sprintf("Attempt %d failed: %s.", mail.Attempts, mail.Error)}
	}
	if s.outbox.Sends() && mail.State != outbox.Waiting {
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
