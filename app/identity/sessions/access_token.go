package sessions

import (
	"context"
	"crypto/ed25519"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// Tokens are what a client that is no browser holds: one for each request, and one that is exchanged for the next pair.
type Tokens struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	RefreshToken string `json:"refresh_token"`
}

// refreshToken is one link of a session's chain. Used ones are kept, so that a copy that comes later shows.
type refreshToken struct {
	N         int64
	Hash      string
	SessionID string
	UsedAt    field.Time
}

var refreshTokens = refreshTokenTable()

func refreshTokenTable() *resource.Table {
	t := resource.NewTable[refreshToken]("refresh_token")
	t.Visible = resource.Nothing
	t.Unique = [][]string{{"hash"}}
	t.Indexes = []resource.Index{{Columns: []string{"session_id"}}}
	return t
}

// accessLife is how long an access token is good for, and all that a stolen one is worth while its session lives.
const accessLife = 15 * time.Minute

// accessClaims name the session; what it may do is read from the database on each request.
type accessClaims struct {
	jwt.RegisteredClaims
	SessionID string `json:"sid"`
}

// Issue gives the client of a session its first tokens.
func (a *Service) Issue(p *people.Person) (Tokens, error) {
	next := tokens.New()
	err := p.Personal().Write(func(s *resource.Session) error {
		return s.Insert(refreshTokens, &refreshToken{Hash: tokens.Hash(next), SessionID: p.SessionID})
	})
	if err != nil {
		return Tokens{}, err
	}
	return a.tokens(p.Context, p.SessionID, p.User.ID, next)
}

// Refresh exchanges a refresh token for the next pair. One that was exchanged before is held by two, and nobody knows which
// of them is the owner: the session ends for both.
func (a *Service) Refresh(ctx context.Context, token string, origin resource.Origin) (Tokens, error) {
	system := a.tenants.Anonymous(ctx, origin)
	type held struct {
		SessionID, UserID, Host   string
		UsedAt, SeenAt, CreatedAt field.Time
		Idle, Absolute            field.Duration
	}
	var found []held
	next := tokens.New()
	err := system.Write(func(s *resource.Session) (err error) {
		if found, err = resource.Select[held](s,
			`SELECT r.session_id, r.used_at, s.user_id, s.host, s.seen_at, s.created_at, coalesce(t.idle, 0) AS idle, coalesce(t.absolute, 0) AS absolute FROM {refresh_token} r JOIN {session} s ON s.id = r.session_id
			JOIN {user} u ON u.id = s.user_id AND u.suspended_at IS NULL LEFT JOIN {tenant} t ON t.id = s.tenant_id WHERE r.hash = ?`,
			tokens.Hash(token)); err != nil {
			return err
		}
		if len(found) == 0 || a.ended(s.Now, found[0].SeenAt, found[0].CreatedAt, found[0].Idle, found[0].Absolute) {
			return people.ErrSignIn()
		}
		if found[0].Host != "" && found[0].Host != tenants.HostName(origin.Host) {
			return people.ErrSignIn()
		}
		if found[0].UsedAt != 0 {
			if err := End(s, found[0].SessionID); err != nil {
				return err
			}
			return s.Record("user", "refresh_token_reused", found[0].UserID, resource.Denied)
		}
		if _, err := s.Change(refreshTokens, []resource.Pair{
			{Column: "used_at", Value: s.Now},
		}, []resource.Pair{{Column: "hash", Value: tokens.Hash(token)}}); err != nil {
			return err
		}
		if _, err := s.Change(sessions, []resource.Pair{
			{Column: "seen_at", Value: s.Now},
		}, []resource.Pair{{Column: "id", Value: found[0].SessionID}}); err != nil {
			return err
		}
		if err := markSeen(s, found[0].UserID); err != nil {
			return err
		}
		return s.Insert(refreshTokens, &refreshToken{Hash: tokens.Hash(next), SessionID: found[0].SessionID})
	})
	if err != nil {
		return Tokens{}, err
	}
	if found[0].UsedAt != 0 {
		return Tokens{}, fault.New(fault.Unauthenticated, "This refresh token was used before, so its session was ended. Sign in again.")
	}
	return a.tokens(ctx, found[0].SessionID, found[0].UserID, next)
}

func (a *Service) tokens(ctx context.Context, session, user, refresh string) (Tokens, error) {
	keys, err := a.signingKeys(ctx)
	if err != nil {
		return Tokens{}, err
	}
	private, err := a.privateKey(ctx, keys[0])
	if err != nil {
		return Tokens{}, err
	}
	now := a.kernel.Now().Go()
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, accessClaims{
		jwt.RegisteredClaims{Issuer: a.tenants.URL(), Audience: jwt.ClaimStrings{a.audience()}, Subject: user,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(accessLife))},
		session,
	})
	token.Header["typ"], token.Header["kid"] = "at+jwt", keys[0].ID
	signed, err := token.SignedString(private)
	return Tokens{signed, "Bearer", int(accessLife.Seconds()), refresh}, err
}

func (a *Service) audience() string { return a.tenants.URL() + "/api" }

// verified is an access token whose signature was checked, with the session that it names.
type verified struct {
	session recognized
	ends    time.Time
}

// RecognizeBearer finds the person behind an access token. The token only names its session, which is read like that of a
// browser: a signature alone is never enough. Both are remembered together.
func (a *Service) RecognizeBearer(ctx context.Context, token string, origin resource.Origin) (*people.Person, error) {
	system := a.tenants.Anonymous(ctx, origin)
	known, err := resource.Remembered(system, "token "+tokens.Hash(token), func() (verified, []resource.Watch, error) {
		claims, err := a.verifyToken(ctx, token)
		if err != nil {
			return verified{}, nil, err
		}
		row, decisive, err := one(resource.Select[recognized](system, recognizing+" WHERE s.id = ?", claims.SessionID))
		return verified{row, claims.ExpiresAt.Time}, append(decisive, resource.Watch{Name: signingKeys.Name}), err
	})
	if err != nil {
		return nil, err
	}
	if !known.ends.After(system.Now.Go()) {
		return nil, errToken(jwt.ErrTokenExpired)
	}
	return a.person(ctx, known.session, origin)
}

// verifyToken checks the signature of an access token and what it says of itself.
func (a *Service) verifyToken(ctx context.Context, token string) (claims accessClaims, err error) {
	keys, err := a.signingKeys(ctx)
	if err != nil {
		return claims, err
	}
	_, err = jwt.ParseWithClaims(token, &claims, func(t *jwt.Token) (any, error) {
		for _, key := range keys {
			if t.Header["kid"] == key.ID {
				return ed25519.PublicKey(key.Public), nil
			}
		}
		return nil, jwt.ErrTokenUnverifiable
	}, jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithIssuer(a.tenants.URL()), jwt.WithAudience(a.audience()),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(func() time.Time { return a.kernel.Now().Go() }))
	if err != nil {
		return claims, errToken(err)
	}
	return claims, nil
}

func errToken(cause error) error {
	const message = "The access token is not valid or has ended. Exchange the refresh token or sign in again."
	return fault.New(fault.Unauthenticated, message).Because(cause)
}
