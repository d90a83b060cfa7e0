package provider

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"zygo/app/outgoing"
)

// OpenID is a provider that speaks OpenID Connect.
type OpenID struct {
	settings Settings
	client   *http.Client

	mu sync.Mutex
	// found is what the provider says of itself, and until when that is taken for true.
	found *discovered
	until time.Time
}

// Settings are what differs from one provider of OpenID Connect to the next.
type Settings struct {
	Name, Issuer, ClientID string
	Secret                 Secret
	Scopes                 []string
	// Extra goes along with each question; Again with those that ask for a fresh proof.
	Extra, Again []oauth2.AuthCodeOption
	// Tenants is a provider whose address may stand for many tenants, each with an issuer of its own on the same host.
	Tenants bool
	// Read makes a Claim of a token that was checked.
	Read func(t Token) (Claim, error)
}

// Token is the content of an ID token. Claims besides the standard ones are those that some provider needs.
type Token struct {
	Subject  string `json:"sub"`
	Email    string `json:"email"`
	Verified flag   `json:"email_verified"`
	Name     string `json:"name"`
	// Called is the address that Microsoft's people sign in with.
	Called   string   `json:"preferred_username"`
	Nonce    string   `json:"nonce"`
	Party    string   `json:"azp"`
	Audience audience `json:"aud"`
	// TenantID and ObjectID are Microsoft's.
	TenantID string `json:"tid"`
	ObjectID string `json:"oid"`
}

// flag is a truth that Apple writes as a text.
type flag bool

// UnmarshalJSON takes true and "true"; everything else is false.
func (f *flag) UnmarshalJSON(text []byte) error {
	*f = string(text) == "true" || string(text) == `"true"`
	return nil
}

// audience is one client or a list of them.
type audience []string

// UnmarshalJSON takes a text and a list of texts.
func (a *audience) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(a))
}

// NewOpenID makes a provider. It asks the network for nothing before somebody signs in.
func NewOpenID(guard *outgoing.Guard, settings Settings) *OpenID {
	return &OpenID{settings: settings, client: client(guard)}
}

// algorithms are those that a token may be signed with.
var algorithms = []string{oidc.RS256, oidc.ES256}

const (
	// discoveredLife is how long the endpoints of a provider are kept.
	discoveredLife = time.Hour
	// longestToken bounds what is read of a token before its signature is checked.
	longestToken = 64 << 10
	// tenantPart stands in the issuer of Microsoft where a token has its tenant.
	tenantPart = "{tenantid}"
)

// discovered is a provider's own description.
type discovered struct {
	Issuer   string `json:"issuer"`
	Asks     string `json:"authorization_endpoint"`
	Tokens   string `json:"token_endpoint"`
	KeysAt   string `json:"jwks_uri"`
	verifies oidc.KeySet
}

func (o *OpenID) discover(ctx context.Context) (*discovered, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.found != nil && time.Now().Before(o.until) {
		return o.found, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, o.settings.Issuer+"/.well-known/openid-configuration", nil)
	if err != nil {
		return nil, err
	}
	body, err := read(o.client, request)
	if err != nil {
		return nil, unreachable(err)
	}
	var d discovered
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, unreachable(err)
	}
	if d.Issuer != o.settings.Issuer && (!o.settings.Tenants || hostOf(d.Issuer) != hostOf(o.settings.Issuer)) {
		return nil, refused(errors.New("the provider gives another issuer: " + d.Issuer))
	}
	for _, at := range []string{d.Asks, d.Tokens, d.KeysAt} {
		if _, err := outgoing.ParseURL(at); err != nil {
			return nil, refused(err)
		}
	}
	d.verifies = oidc.NewRemoteKeySet(oidc.ClientContext(context.WithoutCancel(ctx), o.client), d.KeysAt)
	o.found, o.until = &d, time.Now().Add(discoveredLife)
	return o.found, nil
}

// hostOf is the part of an address that says whose it is.
func hostOf(address string) string {
	at, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return at.Scheme + "://" + at.Host
}

func (o *OpenID) config(d *discovered, secret, redirect string) oauth2.Config {
	return oauth2.Config{ClientID: o.settings.ClientID, ClientSecret: secret, RedirectURL: redirect, Scopes: o.settings.Scopes,
		Endpoint: oauth2.Endpoint{AuthURL: d.Asks, TokenURL: d.Tokens, AuthStyle: oauth2.AuthStyleInParams}}
}

// Ask gives the address at which the person agrees.
func (o *OpenID) Ask(ctx context.Context, q Question) (string, error) {
	d, err := o.discover(ctx)
	if err != nil {
		return "", err
	}
	options := append([]oauth2.AuthCodeOption{oauth2.S256ChallengeOption(q.Verifier), oidc.Nonce(q.Nonce)}, o.settings.Extra...)
	if q.Again {
		options = append(options, o.settings.Again...)
	}
	config := o.config(d, "", q.Redirect)
	return config.AuthCodeURL(q.State, options...), nil
}

// Claim exchanges the code and checks the token that comes for it.
func (o *OpenID) Claim(ctx context.Context, q Question, a Answer) (Claim, error) {
	d, err := o.discover(ctx)
	if err != nil {
		return Claim{}, err
	}
	secret, err := o.settings.Secret(time.Now())
	if err != nil {
		return Claim{}, err
	}
	tokens, err := exchange(ctx, o.client, o.config(d, secret, q.Redirect), q, a)
	if err != nil {
		return Claim{}, err
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := o.check(ctx, d, raw, q.Nonce)
	if err != nil {
		return Claim{}, refused(err)
	}
	claim, err := o.settings.Read(token)
	if err != nil {
		return Claim{}, refused(err)
	}
	claim.Provider = o.settings.Name
	if claim.Name == "" {
		claim.Name = a.Name
	}
	return claim, nil
}

// check verifies a token's signature, issuer, audience and times, and what the library leaves to its callers: the size, the
// nonce and the authorized party.
func (o *OpenID) check(ctx context.Context, d *discovered, raw, nonce string) (Token, error) {
	parts := strings.Split(raw, ".")
	if len(raw) > longestToken || len(parts) != 3 {
		return Token{}, errors.New("there is no token of three parts within 64 KiB")
	}
	issuer, err := issuerOf(d.Issuer, parts[1])
	if err != nil {
		return Token{}, err
	}
	verifier := oidc.NewVerifier(issuer, d.verifies, &oidc.Config{ClientID: o.settings.ClientID, SupportedSigningAlgs: algorithms})
	verified, err := verifier.Verify(ctx, raw)
	if err != nil {
		return Token{}, err
	}
	var token Token
	if err := verified.Claims(&token); err != nil {
		return Token{}, err
	}
	switch {
	case nonce == "" || token.Nonce != nonce:
		return Token{}, errors.New("the token answers another question: its nonce is not ours")
	case token.Party != "" && token.Party != o.settings.ClientID, token.Party == "" && len(token.Audience) > 1:
		return Token{}, errors.New("the token was made for another client")
	case token.Subject == "" || len(token.Subject) > 255:
		return Token{}, errors.New("the token names nobody")
	}
	return token, nil
}

// issuerOf is the issuer that a token has to have. Where the provider has one for each tenant, the token's own tenant fills
// it in; the signature then covers both, so that nothing is believed that was not signed.
func issuerOf(template, payload string) (string, error) {
	if !strings.Contains(template, tenantPart) { // every provider but Microsoft, and Microsoft for a single tenant
		return template, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return "", err
	}
	var claims struct {
		TenantID string `json:"tid"`
	}
	if err := json.Unmarshal(text, &claims); err != nil {
		return "", err
	}
	if !isID(claims.TenantID) {
		return "", errors.New("the token names no tenant")
	}
	return strings.ReplaceAll(template, tenantPart, claims.TenantID), nil
}

// isID tells whether a text has the form of Microsoft's ids.
func isID(text string) bool {
	groups := strings.Split(text, "-")
	lengths := make([]int, len(groups))
	for i, group := range groups {
		lengths[i] = len(group)
	}
	return slices.Equal(lengths, []int{8, 4, 4, 4, 12}) && strings.Trim(text, "0123456789abcdefABCDEF-") == ""
}
