package accounts

import (
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/throttle"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// Link is the right that a link in a mail gives, once. Only its hash is stored.
type Link struct {
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
	ToReset      = "reset"
	ToVerify     = "verify"
	ToLeaveEmail = "leave_email" // confirmed at the present address
	ToTakeEmail  = "take_email"  // confirmed at the new address
	ToTell       = "tell"        // no right: it only counts a mail
)

// How long links work.
const (
	ResetLife  = time.Hour
	VerifyLife = 24 * time.Hour
	// mostMails bounds the mails of one purpose that strangers can make Zygo send to one person within an hour.
	mostMails = 5
)

var links = linkTable()

func linkTable() *resource.Table {
	t := resource.NewTable[Link]("account_token")
	t.Visible = resource.Nothing
	t.Unique = [][]string{{"hash"}}
	t.Indexes = []resource.Index{{Columns: []string{"user_id", "purpose", "created_at"}}, {Columns: []string{"expires_at"}}}
	return t
}

// IssueLink stores the right of a token, and tells whether a mail with it may go out: strangers can't flood anybody.
func IssueLink(s *resource.Session, token, purpose, user, value string, life time.Duration) (mayMail bool, err error) {
	recent, err := resource.SelectOne[int](s,
		"SELECT count(*) FROM {account_token} WHERE user_id = ? AND purpose = ? AND created_at > ? AND created_at <= ?", user, purpose,
		s.Now.Add(-time.Hour), s.Now.Add(throttle.MostAhead))
	if err != nil {
		return false, err
	}
	row := Link{Hash: tokens.Hash(token), Purpose: purpose, UserID: user, Value: value, CreatedAt: s.Now, ExpiresAt: s.Now.Add(life)}
	return user != "" && recent < mostMails, s.Insert(links, &row)
}

// ValidLink finds the right of a token that was not used and has not ended.
func ValidLink(s *resource.Session, token string, purposes ...string) (Link, error) {
	found, err := resource.Select[Link](s, "SELECT * FROM {account_token} WHERE hash = ? AND user_id <> '' AND used_at IS NULL",
		tokens.Hash(token))
	if err != nil {
		return Link{}, err
	}
	for _, row := range found {
		for _, purpose := range purposes {
			if row.Purpose == purpose && s.Now <= row.ExpiresAt {
				return row, nil
			}
		}
	}
	return Link{}, fault.InvalidField("token", "is not valid any more; ask for another link")
}

// SpendLinks ends all rights of a purpose that a user has.
func SpendLinks(s *resource.Session, user string, purposes ...string) error {
	for _, purpose := range purposes {
		_, err := s.Erase(links, resource.Pair{Column: "user_id", Value: user}, resource.Pair{Column: "purpose", Value: purpose})
		if err != nil {
			return err
		}
	}
	return nil
}

// Forget erases the links that have ended. They are kept an hour longer than they work, because they are counted.
func Forget(s *resource.Session, most int) error {
	return s.Prune(links, "expires_at", int64(s.Now.Add(-time.Hour)), most)
}

// SetLink sets what a link is about.
func SetLink(s *resource.Session, token, value string) error {
	where := []resource.Pair{{Column: "hash", Value: tokens.Hash(token)}}
	_, err := s.Change(links, []resource.Pair{{Column: "value", Value: value}}, where)
	return err
}
