package node

import (
	"container/list"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"zygo/app/flow/content"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// oauthClient is who asks for an access token (RFC 6749).
type oauthClient struct {
	grant                                     OAuthGrant
	url, id, secret, refresh, scope, audience string
	inBody                                    bool
}

const (
	mostTokens  = 500
	tokenTime   = 30 * time.Second
	mostToken   = 64 << 10
	usualLife   = time.Hour        // of a token whose service doesn't say it
	beforeItEnd = 30 * time.Second // a token is not used that ends on the way
)

// tokens keeps access tokens in memory until they end, so that a workflow that runs each minute does not ask for one each time. An
// organization gets only what its own secrets gave it. The zero tokens keeps none yet.
type tokens struct {
	mutex sync.Mutex
	// byUse has the one that was used last in front.
	byUse list.List
	known map[[sha256.Size]byte]*list.Element
}

// token is an access token. Who holds turn may read and change it.
type token struct {
	key  [sha256.Size]byte
	turn chan struct{}
	text string
	ends time.Time
	// refresh is the newest refresh token, where the service replaced the one that the secret holds.
	refresh string
}

// of finds the token of a client, and lets go of the one that nobody used for longest.
func (t *tokens) of(owner string, o *oauthClient) *token {
	key := sha256.Sum256(fmt.Appendf(nil, "%q %q", owner, []string{string(o.grant), o.url, o.id, o.secret, o.refresh, o.scope, o.audience}))
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if element := t.known[key]; element != nil {
		t.byUse.MoveToFront(element)
		return element.Value.(*token)
	}
	if t.known == nil {
		t.known = map[[sha256.Size]byte]*list.Element{}
	}
	made := &token{key: key, turn: make(chan struct{}, 1)}
	t.known[key] = t.byUse.PushFront(made)
	if t.byUse.Len() > mostTokens {
		delete(t.known, t.byUse.Remove(t.byUse.Back()).(*token).key)
	}
	return made
}

// accessToken gives a token that is good, and another one than what the service refused.
func (c *Call) accessToken(ctx context.Context, o *oauthClient, refused string) (string, error) {
	owner := ""
	if c.Environment != nil {
		owner = c.Environment.Owner
	}
	t := c.Services.Tokens.of(owner, o)
	select {
	case t.turn <- struct{}{}: // one at a time asks; the others get what it was given
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { <-t.turn }()
	if t.text == "" || t.text == refused || !c.Now.Before(t.ends) {
		if err := c.askForToken(ctx, o, t); err != nil {
			return "", err
		}
	}
	c.hide(t.text)
	return t.text, nil
}

// hide keeps a text out of what the step leaves behind.
func (c *Call) hide(text string) {
	if c.Hide != nil {
		c.Hide(text)
	}
}

// askForToken asks the service. What it answers is secret, so that an error names its code alone.
func (c *Call) askForToken(ctx context.Context, o *oauthClient, t *token) error {
	answer, status, header, err := c.postForToken(ctx, o, t)
	if err != nil {
		return err
	}
	text := answer.Get("access_token").Text()
	switch kind := answer.Get("token_type").Text(); {
	case status != http.StatusOK:
		said := answer.Get("error").Text()
		if answer.Get("error").IsMissing() {
			said = "no reason"
		}
		t.refresh = "" // the secret may hold a newer one
		return &Error{
			Code:      "OAUTH_REFUSED",
			Message:   fmt.Sprintf("The service gave no access token. It answered %d with %.100s. Look at the credentials in the secret.", status, said),
			Retryable: status == http.StatusTooManyRequests || status >= 500,
			After:     retryAfter(header.Get("Retry-After"), c.Now),
			Status:    status,
		}
	case answer.Get("access_token").IsMissing() || text == "":
		return &Error{Code: "OAUTH_ANSWER", Message: "The service answered without an access token. Look at the token address."}
	case !answer.Get("token_type").IsMissing() && !strings.EqualFold(kind, "bearer"):
		return &Error{Code: "OAUTH_ANSWER", Message: fmt.Sprintf("The service gave a token of the type %.40q; Zygo can send Bearer tokens.", kind)}
	}
	life := usualLife
	if seconds, ok := answer.Get("expires_in").Double(); ok && seconds >= 0 {
		life = time.Duration(min(seconds, 1e8)) * time.Second
	}
	t.text, t.ends = text, c.Now.Add(life-beforeItEnd)
	if next := answer.Get("refresh_token"); o.grant == refreshToken && next.Kind() == value.StringKind && next.Raw() != "" {
		t.refresh = next.Raw()
		c.hide(t.refresh)
	}
	return nil
}

// postForToken makes the request. A redirect is not followed, because it would carry the credentials away.
func (c *Call) postForToken(ctx context.Context, o *oauthClient, t *token) (value.Value, int, http.Header, error) {
	fail := func(err error) (value.Value, int, http.Header, error) { return value.Value{}, 0, nil, err }
	form := url.Values{"grant_type": {string(o.grant)}}
	for name, text := range map[string]string{"scope": o.scope, "audience": o.audience} {
		if text != "" {
			form.Set(name, text)
		}
	}
	if o.grant == refreshToken {
		form.Set(refreshToken, o.refresh)
		if t.refresh != "" {
			form.Set(refreshToken, t.refresh)
		}
	}
	if o.inBody {
		form.Set("client_id", o.id)
		form.Set("client_secret", o.secret)
	}
	to, err := outgoing.ParseURL(o.url)
	if err != nil {
		return fail(err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return fail(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	if !o.inBody {
		r.SetBasicAuth(url.QueryEscape(o.id), url.QueryEscape(o.secret)) // RFC 6749, 2.3.1
	}
	came, err := c.Services.HTTP.Client(outgoing.Options{Time: tokenTime}).Do(r)
	if err != nil {
		return fail(failure(outgoing.Explain(err), nil))
	}
	body, err := outgoing.ReadBody(came, mostToken)
	if err != nil {
		return fail(failure(err, nil))
	}
	answer, err := content.JSON(content.TypeOf("application/json"), body)
	if err != nil && came.StatusCode == http.StatusOK {
		return fail(&Error{Code: "OAUTH_ANSWER", Message: "The service's answer with the access token is not JSON. Look at the token address."})
	}
	return answer, came.StatusCode, came.Header, nil
}
