package node

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"zygo/app/fault"
	"zygo/app/value"
)

// token makes, verifies or reads a JSON Web Token, or makes a one-time code.
func (p *Crypto) token(now time.Time) (value.Value, error) {
	switch p.Op {
	case "make_token":
		return p.makeToken(now)
	case "one_time_code":
		return p.oneTimeCode(now)
	}
	text := string(p.Token)
	if len(text) > longestToken {
		return value.Null(), fault.InvalidField("token", "has %d characters; %d are the most", len(text), longestToken)
	}
	if p.Op == "verify_token" {
		if err := p.verifyToken(text, now); err != nil {
			return value.Null(), err
		}
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return value.Null(), fault.InvalidField("token", "is no JSON Web Token: it has no three parts")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return value.Null(), fault.InvalidField("token", "is no JSON Web Token: its claims can't be decoded")
	}
	claims, err := value.Parse(payload, value.Limits{Lenient: true})
	if err != nil || claims.Kind() != value.ObjectKind {
		return value.Null(), fault.InvalidField("token", "is no JSON Web Token: its claims are no object")
	}
	return claims, tooDeep(claims)
}

// makeToken signs the claims, with the time and the end of the token where they name none.
func (p *Crypto) makeToken(now time.Time) (value.Value, error) {
	claims := p.Claims
	if claims.IsMissing() {
		claims = value.Object()
	}
	if claims.Kind() != value.ObjectKind {
		return value.Null(), fault.InvalidField("claims", "must be an object")
	}
	seconds := func(name string, at time.Time) {
		if claims.Get(name).IsMissing() {
			claims, _ = claims.Set(value.Path{value.Key(name)}, value.Int(at.Unix())) // an object takes a field
		}
	}
	seconds("iat", now)
	if p.Lasts > 0 {
		seconds("exp", now.Add(time.Duration(p.Lasts)*time.Second))
	}
	key, err := p.signingKey()
	if err != nil {
		return value.Null(), err
	}
	coding := base64.RawURLEncoding
	header := fmt.Appendf(nil, `{"alg":%q,"typ":"JWT"}`, p.Algorithm)
	signed := coding.EncodeToString(header) + "." + coding.EncodeToString(claims.AppendJSON(nil))
	signature, err := jwt.GetSigningMethod(string(p.Algorithm)).Sign(signed, key)
	if err != nil {
		return value.Null(), fault.InvalidField("secret", "can't sign with %s", p.Algorithm).Because(err)
	}
	return value.String(signed + "." + coding.EncodeToString(signature)), nil
}

// signingKey is the secret itself, or the private key that it holds in PEM. Its own text stands in no error.
func (p *Crypto) signingKey() (any, error) {
	if strings.HasPrefix(string(p.Algorithm), "HS") {
		return []byte(p.Secret), nil
	}
	key, err := privateKey(string(p.Secret))
	if err != nil {
		return nil, fault.InvalidField("secret", "is no private key in PEM for %s", p.Algorithm)
	}
	return key, nil
}

// verifyToken tells why a token is not to be trusted.
func (p *Crypto) verifyToken(text string, now time.Time) error {
	known := Webhook{Algorithm: p.Algorithm}
	key, err := known.tokenKey([]byte(p.Secret))
	if err != nil {
		return fault.InvalidField("secret", "%s", fault.Public(err).Message)
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{string(p.Algorithm)}), jwt.WithLeeway(clockSkew),
		jwt.WithTimeFunc(func() time.Time { return now }))
	if _, err := parser.Parse(text, func(*jwt.Token) (any, error) { return key, nil }); err != nil {
		return &Error{Code: "TOKEN_INVALID", Message: "The token is not valid: its signature, its algorithm or its time is wrong.", Cause: err}
	}
	return nil
}

// oneTimeCode is the code that an authenticator shows now (RFC 6238).
func (p *Crypto) oneTimeCode(now time.Time) (value.Value, error) {
	secret := strings.ReplaceAll(string(p.Secret), " ", "")
	hashes := map[CodeHash]otp.Algorithm{"SHA1": otp.AlgorithmSHA1, "SHA256": otp.AlgorithmSHA256, "SHA512": otp.AlgorithmSHA512}
	code, err := totp.GenerateCodeCustom(secret, now, totp.ValidateOpts{
		Period:    uint(p.Period),
		Digits:    otp.Digits(p.Digits),
		Algorithm: hashes[p.CodeHash],
	})
	if err != nil || secret == "" {
		return value.Null(), fault.InvalidField("secret", "is no key of an authenticator: it has letters and the digits 2 to 7")
	}
	return value.String(code), nil
}
