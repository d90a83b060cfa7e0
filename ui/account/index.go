package account

import (
	"net/http"

	"zygo/app/edge"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// SettingsPage leads to everything that is set up once.
type SettingsPage struct{ Shell markup.Shell }

func (SettingsPage) Template() string { return "settings" }

// Account leads to the pages of the person's own account.
func (SettingsPage) Account() []markup.Tab { return web.AccountTabs }

func settings(v *web.Visit) (*edge.Response, error) {
	return v.Show(http.StatusOK, SettingsPage{v.Shell("Settings")})
}
