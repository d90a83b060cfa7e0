package ui

import (
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/mailbox"
)

const connectedPath = "/settings/security/connected-accounts"

// connected shows the accounts at providers that sign the person in, and offers the others.
func (s *Site) connected(v *visit) (*edge.Response, error) {
	page, err := v.connectedPage()
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

func (v *visit) connectedPage() (*DetailPage, error) {
	ways, err := v.site.accounts.Ways(v.person)
	if err != nil {
		return nil, err
	}
	page := &DetailPage{Shell: v.shell("Connected accounts"), Crumbs: []Crumb{{"Your account", "/settings/profile"}}, Heading: "Connected accounts", Self: connectedPath, Tabs: tabsAt(connectedPath)}
	page.Notice = v.notAtHome()
	linked := map[string]bool{}
	for _, one := range ways.Connected {
		linked[one.Provider] = true
		page.Main = append(page.Main, v.connectedSection(one, ways))
	}
	for _, one := range v.site.accounts.Providers() {
		if !linked[one.Name] {
			page.Main = append(page.Main, Section{Title: one.Label, Empty: "Not linked.",
				Action: &Action{Label: "Link " + one.Label, Icon: "link", Href: departure(one.Name, identity.SocialLink, connectedPath)}})
		}
	}
	if len(page.Main) == 0 {
		page.Main = []Section{{Empty: "This instance offers no sign-in by another provider. Its operator can set one up."}}
	}
	return page, nil
}

func (v *visit) connectedSection(one identity.ConnectedAccount, ways *identity.Ways) Section {
	label := v.site.accounts.ProviderLabel(one.Provider)
	section := Section{Title: label, Facts: []Fact{{"Address", Text(mailbox.Shown(one.Email))}, {"Linked", Time(one.CreatedAt.Go())}, {"Last used", Time(one.UsedAt.Go())}},
		Action: &Action{Label: "Unlink " + label, Icon: "unlink", Post: connectedPath + "/" + one.Provider + "/unlink",
			Confirm: &Confirm{Title: "Unlink " + label, Body: "It signs you in no more. You can link it again."}}}
	if ways.Count() <= 1 {
		section.Text = "This is your only way to sign in. Set a password under Security, or add a passkey, before you unlink it."
	}
	return section
}

func (s *Site) unlink(v *visit) (*edge.Response, error) {
	err := s.accounts.Unlink(v.person, v.Param("provider"))
	if err == nil || fault.Is(err, fault.NotFound) {
		return edge.Redirect(connectedPath), nil
	}
	if !fault.Is(err, fault.Conflict) {
		return nil, err
	}
	page, failed := v.connectedPage()
	if failed != nil {
		return nil, failed
	}
	page.Notice = &Strip{Tone: Bad, Text: fault.Public(err).Message}
	return v.show(edge.Status(fault.Conflict), page)
}
