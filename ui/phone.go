package ui

import (
	"fmt"
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/outbox"
)

// challengeText is the button of the challenge that asks for a code by text message.
const challengeText = "challenge_text"

func phoneField(number string) *FieldView {
	return &FieldView{Kind: FieldPhone, Name: "phone", Label: "Phone", Value: number, Required: true, Autocomplete: "tel", MaxLength: 40, Placeholder: "+49 30 123456", Help: "With the country's code."}
}

// setUpPhone sends a code and asks for it.
func (s *Site) setUpPhone(v *visit) (*edge.Response, error) {
	number := v.form.Get("phone")
	sent, err := s.accounts.SetUpPhone(v.person, number)
	if fault.Is(err, fault.RateLimited) && v.form.Has("phone_code") {
		slowed := fault.Public(err)
		response, err := v.phoneAsks(number, &Strip{Tone: Bad, Text: slowed.Message}, edge.Status(slowed.Code))
		if err == nil {
			response.Comeback(slowed)
		}
		return response, err
	}
	if err != nil {
		return v.refusedPhone(err, number)
	}
	return v.phoneAsks(number, s.codeNotice(sent), http.StatusOK)
}

// codeNotice says where a code went.
func (s *Site) codeNotice(sent *identity.CodeSent) *Strip {
	return s.delivered(outbox.SMS, Strip{Tone: Good, Text: fmt.Sprintf("A code went to %s. It works for %d minutes; after %d seconds you can ask for another.",
		sent.Phone, sent.ExpiresIn/60, sent.ResendIn)}, "This instance sends no text messages, so the code for "+sent.Phone+" waits in its outbox.")
}

// phoneAsks shows the page with the field for the code.
func (v *visit) phoneAsks(number string, notice *Strip, status int) (*edge.Response, error) {
	page, err := v.factorsPage()
	if err != nil {
		return nil, err
	}
	field := codeField("phone_code", "Code of the text message")
	page.PhoneCode, page.Number, page.Notice = &field, number, notice
	return v.show(status, *page)
}

// refusedPhone shows the page again with what is wrong with a number.
func (v *visit) refusedPhone(err error, number string) (*edge.Response, error) {
	if isStale(err) {
		return nil, err
	}
	public := fault.Public(err)
	if public.Code == fault.Internal {
		return nil, err
	}
	page, failed := v.factorsPage()
	if failed != nil {
		return nil, failed
	}
	page.Phone = phoneField(number)
	if message, ok := fieldErrors(err)["phone"]; ok {
		page.Phone.Error = sentence("Phone", message)
	} else {
		page.Notice = &Strip{Tone: Bad, Text: public.Message}
	}
	return v.showRefused(public, *page)
}

func (s *Site) enrolPhone(v *visit) (*edge.Response, error) {
	enrolled, err := s.accounts.EnrolPhone(v.person, v.form.Get("phone_code"))
	if err != nil {
		return v.refusedFactor(err, func(page *FactorsPage, errors map[string]string) {
			field := codeField("phone_code", "Code of the text message")
			field.Error = sentence("Code", errors["code"])
			page.PhoneCode, page.Number = &field, v.form.Get("phone")
		})
	}
	return v.enrolled(enrolled, "The phone is set up. Each sign-in asks for a code from now on.")
}

func (s *Site) removePhone(v *visit) (*edge.Response, error) {
	return edge.Redirect(factorsPath), s.accounts.RemovePhone(v.person)
}

// textChallenge sends a code to whoever waits for the second factor of a sign-in.
func (s *Site) textChallenge(r *edge.Request, form url.Values) (*edge.Response, error) {
	sent, err := s.accounts.TextChallenge(r.Context, r.Kept(identity.ChallengeCookieName), r.Origin())
	if err != nil {
		return s.refusedChallenge(r, form, err)
	}
	page, refused, err := s.challengePage(r, form.Get("next"))
	if err != nil || refused != nil {
		return refused, err
	}
	page.Notice = s.codeNotice(sent)
	return s.show(r, http.StatusOK, page)
}

// textProof sends a code to somebody who proves again who they are, and keeps the form that waits for it.
func (v *visit) textProof(to string) (*edge.Response, error) {
	sent, err := v.site.accounts.TextProof(v.person)
	public := fault.Public(err)
	if err != nil && public.Code == fault.Internal {
		return nil, err
	}
	page := proofPage(v, to, v.repeated())
	if err != nil {
		page.Notice = &Strip{Tone: Bad, Text: public.Message}
		return v.showRefused(public, page)
	}
	page.Notice = v.site.codeNotice(sent)
	return v.show(http.StatusOK, page)
}
