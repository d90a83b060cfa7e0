package web

import (
	"fmt"
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/credentials"
	"zygo/app/outbox"
	"zygo/ui/markup"
)

// CodeNotice says where a code went.
func (s *Site) CodeNotice(sent *credentials.CodeSent) *markup.Strip {
	return s.Delivered(outbox.SMS, markup.Strip{
		Tone: markup.Good,
		Text: fmt.Sprintf("A code went to %s. It works for %d minutes; after %d seconds you can ask for another.",
			sent.Phone, sent.ExpiresIn/60, sent.ResendIn),
	}, "This instance sends no text messages, so the code for "+sent.Phone+" waits in its outbox.")
}

// The pages for somebody who can't sign in yet: a forgotten password, a new account, an address to confirm. A link in a mail
// leads to a page with a button, because programs that look into mails follow links and would use them up.

// backToSignIn stands under each of these pages.
var BackToSignIn = []markup.Link{{Label: "Back to the sign-in", Href: "/login"}}

// Standalone shows a page for nobody in particular; form serves what is sent from it, which no other site may send.
func (s *Site) Standalone(make func(r *edge.Request) markup.StandalonePage) edge.Handler {
	return s.Handle(func(s *Site, r *edge.Request) (*edge.Response, error) { return s.Show(r, http.StatusOK, make(r)) })
}

// Form serves what is sent from a page without a session, which no other site may send.
func (s *Site) Form(handle func(s *Site, r *edge.Request, form url.Values) (*edge.Response, error)) edge.Handler {
	return s.Handle(func(s *Site, r *edge.Request) (*edge.Response, error) {
		if err := edge.CheckSameOrigin(r); err != nil {
			return nil, err
		}
		form, err := SingleForm(r)
		if err != nil {
			return nil, err
		}
		return handle(s, r, form)
	})
}

// Refuse shows a page again with what is wrong: next to the fields, or above the button.
func (s *Site) Refuse(r *edge.Request, page markup.StandalonePage, err error) (*edge.Response, error) {
	public := fault.Public(err)
	if public.Code == fault.Internal {
		return nil, err
	}
	edge.LogFailure(s.Log, r, err)
	errors := FieldErrors(err)
	if errors == nil {
		page.Notice = &markup.Strip{Tone: markup.Bad, Text: public.Message}
	}
	if message, ok := errors["token"]; ok {
		page.Notice = &markup.Strip{Tone: markup.Bad, Text: Sentence("This link", message)}
	}
	for i, field := range page.Fields {
		if message, ok := errors[field.Name]; ok {
			page.Fields[i].Error = Sentence(field.Label, message)
		}
	}
	return s.ShowRefused(r, public, page)
}

// MailedPage is a page whose lead speaks of a mail. If the instance can't send it, the page says that instead.
func (s *Site) MailedPage(page markup.StandalonePage) markup.StandalonePage {
	if !s.Outbox.Sends(outbox.Email) {
		page.Lead, page.Notice = "", s.Delivered(outbox.Email, markup.Strip{}, LinkKept)
	}
	return page
}

// Delivered is what a page says after a message was written: said if the instance sends it, and otherwise where it is kept and who
// can pass it on.
func (s *Site) Delivered(by outbox.Channel, said markup.Strip, kept string) *markup.Strip {
	if s.Outbox.Sends(by) {
		return &said
	}
	return &markup.Strip{Tone: markup.Warn, Text: kept, Remedy: "Ask the operator of this instance to pass it on to you."}
}

// LinkKept says where a link waits on an instance without mail.
const LinkKept = "This instance sends no mail, so the link waits in its outbox."
