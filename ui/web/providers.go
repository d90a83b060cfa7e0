package web

import (
	"slices"
	"strings"

	"zygo/app/identity/provider"
	"zygo/app/identity/signin"
	"zygo/ui/markup"
)

// providerIcons are plain drawings, none of which is anybody's trade mark.
var providerIcons = map[string]string{"google": "letter-g", "microsoft": "layout-grid", "apple": "apple", "github": "git-branch"}

// ProviderButtons lead to providers: words and the name of each.
func (s *Site) ProviderButtons(words, purpose, to string, offered []provider.Named) []markup.Action {
	var buttons []markup.Action
	for _, one := range offered {
		buttons = append(buttons, markup.Action{
			Label: words + one.Label,
			Icon:  providerIcons[one.Name],
			Href:  Departure(one.Name, purpose, to),
		})
	}
	return buttons
}

// PageOf is the page on which a form stands that is sent to a path: that of the account whose address the path continues.
func PageOf(path string) string {
	page := ""
	for _, tab := range append(slices.Clone(AccountTabs), markup.Tab{Href: signin.SocialPath}) {
		if (path == tab.Href || strings.HasPrefix(path, tab.Href+"/")) && len(tab.Href) > len(page) {
			page = tab.Href
		}
	}
	return page
}
