package config

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// OAuth are the providers by which people sign in besides a password. One without a client id is not offered.
type OAuth struct {
	Google    Google    `key:"google"`
	GitHub    GitHub    `key:"github"`
	Microsoft Microsoft `key:"microsoft"`
	Apple     Apple     `key:"apple"`
}

// Google is the client that the operator registered at Google.
type Google struct {
	ClientID     string  `key:"client_id" help:"Client id that Google gave this instance; empty offers no sign-in with Google."`
	ClientSecret Secret  `key:"client_secret" help:"Client secret that Google gave with it."`
	Issuer       Address `key:"issuer" default:"https://accounts.google.com" help:"Address at which Google's OpenID configuration is found."`
}

// GitHub is the OAuth app that the operator registered at GitHub, which speaks no OpenID Connect.
type GitHub struct {
	ClientID     string  `key:"client_id" help:"Client id of the OAuth app at GitHub; empty offers no sign-in with GitHub."`
	ClientSecret Secret  `key:"client_secret" help:"Client secret of the OAuth app."`
	AuthorizeURL Address `key:"authorize_url" default:"https://github.com/login/oauth/authorize" help:"Page on which people agree; another one for GitHub Enterprise."`
	TokenURL     Address `key:"token_url" default:"https://github.com/login/oauth/access_token" help:"Where GitHub exchanges a code for a token."`
	APIURL       Address `key:"api_url" default:"https://api.github.com" help:"GitHub's API, which says who signed in."`
}

// Microsoft is the application that the operator registered at Microsoft Entra.
type Microsoft struct {
	ClientID     string  `key:"client_id" help:"Application id at Microsoft Entra; empty offers no sign-in with Microsoft."`
	ClientSecret Secret  `key:"client_secret" help:"Client secret of the application."`
	Issuer       Address `key:"issuer" default:"https://login.microsoftonline.com/common/v2.0" help:"Address of the directories that may sign in: common, organizations, consumers, or the id of one."`
}

// Apple is the services id that the operator registered at Apple, with the key that signs for it.
type Apple struct {
	ServicesID string  `key:"services_id" help:"Services id at Apple; empty offers no sign-in with Apple."`
	TeamID     string  `key:"team_id" help:"Id of the team that the services id belongs to."`
	KeyID      string  `key:"key_id" help:"Id of the key for Sign in with Apple."`
	PrivateKey Secret  `key:"private_key" lines:"true" help:"The key itself, the whole .p8 file in PEM; best given as a file with ZYGO_OAUTH__APPLE__PRIVATE_KEY_FILE."`
	Issuer     Address `key:"issuer" default:"https://appleid.apple.com" help:"Address at which Apple's OpenID configuration is found."`
}

// Key reads the private key.
func (a Apple) Key() (*ecdsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(a.PrivateKey.Reveal()))
	if block == nil {
		return nil, errors.New("is not a key in PEM; give the whole .p8 file that Apple made")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(*ecdsa.PrivateKey)
	if err != nil || !ok || key.Curve.Params().BitSize != 256 {
		return nil, errors.New("is not a P-256 key in PKCS #8; give the whole .p8 file that Apple made")
	}
	return key, nil
}

// check finds a provider of which a part is missing. It answers the key to blame.
func (o OAuth) check() (key string, err error) {
	for _, one := range []struct {
		provider, id string
		parts        []string
		given        []bool
	}{
		{"google", o.Google.ClientID, []string{"client_secret"}, []bool{o.Google.ClientSecret != ""}},
		{"github", o.GitHub.ClientID, []string{"client_secret"}, []bool{o.GitHub.ClientSecret != ""}},
		{"microsoft", o.Microsoft.ClientID, []string{"client_secret"}, []bool{o.Microsoft.ClientSecret != ""}},
		{
			"apple",
			o.Apple.ServicesID,
			[]string{"team_id", "key_id", "private_key"},
			[]bool{o.Apple.TeamID != "", o.Apple.KeyID != "", o.Apple.PrivateKey != ""},
		},
	} {
		for i, part := range one.parts {
			if one.id != "" && !one.given[i] {
				return "oauth." + one.provider + "." + part, fmt.Errorf("is empty, and sign-in with this provider needs it")
			}
		}
	}
	if o.Apple.ServicesID != "" {
		if _, err := o.Apple.Key(); err != nil {
			return "oauth.apple.private_key", err
		}
	}
	return "", nil
}

// Address is a whole address without a query, and without a slash at the end.
type Address string

// UnmarshalText accepts https addresses, and http ones of this machine: a provider is trusted with who people are.
func (a *Address) UnmarshalText(text []byte) error {
	address, err := url.Parse(string(text))
	if err != nil || address.Hostname() == "" || address.RawQuery != "" || address.Fragment != "" || address.User != nil {
		return errors.New("is not an address such as https://id.example.com/oauth")
	}
	ip := net.ParseIP(address.Hostname())
	local := address.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if address.Scheme != "https" && (address.Scheme != "http" || !local) {
		return errors.New("has to begin with https://; http:// is for this machine only")
	}
	*a = Address(strings.TrimRight(string(text), "/"))
	return nil
}
