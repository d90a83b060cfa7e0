package n8n

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"net"
	"net/url"
	"strings"

	"zygo/app/value"
)

// Credential is one of an instance of n8n, opened.
type Credential struct {
	Name, Kind string
	Data       value.Value
}

// EncryptionKey finds the key of an instance in a file: its config, which is JSON with encryptionKey, or the key alone.
func EncryptionKey(file []byte) string {
	if config, err := value.Parse(file, value.Limits{}); err == nil && config.Kind() == value.ObjectKind {
		return config.Get("encryptionKey").Raw()
	}
	return strings.TrimSpace(string(file))
}

var errSealed = errors.New("the credential can't be opened with this encryption key")

// openCredential opens what n8n sealed: AES-256-CBC in the form of OpenSSL, whose key and first block are made of the instance's
// encryption key by MD5 (packages/core/src/encryption/cipher.ts of n8n).
func openCredential(sealed, key string) (value.Value, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(raw) < 32 || !bytes.HasPrefix(raw, []byte("Salted__")) || (len(raw)-16)%aes.BlockSize != 0 {
		return value.Value{}, errSealed
	}
	salted := append([]byte(key), raw[8:16]...)
	var derived, last []byte
	for len(derived) < 48 {
		sum := md5.Sum(append(last, salted...))
		last = sum[:]
		derived = append(derived, last...)
	}
	block, err := aes.NewCipher(derived[:32])
	if err != nil {
		return value.Value{}, err
	}
	plain := make([]byte, len(raw)-16)
	cipher.NewCBCDecrypter(block, derived[32:48]).CryptBlocks(plain, raw[16:])
	padding := int(plain[len(plain)-1])
	if padding == 0 || padding > aes.BlockSize {
		return value.Value{}, errSealed
	}
	opened, err := value.Parse(plain[:len(plain)-padding], value.Limits{})
	if err != nil || opened.Kind() != value.ObjectKind {
		return value.Value{}, errSealed
	}
	return opened, nil
}

// keyNames are where n8n's credentials hold what a request proves itself with, the most telling first.
var keyNames = []string{"accessToken", "apiKey", "apiToken", "api_key", "token", "authToken", "integrationToken", "botToken", "appToken",
	"webhookUri", "value", "secret", "password", "privateKey", "key"}

// key is what a request proves itself with.
func (c *Credential) key() string {
	if token := c.Data.Get("oauthTokenData").Get("access_token"); token.Kind() == value.StringKind {
		return token.Raw()
	}
	for _, name := range keyNames {
		if v := c.Data.Get(name); v.Kind() == value.StringKind && v.Raw() != "" {
			return v.Raw()
		}
	}
	return ""
}

// oauthPart is a part of what an access token is renewed with.
func (c *Credential) oauthPart(part string) string {
	switch part {
	case "client_id":
		return c.Data.Get("clientId").Raw()
	case "client_secret":
		return c.Data.Get("clientSecret").Raw()
	case "refresh_token":
		return c.Data.Get("oauthTokenData").Get("refresh_token").Raw()
	}
	at := c.Data.Get("accessTokenUrl").Raw()
	switch {
	case at != "":
		return at
	case strings.HasPrefix(c.Kind, "microsoft"):
		return "https://login.microsoftonline.com/common/oauth2/v2.0/token"
	case strings.HasPrefix(c.Kind, "twitter"):
		return "https://api.x.com/2/oauth2/token"
	}
	return "https://oauth2.googleapis.com/token"
}

// oauth is all of it, as connectors want it.
func (c *Credential) oauth() string {
	var members []value.Member
	for _, part := range []string{"client_id", "client_secret", "refresh_token", "token_url"} {
		members = append(members, text(part, c.oauthPart(part)))
	}
	return object(members...).JSON()
}

// host is a server with its port.
func (c *Credential) host() string {
	host := c.Data.Get("host").Raw()
	if port := c.Data.Get("port"); !port.IsMissing() {
		host = net.JoinHostPort(host, port.Text())
	}
	return host
}

// address is that of a database.
func (c *Credential) address(source string) string {
	at := url.URL{Scheme: source, Host: c.host(), Path: "/" + c.Data.Get("database").Raw(),
		User: url.UserPassword(c.Data.Get("user").Raw(), c.Data.Get("password").Raw())}
	if ssl := c.Data.Get("ssl").Raw(); source == "postgres" && ssl != "" && ssl != "allow" {
		at.RawQuery = "sslmode=" + ssl
	}
	return at.String()
}
