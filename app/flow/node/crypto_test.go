package node_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"regexp"
	"strings"
	"testing"
	"time"

	"zygo/app/field"
	"zygo/app/flow/node"
)

// The digests are those that n8n gave for the same text.
func TestCryptoHashes(t *testing.T) {
	t.Parallel()
	for hash, want := range map[string]string{
		"MD5":      "be50e8478cf24ff3595bc7307fb91b50",
		"SHA256":   "3c48591d8d098a4538f5e013dfcf406e948eac4d3277b10bf614e295d6068179",
		"SHA384":   "19d752a0be2905196c631f6a82a3169a58b1d850f2773d88702d8ca77dcdd25cfed091bc38c38b7efff287514831f61a",
		"SHA512":   "a67e831011aa41ebb2a218c8ff727f1c60d62f06e1681678d176a81cd72ee69e7250c4c943cacbab28e42768615a5c41b6b0d42591d2c26a65670b38e97306dc",
		"SHA3-256": "af9db8307521b5e3d5549adcb8d6197a378902789c1649a9adb2c559c54943ac",
		"SHA3-384": "001ec1958d7ecb488476e308d05861dc73a26a785d8b078cbeba57ffc4b9ca16fd067e93c351db832ab765f08e3e0f00",
		"SHA3-512": "d2afc6ebcc64f91017b4b42b22cd6f33e27beaf43019bab56994c722d224ee25e7c9110fbcdfd7bc6f89cf1e6c53dcfe39a793d7937c59101e1c21d6a20cf452",
	} {
		expect(t, "crypto", `{"value":"{{ $json.t }}","hash":"`+hash+`","destination":"out"}`, `[{"t":"héllo"}]`,
			`main:[{"t":"héllo","out":"`+want+`"}]`)
	}
	expect(t, "crypto", `{"value":"{{ $json.t }}","encoding":"base64"}`, `[{"t":"héllo"}]`,
		`main:[{"t":"héllo","data":"PEhZHY0JikU49eAT389AbpSOrE0yd7EL9hTildYGgXk="}]`)
	expect(t, "crypto", `{"value":"x","hash":"MD5","destination":"a.b"}`, `[{}]`, `main:[{"a":{"b":"9dd4e461268c8034f5c8564e155c67a6"}}]`) // n8n calls the field a.b
	expect(t, "crypto", `{"value":"{{ $json.f }}","hash":"MD5","destination":"f"}`, `[{"f":{"name":"x","base64":"eA=="}}]`,
		`main:[{"f":"9dd4e461268c8034f5c8564e155c67a6"}]`)
	expect(t, "crypto", `{"op":"hmac","value":"what do ya want for nothing?","secret":"Jefe"}`, `[{}]`,
		`main:[{"data":"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"}]`) // RFC 4231, 4.3
	expect(t, "crypto", `{"value":"{{ $json.f }}"}`, `[{"f":{"base64":"?"}}]`, "!value: is no file")
	expect(t, "crypto", `{"value":"x","destination":"a.b"}`, `[{"a":1}]`, "!destination")
	found, _ := node.Find("crypto", 1)
	for config, wrong := range map[string]string{
		`{}`: "value", `{"op":"hmac","value":"x"}`: "secret", `{"op":"sign","value":"x"}`: "key", `{"op":"random","length":0}`: "length",
		`{"value":"{{ $secrets.K }}"}`: "value", `{"value":"x","hash":"CRC"}`: "hash",
	} {
		if _, faults := found.Compile(field.JSON(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
}

func TestCryptoSignsAndVerifies(t *testing.T) {
	t.Parallel()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text := func(kind string, der []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		quoted, _ := json.Marshal(string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))
		return string(quoted)
	}
	var publics []string
	for name, pair := range map[string][2]any{"RSA": {rsaKey, &rsaKey.PublicKey}, "ECDSA": {curve, &curve.PublicKey},
		"Ed25519": {edwards, edwards.Public()}} {
		der, err := x509.MarshalPKCS8PrivateKey(pair[0])
		private := text("PRIVATE KEY", der, err)
		der, err = x509.MarshalPKIXPublicKey(pair[1])
		public := text("PUBLIC KEY", der, err)
		publics = append(publics, public)
		r, err := compile(t, "crypto", `{"op":"sign","value":"body","encoding":"base64","key":`+private+
			`}`).Run(t.Context(), call(t, `[{}]`))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		signature := r.Outputs[0].Items[0].JSON.Get("data").Raw()
		for body, want := range map[string]string{"body": "true", "bodY": "false"} {
			expect(t, "crypto", `{"op":"verify","value":"`+body+`","encoding":"base64","signature":"`+signature+`","key":`+public+`}`,
				`[{}]`, `main:[{"data":`+want+`}]`)
		}
	}
	expect(t, "crypto", `{"op":"sign","value":"body","key":`+publics[0]+`}`, `[{}]`, "!no private key")
	expect(t, "crypto", `{"op":"sign","value":"body","key":"-----BEGIN"}`, `[{}]`, "!no private key")
	expect(t, "crypto", `{"op":"verify","value":"body","signature":"zz","key":`+publics[0]+`}`, `[{}]`, `main:[{"data":false}]`)
	expect(t, "crypto", `{"op":"verify","value":"body","signature":"00","key":"x"}`, `[{}]`, "!no public key")
}

func TestCryptoRandom(t *testing.T) {
	t.Parallel()
	for config, pattern := range map[string]string{
		`{"op":"random"}`: `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
		`{"op":"random","random":"hex","length":15}`:    `^[0-9a-f]{15}$`,
		`{"op":"random","random":"base64","length":16}`: `^[A-Za-z0-9+/]{16}$`,
		`{"op":"random","random":"ascii","length":16}`:  `^[\w-]{16}$`,
	} {
		r, err := compile(t, "crypto", config).Run(t.Context(), call(t, `[{"a":1},{"a":2}]`))
		if err != nil {
			t.Fatal(err)
		}
		one, two := r.Outputs[0].Items[0].JSON, r.Outputs[0].Items[1].JSON
		a, b := one.Get("data").Raw(), two.Get("data").Raw()
		if !regexp.MustCompile(pattern).MatchString(a) || a == b || !strings.HasPrefix(one.JSON(), `{"a":1,`) {
			t.Errorf("%s makes %s and %s", config, one.JSON(), two.JSON())
		}
	}
}

// A token that was made is verified and read, a wrong one is not, and a one-time code is that of RFC 6238.
func TestTokensAndCodes(t *testing.T) {
	t.Parallel()
	made, err := compile(t, "crypto", `{"op":"make_token","secret":"key","claims":{"sub":"{{ $json.n }}","big":9007199254740993},"lasts":60,"destination":"t"}`).
		Run(t.Context(), call(t, `[{"n":7}]`))
	if err != nil {
		t.Fatal(err)
	}
	items := `[` + made.Outputs[0].Items[0].JSON.JSON() + `]`
	token := made.Outputs[0].Items[0].JSON.Get("t").Raw()
	for config, want := range map[string]string{
		`{"op":"verify_token","secret":"key","token":"{{ $json.t }}","destination":"p"}`:   `"sub":7,"big":9007199254740993,"iat":`,
		`{"op":"read_token","token":"{{ $json.t }}","destination":"p"}`:                    `"sub":7`,
		`{"op":"verify_token","secret":"other","token":"{{ $json.t }}"}`:                   `!not valid`,
		`{"op":"verify_token","secret":"key","algorithm":"HS512","token":"{{ $json.t }}"}`: `!not valid`,
		`{"op":"verify_token","secret":"key","algorithm":"RS256","token":"{{ $json.t }}"}`: `!no public key`,
		`{"op":"read_token","token":"a.b"}`:                                                `!no three parts`,
		`{"op":"make_token","secret":"key","algorithm":"ES256"}`:                           `!no private key`,
	} {
		r, err := compile(t, "crypto", config).Run(t.Context(), call(t, items))
		if part, fails := strings.CutPrefix(want, "!"); fails {
			if err == nil || !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), token) {
				t.Errorf("%s: %v; want the error %s", config, err, part)
			}
		} else if err != nil || !strings.Contains(outputs(r), want) {
			t.Errorf("%s gives %s, %v; want %s", config, outputs(r), err, want)
		}
	}
	in := call(t, `[{}]`)
	in.Now = time.Unix(59, 0)
	r, err := compile(t, "crypto", `{"op":"one_time_code","secret":"GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ","digits":8}`).Run(t.Context(), in)
	if err != nil || outputs(r) != `main:[{"data":"94287082"}]` {
		t.Errorf("the code is %s, %v", outputs(r), err)
	}
}
