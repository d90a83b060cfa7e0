package acceptance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// code is what an app shows now, or so many steps later.
func code(t testing.TB, secret string, steps int) string {
	t.Helper()
	text, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// enrol sets up an app for the client, and gives its secret and the backup codes. The code of the step now is used up.
func (c *client) enrol() (secret string, codes []string) {
	c.i.t.Helper()
	var setup struct{ Secret, URI, QR string }
	c.must(c.call("POST", "auth/mfa/totp/setup", nil), 200, &setup)
	if !strings.HasPrefix(setup.URI, "otpauth://totp/Zygo:") || !strings.HasPrefix(setup.QR, "data:image/png;base64,") {
		c.i.t.Errorf("the set-up shows %q and %.30q", setup.URI, setup.QR)
	}
	var out struct {
		tokens
		BackupCodes []string `json:"backup_codes"`
	}
	c.must(c.call("POST", "auth/mfa/totp/verify", map[string]string{"code": code(c.i.t, setup.Secret, 0)}), 200, &out)
	if len(out.BackupCodes) != 10 {
		c.i.t.Fatalf("there are %d backup codes", len(out.BackupCodes))
	}
	if out.AccessToken != "" {
		c.token = out.AccessToken
	}
	return setup.Secret, out.BackupCodes
}

// challenged signs in with the password and gives the challenge that it leads to.
func (i *instance) challenged(who string) string {
	i.t.Helper()
	challenge, _ := i.asksAt(strings.TrimPrefix(i.url, "http://"), who+".test")
	return challenge
}

// asksAt signs in with the password at a host, and gives the challenge that it leads to and by what it can be answered there.
func (i *instance) asksAt(host, email string) (challenge string, methods []string) {
	i.t.Helper()
	r := (&client{i: i}).call("POST", "auth/login", map[string]string{"email": email, "password": passphrase}, "Host", host)
	var envelope struct {
		Error struct {
			Details struct {
				Challenge string
				Methods   []string
			}
		}
	}
	if err := json.Unmarshal(r.body, &envelope); err != nil || r.status != 401 || r.code() != "MFA_REQUIRED" || envelope.Error.Details.Challenge == "" {
		i.t.Fatalf("the sign-in at %s answers %d %s", host, r.status, r.body)
	}
	return envelope.Error.Details.Challenge, envelope.Error.Details.Methods
}

func (i *instance) answer(challenge, code string) reply {
	i.t.Helper()
	return (&client{i: i}).call("POST", "auth/mfa/challenge", map[string]string{"challenge": challenge, "code": code})
}

func TestACodeIsAskedForAndGoodOnce(t *testing.T) {
	t.Parallel()
	i := start(t)
	c := i.as("editor@acme")
	secret, codes := c.enrol()
	challenge := i.challenged("editor@acme")
	// Nothing but the challenge works before it is answered.
	for name, header := range map[string][]string{"bearer": {"Authorization", "Bearer " + challenge}, "cookie": {"Cookie", "zygo_session=" + challenge}} {
		for _, path := range []string{"users/me", "assets", "auth/mfa", "/dashboard", "/settings/security/mfa"} {
			if answer := (&client{i: i}).call("GET", path, nil, header...); answer.status != 401 && answer.status != 303 {
				t.Errorf("the challenge as %s opens %s: %d", name, path, answer.status)
			}
		}
	}
	for _, far := range []int{-5, -2, 5} {
		if answer := i.answer(challenge, code(t, secret, far)); answer.status != 401 {
			t.Errorf("a code %d steps away answers %d", far, answer.status)
		}
	}
	if answer := i.answer(challenge, code(t, secret, 0)); answer.status != 401 {
		t.Errorf("the code that confirmed the app answers %d again", answer.status)
	}
	var in tokens
	c.must(i.answer(challenge, code(t, secret, 1)), 200, &in)
	c.must((&client{i: i, token: in.AccessToken}).call("GET", "assets", nil), 200, nil)
	if answer := i.answer(challenge, codes[0]); answer.status != 401 {
		t.Errorf("an answered challenge answers %d", answer.status)
	}
	again := i.challenged("editor@acme")
	if answer := i.answer(again, code(t, secret, 1)); answer.status != 401 {
		t.Errorf("a used code answers %d", answer.status)
	}
	c.must(i.answer(again, strings.ToUpper(codes[0])), 200, nil)
	third := i.challenged("editor@acme")
	if answer := i.answer(third, codes[0]); answer.status != 401 {
		t.Errorf("a used backup code answers %d", answer.status)
	}
	c.must(i.answer(third, codes[1]), 200, nil)
	var factors struct {
		TOTP        bool
		BackupCodes int `json:"backup_codes"`
	}
	c.must(c.call("GET", "auth/mfa", nil), 200, &factors)
	if !factors.TOTP || factors.BackupCodes != 8 {
		t.Errorf("the factors are %+v", factors)
	}
	i.stop()
	for what, query := range map[string]string{
		"the secret":    fmt.Sprintf("SELECT count(*) FROM t_totp WHERE instr(secret, '%s') > 0", secret),
		"a backup code": fmt.Sprintf("SELECT count(*) FROM t_backup_code WHERE hash LIKE '%%%s%%'", strings.ReplaceAll(codes[5], "-", "")),
		"the ledger":    fmt.Sprintf("SELECT count(*) FROM t_ledger WHERE instr(object, '%s') + instr(changes, '%s') > 0", secret, secret),
	} {
		if i.count(query) != 0 {
			t.Errorf("%s is stored to be read", what)
		}
	}
	if log := i.output.String(); strings.Contains(log, secret) || strings.Contains(log, codes[0]) || strings.Contains(log, challenge) {
		t.Error("the log tells a secret")
	}
}

func TestOneCodeOfFiftyAtOnceIsAccepted(t *testing.T) {
	t.Parallel()
	i := start(t)
	secret, _ := i.as("editor@acme").enrol()
	var challenges []string
	for range 50 {
		challenges = append(challenges, i.challenged("editor@acme"))
	}
	now := code(t, secret, 1)
	statuses := make(chan int, len(challenges))
	for _, challenge := range challenges {
		go func() {
			answer, err := (&client{i: i}).try("POST", "auth/mfa/challenge", map[string]string{"challenge": challenge, "code": now})
			if err != nil {
				answer.status = 0
			}
			statuses <- answer.status
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
	i := start(t, "server.trusted_proxies=127.0.0.1")
	_, codes := i.as("editor@acme").enrol()
	challenge := i.challenged("editor@acme")
	count := map[int]int{}
	for n := range 1000 {
		from := fmt.Sprintf("10.0.%d.%d", n/250, n%250) // each from another address
		count[(&client{i: i}).call("POST", "auth/mfa/challenge", map[string]string{"challenge": challenge, "code": fmt.Sprintf("%06d", n)}, "X-Forwarded-For", from).status]++
	}
	if count[429] < 980 || count[401]+count[429] != 1000 {
		t.Errorf("the guesses answer %v", count)
	}
	// The app's way is shut for a while; the owner has another.
	if answer := i.answer(challenge, codes[0]); answer.status != 200 {
		t.Errorf("the owner's backup code answers %d %s", answer.status, answer.body)
	}
}

func TestFactorsChangeOnlyAfterARecentProof(t *testing.T) {
	t.Parallel()
	i := start(t)
	c := i.as("editor@acme")
	_, codes := c.enrol()
	for _, wrong := range []map[string]string{{"password": "wrong", "code": codes[0]}, {"password": passphrase, "code": "000000"}, {"password": passphrase}} {
		if answer := c.call("DELETE", "auth/mfa/totp", wrong); answer.status != 422 {
			t.Errorf("%v turns the app off: %d %s", wrong, answer.status, answer.body)
		}
	}
	// Time is turned back in the session's row, as if the proof were old.
	i.stop()
	i.execute("UPDATE t_session SET proved_at = proved_at - 11 * 60 * 1000000")
	i.serve()
	for _, try := range []struct{ method, path string }{{"POST", "auth/mfa/backup-codes"}, {"POST", "auth/mfa/totp/setup"}, {"DELETE", "auth/passkeys/0"}} {
		answer := c.call(try.method, try.path, nil)
		if answer.status != 401 || answer.code() != "MFA_REQUIRED" || !strings.Contains(string(answer.body), `"recent":true`) {
			t.Errorf("%s %s answers %d %s", try.method, try.path, answer.status, answer.body)
		}
	}
	if answer := c.call("POST", "auth/mfa/challenge", map[string]string{"password": "wrong"}); answer.status != 422 {
		t.Errorf("a wrong password proves: %d", answer.status)
	}
	var proved tokens
	c.must(c.call("POST", "auth/mfa/challenge", map[string]string{"password": passphrase}), 200, &proved)
	if answer := c.call("GET", "users/me", nil); answer.status != 401 {
		t.Errorf("the token of before the proof answers %d", answer.status)
	}
	c.token = proved.AccessToken
	var made struct {
		BackupCodes []string `json:"backup_codes"`
	}
	c.must(c.call("POST", "auth/mfa/backup-codes", nil), 200, &made)
	if answer := c.call("DELETE", "auth/mfa/totp", map[string]string{"password": passphrase, "code": codes[1]}); answer.status != 422 {
		t.Errorf("a backup code that was replaced answers %d", answer.status)
	}
	c.must(c.call("DELETE", "auth/mfa/totp", map[string]string{"password": passphrase, "code": made.BackupCodes[0]}), 200, nil)
	i.as("editor@acme")
}

func TestAnOrganizationAsksForASecondFactor(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, editor, viewer := i.as("owner@acme"), i.as("editor@acme"), i.as("viewer@acme")
	owner.enrol()
	var me struct{ Tenant struct{ ID string } }
	owner.must(owner.call("GET", "users/me", nil), 200, &me)
	owner.must(owner.call("PATCH", "tenants/"+me.Tenant.ID, map[string]string{"second_factor": "editor"}), 200, nil)
	owner.must(owner.call("GET", "assets", nil), 200, nil)
	viewer.must(viewer.call("GET", "assets", nil), 200, nil)
	for _, try := range []struct{ method, path string }{{"GET", "assets"}, {"POST", "assets"}, {"GET", "search?q=a"}, {"GET", "events/stream"}, {"GET", "audit-logs"}, {"PATCH", "tenants/" + me.Tenant.ID}} {
		if answer := editor.call(try.method, try.path, map[string]string{}); answer.status != 401 || !strings.Contains(string(answer.body), `"enrol":true`) {
			t.Errorf("%s %s answers %d %s", try.method, try.path, answer.status, answer.body)
		}
	}
	// Whoever finds an open session can't take the policy back.
	i.stop()
	i.execute("UPDATE t_session SET proved_at = proved_at - 11 * 60 * 1000000")
	i.serve()
	policy := func(to string) reply {
		return owner.call("PATCH", "tenants/"+me.Tenant.ID, map[string]string{"second_factor": to})
	}
	if r := policy("optional"); r.status != 401 || r.code() != "MFA_REQUIRED" || !strings.Contains(string(r.body), `"recent":true`) {
		t.Errorf("with an old proof the policy changes: %d %s", r.status, r.body)
	}
	owner.must(owner.call("PATCH", "tenants/"+me.Tenant.ID, map[string]string{"name": "Acme", "second_factor": "editor"}), 200, nil)
	var proved tokens
	owner.must(owner.call("POST", "auth/mfa/challenge", map[string]string{"password": passphrase}), 200, &proved)
	owner.token = proved.AccessToken
	owner.must(policy("viewer"), 200, nil)
	owner.must(policy("editor"), 200, nil)
	editor.must(editor.call("POST", "auth/mfa/challenge", map[string]string{"password": passphrase}), 200, &proved)
	editor.token = proved.AccessToken
	before := editor.token
	editor.enrol()
	if editor.token == before {
		t.Fatal("the session kept its id when it rose")
	}
	editor.must(editor.call("GET", "assets", nil), 200, nil)
	if answer := (&client{i: i, token: before}).call("GET", "assets", nil); answer.status != 401 {
		t.Errorf("the token of before answers %d", answer.status)
	}
}

func TestTheOperatorResetsLostFactors(t *testing.T) {
	t.Parallel()
	i := start(t)
	c := i.as("editor@acme")
	c.enrol()
	i.stop()
	if _, stderr, code := i.command("user", "reset-mfa", "--email", "nobody@acme.test"); code == 0 || !strings.Contains(stderr, "There is no user") {
		t.Errorf("an unknown user ends with %d: %s", code, stderr)
	}
	if stdout, stderr, code := i.command("user", "reset-mfa", "--email", "editor@acme.test"); code != 0 || !strings.Contains(stdout, "editor@acme.test") {
		t.Fatalf("the reset ends with %d: %s", code, stderr)
	}
	if i.count("SELECT count(*) FROM t_ledger WHERE action = 'user.mfa_reset'") != 1 {
		t.Error("the reset is not in the ledger")
	}
	i.serve()
	if answer := c.call("GET", "users/me", nil); answer.status != 401 {
		t.Errorf("an old session answers %d", answer.status)
	}
	i.as("editor@acme")
}

func TestAChallengeLeadsToPagesOfThisInstanceOnly(t *testing.T) {
	t.Parallel()
	i := start(t)
	_, codes := i.as("editor@acme").enrol()
	nobody := &client{i: i}
	const form = "application/x-www-form-urlencoded"
	for n, away := range []string{"//evil", `/\evil`, "https:evil", "https://evil", "javascript:alert(1)", "%0d%0aLocation:evil", "/%09/evil", "/%5cevil"} {
		entered := nobody.call("POST", "/login", "email=editor%40acme.test&password=correct+horse+battery+staple&next="+away, "Content-Type", form)
		if to := entered.header.Get("Location"); entered.status != 303 || to != "/auth/mfa-challenge?next=%2Fdashboard" {
			t.Errorf("next=%s leads to the challenge by %d %q", away, entered.status, to)
		}
		cookie, _, _ := strings.Cut(entered.header.Get("Set-Cookie"), ";")
		if strings.HasPrefix(cookie, "zygo_session") {
			t.Error("a session begins before the challenge is answered")
		}
		answered := nobody.call("POST", "/auth/mfa-challenge", "code="+codes[n]+"&next="+away, "Content-Type", form, "Cookie", cookie)
		if to := answered.header.Get("Location"); answered.status != 303 || to != "/dashboard" {
			t.Errorf("next=%s leads on by %d %q", away, answered.status, to)
		}
	}
	crossed := nobody.call("POST", "/auth/mfa-challenge", "code="+codes[9], "Content-Type", form, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	if crossed.status != 403 {
		t.Errorf("a form of another site answers %d", crossed.status)
	}
}
