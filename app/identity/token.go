package identity

import (
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/throttle"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// accountToken is the right that a link in a mail gives, once. Only its hash is stored.
type accountToken struct {
	N       int64
	Hash    string
	Purpose string
	// UserID is empty for an address that nobody has: asking for it costs the same write.
	UserID string
	// Value is what the link is about, such as a new address.
	Value     string
	CreatedAt field.Time
	ExpiresAt field.Time
	UsedAt    field.Time
}

// What links are for.
const (
	toReset      = "reset"
	toVerify     = "verify"
	toLeaveEmail = "leave_email" // confirmed at the present address
	toTakeEmail  = "take_email"  // confirmed at the new address
	toTell       = "tell"        // no right: it only counts a mail
)

const (
	resetLife  = time.Hour
	verifyLife = 24 * time.Hour
	// mostMails bounds the mails of one purpose that strangers can make Zygo send to one person within an hour.
	mostMails = 5
)

var accountTokens = accountTokenTable()

func accountTokenTable() *resource.Table {
	t := resource.NewTable[accountToken]("account_token")
	t.Visible = resource.Nothing
	t.Unique = [][]string{{"hash"}}
	t.Indexes = []resource.Index{{Columns: []string{"user_id", "purpose", "created_at"}}, {Columns: []string{"expires_at"}}}
	return t
}

// issue stores the right of a token, and tells whether a mail with it may go out: strangers can't flood anybody.
func issue(s *resource.Session, token, purpose, user, value string, life time.Duration) (mayMail bool, err error) {
	recent, err := resource.SelectOne[int](s,
		"SELECT count(*) FROM {account_token} WHERE user_id = ? AND purpose = ? AND created_at > ? AND created_at <= ?", user, purpose,
		s.Now.Add(-time.Hour), s.Now.Add(throttle.MostAhead))
	if err != nil {
		return false, err
	}
	row := accountToken{Hash: tokens.Hash(token), Purpose: purpose, UserID: user, Value: value, CreatedAt: s.Now, ExpiresAt: s.Now.Add(life)}
	return user != "" && recent < mostMails, s.Insert(accountTokens, &row)
}

// validToken finds the right of a token that was not used and has not ended.
func validToken(s *resource.Session, token string, purposes ...string) (accountToken, error) {
	found, err := resource.Select[accountToken](s, "SELECT * FROM {account_token} WHERE hash = ? AND user_id <> '' AND used_at IS NULL",
		tokens.Hash(token))
	if err != nil {
		return accountToken{}, err
	}
	for _, row := range found {
		for _, purpose := range purposes {
			if row.Purpose == purpose && s.Now <= row.ExpiresAt {
				return row, nil
			}
		}
	}
	return accountToken{}, fault.InvalidField("token", "is not valid any more; ask for another link")
}

// spend ends all rights of a purpose that a user has.
func spend(s *resource.Session, user string, purposes ...string) error {
	for _, purpose := range purposes {
		_, err := s.Erase(accountTokens, resource.Pair{Column: "user_id", Value: user}, resource.Pair{Column: "purpose", Value: purpose})
		if err != nil {
			return err
		}
	}
	return nil
}
