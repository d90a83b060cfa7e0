package account

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// dataForm is the page of what a person takes along and leaves.
func dataForm(v *web.Visit) *markup.FormPage {
	page := v.AccountForm(web.DataPath, "Your data", "Delete my account",
		markup.FieldView{
			Kind:         markup.FieldEmail,
			Name:         "email",
			Label:        "Type your address to delete your account",
			Required:     true,
			Autocomplete: "off",
			MaxLength:    254,
			Help: "It is " + v.Person.User.Email.String() +
				". Your sessions, factors, preferences, views and picture are erased at once and for good; the record of what happened keeps your name.",
		})
	page.Danger, page.Notice = true, notAtHome(v)
	page.Other = &markup.Link{Label: "Download your data", Href: web.DataPath + "/export"}
	return page
}

func data(v *web.Visit) (*edge.Response, error) { return v.Show(http.StatusOK, dataForm(v)) }

func deleteAccount(v *web.Visit) (*edge.Response, error) {
	err := v.Site.Identity.Accounts.Delete(v.Person, v.Form.Get("email"))
	if web.IsStale(err) {
		return nil, err
	}
	if err != nil {
		return v.Done(dataForm(v), "", err)
	}
	response := edge.Redirect("/login")
	response.SetCookie(v.Request, sessions.Cookie(""))
	response.Header.Set("Clear-Site-Data", `"cache", "storage"`)
	return response, nil
}

func exportData(v *web.Visit) (*edge.Response, error) {
	write, err := v.Site.Identity.Accounts.Export(v.Person)
	if err != nil {
		return nil, err
	}
	return edge.NewContent("application/json", operation.Content{Name: "zygo-account.json", Write: write}), nil
}
