package node_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"hash"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
)

func mac(hashed func() hash.Hash, text string) []byte {
	m := hmac.New(hashed, []byte(key))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// What services sign with is taken, and nothing that differs in one of its parts.
func TestWebhookSignaturesOfServices(t *testing.T) {
	t.Parallel()
	const body = `{"a":1}`
	trello := `{"path":"a","auth":"hmac","secret":"KEY","header":"X-Trello-Webhook","prefix":"-","coding":"base64","hash":"sha1","signed":"{body}{url}","callback":"https://zygo.example/hooks/1/a"}`
	slack := `{"path":"a","auth":"hmac","secret":"KEY","header":"X-Slack-Signature","prefix":"v0=","hash":"sha256","signed":"v0:{timestamp}:{body}","timestamp":"X-Slack-Request-Timestamp"}`
	stamp, old := fmt.Sprint(noon.Unix()), fmt.Sprint(noon.Unix()-301)
	ofSlack := func(stamp, signed string) map[string]string {
		return map[string]string{"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=" + hex.EncodeToString(sign(key, signed))}
	}
	const stripe = `{"path":"a","auth":"hmac","secret":"KEY","header":"Stripe-Signature","written":"t={timestamp},v1={signature}","signed":"{timestamp}.{body}"}`
	ofStripe := func(stamp, signed string) map[string]string {
		return map[string]string{"Stripe-Signature": "t=" + stamp + ",v1=" + strings.Repeat("0", 64) + ",v1=" +
			hex.EncodeToString(sign(key, signed)) + ",v0=00"}
	}
	paddle := `{"path":"a","auth":"hmac","secret":"KEY","header":"Paddle-Signature","written":"ts={timestamp};h1={signature}","signed":"{timestamp}:{body}"}`
	ofTrello := func(signed string) map[string]string {
		return map[string]string{"X-Trello-Webhook": base64.StdEncoding.EncodeToString(mac(sha1.New, signed))}
	}
	for name, c := range map[string]struct {
		config string
		header map[string]string
		taken  bool
	}{
		"SHA-1": {`{"path":"a","auth":"hmac","secret":"KEY","hash":"sha1"}`,
			map[string]string{"X-Hub-Signature-256": "sha1=" + hex.EncodeToString(mac(sha1.New, body))}, true},
		"SHA-1 by its prefix": {`{"path":"a","auth":"hmac","secret":"KEY","header":"X-Hub-Signature","prefix":"sha1="}`,
			map[string]string{"X-Hub-Signature": "sha1=" + hex.EncodeToString(mac(sha1.New, body))}, true},
		"SHA-512": {`{"path":"a","auth":"hmac","secret":"KEY","hash":"sha512"}`,
			map[string]string{"X-Hub-Signature-256": "sha512=" + hex.EncodeToString(mac(sha512.New, body))}, true},
		"Trello":                {trello, ofTrello(body + "https://zygo.example/hooks/1/a"), true},
		"Trello without URL":    {trello, ofTrello(body), false},
		"Trello, other URL":     {trello, ofTrello(body + "https://zygo.example/hooks/1/b"), false},
		"Slack":                 {slack, ofSlack(stamp, "v0:"+stamp+":"+body), true},
		"Slack, old":            {slack, ofSlack(old, "v0:"+old+":"+body), false},
		"Slack, another stamp":  {slack, ofSlack(stamp, "v0:"+old+":"+body), false},
		"Slack, no stamp":       {slack, ofSlack("", "v0::"+body), false},
		"Stripe":                {stripe, ofStripe(stamp, stamp+"."+body), true},
		"Stripe, old":           {stripe, ofStripe(old, old+"."+body), false},
		"Stripe, another stamp": {stripe, ofStripe(stamp, old+"."+body), false},
		"Stripe, another body":  {stripe, ofStripe(stamp, stamp+"."+body+" "), false},
		"Stripe, no stamp":      {stripe, map[string]string{"Stripe-Signature": "v1=" + hex.EncodeToString(sign(key, "."+body))}, false},
		"Stripe, v0": {stripe, map[string]string{"Stripe-Signature": "t=" + stamp + ",v0=" + hex.EncodeToString(sign(key, stamp+"."+body))},
			false},
		"Stripe, alone": {stripe, map[string]string{"Stripe-Signature": hex.EncodeToString(sign(key, stamp+"."+body))}, false},
		"Stripe, a crowd": {stripe, map[string]string{"Stripe-Signature": "t=" + stamp + strings.Repeat(",v1=00", 30) + ",v1=" +
			hex.EncodeToString(sign(key, stamp+"."+body))}, false},
		"Paddle": {paddle, map[string]string{"Paddle-Signature": "ts=" + stamp + ";h1=" + hex.EncodeToString(sign(key, stamp+":"+body))},
			true},
		"SHA-1 for SHA-256": {`{"path":"a","auth":"hmac","secret":"KEY","prefix":"-"}`,
			map[string]string{"X-Hub-Signature-256": hex.EncodeToString(mac(sha1.New, body))}, false},
		"bearer":              {`{"path":"a","auth":"bearer","secret":"KEY"}`, map[string]string{"Authorization": "bearer " + key}, true},
		"bearer as it stands": {`{"path":"a","auth":"bearer","secret":"KEY"}`, map[string]string{"Authorization": key}, false},
		"bearer, another": {`{"path":"a","auth":"bearer","secret":"KEY"}`, map[string]string{"Authorization": "Bearer " + key + "x"},
			false},
	} {
		_, err := admit(t, c.config, "POST", body, c.header, key)
		if c.taken && err != nil || !c.taken && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWebhookTokens(t *testing.T) {
	t.Parallel()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public := func(key any) string {
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	}
	token := func(method jwt.SigningMethod, with any, claims jwt.MapClaims) string {
		text, err := jwt.NewWithClaims(method, claims).SignedString(with)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	later, earlier := noon.Add(time.Hour).Unix(), noon.Add(-time.Hour).Unix()
	const hs = `{"path":"a","auth":"jwt","secret":"KEY"}`
	const rs = `{"path":"a","auth":"jwt","secret":"KEY","algorithm":"RS256"}`
	const owned = `{"path":"a","auth":"jwt","secret":"KEY","issuer":"shop","audience":"zygo"}`
	rsaKey := public(&private.PublicKey)
	for name, c := range map[string]struct {
		config, secret, token string
		taken                 bool
	}{
		"HS256": {hs, key, token(jwt.SigningMethodHS256, []byte(key), jwt.MapClaims{"exp": later}), true},
		"RS256": {rs, rsaKey, token(jwt.SigningMethodRS256, private, jwt.MapClaims{"exp": later}), true},
		"ES256": {`{"path":"a","auth":"jwt","secret":"KEY","algorithm":"ES256"}`, public(&curve.PublicKey),
			token(jwt.SigningMethodES256, curve, jwt.MapClaims{"exp": later}), true},
		"owned": {owned, key,
			token(jwt.SigningMethodHS256, []byte(key), jwt.MapClaims{"exp": later, "iss": "shop", "aud": []string{"x", "zygo"}}), true},
		"another issuer": {owned, key,
			token(jwt.SigningMethodHS256, []byte(key), jwt.MapClaims{"exp": later, "iss": "spoof", "aud": "zygo"}), false},
		"no audience":    {owned, key, token(jwt.SigningMethodHS256, []byte(key), jwt.MapClaims{"exp": later, "iss": "shop"}), false},
		"over":           {hs, key, token(jwt.SigningMethodHS256, []byte(key), jwt.MapClaims{"exp": earlier}), false},
		"never over":     {hs, key, token(jwt.SigningMethodHS256, []byte(key), jwt.MapClaims{"sub": "x"}), false},
		"not yet":        {hs, key, token(jwt.SigningMethodHS256, []byte(key), jwt.MapClaims{"exp": later, "nbf": later}), false},
		"another key":    {hs, key, token(jwt.SigningMethodHS256, []byte(key+"x"), jwt.MapClaims{"exp": later}), false},
		"another hash":   {hs, key, token(jwt.SigningMethodHS512, []byte(key), jwt.MapClaims{"exp": later}), false},
		"unsigned":       {hs, key, token(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, jwt.MapClaims{"exp": later}), false},
		"the public key": {rs, rsaKey, token(jwt.SigningMethodHS256, []byte(rsaKey), jwt.MapClaims{"exp": later}), false},
		"nothing":        {hs, key, "", false},
		"dots":           {hs, key, strings.Repeat(".", 5000), false},
		"something large": {hs, key,
			token(jwt.SigningMethodHS256, []byte(key), jwt.MapClaims{"exp": later, "x": strings.Repeat("x", 10_000)}), false},
	} {
		_, err := admit(t, c.config, "POST", "", map[string]string{"Authorization": "Bearer " + c.token}, c.secret)
		if c.taken && err != nil || !c.taken && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w, _ := node.WebhookOf(compile(t, "trigger.webhook", hs))
	admitted, err := w.Admit(noon, "POST", http.Header{
		"Authorization": {
			"Bearer " + token(jwt.SigningMethodHS256, []byte(key), jwt.MapClaims{"exp": later, "id": uint64(7615917337495251231)})}}, nil,
		func(string) (string, error) { return key, nil })
	if err != nil || admitted.Claims.Get("id").Text() != "7615917337495251231" {
		t.Errorf("the claims are %s, %v", admitted.Claims.JSON(), err)
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	w, _ = node.WebhookOf(compile(t, "trigger.webhook", rs))
	for _, secret := range []string{key, public(&small.PublicKey), public(&curve.PublicKey)} {
		if w.CheckSecret(secret) == nil {
			t.Errorf("%.40s is taken for an RSA key", secret)
		}
	}
}

func TestWebhookCallers(t *testing.T) {
	t.Parallel()
	hook := func(config string) *node.Webhook {
		w, _ := node.WebhookOf(compile(t, "trigger.webhook", config))
		return w
	}
	for _, c := range []struct{ config, origin, allowed string }{
		{`{"path":"a"}`, "https://shop.example", "*"},
		{`{"path":"a","origins":["https://shop.example","http://localhost:3000"]}`, "https://shop.example", "https://shop.example"},
		{`{"path":"a","origins":"https://shop.example"}`, "https://shop.example.evil.example", ""},
		{`{"path":"a","origins":"https://shop.example"}`, "http://shop.example", ""},
		{`{"path":"a","origins":"https://shop.example"}`, "null", ""},
		{`{"path":"a","origins":"-"}`, "-", ""},
		{`{"path":"a","origins":"-"}`, "", ""},
	} {
		header := hook(c.config).Preflight(http.Header{"Origin": {c.origin}, "Access-Control-Request-Headers": {"content-type,x-a"}})
		if got := header.Get("Access-Control-Allow-Origin"); got != c.allowed || header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s allows %s as %q", c.config, c.origin, got)
		}
		if (header.Get("Access-Control-Allow-Headers") == "content-type,x-a") != (c.allowed != "") ||
			(header.Get("Vary") == "Origin") != (c.allowed != "*") {
			t.Errorf("%s answers %s with %v", c.config, c.origin, header)
		}
	}
	asked := http.Header{"Access-Control-Request-Headers": {"a: b"}}
	if header := hook(`{"path":"a"}`).Preflight(asked); header.Get("Access-Control-Allow-Headers") != "" {
		t.Errorf("a header that is no name is allowed: %v", header)
	}
	listed := hook(`{"path":"a","addresses":["203.0.113.7","10.1.0.0/16","2001:db8::/32"]}`)
	for address, taken := range map[string]bool{"203.0.113.7": true, "203.0.113.8": false, "10.1.255.255": true, "10.2.0.0": false,
		"2001:db8::1": true, "::ffff:203.0.113.7": true, "": false, "x": false} {
		if err := listed.AdmitAddress(address); (err == nil) != taken || err != nil && !fault.Is(err, fault.Forbidden) {
			t.Errorf("the address %q: %v", address, err)
		}
	}
	if err := hook(`{"path":"a"}`).AdmitAddress(""); err != nil {
		t.Error(err)
	}
}

func TestWebhookPaths(t *testing.T) {
	t.Parallel()
	w, _ := node.WebhookOf(compile(t, "trigger.webhook", `{"path":"shops/{shop}/orders/{id}"}`))
	if got := w.Address(); got != "shops/{}/orders/{}" {
		t.Errorf("the address is %s", got)
	}
	if got := w.Parameters("shops/B%C3%BCro/orders/7").JSON(); got != `{"shop":"Büro","id":"7"}` {
		t.Errorf("the parameters are %s", got)
	}
	for path, want := range map[string]string{"a/1": "a/{}", "a/b": "a/b", "1/b": "{}/b", "1/2": "", "a/b/c": "a/{}/c", "a/1/c": "a/{}/c",
		"a/1/2": "", "a/": "", "": "", "x": "{}"} {
		if got, _ := node.BestAddress([]string{"{}/b", "a/{}", "a/b", "a/{}/c", "{}"}, path); got != want {
			t.Errorf("%q leads to %q, want %q", path, got, want)
		}
	}
	found, _ := node.Find("trigger.webhook", 1)
	for config, wrong := range map[string]string{
		`{"path":"{id}/{id}"}`: "path", `{"path":"a{id}"}`: "path", `{"path":"{}"}`: "path", `{"path":"{Id}"}`: "path",
		`{"path":"{a}/{b}/{c}/{d}/{e}/{f}"}`:      "path",
		`{"path":"a","origins":["shop.example"]}`: "origins", `{"path":"a","origins":["https://shop.example/x"]}`: "origins",
		`{"path":"a","origins":["https://u@shop.example"]}`: "origins", `{"path":"a","origins":["javascript:x"]}`: "origins",
		`{"path":"a","addresses":["10.0.0.0/33"]}`: "addresses", `{"path":"a","addresses":["home"]}`: "addresses",
		`{"path":"a","status":100}`: "status", `{"path":"a","status":302}`: "status",
		`{"path":"a","auth":"hmac","secret":"K","signed":"{url}","callback":"x"}`:                                        "signed",
		`{"path":"a","auth":"hmac","secret":"K","signed":"{body}{url}"}`:                                                 "callback",
		`{"path":"a","auth":"hmac","secret":"K","signed":"{timestamp}{body}"}`:                                           "timestamp",
		`{"path":"a","auth":"hmac","secret":"K","signed":"{body}{method}"}`:                                              "signed",
		`{"path":"a","auth":"hmac","secret":"K","written":"t={timestamp},v1={signature}"}`:                               "signed",
		`{"path":"a","auth":"hmac","secret":"K","written":"t={timestamp},t={signature}","signed":"{timestamp}{body}"}`:   "written",
		`{"path":"a","auth":"hmac","secret":"K","written":"v1={signature},v0={signature}","signed":"{timestamp}{body}"}`: "written",
		`{"path":"a","auth":"hmac","secret":"K","written":"{signature}"}`:                                                "written",
		`{"path":"a","auth":"jwt"}`: "secret", `{"path":"a","auth":"jwt","secret":"K","algorithm":"none"}`: "algorithm",
		`{"path":"a","auth":"hmac","secret":"K","hash":"md5"}`: "hash",
	} {
		if _, faults := found.Compile(field.JSON(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
}
