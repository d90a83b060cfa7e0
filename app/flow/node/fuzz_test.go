package node_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"zygo/app/flow/node"
)

// Whatever a caller sends, it is admitted with the right signature of exactly these bytes and no other.
func FuzzAdmit(f *testing.F) {
	body := `{"a":1}`
	f.Add([]byte(body), "sha256="+hex.EncodeToString(sign(key, body)), "id", strconv.FormatInt(noon.Unix(), 10),
		"v1,"+base64.StdEncoding.EncodeToString(sign(key, "id."+strconv.FormatInt(noon.Unix(), 10)+"."+body)))
	f.Add([]byte(body), "sha256=", "", "", "")
	f.Add([]byte{}, "sha256="+strings.Repeat("0", 64), "id", "99999999999999999999", "v1,")
	f.Add([]byte{0xff}, "SHA256=zz", strings.Repeat("i", 300), "-1", strings.Repeat("v1,AAAA ", 30))
	secret := func(string) (string, error) { return key, nil }
	signed, isWebhook := node.WebhookOf(compile(f, "trigger.webhook", `{"path":"a","auth":"hmac","secret":"KEY"}`))
	standard, isStandard := node.WebhookOf(compile(f, "trigger.webhook", `{"path":"a","auth":"standard_webhooks","secret":"KEY"}`))
	if !isWebhook || !isStandard {
		f.Fatal("no webhook")
	}
	f.Fuzz(func(t *testing.T, body []byte, signature, id, stamp, list string) {
		header := http.Header{"X-Hub-Signature-256": {signature}, "Webhook-Id": {id}, "Webhook-Timestamp": {stamp},
			"Webhook-Signature": {list}}
		if _, err := signed.Admit(noon, "POST", header, body, secret); err == nil &&
			strings.ToLower(signature) != "sha256="+hex.EncodeToString(sign(key, string(body))) {
			t.Errorf("the signature %q was taken for %q", signature, body)
		}
		wanted := "v1," + base64.StdEncoding.EncodeToString(sign(key, id+"."+stamp+"."+string(body)))
		admitted, err := standard.Admit(noon, "POST", header, body, secret)
		if err != nil {
			return
		}
		delivery := admitted.Delivery
		seconds, _ := strconv.ParseInt(stamp, 10, 64)
		// Base64 has several spellings of its last character; what counts is what they decode to.
		found := false
		for one := range strings.SplitSeq(list, " ") {
			digest, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(one, "v1,"))
			found = found || err == nil && "v1,"+base64.StdEncoding.EncodeToString(digest) == wanted
		}
		if !found || delivery != id || noon.Sub(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
			t.Errorf("the delivery %q of %q with the signatures %q was taken for %q", id, stamp, list, body)
		}
	})
}

// A calendar that is accepted has a next time, soon found, after each time.
func FuzzSchedule(f *testing.F) {
	for _, seed := range []string{"30 8 * * 1-5", "0 0 29 2 *", "*/7 */5 1,15 * 0", "0 0 31 2 *", "@daily", "TZ=UTC * * * * *",
		"60 * * * *", "* * * * * *", "0-59/0 * * * *", "1-0 * * * *", "?", "0 0 * JAN MON", "-1 * * * *", "99999999999999999999 * * * *"} {
		f.Add(seed, "Europe/Berlin")
		f.Add(seed, "")
	}
	f.Add("0 * * * *", "../../etc/passwd")
	f.Add("0 0 * * *", "Local")
	f.Fuzz(func(t *testing.T, text, zone string) {
		config, err := json.Marshal(map[string]string{"mode": "cron", "cron": text, "zone": zone})
		if err != nil {
			return
		}
		kind, _ := node.Find("trigger.schedule", 0)
		compiled, wrong := kind.Compile(config)
		if len(wrong) > 0 {
			return
		}
		planned, ok := node.ScheduleOf(compiled)
		if !ok {
			t.Fatal("no schedule")
		}
		for at, i := noon, 0; i < 5; i++ {
			next := planned.Timetables()[0].Next(at)
			if !next.After(at) {
				t.Fatalf("%q in %q is due at %s after %s", text, zone, next, at)
			}
			at = next
		}
	})
}
