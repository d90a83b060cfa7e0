package credentials

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/throttle"
	"zygo/app/identity/tokens"
	"zygo/app/outbox"
	"zygo/app/resource"
)

// phoneCode is a code that was sent to a phone. The rows are kept for a day, because they also count what was sent.
type phoneCode struct {
	N        int64
	UserID   string
	TenantID string
	Number   string
	Purpose  string
	// Hash is sealed: six digits alone would be found by trying all of them.
	Hash      field.Secret
	CreatedAt field.Time
	ExpiresAt field.Time
	UsedAt    field.Time
}

// What a code is for.
const (
	forSetup  = "setup"
	forAnswer = "answer"
)

var phoneCodes = phoneCodeTable()

func phoneCodeTable() *resource.Table {
	t := resource.NewTable[phoneCode]("phone_code")
	t.Visible = resource.Nothing
	t.Indexes = []resource.Index{
		{Columns: []string{"user_id", "created_at"}},
		{Columns: []string{"number", "created_at"}},
		{Columns: []string{"tenant_id", "created_at"}},
		{Columns: []string{"created_at"}},
	}
	return t
}

const (
	phoneCodeLife = 5 * time.Minute
	// phoneCodeWait is between two codes to one person.
	phoneCodeWait = time.Minute
	// phoneCodeKept is how long a code counts.
	phoneCodeKept = 24 * time.Hour
)

// The most codes within an hour and a day. A text message costs money, and some numbers pay anyone who has messages sent there:
// so a person has a bound over all numbers, a number over all persons, and an organization over all its members.
const (
	mostPerNumberHour, mostPerNumberDay = 5, 15
	mostPerPersonHour, mostPerPersonDay = 5, 15
	mostPerTenantHour, mostPerTenantDay = 100, 500
)

// sendCode sends a code to a number, within a write, unless too many went there.
func (a *Service) sendCode(s *resource.Session, user, number, purpose string) error {
	tenant, err := homeOf(s, user)
	if err != nil {
		return err
	}
	if err := mayText(s, user, tenant, number); err != nil {
		return err
	}
	drawn, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return err
	}
	code := fmt.Sprintf("%06d", drawn)
	row := phoneCode{
		UserID:    user,
		TenantID:  tenant,
		Number:    number,
		Purpose:   purpose,
		Hash:      s.Seal(tokens.Hash(code), user, "phone_code"),
		CreatedAt: s.Now,
		ExpiresAt: s.Now.Add(phoneCodeLife),
	}
	if err := s.Insert(phoneCodes, &row); err != nil {
		return err
	}
	if err := s.Record("user", "code_sent", user, resource.Success); err != nil {
		return err
	}
	return a.outbox.PutNote(s, outbox.Note{To: number, Subject: "Code by text message", Until: row.ExpiresAt,
		Text: fmt.Sprintf("%s is your code for Zygo. It works for %d minutes. Give it to nobody, also not to somebody who calls you.",
			code, int(phoneCodeLife/time.Minute))})
}

// homeOf is the organization that a user's codes count for: the one of their first membership, or none.
func homeOf(s *resource.Session, user string) (string, error) {
	tenants, err := resource.Select[string](s, "SELECT tenant_id FROM {membership} WHERE user_id = ? ORDER BY n LIMIT 1", user)
	if err != nil || len(tenants) == 0 {
		return "", err
	}
	return tenants[0], nil
}

// mayText refuses a code where too many were sent, and says when the next can be.
func mayText(s *resource.Session, user, tenant, number string) error {
	type sent struct {
		UserID, TenantID, Number string
		CreatedAt                field.Time
	}
	rows, err := resource.Select[sent](s,
		`SELECT user_id, tenant_id, number, created_at FROM {phone_code} WHERE created_at > ? AND created_at <= ? AND (user_id = ? OR tenant_id = ? OR number = ?)
		ORDER BY created_at DESC LIMIT 2000`, s.Now.Add(-phoneCodeKept), s.Now.Add(throttle.MostAhead), user, tenant, number)
	if err != nil {
		return err
	}
	for _, bound := range []struct {
		most   int
		within time.Duration
		counts func(sent) bool
		says   string
	}{
		{1, phoneCodeWait, func(r sent) bool { return r.UserID == user }, "A code was sent a moment ago."},
		{mostPerPersonHour, time.Hour, func(r sent) bool { return r.UserID == user }, "You asked for many codes within this hour."},
		{mostPerPersonDay, phoneCodeKept, func(r sent) bool { return r.UserID == user }, "You asked for many codes today."},
		{mostPerNumberHour, time.Hour, func(r sent) bool { return r.Number == number }, "Many codes went to this number within this hour."},
		{mostPerNumberDay, phoneCodeKept, func(r sent) bool { return r.Number == number }, "Many codes went to this number today."},
		{mostPerTenantHour, time.Hour, func(r sent) bool { return r.TenantID == tenant },
			"Your organization sent as many codes as it may within an hour."},
		{mostPerTenantDay, phoneCodeKept, func(r sent) bool { return r.TenantID == tenant },
			"Your organization sent as many codes as it may within a day."},
	} {
		count, free := 0, field.Time(0)
		for _, row := range rows {
			if bound.counts(row) && s.Now.Sub(row.CreatedAt) < bound.within {
				if count++; count == bound.most {
					free = row.CreatedAt.Add(bound.within) // newest first: when this one leaves the window, there is room
				}
			}
		}
		if count >= bound.most {
			wait := max(free.Sub(s.Now), time.Second)
			return &fault.Error{
				Code:       fault.RateLimited,
				Message:    bound.says + " The next can be sent in " + inWords(wait) + ".",
				RetryAfter: wait,
			}
		}
	}
	return nil
}

// inWords is a wait as people say it, rounded up.
func inWords(wait time.Duration) string {
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{time.Hour, "hour"}, {time.Minute, "minute"}} {
		if wait > unit.of {
			return fmt.Sprintf("%d %ss", (wait+unit.of-1)/unit.of, unit.name)
		}
	}
	return fmt.Sprintf("%d seconds", (wait+time.Second-1)/time.Second)
}

// acceptPhoneCode tells whether a code is the newest that was sent to the user's phone for the purpose, and uses it up.
func acceptPhoneCode(s *resource.Session, user, code, purpose string) (bool, error) {
	found, err := resource.Select[phoneCode](s,
		`SELECT c.* FROM {phone_code} c JOIN {phone} p ON p.user_id = c.user_id AND p.number = c.number
		WHERE c.user_id = ? AND c.purpose = ? ORDER BY c.n DESC LIMIT 1`, user, purpose)
	if err != nil || len(found) == 0 || found[0].UsedAt != 0 || s.Now > found[0].ExpiresAt {
		return false, err
	}
	hash, err := s.Reveal(found[0].Hash, user, "phone_code")
	if err != nil || subtle.ConstantTimeCompare([]byte(hash), []byte(tokens.Hash(code))) != 1 {
		return false, err
	}
	_, err = s.Change(phoneCodes, []resource.Pair{{Column: "used_at", Value: s.Now}}, []resource.Pair{{Column: "n", Value: found[0].N}})
	return err == nil, err
}

// endPhoneCodes makes the codes of a user worthless. They stay, because they count.
func endPhoneCodes(s *resource.Session, user string) error {
	_, err := s.Change(phoneCodes, []resource.Pair{{Column: "expires_at", Value: s.Now}}, []resource.Pair{{Column: "user_id", Value: user}})
	return err
}

// TextProof sends a code to the phone of somebody who is signed in and proves again who they are.
func (a *Service) TextProof(p *people.Person) (*CodeSent, error) {
	return a.TextFactor(p.Personal(), p.User.ID)
}

// TextFactor sends a code to the phone of a user, to prove themselves with.
func (a *Service) TextFactor(system *resource.Session, user string) (sent *CodeSent, err error) {
	err = system.Write(func(s *resource.Session) error {
		held, err := phoneOf(s, user)
		if err == nil && held.FactorAt == 0 {
			err = fault.New(fault.NotFound, "No phone is set up for codes. Take another way.")
		}
		if err != nil {
			return err
		}
		sent = codeSent(held.Number)
		return a.sendCode(s, user, held.Number, forAnswer)
	})
	return sent, err
}
