package ui

import (
	"net/http"
	"net/url"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
)

// factorsPath is where somebody sees to their second factors, and where those are led who need one first.
const factorsPath = "/settings/security/mfa"

// FactorsPage is a person's second factors.
type FactorsPage struct {
	Shell   Shell
	Factors *identity.Factors
	// Setup is the app that is being set up; Confirm asks for its code.
	Setup   *identity.TOTPSetup
	Confirm *FieldView
	// Phone asks for a number, and PhoneCode for the code that went there, which Sent says.
	Phone, PhoneCode *FieldView
	// Number is what the code went to, for another one.
	Number string
	// Disable asks for what turning the app off needs.
	Disable []FieldView
	// Codes are new backup codes, shown this once.
	Codes []string
	// PasskeysWork is false where the page's host is none that passkeys could belong to.
	PasskeysWork bool
	// Enrolling is somebody who has to set one up before anything else.
	Enrolling bool
	// Tabs lead to the other pages of the account.
	Tabs   []Tab
	Notice *Strip
}

func (FactorsPage) name() string { return "factors" }

// Written are the codes as they are copied and kept.
func (p FactorsPage) Written() string { return strings.Join(p.Codes, "\n") }

// enrolling is signedIn for what somebody needs who has to set up a second factor first.
func (s *Site) enrolling(handle func(v *visit) (*edge.Response, error)) edge.Handler {
	return s.recognized(edge.RecognizeEnrolling, handle)
}

func (v *visit) factorsPage() (*FactorsPage, error) {
	factors, err := v.site.accounts.Factors(v.person)
	if err != nil {
		return nil, err
	}
	ways, err := v.site.accounts.Ways(v.person)
	if err != nil {
		return nil, err
	}
	page := &FactorsPage{Shell: v.shell("Second factors"), Factors: factors, PasskeysWork: v.site.accounts.PasskeysWork(v.Context, v.Host), Phone: phoneField(""), Disable: disableFields(ways.Password), Enrolling: v.person.Enrolling}
	page.Notice, page.Tabs = v.notAtHome(), tabsAt(factorsPath)
	if page.Enrolling {
		page.Tabs = nil
		page.Shell.Nav, page.Shell.Live, page.Shell.Find, page.Shell.Create, page.Shell.Owner = nil, "", "", "", ""
		page.Notice = &Strip{Tone: Info, Text: v.person.Tenant.Name + " asks for a second factor. Set up an app, a passkey or a phone; then you reach the rest."}
	}
	return page, nil
}

func (s *Site) factors(v *visit) (*edge.Response, error) {
	page, err := v.factorsPage()
	if err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, *page)
}

func codeField(name, label string) FieldView {
	return FieldView{Kind: FieldText, Name: name, Label: label, Required: true, Autocomplete: "one-time-code", MaxLength: 40}
}

func disableFields(password bool) []FieldView {
	fields := []FieldView{codeField("code", "Code or backup code")}
	if password {
		fields = append([]FieldView{{Kind: FieldPassword, Name: "password", Label: "Password", Required: true, Autocomplete: "current-password"}}, fields...)
	}
	return fields
}

func (s *Site) setUpTOTP(v *visit) (*edge.Response, error) {
	setup, err := s.accounts.SetUpTOTP(v.person)
	if err != nil {
		return nil, err
	}
	page, err := v.factorsPage()
	if err != nil {
		return nil, err
	}
	field := codeField("code", "Code that the app shows")
	page.Setup, page.Confirm = setup, &field
	return v.show(http.StatusOK, *page)
}

func (s *Site) verifyTOTP(v *visit) (*edge.Response, error) {
	enrolled, err := s.accounts.VerifyTOTP(v.person, v.form.Get("code"))
	if err != nil {
		begun, missing := s.accounts.BegunTOTP(v.person)
		if missing != nil && !fault.Is(missing, fault.NotFound) {
			return nil, missing
		}
		return v.refusedFactor(err, func(page *FactorsPage, errors map[string]string) {
			field := codeField("code", "Code that the app shows")
			field.Error = sentence("Code", errors["code"])
			page.Setup, page.Confirm = begun, &field // who mistyped may have to scan again
		})
	}
	return v.enrolled(enrolled, "The app is set up. Each sign-in asks for a code from now on.")
}

// enrolled shows the page with what came with a new factor.
func (v *visit) enrolled(with *identity.Enrolled, text string) (*edge.Response, error) {
	if with.Token != "" {
		v.setCookies(identity.SessionCookie(with.Token))
		v.person.Enrolling = false
	}
	return v.withCodes(with.BackupCodes, text)
}

// refusedFactor shows the page again with what is wrong.
func (v *visit) refusedFactor(err error, put func(page *FactorsPage, errors map[string]string)) (*edge.Response, error) {
	errors := fieldErrors(err)
	if errors == nil {
		return nil, err
	}
	page, failed := v.factorsPage()
	if failed != nil {
		return nil, failed
	}
	put(page, errors)
	return v.show(edge.Status(fault.Invalid), *page)
}

// withCodes shows the page with new backup codes, this once.
func (v *visit) withCodes(codes []string, text string) (*edge.Response, error) {
	page, err := v.factorsPage()
	if err != nil {
		return nil, err
	}
	page.Codes, page.Notice = codes, &Strip{Tone: Good, Text: text}
	return v.show(http.StatusOK, *page)
}

func (s *Site) disableTOTP(v *visit) (*edge.Response, error) {
	if err := s.accounts.DisableTOTP(v.person, v.form.Get("password"), v.form.Get("code")); err != nil {
		return v.refusedFactor(err, func(page *FactorsPage, errors map[string]string) {
			for i, field := range page.Disable {
				if message, ok := errors[field.Name]; ok {
					page.Disable[i].Error = sentence(field.Label, message)
				}
			}
		})
	}
	return edge.Redirect(factorsPath), nil
}

func (s *Site) newBackupCodes(v *visit) (*edge.Response, error) {
	codes, err := s.accounts.NewBackupCodes(v.person)
	if err != nil {
		return nil, err
	}
	return v.withCodes(codes, "These are your backup codes. Those before are worth nothing any more.")
}

func (s *Site) renamePasskey(v *visit) (*edge.Response, error) {
	return edge.Redirect(factorsPath), s.accounts.RenamePasskey(v.person, v.Param("id"), v.form.Get("name"))
}

func (s *Site) removePasskey(v *visit) (*edge.Response, error) {
	return edge.Redirect(factorsPath), s.accounts.RemovePasskey(v.person, v.Param("id"))
}

func (s *Site) forgetDevice(v *visit) (*edge.Response, error) {
	return edge.Redirect(factorsPath), s.accounts.ForgetDevice(v.person, v.Param("id"))
}

// provePath is where somebody shows again who they are before a sensitive act.
const provePath = "/settings/security/confirm"

// The proof's own fields, whose names no other form has.
const (
	proofPassword = "proof_password"
	proofCode     = "proof_code"
	proofTo       = "proof_to"
	proofRepeat   = "proof_repeat"
	proofText     = "proof_text"
)

// proofPage asks for a password or a factor. The form that was refused goes along, and is carried out afterwards.
func proofPage(v *visit, to string, form url.Values) AlonePage {
	page := AlonePage{Title: "Confirm that it is you", Look: look(v.Request), Lead: "What you are about to do needs your password or a second factor again.",
		Token: edge.NewFormToken(v.person), Action: provePath, Submit: "Go on", Hidden: []Hidden{{proofTo, next(to)}},
		Fields: []FieldView{{Kind: FieldPassword, Name: proofPassword, Label: "Password", Required: true, Autocomplete: "current-password"}}}
	ways, err := v.site.accounts.Ways(v.person)
	passwordless := err == nil && !ways.Password
	if passwordless {
		page.Fields, page.Lead = nil, "What you are about to do needs a fresh proof of who you are. After a provider confirmed it, do it once more."
		page.Foot = []Link{{"Cancel", "/dashboard"}}
		page.Others = v.proofButtons(ways, to, form != nil)
	}
	if factors, err := v.site.accounts.Factors(v.person); err == nil && factors.Any() {
		code := codeField(proofCode, "Code of your second factor")
		if code.Required = passwordless; !passwordless {
			code.Label, page.Fields[0].Required = "Or a code of your second factor", false
		}
		if !passwordless || factors.TOTP || factors.BackupCodes > 0 {
			page.Fields = append(page.Fields, code)
		}
		if factors.PasskeyHere {
			page.Passkey = &PasskeyButton{Purpose: "proof", Label: "Use a passkey"}
		}
		if factors.SMS {
			page.Second = &SecondButton{Name: proofText, Label: "Send me a code", Icon: "phone"}
		}
	}
	if len(page.Fields) == 0 {
		page.Action = ""
	}
	if form != nil {
		page.Hidden = append(page.Hidden, Hidden{proofRepeat, "true"})
	}
	for name, values := range form {
		if name == edge.FormToken || strings.HasPrefix(name, "proof_") {
			continue
		}
		for _, value := range values {
			page.Hidden = append(page.Hidden, Hidden{name, value})
		}
	}
	return page
}

// isStale tells whether an act was refused for want of a recent proof.
func isStale(err error) bool {
	f, ok := fault.As(err)
	_, recent := detailsOf(f, ok).(fault.Recent)
	return recent
}

func detailsOf(f *fault.Error, ok bool) any {
	if !ok {
		return nil
	}
	return f.Details
}

func (s *Site) askProof(v *visit) (*edge.Response, error) {
	return v.show(http.StatusOK, proofPage(v, v.Query.Get("to"), nil))
}

func (s *Site) prove(v *visit) (*edge.Response, error) {
	to := next(v.form.Get(proofTo))
	if v.form.Get(proofText) != "" {
		return v.textProof(to)
	}
	if v.person.RequireRecent() != nil {
		token, err := s.accounts.Prove(v.person, v.form.Get(proofPassword), v.form.Get(proofCode))
		if err != nil {
			public := fault.Public(err)
			if public.Code == fault.Internal {
				return nil, err
			}
			page := proofPage(v, to, v.repeated())
			page.Notice = &Strip{Tone: Bad, Text: public.Message}
			for name, message := range fieldErrors(err) {
				page.Notice.Text = sentence(map[string]string{"password": "Password", "code": "Code"}[name], message)
			}
			return v.showRefused(public, page)
		}
		v.setCookies(identity.SessionCookie(token))
	}
	response := edge.Redirect(to)
	if v.form.Get(proofRepeat) != "" {
		// The browser sends the same form again, to where it was refused.
		response.Status = http.StatusTemporaryRedirect
	}
	return response, nil
}

// repeated is the form that waits for the proof, nil for none.
func (v *visit) repeated() url.Values {
	if v.form.Get(proofRepeat) == "" {
		return nil
	}
	return v.form
}
