package identity

import (
	"zygo/app/identity/accounts"
	"zygo/app/identity/people"
)

// Activity reads what a user did, newest first and before an entry, or the newest where that is 0. Next is where to go on, 0
// at the end; an answer may hold fewer than the limit and still go on.
func (a *Accounts) Activity(p *people.Person, id string, before int64, limit int) ([]accounts.Act, int64, error) {
	if _, err := AllUsers.Get(p.Session, id); err != nil {
		return nil, 0, err
	}
	system, err := a.operating(p)
	if err != nil {
		return nil, 0, err
	}
	return accounts.Acts(system, id, before, limit)
}
