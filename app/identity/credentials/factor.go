package credentials

import (
	"errors"
	"strings"

	"zygo/app/identity/people"
	"zygo/app/identity/throttle"
	"zygo/app/resource"
)

// A second factor is something that a person has besides the password: an authenticator app (totp.go), a passkey (passkey.go)
// or a phone (phone.go), and backup codes for the day that all are lost. Anyone who has one is asked for it at each sign-in, but on
// devices that are remembered (remembered_device.go).

// Factors are what a person can prove themselves with besides the password.
type Factors struct {
	TOTP bool `json:"totp"`
	// SMS tells whether codes go to the phone, Phone is its number as soon as a code proved it, with most digits hidden.
	SMS         bool      `json:"sms"`
	Phone       string    `json:"phone"`
	BackupCodes int       `json:"backup_codes"`
	Passkeys    []Passkey `json:"passkeys"`
	// PasskeyHere tells whether one of the passkeys can be asked for at the host of the request.
	PasskeyHere bool               `json:"-"`
	Devices     []RememberedDevice `json:"devices"`
}

// Any tells whether a sign-in asks for a second factor. It does for a passkey of another host too, though that can't answer
// here: the session would be good at every host, so that a password alone would do wherever the passkey is not. Who has
// nothing else signs in at the passkey's host, or with one of the backup codes that came with it; whose domain is gone has
// lost the passkey like a device.
func (f *Factors) Any() bool { return f.TOTP || f.SMS || len(f.Passkeys) > 0 }

// Factors lists the person's own.
func (a *Service) Factors(p *people.Person) (*Factors, error) {
	return a.FactorsOf(p.Personal(), p.User.ID)
}

// FactorsOf lists those of a user.
func (a *Service) FactorsOf(s *resource.Session, user string) (*Factors, error) {
	f := &Factors{}
	apps, err := resource.Select[int](s, "SELECT 1 FROM {totp} WHERE user_id = ? AND confirmed_at IS NOT NULL", user)
	if err != nil {
		return nil, err
	}
	f.TOTP = len(apps) > 0
	held, err := phoneOf(s, user)
	if err != nil {
		return nil, err
	}
	if f.SMS = held.FactorAt != 0; held.ConfirmedAt != 0 {
		f.Phone = hidden(held.Number)
	}
	if f.BackupCodes, err = resource.SelectOne[int](s, "SELECT count(*) FROM {backup_code} WHERE user_id = ?", user); err != nil {
		return nil, err
	}
	f.Passkeys, err = resource.Select[Passkey](s,
		"SELECT id, name, CASE WHEN host = ? THEN '' ELSE host END AS host, created_at, used_at FROM {passkey} WHERE user_id = ? ORDER BY n", a.tenants.Host(), user)
	if err != nil {
		return nil, err
	}
	if len(f.Passkeys) > 0 && a.tenants.PasskeysWork(s.Context, s.Origin.Host) {
		if f.PasskeyHere, err = a.hasPasskeyAt(s, user, s.Origin.Host); err != nil {
			return nil, err
		}
	}
	f.Devices, err = resource.Select[RememberedDevice](s,
		"SELECT id, address, user_agent, created_at, expires_at FROM {remembered_device} WHERE user_id = ? AND expires_at > ? ORDER BY n",
		user, s.Now)
	if err != nil {
		return nil, err
	}
	// JSON has lists here, and never null.
	f.Passkeys, f.Devices = append([]Passkey{}, f.Passkeys...), append([]RememberedDevice{}, f.Devices...)
	return f, nil
}

// CheckCode tells whether a code is right, uses it up, and does then in the same write. Guesses at the six digits of an app
// or a text message slow down for the account, wherever they come from; backup codes can't be guessed, so that a stranger
// who holds the app's way shut leaves the owner this one.
func (a *Service) CheckCode(system *resource.Session, user, code string, then func(s *resource.Session) error) (right bool, err error) {
	code = readCode(code)
	sixDigits := len(code) == totpDigits && strings.Trim(code, "0123456789") == ""
	limits := []throttle.Limit{throttle.Few(throttle.Network(system.Origin.Address) + " code " + user)}
	if sixDigits {
		limits = append(limits, throttle.Few("code "+user))
	}
	if err := a.settings.Guesses.Try(limits...); err != nil {
		return false, err
	}
	err = system.Write(func(s *resource.Session) (err error) {
		if sixDigits {
			if right, err = acceptTOTP(s, user, code, true); err == nil && !right {
				right, err = acceptPhoneCode(s, user, code, forAnswer)
			}
		} else {
			right, err = useBackupCode(s, user, code)
		}
		if err != nil {
			return err
		}
		if !right {
			return s.Record("user", "second_factor", user, resource.Failure)
		}
		return then(s)
	})
	if err == nil && right {
		a.settings.Guesses.Right(limits...)
	}
	return right, err
}

// EraseFactors takes every second factor of a user.
func EraseFactors(s *resource.Session, user string) error {
	for _, table := range []*resource.Table{totps, passkeys, phones, backupCodes} {
		if _, err := s.Erase(table, resource.Pair{Column: "user_id", Value: user}); err != nil {
			return err
		}
	}
	return endPhoneCodes(s, user)
}

// dropLeftovers takes the backup codes and remembered devices of a user who has no factor any more.
func (a *Service) dropLeftovers(s *resource.Session, user string) error {
	factors, err := a.FactorsOf(s, user)
	if err != nil || factors.Any() {
		return err
	}
	if _, err := s.Erase(backupCodes, resource.Pair{Column: "user_id", Value: user}); err != nil {
		return err
	}
	_, err = s.Erase(rememberedDevices, resource.Pair{Column: "user_id", Value: user})
	return err
}

// Forget erases questions and devices that have ended, and codes that count no more.
func Forget(s *resource.Session, most int) error {
	return errors.Join(s.Prune(questions, "expires_at", int64(s.Now), most), s.Prune(rememberedDevices, "expires_at", int64(s.Now), most),
		s.Prune(phoneCodes, "created_at", int64(s.Now.Add(-phoneCodeKept)), most))
}
