package factors

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// sentCode is the newest code that an operator reads in the outbox.
func sentCode(c *instance.Client) string {
	c.Instance.T.Helper()
	var messages []instance.OutboxMail
	c.Must(c.Call("GET", "admin/outbox?limit=20", nil), 200, &messages)
	for _, m := range messages {
		if m.Channel == "sms" {
			c.Must(c.Call("GET", "admin/outbox/"+m.ID, nil), 200, &m)
			return sixDigits.FindString(m.Text)
		}
	}
	c.Instance.T.Fatal("no text message stands in the outbox")
	return ""
}

// enrolPhone makes a number the client's second factor.
func enrolPhone(c *instance.Client, operator *instance.Client, number string) (codes []string) {
	c.Instance.T.Helper()
	c.Must(c.Call("POST", "auth/mfa/sms/setup", map[string]string{"phone": number}), 200, nil)
	var out struct {
		instance.Tokens
		BackupCodes []string `json:"backup_codes"`
	}
	c.Must(c.Call("POST", "auth/mfa/sms/verify", map[string]string{"code": sentCode(operator)}), 200, &out)
	if out.AccessToken != "" {
		c.Token = out.AccessToken
	}
	return out.BackupCodes
}

func otherThan(code string) string {
	number, _ := strconv.Atoi(code)
	return fmt.Sprintf("%06d", (number+1)%1_000_000)
}

func TestAPhoneIsASecondFactor(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	operator, c, nobody := i.As("owner@acme"), i.As("editor@acme"), &instance.Client{Instance: i}
	setup := func(number string) instance.Reply {
		return c.Call("POST", "auth/mfa/sms/setup", map[string]string{"phone": number})
	}
	for _, wrong := range []string{"", "030 123456", "+49", "+49 30 12a456", "+4930123456789012", "+49301234\n56"} {
		if r := setup(wrong); r.Status != 422 || !strings.Contains(string(r.Body), "phone") {
			t.Errorf("the number %q answers %d %s", wrong, r.Status, r.Body)
		}
	}
	if r := c.Call("POST", "auth/mfa/sms/verify", map[string]string{"code": "123456"}); r.Status != 422 {
		t.Errorf("a code that nobody sent answers %d", r.Status)
	}
	var sent struct {
		Phone     string
		ExpiresIn int `json:"expires_in"`
	}
	c.Must(setup("0049 (0)30 12-34-56"), 200, &sent)
	if sent.Phone != "+49 ••• 56" || sent.ExpiresIn != 300 {
		t.Errorf("the set-up tells %+v", sent)
	}
	if r := setup("+49 30 999999"); r.Status != 429 || r.Header.Get("Retry-After") == "" ||
		!strings.Contains(string(r.Body), "a moment ago") {
		t.Errorf("another code at once answers %d %s", r.Status, r.Body)
	}
	code := sentCode(operator)
	if r := c.Call("POST", "auth/mfa/sms/verify", map[string]string{"code": otherThan(code)}); r.Status != 422 {
		t.Errorf("a wrong code answers %d", r.Status)
	}
	// The number alone is proved first: no sign-in asks for it yet.
	c.Must(c.Call("POST", "auth/phone/verify", map[string]string{"code": code[:3] + "–" + code[3:]}), 200, nil)
	var factors struct {
		SMS         bool
		Phone       string
		BackupCodes int `json:"backup_codes"`
	}
	c.Must(c.Call("GET", "auth/mfa", nil), 200, &factors)
	if factors.SMS || factors.Phone != "+49 ••• 56" || factors.BackupCodes != 0 {
		t.Errorf("after the proof the factors are %+v", factors)
	}
	if r := c.Call("POST", "auth/mfa/sms/verify", map[string]string{"code": code}); r.Status != 422 {
		t.Errorf("a used code answers %d", r.Status)
	}
	i.As("editor@acme")

	i.Advance(61 * time.Second)
	if codes := enrolPhone(c, operator, "+4930123456"); len(codes) != 10 {
		t.Errorf("the first factor comes with %d codes", len(codes))
	}
	if r := setup("+4930654321"); r.Status != 409 {
		t.Errorf("a second phone answers %d", r.Status)
	}
	challenge := challenged(i, "editor@acme")
	send := func() instance.Reply {
		return nobody.Call("POST", "auth/mfa/sms/send", map[string]string{"challenge": challenge})
	}
	if r := answerChallenge(i, challenge, sentCode(operator)); r.Status != 401 {
		t.Errorf("the code of the set-up answers a challenge with %d", r.Status)
	}
	i.Advance(61 * time.Second)
	nobody.Must(send(), 200, &sent)
	if sent.Phone != "+49 ••• 56" {
		t.Errorf("a stranger with the password reads %q", sent.Phone)
	}
	if r := send(); r.Status != 429 || r.Header.Get("Retry-After") == "" {
		t.Errorf("another code at once answers %d", r.Status)
	}
	stale := sentCode(operator)
	i.Advance(61 * time.Second)
	nobody.Must(send(), 200, nil)
	code = sentCode(operator)
	wrong := answerChallenge(i, challenge, otherThan(code))
	replaced := answerChallenge(i, challenge, stale)
	if stale != code && (replaced.Status != 401 || wrong.Status != 401 || anonymous(replaced) != anonymous(wrong)) {
		t.Errorf("a replaced code answers %d %s and a wrong one %d %s", replaced.Status, replaced.Body, wrong.Status, wrong.Body)
	}
	nobody.Must(answerChallenge(i, challenge, code[:3]+"\u202f"+code[3:]), 200, nil)
	again := challenged(i, "editor@acme")
	if used := answerChallenge(i, again, code); used.Status != 401 || anonymous(used) != anonymous(wrong) {
		t.Errorf("a used code answers %d %s", used.Status, used.Body)
	}
	i.Advance(61 * time.Second)
	nobody.Must(nobody.Call("POST", "auth/mfa/sms/send", map[string]string{"challenge": again}), 200, nil)
	code = sentCode(operator)
	i.Advance(301 * time.Second)
	if late := answerChallenge(i, again, code); late.Status != 401 || anonymous(late) != anonymous(wrong) {
		t.Errorf("a code after five minutes answers %d %s", late.Status, late.Body)
	}
	i.Stop()
	for what, query := range map[string]string{
		"a code": fmt.Sprintf("SELECT count(*) FROM t_phone_code WHERE instr(hash, '%s') > 0", code),
		"the ledger": fmt.Sprintf(
			"SELECT count(*) FROM t_ledger WHERE instr(object, '%s') + instr(changes, '%s') + instr(object, '4930123456') > 0", code, code),
	} {
		if i.Count(query) != 0 {
			t.Errorf("%s is stored to be read", what)
		}
	}
	if i.Count("SELECT count(*) FROM t_message WHERE channel = 'email' AND recipient = 'editor@acme.test' AND text LIKE '%was added%'") != 1 {
		t.Error("the owner is not told of the new factor")
	}
}

// anonymous is a body without what differs by itself.
func anonymous(r instance.Reply) string {
	return regexp.MustCompile(`"request_id":"[^"]*"`).ReplaceAllString(string(r.Body), "")
}

func TestAPhoneCountsAndGoes(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner, editor := i.As("owner@acme"), i.As("editor@acme")
	owner.Enrol()
	var me struct{ Tenant struct{ ID string } }
	owner.Must(owner.Call("GET", "users/me", nil), 200, &me)
	owner.Must(owner.Call("PATCH", "tenants/"+me.Tenant.ID, map[string]string{"second_factor": "editor"}), 200, nil)
	if r := editor.Call("GET", "assets", nil); r.Status != 401 {
		t.Errorf("without a factor it answers %d", r.Status)
	}
	before := editor.Token
	enrolPhone(editor, owner, "+4930123456")
	if editor.Token == before {
		t.Error("the session kept its id when it rose")
	}
	editor.Must(editor.Call("GET", "assets", nil), 200, nil)
	// An old proof removes nothing; a code by text message proves again.
	i.Advance(11 * time.Minute)
	code := map[string]string{"code": "123456"}
	for _, try := range []struct {
		method, path string
		body         any
	}{{"POST", "auth/mfa/sms/setup", map[string]string{"phone": "+4930123456"}}, {"POST", "auth/mfa/sms/verify", code},
		{"POST", "auth/phone/verify", code}, {"DELETE", "auth/mfa/sms", nil}} {
		if r := editor.Call(try.method, try.path, try.body); r.Status != 401 || !strings.Contains(string(r.Body), `"recent":true`) {
			t.Errorf("%s %s answers %d %s", try.method, try.path, r.Status, r.Body)
		}
	}
	editor.Must(editor.Call("POST", "auth/mfa/sms/send", map[string]string{}), 200, nil)
	var proved instance.Tokens
	editor.Must(editor.Call("POST", "auth/mfa/challenge", map[string]string{"code": sentCode(owner)}), 200, &proved)
	editor.Token = proved.AccessToken
	editor.Must(editor.Call("DELETE", "auth/mfa/sms", nil), 200, nil)
	if r := editor.Call("GET", "assets", nil); r.Status != 401 {
		t.Errorf("without the factor again it answers %d", r.Status)
	}
	if r := editor.Call("DELETE", "auth/mfa/sms", nil); r.Status != 404 {
		t.Errorf("the second removal answers %d", r.Status)
	}
	i.Stop()
	if i.Count("SELECT count(*) FROM t_backup_code WHERE user_id IN (SELECT id FROM t_user WHERE email = 'editor@acme.test')") != 0 {
		t.Error("backup codes are left without a factor")
	}
	i.Execute("DELETE FROM t_phone_code")
	i.Serve()
	enrolPhone(editor, owner, "+4930123456")
	i.Stop()
	if _, stderr, code := i.Command("user", "reset-mfa", "--email", "editor@acme.test"); code != 0 ||
		i.Count("SELECT count(*) FROM t_phone") != 0 {
		t.Errorf("the operator's reset ends with %d and leaves the phone: %s", code, stderr)
	}
}

func TestTextMessagesHaveBounds(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	editor, viewer := i.As("editor@acme"), i.As("viewer@acme")
	ask := func(c *instance.Client, number string) instance.Reply {
		return c.Call("POST", "auth/mfa/sms/setup", map[string]string{"phone": number})
	}
	// fill stores codes of others, made so many minutes ago.
	fill := func(count, minutes int, number, tenant string) {
		i.Stop()
		i.Execute("DELETE FROM t_phone_code")
		i.Execute(fmt.Sprintf(`WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < %d)
			INSERT INTO t_phone_code (user_id, tenant_id, number, purpose, hash, created_at, expires_at)
			SELECT 'somebody', %s, '%s', 'setup', x'', unixepoch() * 1000000 - %d * 60000000, unixepoch() * 1000000 FROM n`, count, tenant,
			number, minutes))
		i.Serve()
	}
	const acme, elsewhere = "(SELECT id FROM t_tenant WHERE slug = 'acme')", "'elsewhere'"
	for name, one := range map[string]struct {
		count, minutes int
		number, tenant string
		status         int
		says           string
	}{
		"a number within the hour": {5, 50, "+4930123456", elsewhere, 429,
			"Many codes went to this number within this hour. The next can be sent in 10 minutes."},
		"a number after the hour":            {5, 61, "+4930123456", elsewhere, 200, ""},
		"a number within the day":            {15, 1400, "+4930123456", elsewhere, 429, "today"},
		"another number":                     {15, 30, "+4930999999", elsewhere, 200, ""},
		"an organization within the hour":    {100, 30, "+4930999999", acme, 429, "Your organization"},
		"an organization below its bound":    {99, 30, "+4930999999", acme, 200, ""},
		"an organization within the day":     {500, 700, "+4930999999", acme, 429, "within a day"},
		"another organization at its bounds": {500, 30, "+4930999999", elsewhere, 200, ""},
	} {
		fill(one.count, one.minutes, one.number, one.tenant)
		r := ask(editor, "+4930123456")
		if r.Status != one.status || !strings.Contains(string(r.Body), one.says) ||
			(r.Status == 429) != (r.Header.Get("Retry-After") != "") {
			t.Errorf("%s: %d %s, Retry-After %s", name, r.Status, r.Body, r.Header.Get("Retry-After"))
		}
	}
	// A person has a bound over all numbers.
	i.Stop()
	i.Execute("DELETE FROM t_phone_code")
	i.Serve()
	for n := range 5 {
		editor.Must(ask(editor, fmt.Sprintf("+493012345%d", n)), 200, nil)
		i.Advance(61 * time.Second)
	}
	if r := ask(editor, "+4930888888"); r.Status != 429 || !strings.Contains(string(r.Body), "You asked for many") {
		t.Errorf("the sixth number answers %d %s", r.Status, r.Body)
	}
	viewer.Must(ask(viewer, "+4930888888"), 200, nil)
}

func TestOneTextOfFiftyAtOnceIsSentAndAccepted(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	operator, c := i.As("owner@acme"), i.As("editor@acme")
	enrolPhone(c, operator, "+4930123456")
	i.Advance(61 * time.Second)
	var challenges []string
	for range 50 {
		challenges = append(challenges, challenged(i, "editor@acme"))
	}
	all := func(path string, body func(challenge string) map[string]string) map[int]int {
		statuses := make(chan int, len(challenges))
		for _, challenge := range challenges {
			go func() {
				answer, err := (&instance.Client{Instance: i}).Try("POST", path, body(challenge))
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
		return count
	}
	asked := func(challenge string) map[string]string { return map[string]string{"challenge": challenge} }
	if count := all("auth/mfa/sms/send", asked); count[200] != 1 || count[429] != 49 {
		t.Errorf("asking for a code answers %v", count)
	}
	code := sentCode(operator)
	if count := all("auth/mfa/challenge", func(challenge string) map[string]string {
		return map[string]string{"challenge": challenge, "code": code}
	}); count[200] != 1 || count[401]+count[429] != 49 {
		t.Errorf("the code answers %v", count)
	}
}

func TestGuessesAtATextAreThrottled(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.trusted_proxies=127.0.0.1")
	operator, c, nobody := i.As("owner@acme"), i.As("editor@acme"), &instance.Client{Instance: i}
	backup := enrolPhone(c, operator, "+4930123456")
	i.Advance(61 * time.Second)
	challenge := challenged(i, "editor@acme")
	nobody.Must(nobody.Call("POST", "auth/mfa/sms/send", map[string]string{"challenge": challenge}), 200, nil)
	code, _ := strconv.Atoi(sentCode(operator))
	count := map[int]int{}
	for n := range 300 {
		from := fmt.Sprintf("10.0.%d.%d", n/250, n%250) // each from another address
		guess := fmt.Sprintf("%06d", (code+1+n)%1_000_000)
		given := map[string]string{"challenge": challenge, "code": guess}
		count[nobody.Call("POST", "auth/mfa/challenge", given, "X-Forwarded-For", from).Status]++
	}
	if count[401] > 20 || count[401]+count[429] != 300 {
		t.Errorf("the guesses answer %v", count)
	}
	if r := answerChallenge(i, challenge, backup[0]); r.Status != 200 {
		t.Errorf("the owner's backup code answers %d %s", r.Status, r.Body)
	}
}
