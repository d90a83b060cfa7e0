package credentials

import (
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/throttle"
	"zygo/app/resource"
)

// phone is the telephone of a user. A code that was sent to it confirms that it is theirs; as a second factor it gets a code
// for each sign-in.
type phone struct {
	N      int64
	UserID string
	Number string
	// ConfirmedAt is when a code proved the number, FactorAt since when it is a second factor.
	ConfirmedAt field.Time
	FactorAt    field.Time
}

var phones = phoneTable()

func phoneTable() *resource.Table {
	t := resource.NewTable[phone]("phone")
	t.Subject = "user_id"
	t.Visible = resource.Nothing
	t.Unique = [][]string{{"user_id"}}
	return t
}

// CodeSent tells where a code went and how long it works, in seconds.
type CodeSent struct {
	// Phone is the number with most of its digits hidden.
	Phone     string `json:"phone"`
	ExpiresIn int    `json:"expires_in"`
	// ResendIn is when another one can be asked for.
	ResendIn int `json:"resend_in"`
}

func codeSent(number string) *CodeSent {
	return &CodeSent{hidden(number), int(phoneCodeLife.Seconds()), int(phoneCodeWait.Seconds())}
}

// hidden is a number by which its owner knows it and nobody else.
func hidden(number string) string {
	if len(number) < 6 {
		return ""
	}
	return number[:3] + " ••• " + number[len(number)-2:]
}

func phoneOf(s *resource.Session, user string) (phone, error) {
	found, err := resource.Select[phone](s, "SELECT * FROM {phone} WHERE user_id = ?", user)
	if err != nil || len(found) == 0 {
		return phone{}, err
	}
	return found[0], nil
}

// NumberOf is the number of a user's phone, empty without one.
func NumberOf(s *resource.Session, user string) (string, error) {
	held, err := phoneOf(s, user)
	return held.Number, err
}

// SetUpPhone sends a code to a number that is to become the person's.
func (a *Service) SetUpPhone(p *people.Person, number string) (*CodeSent, error) {
	if err := a.sessions.MayChange(p); err != nil {
		return nil, err
	}
	number, err := field.ReadPhone(number)
	if err != nil {
		return nil, fault.InvalidField("phone", "%s", err)
	}
	return codeSent(number), p.Personal().Write(func(s *resource.Session) error {
		held, err := phoneOf(s, p.User.ID)
		if err != nil {
			return err
		}
		if held.FactorAt != 0 {
			return fault.New(fault.Conflict, "Codes go to a phone already. Remove it before you set up another.")
		}
		if held.Number != number {
			// One that was begun, or proved and not made a factor, gives way.
			if _, err := s.Erase(phones, resource.Pair{Column: "user_id", Value: p.User.ID}); err != nil {
				return err
			}
			if err := s.Insert(phones, &phone{UserID: p.User.ID, Number: number}); err != nil {
				return err
			}
		}
		return a.sendCode(s, p.User.ID, number, forSetup)
	})
}

// VerifyPhone takes the code that SetUpPhone sent, which proves that the number is the person's.
func (a *Service) VerifyPhone(p *people.Person, code string) error {
	return a.confirmPhone(p, code, func(s *resource.Session) error {
		_, err := s.Change(phones, []resource.Pair{
			{Column: "confirmed_at", Value: s.Now},
		}, []resource.Pair{{Column: "user_id", Value: p.User.ID}})
		if err != nil {
			return err
		}
		return s.Record("user", "phone_verified", p.User.ID, resource.Success)
	})
}

// EnrolPhone takes the code that SetUpPhone sent, and makes the phone a second factor. From then on each sign-in asks for one.
func (a *Service) EnrolPhone(p *people.Person, code string) (*Enrolled, error) {
	enrol, enrolled := a.enrolment(p)
	return enrolled, a.confirmPhone(p, code, func(s *resource.Session) error {
		_, err := s.Change(phones, []resource.Pair{
			{Column: "confirmed_at", Value: s.Now},
			{Column: "factor_at", Value: s.Now},
		}, []resource.Pair{{Column: "user_id", Value: p.User.ID}})
		if err != nil {
			return err
		}
		if err := s.Record("user", "sms_enabled", p.User.ID, resource.Success); err != nil {
			return err
		}
		if err := a.tenants.Mail(s, a.factorLetter(p.User, "A phone for codes by text message was added", s.Now)); err != nil {
			return err
		}
		return enrol(s)
	})
}

// confirmPhone does then where the code is the one that the set-up sent. Guesses slow down with those of every other code.
func (a *Service) confirmPhone(p *people.Person, code string, then func(s *resource.Session) error) error {
	if err := a.sessions.MayChange(p); err != nil {
		return err
	}
	limit := throttle.Few("code " + p.User.ID)
	if err := a.settings.Guesses.Try(limit); err != nil {
		return err
	}
	err := p.Personal().Write(func(s *resource.Session) error {
		right, err := acceptPhoneCode(s, p.User.ID, readCode(code), forSetup)
		if err == nil && !right {
			err = fault.InvalidField("code", "is not the newest one that was sent, or it is older than %d minutes",
				int(phoneCodeLife/time.Minute))
		}
		if err != nil {
			return err
		}
		return then(s)
	})
	if err == nil {
		a.settings.Guesses.Right(limit)
	}
	return err
}

// RemovePhone forgets the person's phone; codes go there no more.
func (a *Service) RemovePhone(p *people.Person) error {
	if err := a.sessions.MayChange(p); err != nil {
		return err
	}
	return p.Personal().Write(func(s *resource.Session) error {
		held, err := phoneOf(s, p.User.ID)
		if err == nil && held.N == 0 {
			err = fault.New(fault.NotFound, "No phone is set up.")
		}
		if err != nil {
			return err
		}
		if _, err := s.Erase(phones, resource.Pair{Column: "user_id", Value: p.User.ID}); err != nil {
			return err
		}
		if err := endPhoneCodes(s, p.User.ID); err != nil {
			return err
		}
		if err := s.Record("user", "sms_disabled", p.User.ID, resource.Success); err != nil {
			return err
		}
		if held.FactorAt != 0 {
			if err := a.tenants.Mail(s, a.factorLetter(p.User, "The phone for codes by text message was removed", s.Now)); err != nil {
				return err
			}
		}
		return a.dropLeftovers(s, p.User.ID)
	})
}
