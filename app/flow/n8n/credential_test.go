package n8n

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"encoding/base64"
	"os/exec"
	"strings"
	"testing"

	"zygo/app/value"
)

// seal is what n8n does with a credential.
func seal(plain, key string) string {
	salt := []byte("12345678")
	salted := append([]byte(key), salt...)
	one := md5.Sum(salted)
	two := md5.Sum(append(one[:], salted...))
	three := md5.Sum(append(two[:], salted...))
	block, _ := aes.NewCipher(append(one[:], two[:]...))
	padding := aes.BlockSize - len(plain)%aes.BlockSize
	padded := []byte(plain + strings.Repeat(string(rune(padding)), padding))
	cipher.NewCBCEncrypter(block, three[:]).CryptBlocks(padded, padded)
	return base64.StdEncoding.EncodeToString(append(append([]byte("Salted__"), salt...), padded...))
}

func TestCredentialsAreOpened(t *testing.T) {
	t.Parallel()
	opened, err := openCredential(seal(`{"accessToken":"12:ab"}`, "the key"), "the key")
	if err != nil || opened.Get("accessToken").Raw() != "12:ab" {
		t.Errorf("it holds %s, %v", opened.JSON(), err)
	}
	for name, sealed := range map[string]string{"another key": seal("{}", "other"), "no base64": "!", "too short": "U2FsdGVkX1", "no salt": "AAAA"} {
		if _, err := openCredential(sealed, "the key"); err == nil {
			t.Errorf("%s opens it", name)
		}
	}
}

// OpenSSL, whose form n8n uses, seals what is opened here.
func TestWhatOpenSSLSealsIsOpened(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	command := exec.Command(path, "enc", "-aes-256-cbc", "-md", "md5", "-salt", "-base64", "-A", "-pass", "pass:the key")
	command.Stdin = strings.NewReader(`{"password":"p"}`)
	sealed, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	if opened, err := openCredential(strings.TrimSpace(string(sealed)), "the key"); err != nil || opened.Get("password").Raw() != "p" {
		t.Errorf("it holds %s, %v", opened.JSON(), err)
	}
}

func TestWhatSecretsHold(t *testing.T) {
	t.Parallel()
	of := func(kind, data string) *Credential {
		v, err := value.Parse([]byte(data), value.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return &Credential{Kind: kind, Data: v}
	}
	for got, want := range map[string]string{
		of("telegramApi", `{"accessToken":"12:ab","baseUrl":"https://api.telegram.org"}`).key(): "12:ab",
		of("httpHeaderAuth", `{"name":"X-Key","value":"v"}`).key():                              "v",
		of("httpBasicAuth", `{"user":"u","password":"p"}`).key():                                "p",
		of("slackOAuth2Api", `{"clientId":"c","oauthTokenData":{"access_token":"xoxb"}}`).key(): "xoxb",
		of("x", `{}`).key(): "",
		of("gmailOAuth2", `{"clientId":"c","clientSecret":"s","oauthTokenData":{"refresh_token":"r"}}`).oauth():                       `{"client_id":"c","client_secret":"s","refresh_token":"r","token_url":"https://oauth2.googleapis.com/token"}`,
		of("postgres", `{"host":"db","port":5432,"database":"shop","user":"u","password":"a b","ssl":"require"}`).address("postgres"): "postgres://u:a%20b@db:5432/shop?sslmode=require",
		of("mySql", `{"host":"db","port":3306,"database":"shop","user":"u","password":"p"}`).address("mysql"):                         "mysql://u:p@db:3306/shop",
	} {
		if got != want {
			t.Errorf("it holds %s, not %s", got, want)
		}
	}
}
