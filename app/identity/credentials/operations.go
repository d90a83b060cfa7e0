package credentials

import (
	"net/http"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/sessions"
	"zygo/app/operation"
)

type byCode struct{ Code field.Password }

type codeAndPassword struct{ Password, Code field.Password }

func (a *Service) factorOperations() []operation.Operation {
	return people.Entering([]operation.Operation{
		people.SignedIn(http.MethodGet, "auth/mfa", "The second factors of the person",
			func(p *people.Person, _ *people.Nothing) (*Factors, error) { return a.Factors(p) }),
		people.SignedIn(http.MethodPost, "auth/mfa/totp/setup", "Begin to set up an authenticator app",
			func(p *people.Person, _ *people.Nothing) (*TOTPSetup, error) { return a.SetUpTOTP(p) }),
		people.Handle(http.MethodPost, "auth/mfa/totp/verify", "Confirm the app by a code; the first factor comes with backup codes",
			func(c *operation.Call, p *people.Person, in *byCode) (*sessions.Entered, error) {
				with, err := a.VerifyTOTP(p, string(in.Code))
				return a.enrolled(c, p, with, err)
			}),
		people.Act(http.MethodDelete, "auth/mfa/totp", "Turn the app off, by password and code",
			func(p *people.Person, in *codeAndPassword) error {
				return a.DisableTOTP(p, string(in.Password), string(in.Code))
			}),
		people.SignedIn(http.MethodPost, "auth/mfa/backup-codes", "Make ten backup codes in place of those before",
			func(p *people.Person, _ *people.Nothing) (*sessions.Entered, error) {
				codes, err := a.NewBackupCodes(p)
				return &sessions.Entered{BackupCodes: codes}, err
			}),
		people.Act(http.MethodDelete, "auth/mfa/devices/{id}", "Ask a remembered device for the second factor again",
			func(p *people.Person, in *people.ByID) error { return a.ForgetDevice(p, in.ID) }),
		people.SignedIn(http.MethodPost, "auth/mfa/sms/setup",
			"Send a code to `phone`, a number with the country's code, to make it the person's; 429 where too "+
				"many were sent",
			func(p *people.Person, in *struct{ Phone string }) (*CodeSent, error) {
				return a.SetUpPhone(p, in.Phone)
			}),
		people.Act(http.MethodPost, "auth/phone/verify", "Prove by the `code` of the set-up that the number is the person's, and make it no second factor",
			func(p *people.Person, in *byCode) error { return a.VerifyPhone(p, string(in.Code)) }),
		people.Handle(http.MethodPost, "auth/mfa/sms/verify",
			"Prove by the `code` of the set-up that the number is the person's, and make it a second factor, "+
				"for which each sign-in asks from then on; the first factor comes with backup codes",
			func(c *operation.Call, p *people.Person, in *byCode) (*sessions.Entered, error) {
				with, err := a.EnrolPhone(p, string(in.Code))
				return a.enrolled(c, p, with, err)
			}),
		people.Act(http.MethodDelete, "auth/mfa/sms", "Remove the phone",
			func(p *people.Person, _ *people.Nothing) error { return a.RemovePhone(p) }),
	})
}

// enrolled answers a new factor: the codes that came with it, and a renewed session where it opened one.
func (a *Service) enrolled(c *operation.Call, p *people.Person, with *Enrolled, err error) (*sessions.Entered, error) {
	out := &sessions.Entered{}
	if err == nil && with.Token != "" {
		out, err = a.sessions.Welcome(c, with.Token, p, nil)
	}
	if err != nil {
		return nil, err
	}
	out.BackupCodes = with.BackupCodes
	return out, nil
}
