package account

import (
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/accounts"
	"zygo/app/identity/sessions"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// notAtHome says on a page of what signs somebody in that it is changed at the instance's own address; nil where that is here.
func notAtHome(v *web.Visit) *markup.Strip {
	err := v.Site.Identity.Sessions.AtHome(v.Person)
	if err == nil {
		return nil
	}
	return &markup.Strip{Tone: markup.Info, Text: fault.Public(err).Message}
}

// languages are those that are offered; the API takes any.
var languages = []markup.Option{
	{Label: "As the browser"},
	{Value: "en", Label: "English"},
	{Value: "de", Label: "Deutsch"},
	{Value: "fr", Label: "Français"},
	{Value: "es", Label: "Español"},
	{Value: "it", Label: "Italiano"},
	{Value: "pl", Label: "Polski"},
	{Value: "pt", Label: "Português"},
}

func profileForm(v *web.Visit) *markup.FormPage {
	u := v.Person.User
	picture := markup.FieldView{
		Kind:   markup.FieldFile,
		Name:   "avatar",
		Label:  "Picture",
		Accept: "image/png,image/jpeg,image/webp",
		Help:   "PNG, JPEG or WebP up to 5 MiB; its middle is shown.",
	}
	if v.Person.HasAvatar {
		picture.Present = &markup.Download{Name: "Your picture", Href: web.AvatarPath(v.Person), Size: "256 × 256"}
	}
	page := v.AccountForm("/settings/profile", "Profile", "Save profile",
		markup.FieldView{
			Kind:         markup.FieldText,
			Name:         "name",
			Label:        "Name",
			Value:        u.Name,
			Required:     true,
			Autocomplete: "name",
			MaxLength:    100,
		},
		web.Offering(markup.FieldView{
			Name:  "language",
			Label: "Language",
			Value: u.Language,
			Help:  "What others write for you can follow it; Zygo itself speaks English.",
		}, languages),
		markup.FieldView{
			Kind:        markup.FieldText,
			Name:        "time_zone",
			Label:       "Time zone",
			Value:       u.TimeZone,
			Placeholder: "Europe/Vienna",
			MaxLength:   64,
			Help:        "Empty follows the browser.",
		},
		picture)
	page.Upload = true
	return page
}

func profile(v *web.Visit) (*edge.Response, error) {
	return v.Show(http.StatusOK, profileForm(v))
}

func changeProfile(v *web.Visit, pictured error) (*edge.Response, error) {
	name, language, zone := v.Form.Get("name"), v.Form.Get("language"), strings.TrimSpace(v.Form.Get("time_zone"))
	err := v.Site.Identity.Accounts.ChangeProfile(v.Person, accounts.ProfileChange{Name: &name, Language: &language, TimeZone: &zone})
	if err == nil && v.Form.Get("avatar.remove") != "" {
		err = v.Site.Identity.Accounts.RemoveAvatar(v.Person)
	}
	if err == nil {
		err = pictured
	}
	v.Person.User.Name, v.Person.User.Language, v.Person.User.TimeZone = name, language, zone // a refused form shows what was typed
	return v.Done(profileForm(v), "Your profile is saved.", err)
}

func emailForm(v *web.Visit, email string) (*markup.FormPage, error) {
	fields := []markup.FieldView{
		{
			Kind:         markup.FieldEmail,
			Name:         "email",
			Label:        "New address",
			Value:        email,
			Required:     true,
			Autocomplete: "email",
			MaxLength:    254,
			Help:         "Your present one is " + v.Person.User.Email.String() + ". Links go to both, and the change needs both.",
		},
	}
	ways, err := v.Site.Identity.Credentials.SignInMethods(v.Person)
	if err == nil && ways.Password {
		fields = append(fields, markup.FieldView{
			Kind:         markup.FieldPassword,
			Name:         "password",
			Label:        "Password",
			Required:     true,
			Autocomplete: "current-password",
		})
	}
	page := v.AccountForm("/settings/email", "E-mail", "Send the links", fields...)
	page.Notice = notAtHome(v)
	return page, err
}

func email(v *web.Visit) (*edge.Response, error) {
	page, err := emailForm(v, "")
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

func changeEmail(v *web.Visit) (*edge.Response, error) {
	err := v.Site.Identity.Accounts.ChangeEmail(v.Person, v.Form.Get("email"), v.Form.Get("password"))
	page, failed := emailForm(v, v.Form.Get("email"))
	if failed != nil {
		return nil, failed
	}
	return v.Done(page, "Follow the links in both mails within 24 hours.", err)
}

// passwordForm changes the password, or sets the first one of somebody who signs in without.
func passwordForm(v *web.Visit) (*markup.FormPage, error) {
	ways, err := v.Site.Identity.Credentials.SignInMethods(v.Person)
	if err != nil {
		return nil, err
	}
	page := v.AccountForm("/settings/security", "Security", "Change the password",
		web.AccountField(v.Person.User.Email), markup.FieldView{
			Kind:         markup.FieldPassword,
			Name:         "current_password",
			Label:        "Current password",
			Required:     true,
			Autocomplete: "current-password",
		}, web.NewPassword("New password"))
	if !ways.Password {
		page = v.AccountForm("/settings/security", "Security", "Set a password", web.AccountField(v.Person.User.Email),
			web.NewPassword("Password"))
	}
	page.Notice = notAtHome(v)
	return page, nil
}

func security(v *web.Visit) (*edge.Response, error) {
	page, err := passwordForm(v)
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

func changePassword(v *web.Visit) (*edge.Response, error) {
	token, err := v.Site.Identity.Accounts.ChangePassword(v.Person, v.Form.Get("current_password"), v.Form.Get("password"))
	if err == nil {
		v.SetCookies(sessions.Cookie(token))
	}
	page, failed := passwordForm(v)
	if failed != nil {
		return nil, failed
	}
	said := "Your password is changed, and your other sessions are ended."
	if !v.Form.Has("current_password") {
		said = "Your password is set, and your other sessions are ended."
	}
	return v.Done(page, said, err)
}

func preferencesForm(v *web.Visit, p accounts.Preferences) *markup.FormPage {
	told := ""
	if p.Notifications.NewDevice {
		told = "true"
	}
	return v.AccountForm("/settings/preferences", "Preferences", "Save preferences",
		web.Offering(markup.FieldView{
			Name:  "theme",
			Label: "Theme",
			Value: p.Theme,
		}, []markup.Option{{Value: "system", Label: "As the system"}, {Value: "light", Label: "Light"}, {Value: "dark", Label: "Dark"}}),
		web.Offering(markup.FieldView{
			Name:  "density",
			Label: "Rows",
			Value: p.Density,
		}, []markup.Option{{Value: "comfortable", Label: "Comfortable"}, {Value: "compact", Label: "Compact"}}),
		markup.FieldView{
			Kind:     markup.FieldCheck,
			Name:     "new_device",
			Label:    "Tell me by e-mail of a sign-in from a new device",
			Value:    told,
			Required: true,
		})
}

func preferences(v *web.Visit) (*edge.Response, error) {
	chosen, err := v.Site.Identity.Accounts.Preferences(v.Person)
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, preferencesForm(v, chosen))
}

func changePreferences(v *web.Visit) (*edge.Response, error) {
	theme, density, told := v.Form.Get("theme"), v.Form.Get("density"), v.Form.Get("new_device") == "true"
	change := accounts.PreferenceChange{Theme: &theme, Density: &density}
	change.Notifications = &accounts.NotificationChange{NewDevice: &told}
	chosen, err := v.Site.Identity.Accounts.ChangePreferences(v.Person, change)
	if err != nil {
		return v.Done(preferencesForm(v, accounts.Preferences{Theme: theme, Density: density}), "", err)
	}
	page, look := preferencesForm(v, chosen), web.LookOf(chosen)
	for name, value := range look {
		v.Cookies = append(v.Cookies, web.LookCookie(name, value, v.Secure()))
	}
	page.Shell.Look.Theme, page.Shell.Look.Density = look["theme"], look["density"]
	return v.Done(page, "Your preferences are saved. They hold in this browser now, and in others from the next sign-in.", nil)
}
