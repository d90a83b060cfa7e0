package node

import (
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/outgoing"
)

// OAuthGrant is by what a service gives an access token.
type OAuthGrant string

// Choices are the grants.
func (OAuthGrant) Choices() []field.Choice {
	return []field.Choice{{Value: "client_credentials", Label: "The client's own credentials"},
		{Value: refreshToken, Label: "A refresh token"}}
}

const refreshToken = "refresh_token"

// ClientProof is how a client shows itself to the service that gives tokens.
type ClientProof string

// Choices are the ways.
func (ClientProof) Choices() []field.Choice {
	return []field.Choice{{Value: "header", Label: "A header (HTTP Basic)"}, {Value: "body", Label: "The form"}}
}

// missing is the name of a parameter that the authentication lacks, empty for none.
func (p *HTTP) missing() string {
	type need struct {
		auth RequestAuth
		name string
		text string
	}
	for _, n := range []need{
		{"header", "header_name", p.HeaderName},
		{"query", "query_name", p.QueryName},
		{"digest", "username", string(p.Username)},
		{"oauth2", "token_url", string(p.TokenURL)},
		{"oauth2", "client_id", string(p.ClientID)},
		{"aws", "access_key", string(p.AccessKey)},
		{"aws", "secret_key", string(p.SecretKey)},
		{"aws", "region", string(p.Region)},
		{"aws", "aws_service", string(p.AWSService)},
		{"hmac", "signing_key", string(p.SigningKey)},
		{"hmac", "header_name", p.HeaderName},
	} {
		if p.Auth == n.auth && n.text == "" {
			return n.name
		}
	}
	if p.Auth == "oauth2" && p.Grant == refreshToken && p.RefreshToken == "" {
		return refreshToken
	}
	return ""
}

// checkAuthentication refuses what would fail at every item. What an expression gives is empty here.
func (p *HTTP) checkAuthentication() error {
	if p.TokenURL != "" {
		if _, err := outgoing.ParseURL(string(p.TokenURL)); err != nil {
			return fault.InvalidField("token_url", "%s", fault.Public(err).Message)
		}
	}
	if p.Proxy != "" {
		if _, err := outgoing.ParseProxy(string(p.Proxy)); err != nil {
			return fault.InvalidField("proxy", "%s", fault.Public(err).Message)
		}
	}
	for _, found := range placeholder.FindAllString(string(p.Signed), -1) {
		if !signedParts.MatchString(found) {
			return fault.InvalidField("signed", "can't hold %.40s; it knows {method}, {path}, {query}, {body} and {timestamp}", found)
		}
	}
	if p.Auth == "hmac" && strings.Contains(string(p.Signed), "{timestamp}") && p.TimeHeader == "" {
		return fault.InvalidField("time_header", "is required, because {timestamp} stands for what it holds")
	}
	return nil
}

var signedParts = regexp.MustCompile(`^\{(method|path|query|body|timestamp)\}$`)

// client is the guarded client for one request.
func (q *httpCall) client() (*http.Client, error) {
	o := outgoing.Options{
		Time:       time.Duration(q.p.Timeout * float64(time.Second)),
		Redirects:  q.p.Redirects,
		Unverified: q.p.isUnverified(),
	}
	if q.p.Proxy != "" {
		proxy, err := outgoing.ParseProxy(string(q.p.Proxy))
		if err != nil {
			return nil, fault.InvalidField("proxy", "%s", fault.Public(err).Message)
		}
		o.Proxy = proxy
	}
	return q.call.Services.HTTP.Client(o), nil
}

// isUnverified tells whether somebody turned the check of certificates off. What says nothing of it checks them.
func (p *HTTP) isUnverified() bool { return p.TLSVerify != nil && !*p.TLSVerify }

// prove shows in a request who makes it.
func (q *httpCall) prove(r *http.Request) error {
	p := q.p
	switch p.Auth {
	case "basic":
		r.SetBasicAuth(string(p.Username), string(p.Password))
	case "bearer":
		return outgoing.SetHeader(r.Header, "Authorization", "Bearer "+string(p.Token))
	case "header":
		return outgoing.SetHeader(r.Header, p.HeaderName, string(p.HeaderValue))
	case "query":
		added := url.QueryEscape(p.QueryName) + "=" + url.QueryEscape(string(p.QueryValue))
		r.URL.RawQuery = strings.TrimPrefix(r.URL.RawQuery+"&"+added, "&")
	case "oauth2":
		return q.bear(r, "")
	case "aws":
		return q.signForAWS(r)
	case "hmac":
		return q.sign(r)
	}
	return nil
}

// ask makes a request, and once more where the service refuses what it shows and tells how to do better.
func (q *httpCall) ask(client *http.Client, r *http.Request) (*http.Response, error) {
	came, err := client.Do(r)
	if err != nil || came.StatusCode != http.StatusUnauthorized || q.p.Auth != "oauth2" && q.p.Auth != "digest" {
		return came, err
	}
	again, err := repeated(r)
	if err != nil {
		return nil, err
	}
	if q.p.Auth == "digest" {
		var isAsked bool
		if isAsked, err = q.answerDigest(again, came); !isAsked {
			return came, nil
		}
	} else {
		err = q.bear(again, r.Header.Get("Authorization"))
	}
	_ = came.Body.Close()
	if err != nil {
		return nil, err
	}
	return client.Do(again)
}

// repeated is a request once more, with its body from the beginning.
func repeated(r *http.Request) (*http.Request, error) {
	again := r.Clone(r.Context())
	if r.GetBody == nil {
		return again, nil
	}
	body, err := r.GetBody()
	again.Body = body
	return again, err
}

// sentBody is the body that a request will send, which stays as it is.
func sentBody(r *http.Request) ([]byte, error) {
	if r.GetBody == nil {
		return nil, nil
	}
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(body)
}

// sign sets the header with the signature of the request.
func (q *httpCall) sign(r *http.Request) error {
	p := q.p
	body, err := sentBody(r)
	if err != nil {
		return err
	}
	stamp := strconv.FormatInt(q.call.Now.Unix(), 10)
	if p.TimeHeader != "" {
		if err := outgoing.SetHeader(r.Header, p.TimeHeader, stamp); err != nil {
			return err
		}
	}
	text := strings.NewReplacer("{method}", r.Method, "{path}", r.URL.EscapedPath(), "{query}", r.URL.RawQuery, "{timestamp}", stamp,
		"{body}", string(body)).Replace(string(p.Signed))
	signature := signWith(p.Hash.function(), []byte(p.SigningKey), []byte(text))
	written := hex.EncodeToString(signature)
	if p.Coding == "base64" {
		written = base64.StdEncoding.EncodeToString(signature)
	}
	return outgoing.SetHeader(r.Header, p.HeaderName, string(p.Prefix)+written)
}

// bear sets the access token, a new one where the service refused what the request showed before.
func (q *httpCall) bear(r *http.Request, refused string) error {
	p := q.p
	token, err := q.call.accessToken(r.Context(), &oauthClient{
		grant:    p.Grant,
		url:      string(p.TokenURL),
		id:       string(p.ClientID),
		secret:   string(p.ClientSecret),
		refresh:  string(p.RefreshToken),
		scope:    string(p.Scope),
		audience: string(p.Audience),
		inBody:   p.ClientProof == "body",
	}, strings.TrimPrefix(refused, "Bearer "))
	if err != nil {
		return err
	}
	return outgoing.SetHeader(r.Header, "Authorization", "Bearer "+token)
}
