package credentials

import (
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// Question is a question that was asked and waits for its answer: the second factor of a sign-in, or what a passkey is to
// sign. Each is answered once.
type Question struct {
	N       int64
	Hash    string
	UserID  string
	Purpose string
	// Browser is the hash of the token of the only browser that may answer, empty where the question's own token is enough.
	Browser   string
	Data      []byte
	ExpiresAt field.Time
}

var questions = questionTable()

func questionTable() *resource.Table {
	t := resource.NewTable[Question]("challenge")
	t.Visible = resource.Nothing
	t.Unique = [][]string{{"hash"}}
	t.Indexes = []resource.Index{{Columns: []string{"user_id"}}, {Columns: []string{"browser"}, Where: "browser <> ''"}}
	return t
}

// QuestionLife is how long a question may stay open.
const QuestionLife = 10 * time.Minute

// Ask stores a question and gives the token that its answer names.
func Ask(system *resource.Session, c Question) (string, error) {
	token := tokens.New()
	c.Hash, c.ExpiresAt = tokens.Hash(token), system.Now.Add(QuestionLife)
	return token, system.Write(func(s *resource.Session) error { return s.Insert(questions, &c) })
}

// Asked finds an open question.
func Asked(s *resource.Session, token, purpose string) (Question, error) {
	found, err := resource.Select[Question](s, "SELECT * FROM {challenge} WHERE hash = ? AND purpose = ? AND expires_at > ?",
		tokens.Hash(token), purpose, s.Now)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.Unauthenticated, "This took too long, or was answered already. Begin again.")
	}
	if err != nil {
		return Question{}, err
	}
	return found[0], nil
}

// Close takes a question away; of two who answer, the second finds none.
func (c Question) Close(s *resource.Session) error {
	count, err := s.Erase(questions, resource.Pair{Column: "hash", Value: c.Hash})
	if err == nil && count == 0 {
		err = fault.New(fault.Unauthenticated, "This was answered already. Begin again.")
	}
	return err
}

// EndQuestion is Close by the token of a question.
func EndQuestion(s *resource.Session, token string) error {
	return Question{Hash: tokens.Hash(token)}.Close(s)
}

// EndOldest ends the oldest questions that one browser alone may answer, so that the most are left.
func EndOldest(system *resource.Session, browser string, most int) error {
	return system.Write(func(s *resource.Session) error {
		old, err := resource.Select[string](s,
			"SELECT hash FROM {challenge} WHERE browser = ? AND browser <> '' ORDER BY n DESC LIMIT 100 OFFSET ?", browser, most)
		if err != nil {
			return err
		}
		for _, hash := range old {
			if _, err := s.Erase(questions, resource.Pair{Column: "hash", Value: hash}); err != nil {
				return err
			}
		}
		return nil
	})
}
