package factors

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

// challenged signs in with the password and gives the challenge that it leads to.
func challenged(i *instance.Instance, who string) string {
	i.T.Helper()
	challenge, _ := asksAt(i, strings.TrimPrefix(i.URL, "http://"), who+".test")
	return challenge
}

// asksAt signs in with the password at a host, and gives the challenge that it leads to and by what it can be answered there.
func asksAt(i *instance.Instance, host, email string) (challenge string, methods []string) {
	i.T.Helper()
	r := (&instance.Client{Instance: i}).Call("POST", "auth/login", map[string]string{"email": email, "password": instance.Password},
		"Host", host)
	var envelope struct {
		Error struct {
			Details struct {
				Challenge string
				Methods   []string
			}
		}
	}
	err := json.Unmarshal(r.Body, &envelope)
	if err != nil || r.Status != 401 || r.Code() != "MFA_REQUIRED" || envelope.Error.Details.Challenge == "" {
		i.T.Fatalf("the sign-in at %s answers %d %s", host, r.Status, r.Body)
	}
	return envelope.Error.Details.Challenge, envelope.Error.Details.Methods
}

func answerChallenge(i *instance.Instance, challenge, code string) instance.Reply {
	i.T.Helper()
	return (&instance.Client{Instance: i}).Call("POST", "auth/mfa/challenge", map[string]string{"challenge": challenge, "code": code})
}

func TestACodeIsAskedForAndGoodOnce(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	secret, codes := c.Enrol()
	challenge := challenged(i, "editor@acme")
	// Nothing but the challenge works before it is answered.
	for name, header := range map[string][]string{"bearer": {"Authorization", "Bearer " + challenge},
		"cookie": {"Cookie", "zygo_session=" + challenge}} {
		for _, path := range []string{"users/me", "assets", "auth/mfa", "/dashboard", "/settings/security/mfa"} {
			if answer := (&instance.Client{Instance: i}).Call("GET", path, nil, header...); answer.Status != 401 && answer.Status != 303 {
				t.Errorf("the challenge as %s opens %s: %d", name, path, answer.Status)
			}
		}
	}
	for _, far := range []int{-5, -2, 5} {
		if answer := answerChallenge(i, challenge, i.Code(secret, far)); answer.Status != 401 {
			t.Errorf("a code %d steps away answers %d", far, answer.Status)
		}
	}
	if answer := answerChallenge(i, challenge, i.Code(secret, 0)); answer.Status != 401 {
		t.Errorf("the code that confirmed the app answers %d again", answer.Status)
	}
	var in instance.Tokens
	c.Must(answerChallenge(i, challenge, i.Code(secret, 1)), 200, &in)
	c.Must((&instance.Client{Instance: i, Token: in.AccessToken}).Call("GET", "assets", nil), 200, nil)
	if answer := answerChallenge(i, challenge, codes[0]); answer.Status != 401 {
		t.Errorf("an answered challenge answers %d", answer.Status)
	}
	again := challenged(i, "editor@acme")
	if answer := answerChallenge(i, again, i.Code(secret, 1)); answer.Status != 401 {
		t.Errorf("a used code answers %d", answer.Status)
	}
	c.Must(answerChallenge(i, again, strings.ToUpper(codes[0])), 200, nil)
	third := challenged(i, "editor@acme")
	if answer := answerChallenge(i, third, codes[0]); answer.Status != 401 {
		t.Errorf("a used backup code answers %d", answer.Status)
	}
	named := func(method string) instance.Reply {
		return (&instance.Client{Instance: i}).Call("POST", "auth/mfa/challenge", map[string]string{"challenge": third, "code": codes[1],
			"method": method})
	}
	if answer := named("smoke"); answer.Status != 422 {
		t.Errorf("a method that there is not answers %d", answer.Status)
	}
	c.Must(named("backup_code"), 200, nil)
	var factors struct {
		TOTP        bool
		BackupCodes int `json:"backup_codes"`
	}
	c.Must(c.Call("GET", "auth/mfa", nil), 200, &factors)
	if !factors.TOTP || factors.BackupCodes != 8 {
		t.Errorf("the factors are %+v", factors)
	}
	i.Stop()
	for what, query := range map[string]string{
		"the secret":    fmt.Sprintf("SELECT count(*) FROM t_totp WHERE instr(secret, '%s') > 0", secret),
		"a backup code": fmt.Sprintf("SELECT count(*) FROM t_backup_code WHERE hash LIKE '%%%s%%'", strings.ReplaceAll(codes[5], "-", "")),
		"the ledger":    fmt.Sprintf("SELECT count(*) FROM t_ledger WHERE instr(object, '%s') + instr(changes, '%s') > 0", secret, secret),
	} {
		if i.Count(query) != 0 {
			t.Errorf("%s is stored to be read", what)
		}
	}
	if log := i.Output.String(); strings.Contains(log, secret) || strings.Contains(log, codes[0]) || strings.Contains(log, challenge) {
		t.Error("the log tells a secret")
	}
}

func TestOneCodeOfFiftyAtOnceIsAccepted(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	secret, _ := i.As("editor@acme").Enrol()
	var challenges []string
	for range 50 {
		challenges = append(challenges, challenged(i, "editor@acme"))
	}
	now := i.Code(secret, 1)
	statuses := make(chan int, len(challenges))
	for _, challenge := range challenges {
		go func() {
			answer, err := (&instance.Client{Instance: i}).Try("POST", "auth/mfa/challenge", map[string]string{"challenge": challenge,
				"code": now})
			if err != nil {
				answer.Status = 0
			}
			statuses <- answer.Status
		}()
	}
	count := map[int]int{}
	for range challenges {
		count[<-statuses]++
	}
	if count[200] != 1 || count[401]+count[429] != 49 {
		t.Errorf("the answers are %v", count)
	}
}

func TestAThousandGuessesAreThrottledAndTheOwnerComesIn(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.trusted_proxies=127.0.0.1")
	_, codes := i.As("editor@acme").Enrol()
	challenge := challenged(i, "editor@acme")
	count := map[int]int{}
	for n := range 1000 {
		from := fmt.Sprintf("10.0.%d.%d", n/250, n%250) // each from another address
		count[(&instance.Client{Instance: i}).Call("POST", "auth/mfa/challenge", map[string]string{"challenge": challenge,
			"code": fmt.Sprintf("%06d", n)}, "X-Forwarded-For", from).Status]++
	}
	if count[429] < 980 || count[401]+count[429] != 1000 {
		t.Errorf("the guesses answer %v", count)
	}
	// The app's way is shut for a while; the owner has another.
	if answer := answerChallenge(i, challenge, codes[0]); answer.Status != 200 {
		t.Errorf("the owner's backup code answers %d %s", answer.Status, answer.Body)
	}
}

func TestFactorsChangeOnlyAfterARecentProof(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	_, codes := c.Enrol()
	for _, wrong := range []map[string]string{{"password": "wrong", "code": codes[0]}, {"password": instance.Password, "code": "000000"},
		{"password": instance.Password}} {
		if answer := c.Call("DELETE", "auth/mfa/totp", wrong); answer.Status != 422 {
			t.Errorf("%v turns the app off: %d %s", wrong, answer.Status, answer.Body)
		}
	}
	// Time is turned back in the session's row, as if the proof were old.
	i.Advance(11 * time.Minute)
	for _, try := range []struct{ method, path string }{{"POST", "auth/mfa/backup-codes"}, {"POST", "auth/mfa/totp/setup"},
		{"DELETE", "auth/passkeys/0"}} {
		answer := c.Call(try.method, try.path, nil)
		if answer.Status != 401 || answer.Code() != "MFA_REQUIRED" || !strings.Contains(string(answer.Body), `"recent":true`) {
			t.Errorf("%s %s answers %d %s", try.method, try.path, answer.Status, answer.Body)
		}
	}
	if answer := c.Call("POST", "auth/mfa/challenge", map[string]string{"password": "wrong"}); answer.Status != 422 {
		t.Errorf("a wrong password proves: %d", answer.Status)
	}
	var proved instance.Tokens
	c.Must(c.Call("POST", "auth/mfa/challenge", map[string]string{"password": instance.Password}), 200, &proved)
	if answer := c.Call("GET", "users/me", nil); answer.Status != 401 {
		t.Errorf("the token from before the proof answers %d", answer.Status)
	}
	c.Token = proved.AccessToken
	var made struct {
		BackupCodes []string `json:"backup_codes"`
	}
	c.Must(c.Call("POST", "auth/mfa/backup-codes", nil), 200, &made)
	if answer := c.Call("DELETE", "auth/mfa/totp", map[string]string{"password": instance.Password, "code": codes[1]}); answer.Status != 422 {
		t.Errorf("a backup code that was replaced answers %d", answer.Status)
	}
	c.Must(c.Call("DELETE", "auth/mfa/totp", map[string]string{"password": instance.Password, "code": made.BackupCodes[0]}), 200, nil)
	i.As("editor@acme")
}

func TestAnOrganizationAsksForASecondFactor(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, editor, viewer := i.As("owner@acme"), i.As("editor@acme"), i.As("viewer@acme")
	owner.Enrol()
	var me struct{ Tenant struct{ ID string } }
	owner.Must(owner.Call("GET", "users/me", nil), 200, &me)
	owner.Must(owner.Call("PATCH", "tenants/"+me.Tenant.ID, map[string]string{"second_factor": "editor"}), 200, nil)
	owner.Must(owner.Call("GET", "assets", nil), 200, nil)
	viewer.Must(viewer.Call("GET", "assets", nil), 200, nil)
	for _, try := range []struct{ method, path string }{{"GET", "assets"}, {"POST", "assets"}, {"GET", "search?q=a"},
		{"GET", "events/stream"}, {"GET", "audit-logs"}, {"PATCH", "tenants/" + me.Tenant.ID}} {
		if answer := editor.Call(try.method, try.path, map[string]string{}); answer.Status != 401 ||
			!strings.Contains(string(answer.Body), `"enrol":true`) {
			t.Errorf("%s %s answers %d %s", try.method, try.path, answer.Status, answer.Body)
		}
	}
	// Anyone who finds an open session can't take the policy back.
	i.Advance(11 * time.Minute)
	policy := func(to string) instance.Reply {
		return owner.Call("PATCH", "tenants/"+me.Tenant.ID, map[string]string{"second_factor": to})
	}
	if r := policy("optional"); r.Status != 401 || r.Code() != "MFA_REQUIRED" || !strings.Contains(string(r.Body), `"recent":true`) {
		t.Errorf("with an old proof the policy changes: %d %s", r.Status, r.Body)
	}
	owner.Must(owner.Call("PATCH", "tenants/"+me.Tenant.ID, map[string]string{"name": "Acme", "second_factor": "editor"}), 200, nil)
	var proved instance.Tokens
	owner.Must(owner.Call("POST", "auth/mfa/challenge", map[string]string{"password": instance.Password}), 200, &proved)
	owner.Token = proved.AccessToken
	owner.Must(policy("viewer"), 200, nil)
	owner.Must(policy("editor"), 200, nil)
	editor.Must(editor.Call("POST", "auth/mfa/challenge", map[string]string{"password": instance.Password}), 200, &proved)
	editor.Token = proved.AccessToken
	before := editor.Token
	editor.Enrol()
	if editor.Token == before {
		t.Fatal("the session kept its id when it rose")
	}
	editor.Must(editor.Call("GET", "assets", nil), 200, nil)
	if answer := (&instance.Client{Instance: i, Token: before}).Call("GET", "assets", nil); answer.Status != 401 {
		t.Errorf("the earlier token answers %d", answer.Status)
	}
}

func TestTheOperatorResetsLostFactors(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	c.Enrol()
	i.Stop()
	if _, stderr, code := i.Command("user", "reset-mfa", "--email", "nobody@acme.test"); code == 0 ||
		!strings.Contains(stderr, "There is no user") {
		t.Errorf("an unknown user ends with %d: %s", code, stderr)
	}
	if stdout, stderr, code := i.Command("user", "reset-mfa", "--email", "editor@acme.test"); code != 0 ||
		!strings.Contains(stdout, "editor@acme.test") {
		t.Fatalf("the reset ends with %d: %s", code, stderr)
	}
	if i.Count("SELECT count(*) FROM t_ledger WHERE action = 'user.mfa_reset'") != 1 {
		t.Error("the reset is not in the ledger")
	}
	i.Serve()
	if answer := c.Call("GET", "users/me", nil); answer.Status != 401 {
		t.Errorf("an old session answers %d", answer.Status)
	}
	i.As("editor@acme")
}

func TestAChallengeLeadsToPagesOfThisInstanceOnly(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	_, codes := i.As("editor@acme").Enrol()
	nobody := &instance.Client{Instance: i}
	const form = "application/x-www-form-urlencoded"
	for n, away := range []string{"//evil", `/\evil`, "https:evil", "https://evil", "javascript:alert(1)", "%0d%0aLocation:evil",
		"/%09/evil", "/%5cevil"} {
		entered := nobody.Call("POST", "/login", "email=editor%40acme.test&password=correct+horse+battery+staple&next="+away,
			"Content-Type", form)
		if to := entered.Header.Get("Location"); entered.Status != 303 || to != "/auth/mfa-challenge?next=%2Fdashboard" {
			t.Errorf("next=%s leads to the challenge by %d %q", away, entered.Status, to)
		}
		cookie, _, _ := strings.Cut(entered.Header.Get("Set-Cookie"), ";")
		if strings.HasPrefix(cookie, "zygo_session") {
			t.Error("a session begins before the challenge is answered")
		}
		answered := nobody.Call("POST", "/auth/mfa-challenge", "code="+codes[n]+"&next="+away, "Content-Type", form, "Cookie", cookie)
		if to := answered.Header.Get("Location"); answered.Status != 303 || to != "/dashboard" {
			t.Errorf("next=%s leads on by %d %q", away, answered.Status, to)
		}
	}
	crossed := nobody.Call("POST", "/auth/mfa-challenge", "code="+codes[9], "Content-Type", form, "Origin", "https://evil.example",
		"Sec-Fetch-Site", "cross-site")
	if crossed.Status != 403 {
		t.Errorf("a form of another site answers %d", crossed.Status)
	}
}
