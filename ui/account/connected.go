package account

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/credentials"
	"zygo/app/identity/signin"
	"zygo/app/mailbox"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// connected shows the accounts at providers that sign the person in, and offers the others.
func connected(v *web.Visit) (*edge.Response, error) {
	page, err := connectedPage(v)
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

func connectedPage(v *web.Visit) (*markup.DetailPage, error) {
	ways, err := v.Site.Identity.Credentials.SignInMethods(v.Person)
	if err != nil {
		return nil, err
	}
	page := &markup.DetailPage{
		Shell:   v.Shell("Connected accounts"),
		Crumbs:  []markup.Crumb{{Label: "Your account", Href: "/settings/profile"}},
		Heading: "Connected accounts",
		Self:    web.ConnectedPath,
		Tabs:    web.TabsAt(web.ConnectedPath),
	}
	page.Notice = notAtHome(v)
	linked := map[string]bool{}
	for _, one := range ways.Connected {
		linked[one.Provider] = true
		page.Main = append(page.Main, connectedSection(v, one, ways))
	}
	for _, one := range v.Site.Identity.Credentials.Providers() {
		if !linked[one.Name] {
			page.Main = append(page.Main, markup.Section{Title: one.Label, Empty: "Not linked.",
				Action: &markup.Action{
					Label: "Link " + one.Label,
					Icon:  "link",
					Href:  web.Departure(one.Name, signin.SocialLink, web.ConnectedPath),
				}})
		}
	}
	if len(page.Main) == 0 {
		page.Main = []markup.Section{{Empty: "This instance offers no sign-in by another provider. Its operator can set one up."}}
	}
	return page, nil
}

func connectedSection(v *web.Visit, one credentials.ConnectedAccount, ways *credentials.SignInMethods) markup.Section {
	label := v.Site.Identity.Credentials.ProviderLabel(one.Provider)
	section := markup.Section{
		Title: label,
		Facts: []markup.Fact{
			{Label: "Address", Value: markup.Text(mailbox.Shown(one.Email))},
			{Label: "Linked", Value: markup.Time(one.CreatedAt.Go())},
			{Label: "Last used", Value: markup.Time(one.UsedAt.Go())},
		},
		Action: &markup.Action{Label: "Unlink " + label, Icon: "unlink", Post: web.ConnectedPath + "/" + one.Provider + "/unlink",
			Confirm: &markup.Confirm{Title: "Unlink " + label, Body: "It signs you in no more. You can link it again."}},
	}
	if ways.Count() <= 1 {
		section.Text = "This is your only way to sign in. Set a password under Security, or add a passkey, before you unlink it."
	}
	return section
}

func unlink(v *web.Visit) (*edge.Response, error) {
	err := v.Site.Identity.Credentials.Unlink(v.Person, v.Param("provider"))
	if err == nil || fault.Is(err, fault.NotFound) {
		return edge.Redirect(web.ConnectedPath), nil
	}
	if !fault.Is(err, fault.Conflict) {
		return nil, err
	}
	page, failed := connectedPage(v)
	if failed != nil {
		return nil, failed
	}
	page.Notice = &markup.Strip{Tone: markup.Bad, Text: fault.Public(err).Message}
	return v.Show(edge.Status(fault.Conflict), page)
}
