package node_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
)

const key = "a key of more than twenty-four bytes"

func sign(key, text string) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func admit(t *testing.T, config, method, body string, header map[string]string, secret string) (string, error) {
	t.Helper()
	w, ok := node.WebhookOf(compile(t, "trigger.webhook", config))
	if !ok {
		t.Fatal("no webhook")
	}
	h := http.Header{}
	for name, v := range header {
		h.Set(name, v)
	}
	admitted, err := w.Admit(noon, method, h, []byte(body), func(name string) (string, error) {
		if name != "KEY" || secret == "" {
			return "", fault.New(fault.NotFound, "no secret")
		}
		return secret, nil
	})
	return admitted.Delivery, err
}

func TestWebhookAdmits(t *testing.T) {
	t.Parallel()
	hub := map[string]string{"X-Hub-Signature-256": "sha256=" + hex.EncodeToString(sign(key, `{"a":1}`)), "X-GitHub-Delivery": "d1"}
	for name, c := range map[string]struct {
		config, method string
		header         map[string]string
		delivery       string
	}{
		"open":       {`{"path":"a/b-c.d"}`, "POST", nil, ""},
		"methods":    {`{"path":"a","method":["GET","PUT"]}`, "PUT", nil, ""},
		"one method": {`{"path":"a","method":"DELETE"}`, "DELETE", nil, ""},
		"basic": {`{"path":"a","auth":"basic","user":"ada","secret":"KEY"}`, "POST",
			map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("ada:"+key))}, ""},
		"header": {`{"path":"a","auth":"header","secret":"KEY"}`, "POST", map[string]string{"x-api-key": key}, ""},
		"named header": {`{"path":"a","auth":"header","header":"X-Gitlab-Token","secret":"KEY"}`, "POST",
			map[string]string{"X-Gitlab-Token": key}, ""},
		"hmac":         {`{"path":"a","auth":"hmac","secret":"KEY","dedupe":"X-GitHub-Delivery"}`, "POST", hub, "d1"},
		"hmac without": {`{"path":"a","auth":"hmac","secret":"KEY"}`, "POST", hub, ""},
		"hmac base64": {`{"path":"a","auth":"hmac","secret":"KEY","header":"X-Shopify-Hmac-Sha256","prefix":"-","coding":"base64"}`, "POST",
			map[string]string{"X-Shopify-Hmac-Sha256": base64.StdEncoding.EncodeToString(sign(key, `{"a":1}`))}, ""},
		"no delivery": {`{"path":"a","dedupe":"X-GitHub-Delivery"}`, "POST", nil, ""},
	} {
		if delivery, err := admit(t, c.config, c.method, `{"a":1}`, c.header, key); err != nil || delivery != c.delivery {
			t.Errorf("%s: %q, %v", name, delivery, err)
		}
	}
}

func TestWebhookRefuses(t *testing.T) {
	t.Parallel()
	const hmacConfig = `{"path":"a","auth":"hmac","secret":"KEY"}`
	good := hex.EncodeToString(sign(key, `{"a":1}`))
	signature := func(s string) map[string]string { return map[string]string{"X-Hub-Signature-256": s} }
	for name, c := range map[string]struct {
		config, body string
		header       map[string]string
		secret       string
		want         fault.Code
	}{
		"no signature":    {hmacConfig, `{"a":1}`, nil, key, fault.Unauthenticated},
		"empty signature": {hmacConfig, `{"a":1}`, signature("sha256="), key, fault.Unauthenticated},
		"no prefix":       {hmacConfig, `{"a":1}`, signature(good), key, fault.Unauthenticated},
		"wrong prefix":    {hmacConfig, `{"a":1}`, signature("sha1=" + good), key, fault.Unauthenticated},
		"wrong coding": {hmacConfig, `{"a":1}`, signature("sha256=" + base64.StdEncoding.EncodeToString(sign(key, `{"a":1}`))),
			key, fault.Unauthenticated},
		"truncated":              {hmacConfig, `{"a":1}`, signature("sha256=" + good[:32]), key, fault.Unauthenticated},
		"longer":                 {hmacConfig, `{"a":1}`, signature("sha256=" + good + "00"), key, fault.Unauthenticated},
		"body written otherwise": {hmacConfig, `{"a": 1}`, signature("sha256=" + good), key, fault.Unauthenticated},
		"body with a mark":       {hmacConfig, "\uFEFF" + `{"a":1}`, signature("sha256=" + good), key, fault.Unauthenticated},
		"empty key": {hmacConfig, `{"a":1}`, signature("sha256=" + hex.EncodeToString(sign("", `{"a":1}`))), key,
			fault.Unauthenticated},
		"secret unset": {hmacConfig, `{"a":1}`, signature("sha256=" + hex.EncodeToString(sign("", `{"a":1}`))), "",
			fault.Unavailable},
		"secret short": {hmacConfig, `{"a":1}`, signature("sha256=" + hex.EncodeToString(sign("short", `{"a":1}`))), "short",
			fault.Unavailable},
		"header wrong": {`{"path":"a","auth":"header","secret":"KEY"}`, "", map[string]string{"X-Api-Key": key + "x"}, key,
			fault.Unauthenticated},
		"header missing": {`{"path":"a","auth":"header","secret":"KEY"}`, "", nil, key, fault.Unauthenticated},
		"basic wrong user": {`{"path":"a","auth":"basic","user":"ada","secret":"KEY"}`, "",
			map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("eve:"+key))}, key,
			fault.Unauthenticated},
		"basic missing": {`{"path":"a","auth":"basic","user":"ada","secret":"KEY"}`, "", nil, key, fault.Unauthenticated},
		"basic, secret unset": {`{"path":"a","auth":"basic","user":"ada","secret":"KEY"}`, "",
			map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("ada:"))}, "", fault.Unavailable},
		"long delivery": {`{"path":"a","dedupe":"X-Id"}`, "", map[string]string{"X-Id": strings.Repeat("x", 300)}, key, fault.BadRequest},
	} {
		if delivery, err := admit(t, c.config, "POST", c.body, c.header, c.secret); !fault.Is(err, c.want) {
			t.Errorf("%s: %q, %v", name, delivery, err)
		}
	}
	if _, err := admit(t, `{"path":"a"}`, "GET", "", nil, key); !fault.Is(err, fault.MethodNotAllowed) {
		t.Errorf("another method: %v", err)
	}
}

func TestStandardWebhooks(t *testing.T) {
	t.Parallel()
	const config = `{"path":"a","auth":"standard_webhooks","secret":"KEY"}`
	stamp := fmt.Sprint(noon.Unix())
	v1 := func(id, stamp, body string) string {
		return "v1," + base64.StdEncoding.EncodeToString(sign(key, id+"."+stamp+"."+body))
	}
	good := v1("m1", stamp, "body")
	many := strings.Repeat("v1,AAAA ", 100) + good
	for name, c := range map[string]struct {
		id, stamp, signature string
		admitted             bool
	}{
		"good":            {"m1", stamp, good, true},
		"among others":    {"m1", stamp, "v0,x v1,AAAA v2,y  " + good, true},
		"behind a crowd":  {"m1", stamp, many, false},
		"other version":   {"m1", stamp, strings.Replace(good, "v1,", "v2,", 1), false},
		"no version":      {"m1", stamp, strings.TrimPrefix(good, "v1,"), false},
		"comma joined":    {"m1", stamp, "v0,x," + good, false},
		"other id":        {"m2", stamp, good, false},
		"no id":           {"", stamp, v1("", stamp, "body"), false},
		"nothing":         {"", "", "", false},
		"five minutes":    {"m1", fmt.Sprint(noon.Unix() - 300), v1("m1", fmt.Sprint(noon.Unix()-300), "body"), true},
		"six minutes old": {"m1", fmt.Sprint(noon.Unix() - 360), v1("m1", fmt.Sprint(noon.Unix()-360), "body"), false},
		"of the future":   {"m1", fmt.Sprint(noon.Unix() + 360), v1("m1", fmt.Sprint(noon.Unix()+360), "body"), false},
		"time zero":       {"m1", "0", v1("m1", "0", "body"), false},
		"negative":        {"m1", "-" + stamp, v1("m1", "-"+stamp, "body"), false},
		"huge":            {"m1", "1000000000000000000", v1("m1", "1000000000000000000", "body"), false},
		"text":            {"m1", "now", v1("m1", "now", "body"), false},
		"other digits":    {"m1", "١٧", v1("m1", "١٧", "body"), false},
		"space":           {"m1", " " + stamp, v1("m1", " "+stamp, "body"), false},
	} {
		header := map[string]string{"webhook-id": c.id, "webhook-timestamp": c.stamp, "webhook-signature": c.signature}
		delivery, err := admit(t, config, "POST", "body", header, "whsec_"+base64.StdEncoding.EncodeToString([]byte(key)))
		if c.admitted && (err != nil || delivery != c.id) || !c.admitted && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %q, %v", name, delivery, err)
		}
	}
	for _, secret := range []string{"whsec_", "whsec_!!!", "whsec_" + base64.StdEncoding.EncodeToString([]byte("short"))} {
		if _, err := admit(t, config, "POST", "body", map[string]string{}, secret); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", secret, err)
		}
	}
}

func TestWebhookSettings(t *testing.T) {
	t.Parallel()
	found, _ := node.Find("trigger.webhook", 1)
	for config, wrong := range map[string]string{
		`{}`: "path", `{"path":"/a"}`: "path", `{"path":"a/"}`: "path", `{"path":"a//b"}`: "path", `{"path":"../a"}`: "path",
		`{"path":"a/../b"}`: "path", `{"path":"a..b"}`: "path",
		`{"path":"A"}`: "path", `{"path":"a b"}`: "path", `{"path":"a?b"}`: "path", `{"path":"a%2fb"}`: "path", `{"path":"é"}`: "path",
		`{"path":"{{ $json.x }}"}`: "path",
		`{"path":"a","method":[]}`: "method", `{"path":"a","method":"BREW"}`: "method", `{"path":"a","auth":"hmac"}`: "secret",
		`{"path":"a","auth":"header"}`:             "secret",
		`{"path":"a","auth":"basic","secret":"K"}`: "user", `{"path":"a","respond":"never"}`: "respond",
	} {
		if _, faults := found.Compile(field.JSON(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%s: %v, want %s", config, faults, wrong)
		}
	}
	expect(t, "trigger.webhook", `{"path":"a"}`, `[{"body":1},{"body":2}]`, `main:[{"body":1},{"body":2}]`)
	expect(t, "trigger.manual", `{}`, `[{"a":1}]`, `main:[{"a":1}]`)
}

func next(t *testing.T, config string, after string) string {
	t.Helper()
	s, ok := node.ScheduleOf(compile(t, "trigger.schedule", config))
	if !ok {
		t.Fatal("no schedule")
	}
	at, err := time.Parse(time.RFC3339, after)
	if err != nil {
		t.Fatal(err)
	}
	due := s.Timetables()[0].Next(at.UTC())
	if due.IsZero() {
		return "never"
	}
	return due.UTC().Format(time.RFC3339)
}

func TestScheduleNext(t *testing.T) {
	t.Parallel()
	const berlin = `{"zone":"Europe/Berlin","cron":%q}`
	for _, c := range []struct{ config, after, want string }{
		{`{"cron":"30 8 * * 1-5"}`, "2026-11-20T08:30:00Z", "2026-11-23T08:30:00Z"},
		{`{"cron":"*/15 * * * *"}`, "2026-11-20T08:31:12Z", "2026-11-20T08:45:00Z"},
		{`{"cron":"0 0 * * 7"}`, "2026-11-20T00:00:00Z", "2026-11-22T00:00:00Z"},
		{`{"cron":"0 0 * * 5-7"}`, "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"},
		{`{"cron":"0 0 * * Sat,SUN"}`, "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"},
		{`{"cron":"0 0 */2 * 3"}`, "2026-08-20T00:00:00Z", "2026-09-09T00:00:00Z"},
		{`{"cron":"0 0 13 * */5"}`, "2026-11-20T00:00:00Z", "2026-12-13T00:00:00Z"},
		{`{"cron":"0 0 13 * 5"}`, "2026-11-20T00:00:00Z", "2026-11-27T00:00:00Z"},
		{`{"cron":"50/5 */12 * jan-Mar ?"}`, "2026-11-20T00:00:00Z", "2027-01-01T00:50:00Z"},
		{`{"cron":"0 */24 1/31 * *"}`, "2026-11-20T00:00:00Z", "2026-12-01T00:00:00Z"},
		{`{"cron":"0 0 29 2 *"}`, "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z"},
		{`{"mode":"every","every":90,"unit":"seconds"}`, "2026-11-20T08:00:00Z", "2026-11-20T08:01:30Z"},
		{`{"mode":"every","every":2,"unit":"days"}`, "2026-11-20T08:00:00Z", "2026-11-22T08:00:00Z"},
		{`{"mode":"every"}`, "2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z"},
		{fmt.Sprintf(berlin, "30 8 * * *"), "2026-03-28T12:00:00Z", "2026-03-29T06:30:00Z"},
		// The clock jumps from 02:00 to 03:00: what would be in between is due at the jump, once.
		{fmt.Sprintf(berlin, "30 2 * * *"), "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
		{fmt.Sprintf(berlin, "30 2 * * *"), "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"},
		{fmt.Sprintf(berlin, "0 3 * * *"), "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
		// The clock shows 02:00 to 03:00 twice: the first time counts.
		{fmt.Sprintf(berlin, "30 2 * * *"), "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"},
		{fmt.Sprintf(berlin, "30 2 * * *"), "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"},
		{fmt.Sprintf(berlin, "30 2 * * *"), "2026-10-25T01:15:00Z", "2026-10-26T01:30:00Z"},
		// Every hour means every real hour.
		{fmt.Sprintf(berlin, "30 * * * *"), "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
		{fmt.Sprintf(berlin, "30 * * * *"), "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"},
		// Six fields begin with the second.
		{`{"cron":"*/20 30 8 * * *"}`, "2026-11-20T08:30:00Z", "2026-11-20T08:30:20Z"},
		{`{"cron":"15 */10 * * * *"}`, "2026-11-20T08:30:20Z", "2026-11-20T08:40:15Z"},
		{fmt.Sprintf(berlin, "30 30 2 * * *"), "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
		// The first and the last day belong to it, on the clock of its zone.
		{`{"cron":"0 0 * * *","begin":"2026-12-01"}`, "2026-11-20T08:30:00Z", "2026-12-01T00:00:00Z"},
		{`{"zone":"Europe/Berlin","cron":"0 * * * *","begin":"2026-12-01"}`, "2026-11-20T08:30:00Z", "2026-11-30T23:00:00Z"},
		{`{"mode":"every","every":5,"unit":"days","begin":"2026-12-01"}`, "2026-11-20T08:30:00Z", "2026-12-01T00:00:00Z"},
		{`{"mode":"every","every":5,"unit":"days","begin":"2026-12-01"}`, "2026-12-01T00:00:00Z", "2026-12-06T00:00:00Z"},
		{`{"cron":"0 23 * * *","end":"2026-12-01"}`, "2026-11-30T23:00:00Z", "2026-12-01T23:00:00Z"},
		{`{"cron":"0 23 * * *","end":"2026-12-01"}`, "2026-12-01T23:00:00Z", "never"},
		{`{"mode":"every","every":2,"unit":"days","end":"2026-12-01"}`, "2026-11-30T08:00:00Z", "never"},
		{`{"zone":"Australia/Lord_Howe","cron":"15 2 * * *"}`, "2026-10-03T00:00:00Z", "2026-10-03T15:30:00Z"},
		{`{"zone":"America/Sao_Paulo","cron":"0 0 * * *"}`, "2018-11-03T12:00:00Z", "2018-11-04T03:00:00Z"},
	} {
		if got := next(t, c.config, c.after); got != c.want {
			t.Errorf("%s after %s: %s, want %s", c.config, c.after, got, c.want)
		}
	}
}

// Over years and many zones a daily schedule fires on each day once, in order, and always ahead.
func TestScheduleNeverSkipsADay(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata",
		"Pacific/Chatham",
		"America/St_Johns", "Africa/Casablanca", "Asia/Tehran", "America/Santiago", "Antarctica/Troll"} {
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, cron := range []string{"30 2 * * *", "0 0 * * *", "59 23 * * *"} {
			s, _ := node.ScheduleOf(compile(t, "trigger.schedule", fmt.Sprintf(`{"zone":%q,"cron":%q}`, zone, cron)))
			timetable := s.Timetables()[0]
			at := timetable.Next(time.Date(2016, 1, 1, 12, 0, 0, 0, location))
			for range 3653 {
				due := timetable.Next(at)
				a, b := at.In(location), due.In(location)
				days := time.Date(b.Year(), b.Month(), b.Day(), 0, 0, 0, 0, time.UTC).Sub(
					time.Date(a.Year(), a.Month(), a.Day(), 0, 0, 0, 0, time.UTC))
				if !due.After(at) || days != 24*time.Hour {
					t.Fatalf("%s %s: after %s comes %s", zone, cron, a, b)
				}
				at = due
			}
		}
	}
}

func TestScheduleSettings(t *testing.T) {
	t.Parallel()
	found, _ := node.Find("trigger.schedule", 1)
	for config, wrong := range map[string]string{
		`{}`: "cron", `{"cron":"* * * * * * *"}`: "cron", `{"cron":"60 * * * * *"}`: "cron", `{"cron":"*/0 * * * *"}`: "cron", `{"cron":"60 * * * *"}`: "cron",
		`{"cron":"0 0 31 2 *"}`: "cron", `{"cron":"0 0 30 2 *"}`: "cron",
		`{"cron":"*/90 * * * *"}`: "cron", `{"cron":"0 */36 * * *"}`: "cron", `{"cron":"0 0 * * 8"}`: "cron",
		`{"cron":"0 0 L * *"}`: "cron", `{"cron":"0 0 * * fri#2"}`: "cron", `{"cron":"5-1 * * * *"}`: "cron",
		`{"cron":"0-10/90 * * * *"}`: "cron",
		`{"cron":"+5 * * * *"}`:      "cron", `{"cron":"-1 * * * *"}`: "cron", `{"cron":"1,,2 * * * *"}`: "cron",
		`{"cron":"1/ * * * *"}`: "cron", `{"cron":"99999999999999999999 * * * *"}`: "cron",
		`{"cron":"@every 1s"}`: "cron", `{"cron":"TZ=0"}`: "cron", `{"cron":"CRON_TZ=UTC 0 0 * * *"}`: "cron",
		`{"cron":"١ * * * *"}`: "cron", `{"cron":"` + strings.Repeat("1,", 5000) + `1 * * * *"}`: "cron",
		`{"cron":"0 0 * * *","zone":"Mars/Olympus"}`: "zone", `{"cron":"0 0 * * *","zone":"../../etc/passwd"}`: "zone",
		`{"cron":"0 0 * * *","zone":"Local"}`: "zone",
		`{"mode":"every","every":0}`:          "every", `{"mode":"every","unit":"years"}`: "unit", `{"mode":"never"}`: "mode",
		`{"cron":"0 0 * * *","missed":"some"}`: "missed", `{"cron":"0 0 * * *","overlap":"some"}`: "overlap",
		`{"cron":"0 0 * * *","rules":[{"cron":"0 9 * * *"},{"cron":"x"}]}`:         "rules.1.cron",
		`{"cron":"0 0 * * *","rules":[{"mode":"every"}]}`:                          "rules.0.every",
		`{"cron":"0 0 * * *","rules":[{"mode":"every","every":1,"unit":"years"}]}`: "rules.0.unit",
		`{"cron":"0 0 * * *","begin":"2026-11-31"}`:                                "begin",
		`{"cron":"0 0 * * *","begin":"2026-11-30","end":"2026-11-29"}`:             "end",
	} {
		if _, faults := found.Compile(field.JSON(config)); len(faults) == 0 || faults[0].Field != wrong {
			t.Errorf("%.100s: %v, want %s", config, faults, wrong)
		}
	}
	s, _ := node.ScheduleOf(compile(t, "trigger.schedule", `{"cron":"0 0 * * *","missed":"all"}`))
	if s.Missed != "all" {
		t.Errorf("missed is %s", s.Missed)
	}
}
