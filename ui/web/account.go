package web

import (
	"net/http"
	"slices"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/ui/markup"
)

// AccountTabs lead from one page on which people change their own account to the next.
var AccountTabs = []markup.Tab{
	{Label: "Profile", Href: "/settings/profile", Icon: "user"},
	{Label: "E-mail", Href: "/settings/email", Icon: "mail"},
	{Label: "Preferences", Href: "/settings/preferences", Icon: "monitor"},
	{Label: "Security", Href: "/settings/security", Icon: "lock"},
	{Label: "Second factors", Href: FactorsPath, Icon: "shield-check"},
	{Label: "Connected accounts", Href: ConnectedPath, Icon: "link"},
	{Label: "Sessions", Href: SessionsPath, Icon: "clock"},
	{Label: "Organizations", Href: OrganizationsPath, Icon: "building-2"},
	{Label: "Your data", Href: DataPath, Icon: "database"},
}

// TabsAt are the tabs with the one of a path marked.
func TabsAt(path string) []markup.Tab {
	tabs := slices.Clone(AccountTabs)
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == path
	}
	return tabs
}

// AccountForm is a page of the account with one form.
func (v *Visit) AccountForm(path, heading, submit string, fields ...markup.FieldView) *markup.FormPage {
	page := &markup.FormPage{
		Shell:   v.Shell(heading),
		Crumbs:  []markup.Crumb{{Label: "Your account", Href: "/settings/profile"}},
		Heading: heading,
		Submit:  submit,
		Action:  path,
		Cancel:  "/dashboard",
		Tabs:    TabsAt(path),
	}
	group := markup.FieldGroup{}
	for _, field := range fields {
		group.Rows = append(group.Rows, []markup.FieldView{field})
	}
	page.Groups = []markup.FieldGroup{group}
	return page
}

// Done shows a form after what it asked for was done, or with what is wrong.
func (v *Visit) Done(page *markup.FormPage, said string, err error) (*edge.Response, error) {
	if err == nil {
		page.Notice = &markup.Strip{Tone: markup.Good, Text: said}
		return v.Show(http.StatusOK, page)
	}
	public := fault.Public(err)
	errors := FieldErrors(err)
	switch {
	case IsStale(err):
		return nil, err
	case public.Code == fault.Internal:
		return nil, err
	case errors == nil:
		page.Notice = &markup.Strip{Tone: markup.Bad, Text: public.Message}
	}
	for _, row := range page.Groups[0].Rows {
		if message, ok := errors[row[0].Name]; ok {
			row[0].Error = Sentence(row[0].Label, message)
		}
	}
	return v.ShowRefused(public, page)
}

// Offering makes a field a choice.
func Offering(field markup.FieldView, options []markup.Option) markup.FieldView {
	field.Kind, field.Required, field.Options = markup.FieldSelect, true, Chosen(options, field.Value)
	return field
}

// Chosen marks the option of a value, and adds one where nothing has it, so that no value is lost by being shown.
func Chosen(options []markup.Option, value string) []markup.Option {
	marked := append([]markup.Option(nil), options...)
	for i := range marked {
		if marked[i].Value == value {
			marked[i].Chosen = true
			return marked
		}
	}
	return append(marked, markup.Option{Value: value, Label: value, Chosen: true})
}
