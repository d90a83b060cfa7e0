// Package account has the pages on which people change their own account: profile, address, password, second factors, passkeys,
// sessions, preferences. Start with Routes.
package account

import (
	"net/http"

	"zygo/app/edge"
	"zygo/ui/web"
)

// Routes are the pages of a person's own account.
func Routes(s *web.Site) []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	own := func(method, path string, handle func(v *web.Visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Handler: s.Enrolling(handle)}
	}
	page := s.Page("")
	return []edge.Route{
		page(get, web.SettingsPath, "", settings),
		page(get, "/settings/profile", "", profile),
		{Method: post, Path: "/settings/profile", Upload: true, Handler: profileSent(s)},
		page(get, "/settings/email", "", email),
		page(post, "/settings/email", "", changeEmail),
		page(get, "/settings/preferences", "", preferences),
		page(post, "/settings/preferences", "", changePreferences),
		page(get, "/settings/security", "", security),
		page(post, "/settings/security", "", changePassword),
		page(get, web.SessionsPath, "", openSessions),
		page(post, web.SessionsPath+"/end-others", "", endOtherSessions),
		page(post, web.SessionsPath+"/{id}/end", "", endSession),
		page(get, web.DataPath, "", data),
		page(post, web.DataPath, "", deleteAccount),
		page(get, web.DataPath+"/export", "", exportData),
		page(get, web.ConnectedPath, "", connected),
		{Method: post, Path: web.ConnectedPath + "/{provider}/unlink", Handler: s.SignedIn(unlink)},
		own(get, web.FactorsPath, factors),
		own(post, web.FactorsPath+"/totp", setUpTOTP),
		own(post, web.FactorsPath+"/totp/verify", verifyTOTP),
		own(post, web.FactorsPath+"/totp/disable", disableTOTP),
		own(post, web.FactorsPath+"/sms", setUpPhone),
		own(post, web.FactorsPath+"/sms/verify", enrolPhone),
		own(post, web.FactorsPath+"/sms/remove", removePhone),
		own(post, web.FactorsPath+"/backup-codes", newBackupCodes),
		own(post, web.FactorsPath+"/passkeys/{id}", renamePasskey),
		own(post, web.FactorsPath+"/passkeys/{id}/remove", removePasskey),
		own(post, web.FactorsPath+"/devices/{id}/forget", forgetDevice),
		own(get, provePath, askProof),
		own(post, provePath, prove),
	}
}
