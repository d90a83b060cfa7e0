package credentials

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/guess"
)

// The cost of one hash: 19 MiB and two passes, the least that OWASP names for Argon2id. It stands in each hash, so that
// it can rise without a flag day.
const (
	hashMemory  = 19 * 1024
	hashPasses  = 2
	hashThreads = 1
	hashLength  = 32
	saltLength  = 16

	shortestPassword = 10
	longestPassword  = 200
	// weakestBits are what an attacker with 10,000 guesses a second needs eleven days for, on average.
	weakestBits = 34.22
	// scoredBytes bounds the estimate, whose time grows with the square of the length.
	scoredBytes = 100
	// hashWait is how long a sign-in waits for its turn before it is told to come back.
	hashWait = 5 * time.Second
)

// hasher bounds the hashes at once: each holds 19 MiB, and a thousand sign-ins must not hold 19 GiB.
type hasher struct{ turns chan struct{} }

func newHasher() hasher { return hasher{make(chan struct{}, runtime.NumCPU())} }

func (h hasher) take(ctx context.Context) (release func(), err error) {
	timer := time.NewTimer(hashWait)
	defer timer.Stop()
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
	case <-timer.C:
	}
	return nil, &fault.Error{
		Code:       fault.RateLimited,
		Message:    "Too many people sign in at this moment. Try again in a few seconds.",
		RetryAfter: hashWait,
	}
}

// opaque is a password as it is hashed and judged (RFC 8265, OpaqueString): what another device sends for the same keys, an é as
// two characters or a space of another width, is the same password. Capitals and spaces count.
func opaque(password string) string {
	return field.Composed(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, password))
}

// hash gives the PHC string of a password.
func (h hasher) hash(ctx context.Context, password string) (string, error) {
	release, err := h.take(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	salt := make([]byte, saltLength)
	rand.Read(salt)
	sum := argon2.IDKey([]byte(opaque(password)), salt, hashPasses, hashMemory, hashThreads, hashLength)
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashThreads, encode(salt),
		encode(sum)), nil
}

// matches tells whether the password has the hash. An empty hash costs the same time and never matches, so that an unknown
// address can't be told from a wrong password.
func (h hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	release, err := h.take(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	var memory, passes uint32 = hashMemory, hashPasses
	var threads uint8 = hashThreads
	salt, sum := make([]byte, saltLength), []byte(nil)
	if parts := strings.Split(hash, "$"); len(parts) == 6 {
		if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads); err != nil {
			return false, fmt.Errorf("read a password hash: %w", err)
		}
		if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
			return false, fmt.Errorf("read a password's salt: %w", err)
		}
		if sum, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
			return false, fmt.Errorf("read a password hash: %w", err)
		}
	}
	// A hash that is older than the one form was made from what its device sent.
	for _, form := range slices.Compact([]string{opaque(password), password}) {
		if len(form) > longestPassword {
			form = ""
		}
		if subtle.ConstantTimeCompare(argon2.IDKey([]byte(form), salt, passes, memory, threads, hashLength), sum) == 1 {
			return true, nil
		}
	}
	return false, nil
}

// CheckPassword refuses what is guessed within days. There are no rules of composition: length and estimate say more.
func CheckPassword(field, password string, about ...string) error {
	password = opaque(password)
	switch length := utf8.RuneCountInString(password); {
	case length < shortestPassword:
		return fault.InvalidField(field, "needs at least %d characters", shortestPassword)
	case len(password) > longestPassword:
		return fault.InvalidField(field, "has more than %d bytes", longestPassword)
	}
	scored := password[:min(len(password), scoredBytes)]
	if guess.Bits(scored, about...) < weakestBits {
		return fault.InvalidField(field, "is easy to guess; take a few unrelated words")
	}
	return nil
}

// PasswordHash gives the PHC string of a password that nobody guesses within days, and refuses any other.
func (a *Service) PasswordHash(ctx context.Context, field, password string, about ...string) (string, error) {
	if err := CheckPassword(field, password, about...); err != nil {
		return "", err
	}
	return a.hasher.hash(ctx, password)
}

// PasswordMatches tells whether a password has the hash, in a time that does not depend on it.
func (a *Service) PasswordMatches(ctx context.Context, password, hash string) (bool, error) {
	return a.hasher.matches(ctx, password, hash)
}
