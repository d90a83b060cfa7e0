package accounts

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

func TestAResetLinkWorksOnceAndEndsEverySession(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t)
	before, nobody := i.As("editor@acme"), &instance.Client{Instance: i}
	nobody.Must(nobody.Call("POST", "auth/forgot-password", map[string]string{"email": "Editor@acme.test "}), 200, nil)
	token := instance.TokenIn(i.LinkIn(box.Receive(t, "editor@acme.test", "Set a new password")))
	reset := func(token, password string) instance.Reply {
		return nobody.Call("POST", "auth/reset-password", map[string]string{"token": token, "password": password})
	}
	if r := reset("wrong", instance.OtherPassword); r.Status != 422 {
		t.Errorf("a wrong token answers %d", r.Status)
	}
	if r := reset(token, "password123"); r.Status != 422 || !strings.Contains(string(r.Body), "easy to guess") {
		t.Errorf("a weak password answers %d: %s", r.Status, r.Body)
	}
	nobody.Must(reset(token, instance.OtherPassword), 200, nil)
	if r := reset(token, instance.OtherPassword+"!"); r.Status != 422 {
		t.Errorf("the token works twice: %d", r.Status)
	}
	if r := before.Call("GET", "users/me", nil); r.Status != 401 {
		t.Errorf("an old session answers %d", r.Status)
	}
	if r := nobody.SignIn("editor@acme.test", instance.Password); r.Status != 401 {
		t.Errorf("the old password answers %d", r.Status)
	}
	nobody.Must(nobody.SignIn("editor@acme.test", instance.OtherPassword), 200, nil)
	box.Receive(t, "editor@acme.test", "Your password was changed")
	if log := i.Output.String(); strings.Contains(log, token) {
		t.Error("the log holds the token")
	}
}

// TestNobodyLearnsWhoHasAnAccount compares what is asked at the same time, because the rest of the machine slows
// both, and asks on while their median differs: what leaks differs however often it is asked.
func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.trusted_proxies=127.0.0.0/8", "accounts.signup=open")
	nobody := &instance.Client{Instance: i}
	known := []string{"owner@acme.test", "admin@acme.test", "editor@acme.test", "viewer@acme.test", "owner@umbrella.test",
		"admin@umbrella.test", "editor@umbrella.test", "viewer@umbrella.test"}
	const fewest, most = 8, 100
	for path, body := range map[string]map[string]string{
		"auth/forgot-password":     {},
		"auth/resend-verification": {},
		"auth/login":               {"password": "not the password"},
		"auth/signup":              {"password": "a fence of nine purple llamas", "name": "Grace"},
	} {
		var differences, times []time.Duration
		// A hash that only one of them costs would be nearly all of the time; a busy machine slows both.
		differ := func() bool { return median(differences).Abs() > median(times)/4 }
		var answers []string
		for n := 0; n < fewest || n < most && differ(); n++ {
			took := map[string]time.Duration{}
			// What the first of two leaves behind for the collector slows the second, so that each comes first once.
			for turn, who := range []string{"known", "unknown", "unknown", "known"} {
				// Each comes from an address of its own, so that none is slowed down for those before it.
				from := fmt.Sprintf("198.51.%d.%d", 100+turn, n+1)
				body["email"] = known[n%len(known)]
				if who == "unknown" {
					body["email"] = fmt.Sprintf("nobody%d-%d@acme.test", n, turn)
				}
				began := time.Now()
				r := nobody.Call("POST", path, body, "X-Forwarded-For", from)
				took[who] += time.Since(began) / 2
				answers = append(answers, string(regexp.MustCompile(`"request_id":"[^"]*"`).ReplaceAll(r.Body, nil)))
			}
			differences = append(differences, took["known"]-took["unknown"])
			times = append(times, max(took["known"], took["unknown"]))
		}
		if slices.Sort(answers); answers[0] != answers[len(answers)-1] {
			t.Errorf("%s answers differently: %s and %s", path, answers[0], answers[len(answers)-1])
		}
		t.Logf("%s: known addresses take %s longer at the median of %d", path, median(differences), len(differences))
		if differ() {
			t.Errorf("%s takes %s longer for a known address", path, median(differences))
		}
	}
}

func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}

func TestNobodySignsUpUninvited(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	nobody := &instance.Client{Instance: i}
	joining := map[string]string{"name": "Grace", "email": "grace@acme.test", "password": instance.OtherPassword}
	if r := nobody.Call("POST", "auth/signup", joining); r.Status != 403 || !strings.Contains(string(r.Body), "by invitation") {
		t.Errorf("a sign-up answers %d: %s", r.Status, r.Body)
	}
	for path, body := range map[string]map[string]string{
		"auth/verify-email": {"token": ""}, "auth/reset-password": {"token": "", "password": instance.OtherPassword},
		"auth/confirm-email": {"token": "x"},
	} {
		if r := nobody.Call("POST", path, body); r.Status != 422 {
			t.Errorf("%s without a valid token answers %d: %s", path, r.Status, r.Body)
		}
		if r := nobody.Call("POST", path, body, "Sec-Fetch-Site", "cross-site"); r.Status != 403 {
			t.Errorf("%s from another site answers %d", path, r.Status)
		}
	}
	open := instance.StartEmpty(t, "accounts.signup=open")
	if r := (&instance.Client{Instance: open}).Call("POST", "auth/signup", joining); r.Status != 409 {
		t.Errorf("a sign-up before the set-up answers %d: %s", r.Status, r.Body)
	}
}
