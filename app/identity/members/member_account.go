package members

import (
	"encoding/json"

	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// Account is what the account of a member says to the organization.
type Account struct {
	ID, Email  string
	LastSeenAt field.Time
	// Protected tells whether a sign-in asks for a second factor. Only those who manage members learn it.
	Protected bool
}

// Accounts are those of the given users whom the person sees, by their ids.
func (a *Service) Accounts(p *people.Person, users []string) (map[string]Account, error) {
	seen, err := resource.Select[Account](p.Session,
		"SELECT id, email, last_seen_at, 0 AS protected FROM {user} WHERE id IN (SELECT value FROM list_values(?))", listed(users))
	if err != nil {
		return nil, err
	}
	accounts, ids := map[string]Account{}, make([]string, len(seen))
	for i, account := range seen {
		accounts[account.ID], ids[i] = account, account.ID
	}
	if kind, ok := p.Kernel().Kind(people.Memberships.Name); !ok || !p.May(kind.Spec(), resource.Update) {
		return accounts, nil
	}
	// Factors belong to accounts and to no tenant; the ids are those that the tenant's session gave.
	protected, err := resource.Select[string](p.Personal(),
		`SELECT value FROM list_values(?) WHERE value IN (SELECT user_id FROM {totp} WHERE confirmed_at IS NOT NULL)
		OR value IN (SELECT user_id FROM {passkey}) OR value IN (SELECT user_id FROM {phone} WHERE factor_at IS NOT NULL)`, listed(ids))
	for _, id := range protected {
		account := accounts[id]
		account.Protected = true
		accounts[id] = account
	}
	return accounts, err
}

// listed is texts as SQL takes them in one parameter.
func listed(texts []string) string {
	encoded, err := json.Marshal(texts)
	if err != nil {
		return "[]" // strings always encode
	}
	return string(encoded)
}
