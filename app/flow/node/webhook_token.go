package node

import (
	"encoding/base64"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"zygo/app/fault"
	"zygo/app/value"
)

const (
	longestToken = 8 << 10
	// clockSkew is how far the clocks of who made a token and of this machine may differ.
	clockSkew = time.Minute
	// leastRSABits is what an RSA key has at least (NIST SP 800-131A).
	leastRSABits = 2048
)

// tokenKey is what a token is verified with: the secret itself, or the public key that it holds in PEM.
func (w *Webhook) tokenKey(secret []byte) (any, error) {
	var key any
	var err error
	switch w.Algorithm[:2] {
	case "HS":
		return secret, nil
	case "ES":
		key, err = jwt.ParseECPublicKeyFromPEM(secret)
	case "Ed":
		key, err = jwt.ParseEdPublicKeyFromPEM(secret)
	default:
		public, failed := jwt.ParseRSAPublicKeyFromPEM(secret)
		if failed == nil && public.N.BitLen() < leastRSABits {
			return nil, fault.New(fault.Invalid, "is an RSA key of %d bits; %d is the least", public.N.BitLen(), leastRSABits)
		}
		key, err = public, failed
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "is no public key in PEM for %s", w.Algorithm).Because(err)
	}
	return key, nil
}

// isToken verifies a JSON Web Token and keeps its claims. A token without an end would let in anyone who finds it years later, so it
// needs one.
func (w *Webhook) isToken(p *proof, secret []byte) bool {
	text, found := bearer(p.header)
	key, err := w.tokenKey(secret)
	if !found || err != nil || len(text) > longestToken {
		return false
	}
	options := []jwt.ParserOption{jwt.WithValidMethods([]string{string(w.Algorithm)}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(clockSkew), jwt.WithTimeFunc(func() time.Time { return p.now })}
	if w.Issuer != "" {
		options = append(options, jwt.WithIssuer(w.Issuer))
	}
	if w.Audience != "" {
		options = append(options, jwt.WithAudience(w.Audience))
	}
	token, err := jwt.NewParser(options...).Parse(text, func(*jwt.Token) (any, error) { return key, nil })
	if err != nil || !token.Valid {
		return false
	}
	// The library reads numbers as floats, which lose digits of long ids.
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(text, ".")[1])
	if err != nil {
		return false
	}
	p.claims, err = value.Parse(payload, value.Limits{Lenient: true})
	return err == nil
}
