package account

import (
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/credentials"
	"zygo/app/identity/sessions"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// FactorsPage is a person's second factors.
type FactorsPage struct {
	Shell   markup.Shell
	Factors *credentials.Factors
	// Setup is the app that is being set up; Confirm asks for its code.
	Setup   *credentials.TOTPSetup
	Confirm *markup.FieldView
	// Phone asks for a number, and PhoneCode for the code that went there, which Sent says.
	Phone, PhoneCode *markup.FieldView
	// Number is what the code went to, for another one.
	Number string
	// Disable asks for what turning the app off needs.
	Disable []markup.FieldView
	// Codes are new backup codes, shown this once.
	Codes []string
	// PasskeysWork is false where the page's host is none that passkeys could belong to.
	PasskeysWork bool
	// Enrolling is somebody who has to set one up before anything else.
	Enrolling bool
	// Tabs lead to the other pages of the account.
	Tabs   []markup.Tab
	Notice *markup.Strip
}

func (FactorsPage) Template() string { return "factors" }

// Written are the codes as they are copied and kept.
func (p FactorsPage) Written() string { return strings.Join(p.Codes, "\n") }

func factorsPage(v *web.Visit) (*FactorsPage, error) {
	factors, err := v.Site.Identity.Credentials.Factors(v.Person)
	if err != nil {
		return nil, err
	}
	ways, err := v.Site.Identity.Credentials.SignInMethods(v.Person)
	if err != nil {
		return nil, err
	}
	page := &FactorsPage{
		Shell:        v.Shell("Second factors"),
		Factors:      factors,
		PasskeysWork: v.Site.Identity.Tenants.PasskeysWork(v.Context, v.Host),
		Phone:        phoneField(""),
		Disable:      disableFields(ways.Password),
		Enrolling:    v.Person.Enrolling,
	}
	page.Notice, page.Tabs = notAtHome(v), web.TabsAt(web.FactorsPath)
	if page.Enrolling {
		page.Tabs = nil
		page.Shell.Nav, page.Shell.Live, page.Shell.Find, page.Shell.Create, page.Shell.Owner = nil, "", "", "", ""
		page.Notice = &markup.Strip{
			Tone: markup.Info,
			Text: v.Person.Tenant.Name + " asks for a second factor. Set up an app, a passkey or a phone; then you reach the rest.",
		}
	}
	return page, nil
}

func factors(v *web.Visit) (*edge.Response, error) {
	page, err := factorsPage(v)
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, *page)
}

func disableFields(password bool) []markup.FieldView {
	fields := []markup.FieldView{web.CodeField("code", "Code or backup code")}
	if password {
		fields = append([]markup.FieldView{
			{Kind: markup.FieldPassword, Name: "password", Label: "Password", Required: true, Autocomplete: "current-password"},
		}, fields...)
	}
	return fields
}

func setUpTOTP(v *web.Visit) (*edge.Response, error) {
	setup, err := v.Site.Identity.Credentials.SetUpTOTP(v.Person)
	if err != nil {
		return nil, err
	}
	page, err := factorsPage(v)
	if err != nil {
		return nil, err
	}
	field := web.CodeField("code", "Code that the app shows")
	page.Setup, page.Confirm = setup, &field
	return v.Show(http.StatusOK, *page)
}

func verifyTOTP(v *web.Visit) (*edge.Response, error) {
	enrolled, err := v.Site.Identity.Credentials.VerifyTOTP(v.Person, v.Form.Get("code"))
	if err != nil {
		begun, missing := v.Site.Identity.Credentials.BegunTOTP(v.Person)
		if missing != nil && !fault.Is(missing, fault.NotFound) {
			return nil, missing
		}
		return refusedFactor(v, err, func(page *FactorsPage, errors map[string]string) {
			field := web.CodeField("code", "Code that the app shows")
			field.Error = web.Sentence("Code", errors["code"])
			page.Setup, page.Confirm = begun, &field // who mistyped may have to scan again
		})
	}
	return showEnrolled(v, enrolled, "The app is set up. Each sign-in asks for a code from now on.")
}

// showEnrolled shows the page with what came with a new factor.
func showEnrolled(v *web.Visit, with *credentials.Enrolled, text string) (*edge.Response, error) {
	if with.Token != "" {
		v.SetCookies(sessions.Cookie(with.Token))
		v.Person.Enrolling = false
	}
	return withCodes(v, with.BackupCodes, text)
}

// refusedFactor shows the page again with what is wrong.
func refusedFactor(v *web.Visit, err error, put func(page *FactorsPage, errors map[string]string)) (*edge.Response, error) {
	errors := web.FieldErrors(err)
	if errors == nil {
		return nil, err
	}
	page, failed := factorsPage(v)
	if failed != nil {
		return nil, failed
	}
	put(page, errors)
	return v.Show(edge.Status(fault.Invalid), *page)
}

// withCodes shows the page with new backup codes, this once.
func withCodes(v *web.Visit, codes []string, text string) (*edge.Response, error) {
	page, err := factorsPage(v)
	if err != nil {
		return nil, err
	}
	page.Codes, page.Notice = codes, &markup.Strip{Tone: markup.Good, Text: text}
	return v.Show(http.StatusOK, *page)
}

func disableTOTP(v *web.Visit) (*edge.Response, error) {
	if err := v.Site.Identity.Credentials.DisableTOTP(v.Person, v.Form.Get("password"), v.Form.Get("code")); err != nil {
		return refusedFactor(v, err, func(page *FactorsPage, errors map[string]string) {
			for i, field := range page.Disable {
				if message, ok := errors[field.Name]; ok {
					page.Disable[i].Error = web.Sentence(field.Label, message)
				}
			}
		})
	}
	return edge.Redirect(web.FactorsPath), nil
}

func newBackupCodes(v *web.Visit) (*edge.Response, error) {
	codes, err := v.Site.Identity.Credentials.NewBackupCodes(v.Person)
	if err != nil {
		return nil, err
	}
	return withCodes(v, codes, "These are your backup codes. Those before are worth nothing any more.")
}

func renamePasskey(v *web.Visit) (*edge.Response, error) {
	return edge.Redirect(web.FactorsPath), v.Site.Identity.Credentials.RenamePasskey(v.Person, v.Param("id"), v.Form.Get("name"))
}

func removePasskey(v *web.Visit) (*edge.Response, error) {
	return edge.Redirect(web.FactorsPath), v.Site.Identity.Credentials.RemovePasskey(v.Person, v.Param("id"))
}

func forgetDevice(v *web.Visit) (*edge.Response, error) {
	return edge.Redirect(web.FactorsPath), v.Site.Identity.Credentials.ForgetDevice(v.Person, v.Param("id"))
}

func phoneField(number string) *markup.FieldView {
	return &markup.FieldView{
		Kind:         markup.FieldPhone,
		Name:         "phone",
		Label:        "Phone",
		Value:        number,
		Required:     true,
		Autocomplete: "tel",
		MaxLength:    40,
		Placeholder:  "+49 30 123456",
		Help:         "With the country's code.",
	}
}
