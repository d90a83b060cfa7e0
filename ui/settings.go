package ui

import (
	"net/http"
	"slices"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
)

// The pages on which a person changes their own account. Each has one form; the tabs lead from one to the next.

var accountTabs = []Tab{{Label: "Profile", Href: "/settings/profile", Icon: "user"}, {Label: "E-mail", Href: "/settings/email", Icon: "mail"}, {Label: "Preferences", Href: "/settings/preferences", Icon: "monitor"},
	{Label: "Security", Href: "/settings/security", Icon: "lock"}, {Label: "Second factors", Href: factorsPath, Icon: "shield-check"}, {Label: "Connected accounts", Href: connectedPath, Icon: "link"}, {Label: "Sessions", Href: "/settings/security/sessions", Icon: "clock"}, {Label: "Organizations", Href: organizationsPath, Icon: "building-2"}, {Label: "Your data", Href: dataPath, Icon: "database"}}

func tabsAt(path string) []Tab {
	tabs := slices.Clone(accountTabs)
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == path
	}
	return tabs
}

func (v *visit) accountForm(path, heading, submit string, fields ...FieldView) *FormPage {
	page := &FormPage{Shell: v.shell(heading), Crumbs: []Crumb{{"Your account", "/settings/profile"}}, Heading: heading, Submit: submit, Action: path, Cancel: "/dashboard", Tabs: tabsAt(path)}
	group := FieldGroup{}
	for _, field := range fields {
		group.Rows = append(group.Rows, []FieldView{field})
	}
	page.Groups = []FieldGroup{group}
	return page
}

// notAtHome says on a page of what signs somebody in that it is changed at the instance's own address; nil where that is here.
func (v *visit) notAtHome() *Strip {
	err := v.site.accounts.AtHome(v.person)
	if err == nil {
		return nil
	}
	return &Strip{Tone: Info, Text: fault.Public(err).Message}
}

// done shows a form after what it asked for was done, or with what is wrong.
func (v *visit) done(page *FormPage, said string, err error) (*edge.Response, error) {
	if err == nil {
		page.Notice = &Strip{Tone: Good, Text: said}
		return v.show(http.StatusOK, page)
	}
	public := fault.Public(err)
	errors := fieldErrors(err)
	switch {
	case isStale(err):
		return nil, err
	case public.Code == fault.Internal:
		return nil, err
	case errors == nil:
		page.Notice = &Strip{Tone: Bad, Text: public.Message}
	}
	for _, row := range page.Groups[0].Rows {
		if message, ok := errors[row[0].Name]; ok {
			row[0].Error = sentence(row[0].Label, message)
		}
	}
	return v.showRefused(public, page)
}

// languages are those that are offered; the API takes any.
var languages = []Option{{Label: "As the browser"}, {Value: "en", Label: "English"}, {Value: "de", Label: "Deutsch"}, {Value: "fr", Label: "Français"}, {Value: "es", Label: "Español"}, {Value: "it", Label: "Italiano"},
	{Value: "pl", Label: "Polski"}, {Value: "pt", Label: "Português"}}

func (v *visit) profileForm() *FormPage {
	u := v.person.User
	picture := FieldView{Kind: FieldFile, Name: "avatar", Label: "Picture", Accept: "image/png,image/jpeg,image/webp", Help: "PNG, JPEG or WebP up to 5 MiB; its middle is shown."}
	if v.person.HasAvatar {
		picture.Present = &Download{Name: "Your picture", Href: avatarPath(v.person), Size: "256 × 256"}
	}
	page := v.accountForm("/settings/profile", "Profile", "Save profile",
		FieldView{Kind: FieldText, Name: "name", Label: "Name", Value: u.Name, Required: true, Autocomplete: "name", MaxLength: 100},
		offering(FieldView{Name: "language", Label: "Language", Value: u.Language, Help: "What others write for you can follow it; Zygo itself speaks English."}, languages),
		FieldView{Kind: FieldText, Name: "time_zone", Label: "Time zone", Value: u.TimeZone, Placeholder: "Europe/Vienna", MaxLength: 64, Help: "Empty follows the browser."},
		picture)
	page.Upload = true
	return page
}

// offering makes a field a choice.
func offering(field FieldView, options []Option) FieldView {
	field.Kind, field.Required, field.Options = FieldSelect, true, chosen(options, field.Value)
	return field
}

func (s *Site) profile(v *visit) (*edge.Response, error) {
	return v.show(http.StatusOK, v.profileForm())
}

func (s *Site) changeProfile(v *visit, pictured error) (*edge.Response, error) {
	name, language, zone := v.form.Get("name"), v.form.Get("language"), strings.TrimSpace(v.form.Get("time_zone"))
	err := s.accounts.ChangeProfile(v.person, identity.ProfileChange{Name: &name, Language: &language, TimeZone: &zone})
	if err == nil && v.form.Get("avatar.remove") != "" {
		err = s.accounts.RemoveAvatar(v.person)
	}
	if err == nil {
		err = pictured
	}
	v.person.User.Name, v.person.User.Language, v.person.User.TimeZone = name, language, zone // a refused form shows what was typed
	return v.done(v.profileForm(), "Your profile is saved.", err)
}

func (v *visit) emailForm(email string) (*FormPage, error) {
	fields := []FieldView{{Kind: FieldEmail, Name: "email", Label: "New address", Value: email, Required: true, Autocomplete: "email", MaxLength: 254, Help: "Your present one is " + v.person.User.Email.String() + ". Links go to both, and the change needs both."}}
	ways, err := v.site.accounts.Ways(v.person)
	if err == nil && ways.Password {
		fields = append(fields, FieldView{Kind: FieldPassword, Name: "password", Label: "Password", Required: true, Autocomplete: "current-password"})
	}
	page := v.accountForm("/settings/email", "E-mail", "Send the links", fields...)
	page.Notice = v.notAtHome()
	return page, err
}

func (s *Site) email(v *visit) (*edge.Response, error) {
	page, err := v.emailForm("")
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

func (s *Site) changeEmail(v *visit) (*edge.Response, error) {
	err := s.accounts.ChangeEmail(v.person, v.form.Get("email"), v.form.Get("password"))
	page, failed := v.emailForm(v.form.Get("email"))
	if failed != nil {
		return nil, failed
	}
	return v.done(page, "Follow the links in both mails within 24 hours.", err)
}

// passwordForm changes the password, or sets the first one of somebody who signs in without.
func (v *visit) passwordForm() (*FormPage, error) {
	ways, err := v.site.accounts.Ways(v.person)
	if err != nil {
		return nil, err
	}
	page := v.accountForm("/settings/security", "Security", "Change the password",
		accountField(v.person.User.Email), FieldView{Kind: FieldPassword, Name: "current_password", Label: "Current password", Required: true, Autocomplete: "current-password"}, newPassword("New password"))
	if !ways.Password {
		page = v.accountForm("/settings/security", "Security", "Set a password", accountField(v.person.User.Email), newPassword("Password"))
	}
	page.Notice = v.notAtHome()
	return page, nil
}

func (s *Site) security(v *visit) (*edge.Response, error) {
	page, err := v.passwordForm()
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, page)
}

func (s *Site) changePassword(v *visit) (*edge.Response, error) {
	token, err := s.accounts.ChangePassword(v.person, v.form.Get("current_password"), v.form.Get("password"))
	if err == nil {
		v.setCookies(identity.SessionCookie(token))
	}
	page, failed := v.passwordForm()
	if failed != nil {
		return nil, failed
	}
	said := "Your password is changed, and your other sessions are ended."
	if !v.form.Has("current_password") {
		said = "Your password is set, and your other sessions are ended."
	}
	return v.done(page, said, err)
}

func (v *visit) preferencesForm(p identity.Preferences) *FormPage {
	told := ""
	if p.Notifications.NewDevice {
		told = "true"
	}
	return v.accountForm("/settings/preferences", "Preferences", "Save preferences",
		offering(FieldView{Name: "theme", Label: "Theme", Value: p.Theme}, []Option{{Value: "system", Label: "As the system"}, {Value: "light", Label: "Light"}, {Value: "dark", Label: "Dark"}}),
		offering(FieldView{Name: "density", Label: "Rows", Value: p.Density}, []Option{{Value: "comfortable", Label: "Comfortable"}, {Value: "compact", Label: "Compact"}}),
		FieldView{Kind: FieldCheck, Name: "new_device", Label: "Tell me by e-mail of a sign-in from a new device", Value: told, Required: true})
}

func (s *Site) preferences(v *visit) (*edge.Response, error) {
	chosen, err := s.accounts.Preferences(v.person)
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, v.preferencesForm(chosen))
}

func (s *Site) changePreferences(v *visit) (*edge.Response, error) {
	theme, density, told := v.form.Get("theme"), v.form.Get("density"), v.form.Get("new_device") == "true"
	change := identity.PreferenceChange{Theme: &theme, Density: &density}
	change.Notifications = &identity.NotificationChange{NewDevice: &told}
	chosen, err := s.accounts.ChangePreferences(v.person, change)
	if err != nil {
		return v.done(v.preferencesForm(identity.Preferences{Theme: theme, Density: density}), "", err)
	}
	page, look := v.preferencesForm(chosen), lookOf(chosen)
	for name, value := range look {
		v.cookies = append(v.cookies, lookCookie(name, value, v.Secure()))
	}
	page.Shell.Look.Theme, page.Shell.Look.Density = look["theme"], look["density"]
	return v.done(page, "Your preferences are saved. They hold in this browser now, and in others from the next sign-in.", nil)
}

// lookOf is what preferences mean in the words of a browser's cookies, where the usual is empty.
func lookOf(p identity.Preferences) map[string]string {
	look := map[string]string{"theme": "", "density": ""}
	if p.Theme != "system" {
		look["theme"] = p.Theme
	}
	if p.Density == "compact" {
		look["density"] = p.Density
	}
	return look
}

// lookCookie gives a browser a part of the look, or takes it back where it is empty. The page's own script changes it too.
func lookCookie(name, value string, secure bool) string {
	cookie := http.Cookie{Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode, Secure: secure}
	if value == "" {
		cookie.MaxAge = -1
	}
	return cookie.String()
}
