package social

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"zygo/app/acceptance/instance"
)

// forger is an OpenID provider that answers with tokens which no honest one makes.
type forger struct {
	url   string
	rsa   *rsa.PrivateKey
	ecdsa *ecdsa.PrivateKey

	mu    sync.Mutex
	nonce string
	// forge changes the claims of the next token and signs them.
	forge func(f *forger, claims jwt.MapClaims) string
}

func newForger(t testing.TB) *forger {
	t.Helper()
	f := &forger{}
	var err error
	if f.rsa, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	if f.ecdsa, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	answer := func(path string, data func() any) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			json.NewEncoder(w).Encode(data())
		})
	}
	answer("GET /.well-known/openid-configuration", func() any {
		return map[string]string{"issuer": f.url, "authorization_endpoint": f.url + "/authorize", "token_endpoint": f.url + "/token",
			"jwks_uri": f.url + "/keys"}
	})
	answer("GET /keys", func() any {
		text := func(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }
		return map[string]any{"keys": []map[string]string{
			{"kty": "RSA", "kid": "rsa", "use": "sig", "n": text(f.rsa.N), "e": text(big.NewInt(int64(f.rsa.E)))},
			{"kty": "EC", "kid": "ec", "use": "sig", "crv": "P-256",
				"x": base64.RawURLEncoding.EncodeToString(f.ecdsa.X.FillBytes(make([]byte, 32))),
				"y": base64.RawURLEncoding.EncodeToString(f.ecdsa.Y.FillBytes(make([]byte, 32)))},
		}}
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		query := r.URL.Query()
		f.nonce = query.Get("nonce")
		http.Redirect(w, r, query.Get("redirect_uri")+"?"+url.Values{"code": {"code"}, "state": {query.Get("state")}}.Encode(),
			http.StatusFound)
	})
	answer("POST /token", func() any {
		f.mu.Lock()
		defer f.mu.Unlock()
		claims := jwt.MapClaims{"iss": f.url, "sub": "1", "aud": "zygo", "nonce": f.nonce, "email": "grace@lovelace.test",
			"email_verified": true, "name": "Grace",
			"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()}
		return map[string]string{"access_token": "any", "token_type": "Bearer", "id_token": f.forge(f, claims)}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	f.url = server.URL
	return f
}

func signed(method jwt.SigningMethod, kid string, key any, claims jwt.MapClaims) string {
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = kid
	text, err := token.SignedString(key)
	if err != nil {
		return "not signed: " + err.Error()
	}
	return text
}

// with is an honest signature over claims of which some are changed; nil leaves one out.
func with(changes map[string]any) func(*forger, jwt.MapClaims) string {
	return func(f *forger, claims jwt.MapClaims) string {
		for name, value := range changes {
			if claims[name] = value; value == nil {
				delete(claims, name)
			}
		}
		return signed(jwt.SigningMethodRS256, "rsa", f.rsa, claims)
	}
}

func TestForgedTokensSignNobodyIn(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	i := instance.Start(t, social(t, newHub(t, 20), "accounts.signup=open", "oauth.google.issuer="+f.url)...)
	// try is one sign-in with a forged token.
	try := func(forge func(*forger, jwt.MapClaims) string) (*instance.Traveller, instance.Reply) {
		f.mu.Lock()
		f.forge = forge
		f.mu.Unlock()
		v := i.Traveller()
		return v, signIn(v, "google", "", "")
	}
	for name, forge := range map[string]func(*forger, jwt.MapClaims) string{
		"an RSA signature":         with(nil),
		"an elliptic signature":    func(f *forger, c jwt.MapClaims) string { return signed(jwt.SigningMethodES256, "ec", f.ecdsa, c) },
		"several audiences, party": with(map[string]any{"aud": []string{"zygo", "other"}, "azp": "zygo"}),
	} {
		_, r := try(forge)
		if to := r.Header.Get("Location"); !strings.HasPrefix(to, "/auth/oauth/callback?next=") {
			t.Errorf("%s is refused: %q", name, to)
		}
	}
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, forge := range map[string]func(*forger, jwt.MapClaims) string{
		"another nonce":                 with(map[string]any{"nonce": "another"}),
		"no nonce":                      with(map[string]any{"nonce": nil}),
		"another audience":              with(map[string]any{"aud": "other"}),
		"no audience":                   with(map[string]any{"aud": nil}),
		"several audiences and nobody":  with(map[string]any{"aud": []string{"zygo", "other"}}),
		"another party":                 with(map[string]any{"azp": "other"}),
		"another issuer":                with(map[string]any{"iss": "https://accounts.google.com"}),
		"an issuer for each tenant":     with(map[string]any{"iss": f.url + "/{tenantid}/v2.0"}),
		"a token of yesterday":          with(map[string]any{"exp": time.Now().Add(-24 * time.Hour).Unix()}),
		"no end":                        with(map[string]any{"exp": nil}),
		"nobody":                        with(map[string]any{"sub": ""}),
		"a subject of a thousand bytes": with(map[string]any{"sub": strings.Repeat("1", 1000)}),
		"a token of 70 KiB":             with(map[string]any{"more": strings.Repeat("x", 70<<10)}),
		"somebody else's key": func(_ *forger, c jwt.MapClaims) string {
			return signed(jwt.SigningMethodRS256, "rsa", stranger,
				c)
		},
		"no algorithm": func(_ *forger, c jwt.MapClaims) string {
			return signed(jwt.SigningMethodNone, "rsa", jwt.UnsafeAllowNoneSignatureType, c)
		},
		"the secret as a key": func(_ *forger, c jwt.MapClaims) string {
			return signed(jwt.SigningMethodHS256, "rsa", []byte("secret of zygo"), c)
		},
		"the public key as a secret": func(f *forger, c jwt.MapClaims) string {
			return signed(jwt.SigningMethodHS256, "rsa", f.rsa.N.Bytes(), c)
		},
		"an algorithm besides the two": func(f *forger, c jwt.MapClaims) string { return signed(jwt.SigningMethodPS256, "rsa", f.rsa, c) },
		"four parts":                   func(f *forger, c jwt.MapClaims) string { return with(nil)(f, c) + ".more" },
		"a changed claim": func(f *forger, c jwt.MapClaims) string {
			parts := strings.Split(with(nil)(f, c), ".")
			payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
			parts[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(payload), `"sub":"1"`, `"sub":"2"`, 1)))
			return strings.Join(parts, ".")
		},
		"no token": func(*forger, jwt.MapClaims) string { return "" },
	} {
		v, r := try(forge)
		if to := r.Header.Get("Location"); !strings.HasPrefix(to, "/auth/oauth/callback?problem=refused") {
			t.Errorf("%s leads to %q", name, to)
		}
		page := problem(v, r, "refused")
		if strings.Contains(page, "nonce") || strings.Contains(page, "oidc") || strings.Contains(page, f.url) {
			t.Errorf("%s: the page tells the cause: %s", name, page)
		}
	}
	if log := i.Output.String(); !strings.Contains(log, "its nonce is not ours") || strings.Contains(log, "eyJ") {
		t.Error("the log does not have the cause, or has a token")
	}
	i.Stop()
	if i.Count("SELECT count(*) FROM t_connected_account") != 0 {
		t.Error("something was linked")
	}
}
