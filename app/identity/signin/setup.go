package signin

import (
	"context"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/credentials"
	"zygo/app/identity/members"
	"zygo/app/identity/people"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// setup is the one-time right to make the first account. Without the link's token nobody can claim a fresh instance, even
// one that stands open to a network.
type setup struct {
	N         int64
	Hash      string
	ExpiresAt field.Time
}

var setups = setupTable()

func setupTable() *resource.Table {
	t := resource.NewTable[setup]("setup")
	t.Visible = resource.Nothing
	return t
}

// setupLife is how long a printed link works; each start prints a new one.
const setupLife = 30 * time.Minute

// First is what the first-run page asks for.
type First struct {
	Name         string `json:"name"`
	Email        string `json:"email"`
	Password     string `json:"password"`
	Organization string `json:"organization"`
}

// IsSetUp tells whether the instance has an account.
func (a *Service) IsSetUp(ctx context.Context) (bool, error) {
	count, err := resource.SelectOne[int](a.kernel.System(ctx, "users belong to the instance"),
		"SELECT count(*) FROM (SELECT 1 FROM {user} LIMIT 1)")
	return count > 0, err
}

// NewSetupToken makes the token of the set-up link, and ends earlier ones. It is a fault Conflict once there is an account.
func (a *Service) NewSetupToken(ctx context.Context) (string, error) {
	token := tokens.New()
	err := a.kernel.System(ctx, "set-up comes before every tenant").Write(func(s *resource.Session) error {
		if err := refuseSecond(s); err != nil {
			return err
		}
		if _, err := s.Erase(setups, resource.Pair{Column: "n", Value: 1}); err != nil {
			return err
		}
		return s.Insert(setups, &setup{Hash: tokens.Hash(token), ExpiresAt: s.Now.Add(setupLife)})
	})
	return token, err
}

// CheckSetup refuses a token that is not the current one.
func (a *Service) CheckSetup(ctx context.Context, token string) error {
	return checkSetup(a.kernel.System(ctx, "set-up comes before every tenant"), token)
}

func checkSetup(s *resource.Session, token string) error {
	if err := refuseSecond(s); err != nil {
		return err
	}
	found, err := resource.Select[setup](s, "SELECT * FROM {setup} WHERE hash = ?", tokens.Hash(token))
	if err != nil {
		return err
	}
	if len(found) == 0 || s.Now > found[0].ExpiresAt {
		return fault.New(fault.Forbidden, "This set-up link is not valid any more. Restart Zygo: it prints another one.")
	}
	return nil
}

func refuseSecond(s *resource.Session) error {
	users, err := resource.Select[int](s, "SELECT 1 FROM {user} LIMIT 1")
	if err == nil && len(users) > 0 {
		err = fault.New(fault.Conflict, "This instance is set up already. Sign in instead.")
	}
	return err
}

// SetUp makes the operator and the first organization, and signs the operator in. The token is used up by it.
func (a *Service) SetUp(ctx context.Context, token string, first First, origin resource.Origin) (string, *people.Person, error) {
	user, err := a.first(ctx, first, origin, func(s *resource.Session) error { return checkSetup(s, token) })
	if err != nil {
		return "", nil, err
	}
	return a.open(a.kernel.System(ctx, "the operator signs in for the first time"), *user, origin)
}

// SetUpByOperator is SetUp for anyone who controls the data directory, by the command line.
func (a *Service) SetUpByOperator(ctx context.Context, first First) error {
	_, err := a.first(ctx, first, resource.Origin{}, refuseSecond)
	return err
}

func (a *Service) first(ctx context.Context, first First, origin resource.Origin, allow func(*resource.Session) error) (*people.User,
	error) {
	system := a.kernel.System(ctx, "set-up comes before every tenant").As(resource.Actor{Kind: "system", Name: "set-up"}, origin)
	if err := allow(system); err != nil {
		return nil, err
	}
	_, wrongEmail := people.AddressOf("email", first.Email)
	if err := fault.Together(people.CheckName("name", field.Line(first.Name), 1), wrongEmail,
		people.CheckName("organization", field.Line(first.Organization), 1),
		credentials.CheckPassword("password", first.Password, first.Name, first.Email, first.Organization)); err != nil {
		return nil, err
	}
	hash, err := a.credentials.PasswordHash(ctx, "password", first.Password, first.Name, first.Email, first.Organization)
	if err != nil {
		return nil, err
	}
	var user *people.User
	err = system.Write(func(s *resource.Session) error {
		if err := allow(s); err != nil {
			return err
		}
		var err error
		if user, err = people.Users.Create(s, func(u *people.User) error {
			u.Name, u.Email, u.PasswordHash, u.Operator = field.Line(first.Name), field.Email(first.Email), hash, true
			return nil
		}); err != nil {
			return err
		}
		if err := s.SetUp(); err != nil {
			return err
		}
		if _, err := members.NewTenant(s, first.Organization, user.ID); err != nil {
			return err
		}
		_, err = s.Erase(setups, resource.Pair{Column: "n", Value: 1})
		return err
	})
	return user, err
}
