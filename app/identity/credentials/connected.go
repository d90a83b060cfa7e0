package credentials

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/provider"
	"zygo/app/resource"
)

// connected is an account at a provider that signs a user in. The provider's subject is who it is; the address is only
// shown, because addresses change hands and subjects do not.
type connected struct {
	N         int64
	ID        string
	UserID    string
	Provider  string
	Subject   string
	Email     string
	CreatedAt field.Time
	UsedAt    field.Time
}

var connectedAccounts = connectedTable()

func connectedTable() *resource.Table {
	t := resource.NewTable[connected]("connected_account")
	t.Visible = resource.Nothing
	t.Unique = [][]string{{"provider", "subject"}, {"user_id", "provider"}}
	return t
}

// ConnectedAccount is a linked account as its owner sees it.
type ConnectedAccount struct {
	Provider  string     `json:"provider"`
	Email     string     `json:"email"`
	CreatedAt field.Time `json:"created_at"`
	UsedAt    field.Time `json:"used_at"`
}

// SignInMethods are those by which a user can sign in.
type SignInMethods struct {
	Password bool
	// Passkeys counts those of the instance's own host.
	Passkeys int
	// Connected are the linked accounts. One whose provider this instance offers no more is listed and is no way in.
	Connected []ConnectedAccount
	offered   int
}

// Count is how many there are.
func (w *SignInMethods) Count() int {
	count := w.Passkeys + w.offered
	if w.Password {
		count++
	}
	return count
}

// SignInMethods are those of the person.
func (a *Service) SignInMethods(p *people.Person) (*SignInMethods, error) {
	return a.signInMethodsOf(p.Personal(), p.User.ID)
}

func (a *Service) signInMethodsOf(s *resource.Session, user string) (*SignInMethods, error) {
	w := &SignInMethods{}
	var err error
	if w.Password, err = HasPassword(s, user); err != nil {
		return nil, err
	}
	// One of a verified domain is no way in: it works nowhere else, and ends with the domain, about which its organization
	// decides and not the user.
	if own := a.tenants.Host(); a.tenants.PasskeysWork(s.Context, own) {
		w.Passkeys, err = resource.SelectOne[int](s, "SELECT count(*) FROM {passkey} WHERE user_id = ? AND host = ?", user, own)
		if err != nil {
			return nil, err
		}
	}
	if w.Connected, err = ConnectedOf(s, user); err != nil {
		return nil, err
	}
	for _, one := range w.Connected {
		if _, offered := a.Provider(one.Provider); offered {
			w.offered++
		}
	}
	return w, nil
}

// ConnectedOf are the linked accounts of a user.
func ConnectedOf(s *resource.Session, user string) ([]ConnectedAccount, error) {
	found, err := resource.Select[ConnectedAccount](s,
		"SELECT provider, email, created_at, used_at FROM {connected_account} WHERE user_id = ? ORDER BY provider", user)
	return append([]ConnectedAccount{}, found...), err // JSON has a list here, and never null
}

// HasPassword tells whether a user can sign in by a password.
func HasPassword(s *resource.Session, user string) (bool, error) {
	count, err := resource.SelectOne[int](s, "SELECT count(*) FROM {user} WHERE id = ? AND password_hash <> ''", user)
	return count > 0, err
}

// keepSignInMethod refuses, at the end of a write, what left a user without a way to sign in.
func (a *Service) keepSignInMethod(s *resource.Session, user string) error {
	ways, err := a.signInMethodsOf(s, user)
	if err == nil && ways.Count() == 0 {
		err = fault.New(fault.Conflict, "This is your last way to sign in. Set a password or add another way first.")
	}
	return err
}

// Providers are those that the operator set up, in the order in which they are offered.
func (a *Service) Providers() []provider.Named { return a.settings.Providers }

// Provider is one of those by its name.
func (a *Service) Provider(name string) (provider.Named, bool) {
	for _, one := range a.settings.Providers {
		if one.Name == name {
			return one, true
		}
	}
	return provider.Named{}, false
}

// ProviderLabel is what people call a provider.
func (a *Service) ProviderLabel(name string) string {
	if one, ok := a.Provider(name); ok {
		return one.Label
	}
	return name
}

// Connect links a claim to a user, within a write, and tells the user.
func (a *Service) Connect(s *resource.Session, user people.User, claim provider.Claim) error {
	row := connected{
		ID:        resource.NewID(),
		UserID:    user.ID,
		Provider:  claim.Provider,
		Subject:   claim.Subject,
		Email:     claim.Email,
		CreatedAt: s.Now,
		UsedAt:    s.Now,
	}
	if err := s.Insert(connectedAccounts, &row); err != nil {
		return err
	}
	if err := s.Record("connected_account", "linked", row.ID, resource.Success); err != nil {
		return err
	}
	return a.tenants.Mail(s, a.linkedLetter(user, a.ProviderLabel(claim.Provider), claim.Email))
}

// Unlink takes an account at a provider away from the person, unless it is their last way to sign in.
func (a *Service) Unlink(p *people.Person, provider string) error {
	if err := a.sessions.MayChange(p); err != nil {
		return err
	}
	return p.Personal().Write(func(s *resource.Session) error {
		if err := a.Disconnect(s, p.User, provider, "unlinked"); err != nil {
			return err
		}
		return a.keepSignInMethod(s, p.User.ID)
	})
}

// Disconnect takes an account at a provider away from a user, within a write, and tells the user.
func (a *Service) Disconnect(s *resource.Session, user people.User, provider, event string) error {
	found, err := resource.Select[connected](s, "SELECT * FROM {connected_account} WHERE user_id = ? AND provider = ?", user.ID, provider)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fault.New(fault.NotFound, "No account at %.40q is linked.", provider)
	}
	if _, err := s.Erase(connectedAccounts, resource.Pair{Column: "id", Value: found[0].ID}); err != nil {
		return err
	}
	if err := s.Record("connected_account", event, found[0].ID, resource.Success); err != nil {
		return err
	}
	return a.tenants.Mail(s, a.unlinkedLetter(user, a.ProviderLabel(provider)))
}

// UseConnected notes, within a write, that a linked account signed its user in, and the address that it has now.
func UseConnected(s *resource.Session, claim provider.Claim) error {
	id, err := resource.SelectOne[string](s, "SELECT id FROM {connected_account} WHERE provider = ? AND subject = ?", claim.Provider,
		claim.Subject)
	if err != nil {
		return err
	}
	if _, err := s.Change(connectedAccounts, []resource.Pair{
		{Column: "used_at", Value: s.Now},
		{Column: "email", Value: claim.Email},
	}, []resource.Pair{{Column: "id", Value: id}}); err != nil {
		return err
	}
	return s.Record("connected_account", "signed_in", id, resource.Success)
}
