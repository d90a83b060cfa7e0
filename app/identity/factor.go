package identity

import (
	"context"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/throttle"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// A second factor is something that a person has beside the password: an authenticator app (totp.go), a passkey (passkey.go)
// or a phone (phone.go), and backup codes for the day that all are lost. Anyone who has one is asked for it at each sign-in, but on
// devices that are remembered (remembered_device.go).

// Factors are what a person can prove themselves with beside the password.
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
func (a *Accounts) Factors(p *people.Person) (*Factors, error) {
	return a.factorsOf(p.Personal(), p.User.ID)
}

func (a *Accounts) factorsOf(s *resource.Session, user string) (*Factors, error) {
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
		"SELECT id, name, CASE WHEN host = ? THEN '' ELSE host END AS host, created_at, used_at FROM {passkey} WHERE user_id = ? ORDER BY n", a.Tenants.Host(), user)
	if err != nil {
		return nil, err
	}
	if len(f.Passkeys) > 0 && a.Tenants.PasskeysWork(s.Context, s.Origin.Host) {
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

// challenge is a question that was asked and waits for its answer: the second factor of a sign-in, or what a passkey is to
// sign. Each is answered once.
type challenge struct {
	N       int64
	Hash    string
	UserID  string
	Purpose string
	// Browser is the hash of the token of the only browser that may answer, empty where the question's own token is enough.
	Browser   string
	Data      []byte
	ExpiresAt field.Time
}

var challenges = challengeTable()

func challengeTable() *resource.Table {
	t := resource.NewTable[challenge]("challenge")
	t.Visible = resource.Nothing
	t.Unique = [][]string{{"hash"}}
	t.Indexes = []resource.Index{{Columns: []string{"user_id"}}, {Columns: []string{"browser"}, Where: "browser <> ''"}}
	return t
}

// challengeLife is how long a question may stay open.
const challengeLife = 10 * time.Minute

// signInChallenge is the purpose of a sign-in that waits for its second factor.
const signInChallenge = "sign_in"

// Challenge is the detail of the fault MFARequired: what a sign-in waits for.
type Challenge struct {
	Challenge string   `json:"challenge"`
	Methods   []string `json:"methods"`
	ExpiresIn int      `json:"expires_in"`
}

// askFactor ends a sign-in that needs a second factor with a challenge; only its answer opens a session.
func (a *Accounts) askFactor(system *resource.Session, user people.User, device string) error {
	factors, err := a.factorsOf(system, user.ID)
	if err != nil || !factors.Any() {
		return err
	}
	if known, err := isRemembered(system, user.ID, device); err != nil || known {
		return err
	}
	methods := []string{} // JSON has a list here, and never null
	if factors.TOTP {
		methods = append(methods, "totp")
	}
	if factors.PasskeyHere {
		methods = append(methods, "passkey")
	}
	if factors.SMS {
		methods = append(methods, "sms")
	}
	if factors.BackupCodes > 0 {
		methods = append(methods, "backup_code")
	}
	token, err := ask(system, challenge{UserID: user.ID, Purpose: signInChallenge})
	if err != nil {
		return err
	}
	asking := "Answer the challenge with your second factor."
	if len(methods) == 0 {
		asking = "Your second factor is a passkey of another address. Sign in at " + a.AddressOf(factors.Passkeys[0]) + "."
	}
	return fault.New(fault.MFARequired, "%s", asking).With(Challenge{token, methods, int(challengeLife.Seconds())})
}

// ask stores a question and gives the token that its answer names.
func ask(system *resource.Session, c challenge) (string, error) {
	token := tokens.New()
	c.Hash, c.ExpiresAt = tokens.Hash(token), system.Now.Add(challengeLife)
	return token, system.Write(func(s *resource.Session) error { return s.Insert(challenges, &c) })
}

// asked finds an open question.
func asked(s *resource.Session, token, purpose string) (challenge, error) {
	found, err := resource.Select[challenge](s, "SELECT * FROM {challenge} WHERE hash = ? AND purpose = ? AND expires_at > ?",
		tokens.Hash(token), purpose, s.Now)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.Unauthenticated, "This took too long, or was answered already. Begin again.")
	}
	if err != nil {
		return challenge{}, err
	}
	return found[0], nil
}

// close takes a question away; of two who answer, the second finds none.
func (c challenge) close(s *resource.Session) error {
	count, err := s.Erase(challenges, resource.Pair{Column: "hash", Value: c.Hash})
	if err == nil && count == 0 {
		err = fault.New(fault.Unauthenticated, "This was answered already. Begin again.")
	}
	return err
}

// Methods tells by what a challenge can be answered.
func (a *Accounts) Methods(ctx context.Context, token string, origin resource.Origin) (*Factors, error) {
	system := a.Tenants.Anonymous(ctx, origin)
	c, err := asked(system, token, signInChallenge)
	if err != nil {
		return nil, err
	}
	return a.factorsOf(system, c.UserID)
}

// AnswerChallenge finishes a sign-in with the code of an app, one by text message, or a backup code.
func (a *Accounts) AnswerChallenge(ctx context.Context, token, code string, origin resource.Origin) (string, *people.Person, error) {
	system := a.Tenants.Anonymous(ctx, origin)
	c, err := asked(system, token, signInChallenge)
	if err != nil {
		return "", nil, err
	}
	right, err := a.checkCode(system, c.UserID, code, c.close)
	if err == nil && !right {
		err = fault.New(fault.Unauthenticated, "The code is wrong, or it was used before. Wait for the next one.")
	}
	if err != nil {
		return "", nil, err
	}
	return a.openFor(system, c.UserID, origin)
}

// openFor opens a session of a user who proved themselves completely.
func (a *Accounts) openFor(system *resource.Session, id string, origin resource.Origin) (string, *people.Person, error) {
	users, err := resource.Select[people.User](system, "SELECT * FROM {user} WHERE id = ? AND suspended_at IS NULL", id)
	if err == nil && len(users) == 0 {
		err = people.ErrSignIn()
	}
	if err != nil {
		return "", nil, err
	}
	return a.open(system, users[0], origin)
}

// checkCode tells whether a code is right, uses it up, and does then in the same write. Guesses at the six digits of an app
// or a text message slow down for the account, wherever they come from; backup codes can't be guessed, so that a stranger
// who holds the app's way shut leaves the owner this one.
func (a *Accounts) checkCode(system *resource.Session, user, code string, then func(s *resource.Session) error) (right bool, err error) {
	code = readCode(code)
	sixDigits := len(code) == totpDigits && strings.Trim(code, "0123456789") == ""
	limits := []throttle.Limit{throttle.Few(throttle.Network(system.Origin.Address) + " code " + user)}
	if sixDigits {
		limits = append(limits, throttle.Few("code "+user))
	}
	if err := a.throttle.Try(limits...); err != nil {
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
		a.throttle.Right(limits...)
	}
	return right, err
}

// done is what a check does beside when it does nothing.
func done(*resource.Session) error { return nil }

// eraseFactors takes every second factor of a user.
func eraseFactors(s *resource.Session, user string) error {
	for _, table := range []*resource.Table{totps, passkeys, phones, backupCodes} {
		if _, err := s.Erase(table, resource.Pair{Column: "user_id", Value: user}); err != nil {
			return err
		}
	}
	return endPhoneCodes(s, user)
}

// dropLeftovers takes the backup codes and remembered devices of a user who has no factor any more.
func (a *Accounts) dropLeftovers(s *resource.Session, user string) error {
	factors, err := a.factorsOf(s, user)
	if err != nil || factors.Any() {
		return err
	}
	if _, err := s.Erase(backupCodes, resource.Pair{Column: "user_id", Value: user}); err != nil {
		return err
	}
	_, err = s.Erase(rememberedDevices, resource.Pair{Column: "user_id", Value: user})
	return err
}
