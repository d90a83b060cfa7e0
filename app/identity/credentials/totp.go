package credentials

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image/png"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	upstream "github.com/pquerna/otp/totp"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/throttle"
	"zygo/app/resource"
)

// totp is the authenticator app of a user. Its secret is sealed, because codes are made from it and not compared.
type totp struct {
	N           int64
	UserID      string
	Secret      field.Secret
	ConfirmedAt field.Time
	// Used are the steps whose codes were accepted last, as a JSON list. Each is remembered by itself: a newest step alone
	// would refuse right codes after the server's clock was ahead once, for as long as it had been ahead.
	Used field.JSON
}

var totps = totpTable()

func totpTable() *resource.Table {
	t := resource.NewTable[totp]("totp")
	t.Subject = "user_id"
	t.Visible = resource.Nothing
	t.Unique = [][]string{{"user_id"}}
	return t
}

const (
	totpDigits = 6
	totpStep   = 30 * time.Second
	// totpDrift is by how many steps a phone's clock may be wrong.
	totpDrift = 1
	// mostUsed bounds the steps that are remembered. It is far above the three whose codes are accepted at one time, so that a
	// clock that is set back opens no used code.
	mostUsed = 20
	qrPixels = 240
)

// TOTPSetup is what an app needs to know, shown while it is set up and never again.
type TOTPSetup struct {
	Secret string `json:"secret"`
	URI    string `json:"uri"`
	// QR is the URI as a picture, in a data URL.
	QR string `json:"qr"`
}

// SetUpTOTP begins with an authenticator app: a code of it has to confirm. One that was confirmed has to be turned off first.
func (a *Service) SetUpTOTP(p *people.Person) (*TOTPSetup, error) {
	if err := a.sessions.MayChange(p); err != nil {
		return nil, err
	}
	issuer, account := a.issuer(p), p.User.Email.String()
	made, err := upstream.Generate(upstream.GenerateOpts{Issuer: issuer, AccountName: account})
	if err != nil {
		return nil, err
	}
	key, err := otp.NewKeyFromURL(appAddress(issuer, account, made.Secret()))
	if err != nil {
		return nil, err
	}
	system := p.Personal()
	err = system.Write(func(s *resource.Session) error {
		confirmed, err := resource.Select[int](s, "SELECT 1 FROM {totp} WHERE user_id = ? AND confirmed_at IS NOT NULL", p.User.ID)
		if err != nil {
			return err
		}
		if len(confirmed) > 0 {
			return fault.New(fault.Conflict, "An authenticator app is set up already. Turn it off before you set up another.")
		}
		// One that was begun and never confirmed gives way.
		if _, err := s.Erase(totps, resource.Pair{Column: "user_id", Value: p.User.ID}); err != nil {
			return err
		}
		return s.Insert(totps, &totp{UserID: p.User.ID, Secret: s.Seal(key.Secret(), p.User.ID, "totp")})
	})
	if err != nil {
		return nil, err
	}
	return shownTOTP(key)
}

// BegunTOTP is the set-up that waits for its code, so that a wrong one can be tried again.
func (a *Service) BegunTOTP(p *people.Person) (*TOTPSetup, error) {
	if err := a.sessions.MayChange(p); err != nil {
		return nil, err
	}
	system := p.Personal()
	begun, err := resource.SelectOne[totp](system, "SELECT * FROM {totp} WHERE user_id = ? AND confirmed_at IS NULL", p.User.ID)
	if err != nil {
		return nil, err
	}
	secret, err := system.Reveal(begun.Secret, p.User.ID, "totp")
	if err != nil {
		return nil, err
	}
	key, err := otp.NewKeyFromURL(appAddress(a.issuer(p), p.User.Email.String(), secret))
	if err != nil {
		return nil, err
	}
	return shownTOTP(key)
}

func shownTOTP(key *otp.Key) (*TOTPSetup, error) {
	image, err := key.Image(qrPixels, qrPixels)
	if err != nil {
		return nil, err
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image); err != nil {
		return nil, err
	}
	return &TOTPSetup{key.Secret(), key.URL(), "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture.Bytes())}, nil
}

// issuer is by what an app tells this account from those elsewhere: the organization, or the host of the instance. A colon would
// end the name in the app's address.
func (a *Service) issuer(p *people.Person) string {
	name := p.Tenant.Name
	if name == "" {
		name = a.tenants.Host()
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(name, ":", " ")), " ")
}

// appAddress is what the picture holds. The library's own does not escape an ampersand, and apps show a plus as a plus.
func appAddress(issuer, account, secret string) string {
	query := url.Values{
		"secret":    {secret},
		"issuer":    {issuer},
		"algorithm": {"SHA1"},
		"digits":    {strconv.Itoa(totpDigits)},
		"period":    {strconv.Itoa(int(totpStep.Seconds()))},
	}
	return "otpauth://totp/" + url.PathEscape(issuer) + ":" + url.PathEscape(account) + "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
}

// Enrolled is what adding a factor leads to.
type Enrolled struct {
	// BackupCodes are given with the first factor, and shown once.
	BackupCodes []string
	// Token is the session's new one where the factor opened what was closed before; else it is empty.
	Token string
}

// VerifyTOTP confirms the app by a code. From then on each sign-in asks for one.
func (a *Service) VerifyTOTP(p *people.Person, code string) (*Enrolled, error) {
	if err := a.sessions.MayChange(p); err != nil {
		return nil, err
	}
	limit := throttle.Few("code " + p.User.ID)
	if err := a.settings.Guesses.Try(limit); err != nil {
		return nil, err
	}
	system := p.Personal()
	enrol, enrolled := a.enrolment(p)
	err := system.Write(func(s *resource.Session) error {
		right, err := acceptTOTP(s, p.User.ID, readCode(code), false)
		if err != nil {
			return err
		}
		if !right {
			return fault.InvalidField("code", "is not the one that the app shows now; check the clock of the phone")
		}
		if _, err := s.Change(totps, []resource.Pair{
			{Column: "confirmed_at", Value: s.Now},
		}, []resource.Pair{{Column: "user_id", Value: p.User.ID}}); err != nil {
			return err
		}
		if err := s.Record("user", "totp_enabled", p.User.ID, resource.Success); err != nil {
			return err
		}
		if err := a.tenants.Mail(s, a.factorLetter(p.User, "An authenticator app was added", s.Now)); err != nil {
			return err
		}
		return enrol(s)
	})
	if err != nil {
		return nil, err
	}
	a.settings.Guesses.Right(limit)
	return enrolled, nil
}

// enrolment does what follows from a new factor: backup codes if there are none, and another session id where the
// organization kept the session closed until now.
func (a *Service) enrolment(p *people.Person) (func(s *resource.Session) error, *Enrolled) {
	enrolled := &Enrolled{}
	token, renew := a.sessions.Renewal(p)
	return func(s *resource.Session) error {
		factors, err := a.FactorsOf(s, p.User.ID)
		if err != nil {
			return err
		}
		if factors.BackupCodes == 0 {
			if enrolled.BackupCodes, err = newBackupCodes(s, p.User.ID); err != nil {
				return err
			}
		}
		if !p.Enrolling {
			return nil
		}
		enrolled.Token = token
		return renew(s)
	}, enrolled
}

// acceptTOTP tells whether a code is one of now that was not accepted before, and uses it up.
func acceptTOTP(s *resource.Session, user, code string, confirmed bool) (bool, error) {
	found, err := resource.Select[totp](s, "SELECT * FROM {totp} WHERE user_id = ?", user)
	if err != nil || len(found) == 0 || (found[0].ConfirmedAt != 0) != confirmed {
		return false, err
	}
	secret, err := s.Reveal(found[0].Secret, user, "totp")
	if err != nil {
		return false, err
	}
	var used []int64
	if found[0].Used != nil {
		if err := json.Unmarshal(found[0].Used, &used); err != nil {
			return false, err
		}
	}
	now := s.Now.Go().Unix() / int64(totpStep.Seconds())
	for step := now - totpDrift; step <= now+totpDrift; step++ {
		// A code that has no form is a wrong one, and the only error there is.
		right, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{
			Digits:    otp.DigitsSix,
			Algorithm: otp.AlgorithmSHA1,
		})
		if err != nil || !right || slices.Contains(used, step) {
			continue
		}
		used = append(used, step)
		list, err := json.Marshal(used[max(0, len(used)-mostUsed):])
		if err != nil {
			return false, err
		}
		_, err = s.Change(totps, []resource.Pair{
			{Column: "used", Value: field.JSON(list)},
		}, []resource.Pair{{Column: "user_id", Value: user}})
		return err == nil, err
	}
	return false, nil
}

// DisableTOTP turns the app off for somebody who gives both the password and a code, which is proof enough by itself.
func (a *Service) DisableTOTP(p *people.Person, password, code string) error {
	if err := a.ConfirmOwner(p, "password", password); err != nil {
		return err
	}
	right, err := a.CheckCode(p.Personal(), p.User.ID, code, func(s *resource.Session) error {
		count, err := s.Erase(totps, resource.Pair{Column: "user_id", Value: p.User.ID})
		if err != nil {
			return err
		}
		if count == 0 {
			return fault.New(fault.NotFound, "No authenticator app is set up.")
		}
		if err := s.Record("user", "totp_disabled", p.User.ID, resource.Success); err != nil {
			return err
		}
		if err := a.tenants.Mail(s, a.factorLetter(p.User, "The authenticator app was turned off", s.Now)); err != nil {
			return err
		}
		return a.dropLeftovers(s, p.User.ID)
	})
	if err == nil && !right {
		err = fault.InvalidField("code", "is wrong, or was used before; wait for the next one")
	}
	return err
}
