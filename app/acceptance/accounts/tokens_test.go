package accounts

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"zygo/app/acceptance/instance"
)

func TestAnAccessTokenVerifiesWithThePublishedKey(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	given := i.SignIn("editor@acme")
	if given.ExpiresIn != 900 {
		t.Errorf("the token lasts %d seconds", given.ExpiresIn)
	}
	published := (&instance.Client{Instance: i}).Call("GET", "/.well-known/jwks.json", nil)
	var set struct {
		Keys []struct{ Kty, Crv, Kid, X string }
	}
	if err := json.Unmarshal(published.Body, &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("the keys are %s: %v", published.Body, err)
	}
	public, err := base64.RawURLEncoding.DecodeString(set.Keys[0].X)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jwt.Parse(given.AccessToken, func(token *jwt.Token) (any, error) { return ed25519.PublicKey(public), nil },
		jwt.WithValidMethods([]string{"EdDSA"}), jwt.WithIssuer(i.URL), jwt.WithAudience(i.URL+"/api"), jwt.WithExpirationRequired())
	if err != nil || parsed.Header["kid"] != set.Keys[0].Kid {
		t.Errorf("the published key does not verify the token: %v", err)
	}
	if strings.Contains(string(published.Body), `"d"`) {
		t.Error("the private key is published")
	}
}

func TestForgedAccessTokensOpenNothing(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	given := i.SignIn("editor@acme")
	var claims jwt.MapClaims = map[string]any{}
	parsed, _, err := jwt.NewParser().ParseUnverified(given.AccessToken, claims)
	if err != nil {
		t.Fatal(err)
	}
	_, stranger, _ := ed25519.GenerateKey(nil)
	sign := func(method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
		changed := jwt.MapClaims{}
		for name, value := range claims {
			changed[name] = value
		}
		change(changed)
		token := jwt.NewWithClaims(method, changed)
		token.Header["kid"] = parsed.Header["kid"]
		text, err := token.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	same := func(jwt.MapClaims) {}
	parts := strings.Split(given.AccessToken, ".")
	for name, token := range map[string]string{
		"no algorithm":           sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same),
		"the key's id as secret": sign(jwt.SigningMethodHS256, []byte(parsed.Header["kid"].(string)), same),
		"another key":            sign(jwt.SigningMethodEdDSA, stranger, same),
		"no signature":           parts[0] + "." + parts[1] + ".",
		"the refresh token":      given.RefreshToken,
		"nothing":                "",
		"dots":                   "..",
		"very long":              strings.Repeat("a", 8000),
	} {
		if answer := (&instance.Client{Instance: i}).Call("GET", "users/me", nil, "Authorization", "Bearer "+token); answer.Status != 401 {
			t.Errorf("%s answers %d", name, answer.Status)
		}
	}
	changed := []byte(given.AccessToken)
	for at := range changed {
		before := changed[at]
		if changed[at] = 'A'; before == 'A' {
			changed[at] = 'Q'
		}
		if answer := (&instance.Client{Instance: i, Token: string(changed)}).Call("GET", "users/me", nil); answer.Status != 401 &&
			at < len(changed)-1 {
			t.Errorf("with letter %d changed the token answers %d", at, answer.Status)
		}
		changed[at] = before
	}
}

func TestARefreshTokenIsGoodOnce(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	given := i.SignIn("editor@acme")
	nobody := &instance.Client{Instance: i}
	refresh := func(token string) instance.Reply {
		return nobody.Call("POST", "auth/refresh", map[string]string{"refresh_token": token})
	}
	var next instance.Tokens
	nobody.Must(refresh(given.RefreshToken), 200, &next)
	works := func(token string) int {
		return (&instance.Client{Instance: i, Token: token}).Call("GET", "users/me", nil).Status
	}
	if works(given.AccessToken) != 200 || works(next.AccessToken) != 200 {
		t.Error("a refresh ended the session")
	}
	if answer := refresh(given.RefreshToken); answer.Status != 401 || !strings.Contains(string(answer.Body), "used before") {
		t.Errorf("the second use answers %d %s", answer.Status, answer.Body)
	}
	if works(next.AccessToken) != 401 || refresh(next.RefreshToken).Status != 401 {
		t.Error("the session lives on after its refresh token was used twice")
	}
	if works(i.SignIn("editor@acme").AccessToken) != 200 {
		t.Error("another session can't begin")
	}
	i.Stop()
	if found := i.Count("SELECT count(*) FROM t_ledger WHERE action = 'user.refresh_token_reused' AND result = 'denied'"); found != 1 {
		t.Errorf("the reuse left %d entries", found)
	}
	if stdout, _, _ := i.Command("doctor"); strings.Contains(stdout, given.RefreshToken) {
		t.Error("a token is shown")
	}
}

func TestFiftyRefreshesAtOnceGiveOnePair(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	given := i.SignIn("editor@acme")
	statuses := make(chan int, 50)
	for range 50 {
		go func() {
			answer, err := (&instance.Client{Instance: i}).Try("POST", "auth/refresh", map[string]string{
				"refresh_token": given.RefreshToken})
			if err != nil {
				answer.Status = 0
			}
			statuses <- answer.Status
		}()
	}
	count := map[int]int{}
	for range 50 {
		count[<-statuses]++
	}
	if count[200] != 1 || count[401] != 49 {
		t.Errorf("the answers are %v", count)
	}
}

func TestSigningOutEndsTheTokens(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	given := i.SignIn("editor@acme")
	c := &instance.Client{Instance: i, Token: given.AccessToken}
	c.Must(c.Call("POST", "auth/logout", nil), 200, nil)
	if answer := c.Call("GET", "users/me", nil); answer.Status != 401 {
		t.Errorf("the access token answers %d after the sign-out", answer.Status)
	}
	if answer := c.Call("POST", "auth/refresh", map[string]string{"refresh_token": given.RefreshToken}); answer.Status != 401 {
		t.Errorf("the refresh token answers %d after the sign-out", answer.Status)
	}
}

// A browser's session can't be fixed by who offers one before the sign-in, and a changed cookie is no cookie.
func TestASessionCookieIsNewAndWhole(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	nobody := &instance.Client{Instance: i}
	form := "email=editor%40acme.test&password=correct+horse+battery+staple"
	enter := func(cookie string) *http.Cookie {
		answer := nobody.Call("POST", "/login", form, "Content-Type", "application/x-www-form-urlencoded", "Cookie", cookie)
		return (&http.Response{Header: answer.Header}).Cookies()[0]
	}
	first := enter("zygo_session=chosen-by-somebody-else")
	second := enter(first.Name + "=" + first.Value)
	if first.Value == "chosen-by-somebody-else" || second.Value == first.Value {
		t.Error("the sign-in kept a session that was there before")
	}
	status := func(cookie string) int { return nobody.Call("GET", "users/me", nil, "Cookie", cookie).Status }
	if got := status(second.Name + "=" + second.Value); got != 200 {
		t.Fatalf("the session answers %d", got)
	}
	for at := range second.Value {
		for bit := range 7 {
			changed := []byte(second.Value)
			if changed[at] ^= 1 << bit; changed[at] < '!' || changed[at] > '~' {
				continue // no letter of a header
			}
			if got := status(second.Name + "=" + string(changed)); got != 401 {
				t.Errorf("with bit %d of letter %d changed the session answers %d", bit, at, got)
			}
		}
	}
	if got := status(second.Name + "=" + second.Value + "; " + second.Name + "=" + first.Value); got != 401 {
		t.Errorf("two cookies of the name answer %d", got)
	}
	access := i.SignIn("editor@acme").AccessToken
	if got := status(second.Name + "=" + access); got != 401 {
		t.Errorf("an access token in the cookie answers %d", got)
	}
	if first.MaxAge != 0 || !first.HttpOnly || first.SameSite != http.SameSiteLaxMode || first.Path != "/" ||
		time.Until(first.Expires) > 0 {
		t.Errorf("the cookie is %v", first)
	}
}

func TestANewPasswordGivesTheSessionAnotherToken(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	const another = "a fence of nine purple llamas"
	before := i.As("editor@acme")
	var after struct {
		AccessToken string `json:"access_token"`
	}
	before.Must(before.Call("POST", "users/me/change-password", map[string]string{"current_password": instance.Password,
		"password": another}), 200, &after)
	if got := before.Call("GET", "users/me", nil).Status; got != 401 {
		t.Errorf("the token from before the change answers %d", got)
	}
	c := &instance.Client{Instance: i, Token: after.AccessToken}
	c.Must(c.Call("GET", "users/me", nil), 200, nil)

	entered := func(password string) string {
		answer := (&instance.Client{Instance: i}).Call("POST", "/login", "email=editor%40acme.test&password="+url.QueryEscape(password),
			"Content-Type", "application/x-www-form-urlencoded")
		cookie := (&http.Response{Header: answer.Header}).Cookies()[0]
		return cookie.Name + "=" + cookie.Value
	}
	page := entered(another)
	form := (&instance.Client{Instance: i}).Call("GET", "/settings/security", nil, "Cookie", page)
	token := regexp.MustCompile(`name="form_token" value="([^"]+)"`).FindSubmatch(form.Body)
	if token == nil {
		t.Fatalf("no token in the form: %.2000s", form.Body)
	}
	given := url.Values{"form_token": {string(token[1])}, "current_password": {another}, "password": {instance.Password}}
	answer := (&instance.Client{Instance: i}).Call("POST", "/settings/security", given.Encode(), "Content-Type",
		"application/x-www-form-urlencoded", "Cookie", page)
	renewed := (&http.Response{Header: answer.Header}).Cookies()
	if answer.Status != 200 || len(renewed) != 1 {
		t.Fatalf("the change on the page answers %d with cookies %v", answer.Status, renewed)
	}
	for cookie, want := range map[string]int{page: 401, renewed[0].Name + "=" + renewed[0].Value: 200} {
		if got := (&instance.Client{Instance: i}).Call("GET", "users/me", nil, "Cookie", cookie).Status; got != want {
			t.Errorf("after the change on the page a cookie answers %d and not %d", got, want)
		}
	}
}
