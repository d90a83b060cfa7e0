package account

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// setUpPhone sends a code and asks for it.
func setUpPhone(v *web.Visit) (*edge.Response, error) {
	number := v.Form.Get("phone")
	sent, err := v.Site.Identity.Credentials.SetUpPhone(v.Person, number)
	if fault.Is(err, fault.RateLimited) && v.Form.Has("phone_code") {
		slowed := fault.Public(err)
		response, err := phoneAsks(v, number, &markup.Strip{Tone: markup.Bad, Text: slowed.Message}, edge.Status(slowed.Code))
		if err == nil {
			response.Comeback(slowed)
		}
		return response, err
	}
	if err != nil {
		return refusedPhone(v, err, number)
	}
	return phoneAsks(v, number, v.Site.CodeNotice(sent), http.StatusOK)
}

// phoneAsks shows the page with the field for the code.
func phoneAsks(v *web.Visit, number string, notice *markup.Strip, status int) (*edge.Response, error) {
	page, err := factorsPage(v)
	if err != nil {
		return nil, err
	}
	field := web.CodeField("phone_code", "Code of the text message")
	page.PhoneCode, page.Number, page.Notice = &field, number, notice
	return v.Show(status, *page)
}

// refusedPhone shows the page again with what is wrong with a number.
func refusedPhone(v *web.Visit, err error, number string) (*edge.Response, error) {
	if web.IsStale(err) {
		return nil, err
	}
	public := fault.Public(err)
	if public.Code == fault.Internal {
		return nil, err
	}
	page, failed := factorsPage(v)
	if failed != nil {
		return nil, failed
	}
	page.Phone = phoneField(number)
	if message, ok := web.FieldErrors(err)["phone"]; ok {
		page.Phone.Error = web.Sentence("Phone", message)
	} else {
		page.Notice = &markup.Strip{Tone: markup.Bad, Text: public.Message}
	}
	return v.ShowRefused(public, *page)
}

func enrolPhone(v *web.Visit) (*edge.Response, error) {
	enrolled, err := v.Site.Identity.Credentials.EnrolPhone(v.Person, v.Form.Get("phone_code"))
	if err != nil {
		return refusedFactor(v, err, func(page *FactorsPage, errors map[string]string) {
			field := web.CodeField("phone_code", "Code of the text message")
			field.Error = web.Sentence("Code", errors["code"])
			page.PhoneCode, page.Number = &field, v.Form.Get("phone")
		})
	}
	return showEnrolled(v, enrolled, "The phone is set up. Each sign-in asks for a code from now on.")
}

func removePhone(v *web.Visit) (*edge.Response, error) {
	return edge.Redirect(web.FactorsPath), v.Site.Identity.Credentials.RemovePhone(v.Person)
}
