package acceptance

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// sentCode is the newest code that an operator reads in the outbox.
func (c *client) sentCode() string {
	c.i.t.Helper()
	var messages []outboxMail
	c.must(c.call("GET", "admin/outbox?limit=20", nil), 200, &messages)
	for _, m := range messages {
		if m.Channel == "sms" {
			c.must(c.call("GET", "admin/outbox/"+m.ID, nil), 200, &m)
			return sixDigits.FindString(m.Text)
		}
	}
	c.i.t.Fatal("no text message stands in the outbox")
	return ""
}

// waited lets the time between two codes pass.
func (i *instance) waited(seconds int) {
	i.t.Helper()
	i.stop()
	i.execute(fmt.Sprintf("UPDATE t_phone_code SET created_at = created_at - %[1]d * 1000000, expires_at = expires_at - %[1]d * 1000000", seconds))
	i.serve()
}

// enrolPhone makes a number the client's second factor.
func (c *client) enrolPhone(operator *client, number string) (codes []string) {
	c.i.t.Helper()
	c.must(c.call("POST", "auth/mfa/sms/setup", map[string]string{"phone": number}), 200, nil)
	var out struct {
		tokens
		BackupCodes []string `json:"backup_codes"`
	}
	c.must(c.call("POST", "auth/mfa/sms/verify", map[string]string{"code": operator.sentCode()}), 200, &out)
	if out.AccessToken != "" {
		c.token = out.AccessToken
	}
	return out.BackupCodes
}

func otherThan(code string) string {
	number, _ := strconv.Atoi(code)
	return fmt.Sprintf("%06d", (number+1)%1_000_000)
}

func TestAPhoneIsASecondFactor(t *testing.T) {
	t.Parallel()
	i := start(t)
	operator, c, nobody := i.as("owner@acme"), i.as("editor@acme"), &client{i: i}
	setup := func(number string) reply {
		return c.call("POST", "auth/mfa/sms/setup", map[string]string{"phone": number})
	}
	for _, wrong := range []string{"", "030 123456", "+49", "+49 30 12a456", "+4930123456789012", "+49301234\n56"} {
		if r := setup(wrong); r.status != 422 || !strings.Contains(string(r.body), "phone") {
			t.Errorf("the number %q answers %d %s", wrong, r.status, r.body)
		}
	}
	if r := c.call("POST", "auth/mfa/sms/verify", map[string]string{"code": "123456"}); r.status != 422 {
		t.Errorf("a code that nobody sent answers %d", r.status)
	}
	var sent struct {
		Phone     string
		ExpiresIn int `json:"expires_in"`
	}
	c.must(setup("0049 (0)30 12-34-56"), 200, &sent)
	if sent.Phone != "+49 ••• 56" || sent.ExpiresIn != 300 {
		t.Errorf("the set-up tells %+v", sent)
	}
	if r := setup("+49 30 999999"); r.status != 429 || r.header.Get("Retry-After") == "" || !strings.Contains(string(r.body), "a moment ago") {
		t.Errorf("another code at once answers %d %s", r.status, r.body)
	}
	code := operator.sentCode()
	if r := c.call("POST", "auth/mfa/sms/verify", map[string]string{"code": otherThan(code)}); r.status != 422 {
		t.Errorf("a wrong code answers %d", r.status)
	}
	// The number alone is proved first: no sign-in asks for it yet.
	c.must(c.call("POST", "auth/phone/verify", map[string]string{"code": code}), 200, nil)
	var factors struct {
		SMS         bool
		Phone       string
		BackupCodes int `json:"backup_codes"`
	}
	c.must(c.call("GET", "auth/mfa", nil), 200, &factors)
	if factors.SMS || factors.Phone != "+49 ••• 56" || factors.BackupCodes != 0 {
		t.Errorf("after the proof the factors are %+v", factors)
	}
	if r := c.call("POST", "auth/mfa/sms/verify", map[string]string{"code": code}); r.status != 422 {
		t.Errorf("a used code answers %d", r.status)
	}
	i.as("editor@acme")

	i.waited(61)
	if codes := c.enrolPhone(operator, "+4930123456"); len(codes) != 10 {
		t.Errorf("the first factor comes with %d codes", len(codes))
	}
	if r := setup("+4930654321"); r.status != 409 {
		t.Errorf("a second phone answers %d", r.status)
	}
	challenge := i.challenged("editor@acme")
	send := func() reply {
		return nobody.call("POST", "auth/mfa/sms/send", map[string]string{"challenge": challenge})
	}
	if r := i.answer(challenge, operator.sentCode()); r.status != 401 {
		t.Errorf("the code of the set-up answers a challenge with %d", r.status)
	}
	i.waited(61)
	nobody.must(send(), 200, &sent)
	if sent.Phone != "+49 ••• 56" {
		t.Errorf("a stranger with the password reads %q", sent.Phone)
	}
	if r := send(); r.status != 429 || r.header.Get("Retry-After") == "" {
		t.Errorf("another code at once answers %d", r.status)
	}
	stale := operator.sentCode()
	i.waited(61)
	nobody.must(send(), 200, nil)
	code = operator.sentCode()
	wrong := i.answer(challenge, otherThan(code))
	if replaced := i.answer(challenge, stale); stale != code && (replaced.status != 401 || wrong.status != 401 || anonymous(replaced) != anonymous(wrong)) {
		t.Errorf("a replaced code answers %d %s and a wrong one %d %s", replaced.status, replaced.body, wrong.status, wrong.body)
	}
	nobody.must(i.answer(challenge, code[:3]+" "+code[3:]), 200, nil)
	again := i.challenged("editor@acme")
	if used := i.answer(again, code); used.status != 401 || anonymous(used) != anonymous(wrong) {
		t.Errorf("a used code answers %d %s", used.status, used.body)
	}
	i.waited(61)
	nobody.must(nobody.call("POST", "auth/mfa/sms/send", map[string]string{"challenge": again}), 200, nil)
	code = operator.sentCode()
	i.waited(301)
	if late := i.answer(again, code); late.status != 401 || anonymous(late) != anonymous(wrong) {
		t.Errorf("a code after five minutes answers %d %s", late.status, late.body)
	}
	i.stop()
	for what, query := range map[string]string{
		"a code":     fmt.Sprintf("SELECT count(*) FROM t_phone_code WHERE instr(hash, '%s') > 0", code),
		"the ledger": fmt.Sprintf("SELECT count(*) FROM t_ledger WHERE instr(object, '%s') + instr(changes, '%s') + instr(object, '4930123456') > 0", code, code),
	} {
		if i.count(query) != 0 {
			t.Errorf("%s is stored to be read", what)
		}
	}
	if i.count("SELECT count(*) FROM t_message WHERE channel = 'email' AND recipient = 'editor@acme.test' AND text LIKE '%was added%'") != 1 {
		t.Error("the owner is not told of the new factor")
	}
}

// anonymous is a body without what differs by itself.
func anonymous(r reply) string {
	return regexp.MustCompile(`"request_id":"[^"]*"`).ReplaceAllString(string(r.body), "")
}

func TestAPhoneCountsAndGoes(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, editor := i.as("owner@acme"), i.as("editor@acme")
	owner.enrol()
	var me struct{ Tenant struct{ ID string } }
	owner.must(owner.call("GET", "users/me", nil), 200, &me)
	owner.must(owner.call("PATCH", "tenants/"+me.Tenant.ID, map[string]string{"second_factor": "editor"}), 200, nil)
	if r := editor.call("GET", "assets", nil); r.status != 401 {
		t.Errorf("without a factor it answers %d", r.status)
	}
	before := editor.token
	editor.enrolPhone(owner, "+4930123456")
	if editor.token == before {
		t.Error("the session kept its id when it rose")
	}
	editor.must(editor.call("GET", "assets", nil), 200, nil)
	// An old proof removes nothing; a code by text message proves again.
	i.stop()
	i.execute("UPDATE t_session SET proved_at = proved_at - 11 * 60 * 1000000")
	i.execute("UPDATE t_phone_code SET created_at = created_at - 61 * 1000000")
	i.serve()
	code := map[string]string{"code": "123456"}
	for _, try := range []struct {
		method, path string
		body         any
	}{{"POST", "auth/mfa/sms/setup", map[string]string{"phone": "+4930123456"}}, {"POST", "auth/mfa/sms/verify", code}, {"POST", "auth/phone/verify", code}, {"DELETE", "auth/mfa/sms", nil}} {
		if r := editor.call(try.method, try.path, try.body); r.status != 401 || !strings.Contains(string(r.body), `"recent":true`) {
			t.Errorf("%s %s answers %d %s", try.method, try.path, r.status, r.body)
		}
	}
	editor.must(editor.call("POST", "auth/mfa/sms/send", map[string]string{}), 200, nil)
	var proved tokens
	editor.must(editor.call("POST", "auth/mfa/challenge", map[string]string{"code": owner.sentCode()}), 200, &proved)
	editor.token = proved.AccessToken
	editor.must(editor.call("DELETE", "auth/mfa/sms", nil), 200, nil)
	if r := editor.call("GET", "assets", nil); r.status != 401 {
		t.Errorf("without the factor again it answers %d", r.status)
	}
	if r := editor.call("DELETE", "auth/mfa/sms", nil); r.status != 404 {
		t.Errorf("the second removal answers %d", r.status)
	}
	i.stop()
	if i.count("SELECT count(*) FROM t_backup_code WHERE user_id IN (SELECT id FROM t_user WHERE email = 'editor@acme.test')") != 0 {
		t.Error("backup codes are left without a factor")
	}
	i.execute("DELETE FROM t_phone_code")
	i.serve()
	editor.enrolPhone(owner, "+4930123456")
	i.stop()
	if _, stderr, code := i.command("user", "reset-mfa", "--email", "editor@acme.test"); code != 0 || i.count("SELECT count(*) FROM t_phone") != 0 {
		t.Errorf("the operator's reset ends with %d and leaves the phone: %s", code, stderr)
	}
}

func TestTextMessagesHaveBounds(t *testing.T) {
	t.Parallel()
	i := start(t)
	editor, viewer := i.as("editor@acme"), i.as("viewer@acme")
	ask := func(c *client, number string) reply {
		return c.call("POST", "auth/mfa/sms/setup", map[string]string{"phone": number})
	}
	// fill stores codes of others, made so many minutes ago.
	fill := func(count, minutes int, number, tenant string) {
		i.stop()
		i.execute("DELETE FROM t_phone_code")
		i.execute(fmt.Sprintf(`WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < %d)
			INSERT INTO t_phone_code (user_id, tenant_id, number, purpose, hash, created_at, expires_at)
			SELECT 'somebody', %s, '%s', 'setup', x'', unixepoch() * 1000000 - %d * 60000000, unixepoch() * 1000000 FROM n`, count, tenant, number, minutes))
		i.serve()
	}
	const acme, elsewhere = "(SELECT id FROM t_tenant WHERE slug = 'acme')", "'elsewhere'"
	for name, one := range map[string]struct {
		count, minutes int
		number, tenant string
		status         int
		says           string
	}{
		"a number within the hour":           {5, 50, "+4930123456", elsewhere, 429, "Many codes went to this number within this hour. The next can be sent in 10 minutes."},
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
		if r.status != one.status || !strings.Contains(string(r.body), one.says) || (r.status == 429) != (r.header.Get("Retry-After") != "") {
			t.Errorf("%s: %d %s, Retry-After %s", name, r.status, r.body, r.header.Get("Retry-After"))
		}
	}
	// A person has a bound over all numbers.
	i.stop()
	i.execute("DELETE FROM t_phone_code")
	i.serve()
	for n := range 5 {
		editor.must(ask(editor, fmt.Sprintf("+493012345%d", n)), 200, nil)
		i.waited(61)
	}
	if r := ask(editor, "+4930888888"); r.status != 429 || !strings.Contains(string(r.body), "You asked for many") {
		t.Errorf("the sixth number answers %d %s", r.status, r.body)
	}
	viewer.must(ask(viewer, "+4930888888"), 200, nil)
}

func TestOneTextOfFiftyAtOnceIsSentAndAccepted(t *testing.T) {
	t.Parallel()
	i := start(t)
	operator, c := i.as("owner@acme"), i.as("editor@acme")
	c.enrolPhone(operator, "+4930123456")
	i.waited(61)
	var challenges []string
	for range 50 {
		challenges = append(challenges, i.challenged("editor@acme"))
	}
	all := func(path string, body func(challenge string) map[string]string) map[int]int {
		statuses := make(chan int, len(challenges))
		for _, challenge := range challenges {
			go func() {
				answer, err := (&client{i: i}).try("POST", path, body(challenge))
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
		return count
	}
	if count := all("auth/mfa/sms/send", func(challenge string) map[string]string { return map[string]string{"challenge": challenge} }); count[200] != 1 || count[429] != 49 {
		t.Errorf("asking for a code answers %v", count)
	}
	code := operator.sentCode()
	if count := all("auth/mfa/challenge", func(challenge string) map[string]string {
		return map[string]string{"challenge": challenge, "code": code}
	}); count[200] != 1 || count[401]+count[429] != 49 {
		t.Errorf("the code answers %v", count)
	}
}

func TestGuessesAtATextAreThrottled(t *testing.T) {
	t.Parallel()
	i := start(t, "server.trusted_proxies=127.0.0.1")
	operator, c, nobody := i.as("owner@acme"), i.as("editor@acme"), &client{i: i}
	backup := c.enrolPhone(operator, "+4930123456")
	i.waited(61)
	challenge := i.challenged("editor@acme")
	nobody.must(nobody.call("POST", "auth/mfa/sms/send", map[string]string{"challenge": challenge}), 200, nil)
	code, _ := strconv.Atoi(operator.sentCode())
	count := map[int]int{}
	for n := range 300 {
		from := fmt.Sprintf("10.0.%d.%d", n/250, n%250) // each from another address
		guess := fmt.Sprintf("%06d", (code+1+n)%1_000_000)
		count[nobody.call("POST", "auth/mfa/challenge", map[string]string{"challenge": challenge, "code": guess}, "X-Forwarded-For", from).status]++
	}
	if count[401] > 20 || count[401]+count[429] != 300 {
		t.Errorf("the guesses answer %v", count)
	}
	if r := i.answer(challenge, backup[0]); r.status != 200 {
		t.Errorf("the owner's backup code answers %d %s", r.status, r.body)
	}
}
