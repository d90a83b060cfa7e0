package ui

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/identity"
	"zygo/app/operation"
)

const dataPath = "/settings/data"

// dataForm is the page of what a person takes along and leaves.
func (v *visit) dataForm() *FormPage {
	page := v.accountForm(dataPath, "Your data", "Delete my account",
		FieldView{Kind: FieldEmail, Name: "email", Label: "Type your address to delete your account", Required: true, Autocomplete: "off", MaxLength: 254,
			Help: "It is " + v.person.User.Email.String() + ". Your sessions, factors, preferences, views and picture are erased at once and for good; the record of what happened keeps your name."})
	page.Danger, page.Notice = true, v.notAtHome()
	page.Other = &Link{"Download your data", dataPath + "/export"}
	return page
}

func (s *Site) data(v *visit) (*edge.Response, error) { return v.show(http.StatusOK, v.dataForm()) }

func (s *Site) deleteAccount(v *visit) (*edge.Response, error) {
	err := s.accounts.DeleteAccount(v.person, v.form.Get("email"))
	if isStale(err) {
		return nil, err
	}
	if err != nil {
		return v.done(v.dataForm(), "", err)
	}
	response := edge.Redirect("/login")
	response.SetCookie(v.Request, identity.SessionCookie(""))
	response.Header.Set("Clear-Site-Data", `"cache", "storage"`)
	return response, nil
}

func (s *Site) exportData(v *visit) (*edge.Response, error) {
	write, err := s.accounts.ExportAccount(v.person)
	if err != nil {
		return nil, err
	}
	return edge.NewContent("application/json", operation.Content{Name: "zygo-account.json", Write: write}), nil
}
