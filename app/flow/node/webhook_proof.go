package node

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"hash"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/value"
)

const (
	shortestSecret = 24
	longestProof   = 1024
	longestID      = 256
	// tolerance is that of the Standard Webhooks specification.
	tolerance      = 5 * time.Minute
	mostSignatures = 20
)

var (
	errRefused       = fault.New(fault.Unauthenticated, "The caller could not be verified.")
	errNotConfigured = fault.New(fault.Unavailable, "This webhook is not completely set up.")
)

// proof is what of a call shows who made it.
type proof struct {
	header http.Header
	body   []byte
	now    time.Time
	// claims are those of the token that the call was proven with.
	claims value.Value
}

// Admission is what is known of a call that may be made.
type Admission struct {
	// Delivery names the delivery, empty when it has no name. The engine keeps it so that a replay has no second effect.
	Delivery string
	// Claims are those of the caller's JSON Web Token; missing without one.
	Claims value.Value
}

// Admit decides about a call: MethodNotAllowed, Unauthenticated, or Unavailable where the secret is missing or shorter
// than 24 bytes, because a key that can be guessed protects nothing. Body holds the bytes as they came, before any decoding: a
// signature holds for those only.
func (w *Webhook) Admit(now time.Time, method string, header http.Header, body []byte,
	secret func(name string) (string, error)) (Admission, error) {
	if !slices.Contains(w.Method, HTTPMethod(method)) {
		return Admission{}, fault.New(fault.MethodNotAllowed, "This webhook doesn't take %.10s.", method)
	}
	call := proof{header: header, body: body, now: now}
	if w.Auth != "none" {
		known, err := secret(w.Secret)
		if err != nil {
			return Admission{}, errNotConfigured
		}
		key, err := w.key(known)
		if err != nil {
			return Admission{}, errNotConfigured
		}
		if !w.isProven(&call, key) {
			return Admission{}, errRefused
		}
	}
	name := w.Dedupe
	if w.Auth == "standard_webhooks" {
		name = "webhook-id"
	}
	if name == "" {
		return Admission{Claims: call.claims}, nil
	}
	delivery := header.Get(name)
	if len(delivery) > longestID {
		return Admission{}, fault.New(fault.BadRequest, "The header %s is longer than %d bytes.", name, longestID)
	}
	return Admission{delivery, call.claims}, nil
}

// CheckSecret tells what is wrong with a secret that is to prove who calls.
func (w *Webhook) CheckSecret(secret string) error {
	_, err := w.key(secret)
	return err
}

func (w *Webhook) key(secret string) ([]byte, error) {
	key := []byte(secret)
	if encoded, found := strings.CutPrefix(secret, "whsec_"); found && w.Auth == "standard_webhooks" {
		var err error
		if key, err = base64.StdEncoding.DecodeString(encoded); err != nil {
			return nil, fault.New(fault.Invalid, "isn't in base64 behind whsec_")
		}
	}
	if len(key) < shortestSecret {
		return nil, fault.New(fault.Invalid, "has %d bytes; give it at least %d, because a shorter one could be guessed",
			len(key), shortestSecret)
	}
	if w.Auth == "jwt" {
		if _, err := w.tokenKey(key); err != nil {
			return nil, err
		}
	}
	return key, nil
}

func (w *Webhook) isProven(p *proof, key []byte) bool {
	switch w.Auth {
	case "basic":
		wanted := "Basic " + base64.StdEncoding.EncodeToString(append([]byte(w.User+":"), key...))
		return equal(p.header.Get("Authorization"), wanted)
	case "header":
		return equal(p.header.Get(cmp.Or(w.Header, "X-Api-Key")), string(key))
	case "bearer":
		token, found := bearer(p.header)
		return equal(token, string(key)) && found
	case "jwt":
		return w.isToken(p, key)
	case "hmac":
		return w.isSigned(p, key)
	case "standard_webhooks":
		return isStandard(p, key)
	}
	return false
}

// bearer is the token of the header Authorization, whose scheme is written in any case (RFC 9110, section 11.1).
func bearer(header http.Header) (string, bool) {
	scheme, token, found := strings.Cut(header.Get("Authorization"), " ")
	return strings.TrimSpace(token), found && strings.EqualFold(scheme, "Bearer")
}

// isRecent tells whether a text is a number of seconds that is at most the tolerance away from now.
func isRecent(stamp string, now time.Time) bool {
	if len(stamp) == 0 || len(stamp) > 12 || strings.Trim(stamp, "0123456789") != "" {
		return false
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	return err == nil && now.Sub(time.Unix(seconds, 0)).Abs() <= tolerance
}

// isStandard checks the headers of the Standard Webhooks specification, of which only version 1 is known.
func isStandard(p *proof, key []byte) bool {
	id, stamp := p.header.Get("webhook-id"), p.header.Get("webhook-timestamp")
	if id == "" || len(id) > longestID || !isRecent(stamp, p.now) {
		return false
	}
	wanted := signWith(sha256.New, key, []byte(id+"."+stamp+"."), p.body)
	for i, signature := range strings.SplitN(p.header.Get("webhook-signature"), " ", mostSignatures+1) {
		encoded, found := strings.CutPrefix(signature, "v1,")
		if !found || i == mostSignatures || len(encoded) > longestProof {
			continue
		}
		if given, err := base64.StdEncoding.DecodeString(encoded); err == nil && hmac.Equal(given, wanted) {
			return true
		}
	}
	return false
}

func signWith(hashed func() hash.Hash, key []byte, parts ...[]byte) []byte {
	mac := hmac.New(hashed, key)
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// equal compares the hashes of two texts, so that the time it takes tells nothing, not even the length.
func equal(given, wanted string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(wanted))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
