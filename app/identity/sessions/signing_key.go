package sessions

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"sync"
	"time"

	"zygo/app/field"
	"zygo/app/resource"
)

// signingKey signs access tokens. Its private half is sealed, so that a copy of the database alone signs nothing.
type signingKey struct {
	N         int64
	ID        string
	Public    []byte
	Seed      field.Secret
	CreatedAt field.Time
}

var signingKeys = signingKeyTable()

func signingKeyTable() *resource.Table {
	t := resource.NewTable[signingKey]("signing_key")
	t.Visible = resource.Nothing
	return t
}

const (
	// signingLife is how long a key signs; it verifies until the last token that it signed has ended.
	signingLife = 30 * 24 * time.Hour
	// retiredLife is how long a key is kept after another one took its place.
	retiredLife = 4 * accessLife
)

// signing holds the keys of the process, the one that signs first.
type signing struct {
	mu   sync.Mutex
	keys []signingKey
}

// PublicKey is a key as RFC 7517 writes it.
type PublicKey struct {
	Type      string `json:"kty"`
	Curve     string `json:"crv"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
	ID        string `json:"kid"`
	X         string `json:"x"`
}

// PublicKeys are those that verify access tokens.
func (a *Service) PublicKeys(ctx context.Context) ([]PublicKey, error) {
	keys, err := a.signingKeys(ctx)
	public := make([]PublicKey, len(keys))
	for i, key := range keys {
		public[i] = PublicKey{"OKP", "Ed25519", "sig", "EdDSA", key.ID, base64.RawURLEncoding.EncodeToString(key.Public)}
	}
	return public, err
}

// RotateSigningKeys makes another key where the current one is old enough, and forgets those whose tokens have all ended.
func (a *Service) RotateSigningKeys(ctx context.Context) error {
	a.signing.mu.Lock()
	defer a.signing.mu.Unlock()
	return a.rotate(ctx)
}

// signingKeys are the keys of the instance, the newest first. The first who asks makes one.
func (a *Service) signingKeys(ctx context.Context) ([]signingKey, error) {
	a.signing.mu.Lock()
	defer a.signing.mu.Unlock()
	if len(a.signing.keys) == 0 {
		if err := a.rotate(ctx); err != nil {
			return nil, err
		}
	}
	return a.signing.keys, nil
}

func (a *Service) rotate(ctx context.Context) error {
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed)
	made := signingKey{ID: resource.NewID(), Public: ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)}
	var keys []signingKey
	err := a.kernel.System(ctx, "the keys of access tokens belong to the instance").Write(func(s *resource.Session) (err error) {
		if keys, err = resource.Select[signingKey](s, "SELECT * FROM {signing_key} ORDER BY created_at DESC, n DESC"); err != nil {
			return err
		}
		if len(keys) == 0 || s.Now.Sub(keys[0].CreatedAt) >= signingLife {
			made.Seed, made.CreatedAt = s.Seal(string(seed), made.ID, "seed"), s.Now
			if err := s.Insert(signingKeys, &made); err != nil {
				return err
			}
			if err := s.Record("signing_key", "created", made.ID, resource.Success); err != nil {
				return err
			}
			keys = append([]signingKey{made}, keys...)
		}
		for len(keys) > 1 && s.Now.Sub(keys[len(keys)-2].CreatedAt) >= retiredLife {
			last := keys[len(keys)-1]
			if _, err := s.Erase(signingKeys, resource.Pair{Column: "id", Value: last.ID}); err != nil {
				return err
			}
			if err := s.Record("signing_key", "deleted", last.ID, resource.Success); err != nil {
				return err
			}
			keys = keys[:len(keys)-1]
		}
		return nil
	})
	if err == nil {
		a.signing.keys = keys
	}
	return err
}

// privateKey opens the half of a key that signs.
func (a *Service) privateKey(ctx context.Context, key signingKey) (ed25519.PrivateKey, error) {
	seed, err := a.kernel.System(ctx, "the keys of access tokens belong to the instance").Reveal(key.Seed, key.ID, "seed")
	if err != nil {
		return nil, fmt.Errorf("open the signing key %s: %w", key.ID, err)
	}
	return ed25519.NewKeyFromSeed([]byte(seed)), nil
}
