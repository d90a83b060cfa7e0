package ui

import (
	"net/http"

	"zygo/app/edge"
)

// accountRoutes are the pages of a person's own account.
func (s *Site) accountRoutes() []edge.Route {
	const get, post = http.MethodGet, http.MethodPost
	own := func(method, path string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Handler: s.enrolling(handle)}
	}
	page := func(method, path, permission string, handle func(v *visit) (*edge.Response, error)) edge.Route {
		return edge.Route{Method: method, Path: path, Permission: permission, Handler: s.signedIn(handle)}
	}
	return []edge.Route{
		page(get, settingsPath, "", s.settings),
		page(get, "/settings/profile", "", s.profile),
		{Method: post, Path: "/settings/profile", Upload: true, Handler: s.profileSent()},
		page(get, "/settings/email", "", s.email),
		page(post, "/settings/email", "", s.changeEmail),
		page(get, "/settings/preferences", "", s.preferences),
		page(post, "/settings/preferences", "", s.changePreferences),
		page(get, "/settings/security", "", s.security),
		page(post, "/settings/security", "", s.changePassword),
		page(get, sessionsPath, "", s.sessions),
		page(post, sessionsPath+"/end-others", "", s.endOtherSessions),
		page(post, sessionsPath+"/{id}/end", "", s.endSession),
		page(get, dataPath, "", s.data),
		page(post, dataPath, "", s.deleteAccount),
		page(get, dataPath+"/export", "", s.exportData),
		{Method: get, Path: connectedPath, Handler: s.signedIn(s.connected)},
		{Method: post, Path: connectedPath + "/{provider}/unlink", Handler: s.signedIn(s.unlink)},
		own(get, factorsPath, s.factors),
		own(post, factorsPath+"/totp", s.setUpTOTP),
		own(post, factorsPath+"/totp/verify", s.verifyTOTP),
		own(post, factorsPath+"/totp/disable", s.disableTOTP),
		own(post, factorsPath+"/sms", s.setUpPhone),
		own(post, factorsPath+"/sms/verify", s.enrolPhone),
		own(post, factorsPath+"/sms/remove", s.removePhone),
		own(post, factorsPath+"/backup-codes", s.newBackupCodes),
		own(post, factorsPath+"/passkeys/{id}", s.renamePasskey),
		own(post, factorsPath+"/passkeys/{id}/remove", s.removePasskey),
		own(post, factorsPath+"/devices/{id}/forget", s.forgetDevice),
		own(get, provePath, s.askProof),
		own(post, provePath, s.prove),
	}
}
