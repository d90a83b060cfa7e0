package credentials

import (
	"crypto/rand"
	"encoding/base32"
	"strings"

	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// backupCode is one of the codes that a person keeps on paper. It has 80 random bits, so that its plain hash can't be
// searched; it is erased with its use.
type backupCode struct {
	N      int64
	UserID string
	Hash   string
}

var backupCodes = backupCodeTable()

func backupCodeTable() *resource.Table {
	t := resource.NewTable[backupCode]("backup_code")
	t.Visible = resource.Nothing
	t.Unique = [][]string{{"user_id", "hash"}}
	return t
}

// backupCodeCount is how many a person gets at once.
const backupCodeCount = 10

// NewBackupCodes makes ten codes in place of those before. They are shown once.
func (a *Service) NewBackupCodes(p *people.Person) (codes []string, err error) {
	if err := a.sessions.MayChange(p); err != nil {
		return nil, err
	}
	err = p.Personal().Write(func(s *resource.Session) error {
		factors, err := a.FactorsOf(s, p.User.ID)
		if err != nil {
			return err
		}
		if !factors.Any() {
			return fault.New(fault.Conflict, "Set up an authenticator app, a passkey or a phone first; backup codes stand in for one.")
		}
		codes, err = newBackupCodes(s, p.User.ID)
		return err
	})
	return codes, err
}

func newBackupCodes(s *resource.Session, user string) ([]string, error) {
	if _, err := s.Erase(backupCodes, resource.Pair{Column: "user_id", Value: user}); err != nil {
		return nil, err
	}
	codes := make([]string, backupCodeCount)
	for i := range codes {
		secret := make([]byte, 10)
		rand.Read(secret)
		code := strings.ToLower(base32.StdEncoding.EncodeToString(secret))
		if err := s.Insert(backupCodes, &backupCode{UserID: user, Hash: backupHash(code)}); err != nil {
			return nil, err
		}
		codes[i] = code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:]
	}
	return codes, s.Record("user", "backup_codes_made", user, resource.Success)
}

// misread are the letters and digits that people take for each other on paper.
var misread = strings.NewReplacer("0", "o", "1", "l", "i", "l", "8", "b")

// backupHash is that of a code however its letters were read. It costs one of the 80 bits.
func backupHash(code string) string { return tokens.Hash(misread.Replace(code)) }

func useBackupCode(s *resource.Session, user, code string) (bool, error) {
	count, err := s.Erase(backupCodes, resource.Pair{
		Column: "user_id",
		Value:  user,
	}, resource.Pair{Column: "hash", Value: backupHash(code)})
	if err != nil || count == 0 {
		return false, err
	}
	return true, s.Record("user", "backup_code_used", user, resource.Success)
}
