package social

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

func TestASignInThatWasBegunInSeveralTabsWorksInEach(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, social(t, newHub(t, 40, primary("hub@lovelace.test", true)), "accounts.signup=open")...)
	login, other := verified(t, "Edith", "editor@acme.test"), verified(t, "Grace", "grace@lovelace.test")
	v := i.Traveller()
	enterBy(v, "editor@acme.test", instance.Password, "")
	linkTo(v, "google", login)
	get := func(v *instance.Traveller, address string) instance.Reply { return v.Send("GET", address, "", "") }

	// The first tab comes back first, or last, and so does one of another provider.
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
		v := i.Traveller()
		var answers []string
		for _, next := range []string{"next=/assets", "next=/incidents", "next=/runbooks"} {
			answers = append(answers, depart(v, "google", next))
		}
		for _, tab := range order {
			answer := agree(v, answers[tab], login, nil)
			expectLeads(v, get(v, answer), []string{"/assets", "/incidents", "/runbooks"}[tab])
			problem(v, get(v, answer), "ended") // each once
		}
	}

	// What two tabs wait for is not mixed up: the form of the first names the account that it showed.
	v = i.Traveller()
	first, second := depart(v, "google", ""), depart(v, "github", "")
	expectLeads(v, get(v, agree(v, first, other, nil)), "/auth/oauth/callback?next=%2Fdashboard")
	page := get(v, "/auth/oauth/callback")
	expectLeads(v, get(v, agree(v, second, "", nil)), "/auth/oauth/callback?next=%2Fdashboard")
	r := v.Submit(page, url.Values{"name": {"Grace"}})
	if r.Status != 422 || !strings.Contains(string(r.Body), "another account") || !strings.Contains(string(r.Body), "hub@lovelace.test") {
		t.Errorf("the form of the first tab answers %d %s", r.Status, r.Body)
	}
	expectLeads(v, v.Submit(r, url.Values{"name": {"Grace"}}), "/dashboard")
	if got := email(v); got != "hub@lovelace.test" {
		t.Errorf("the confirmed account is that of %q", got)
	}

	// A handful is open at once, each for its time only, and none for another browser.
	v = i.Traveller()
	var begun []string
	for range 9 {
		begun = append(begun, depart(v, "google", ""))
	}
	problem(v, get(v, agree(v, begun[0], login, nil)), "ended")
	expectLeads(v, get(v, agree(v, begun[1], login, nil)), "/dashboard")
	foreign := i.Traveller()
	depart(foreign, "google", "")
	problem(foreign, get(foreign, agree(v, begun[2], login, nil)), "ended")
	late := agree(v, begun[3], login, nil)
	i.Advance(11 * time.Minute)
	problem(v, get(v, late), "ended")
}

func TestABrowserDoesNotChooseItsOwnToken(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, social(t, newHub(t, 41))...)
	for _, planted := range []string{"x", strings.Repeat("a", 42), strings.Repeat("a", 5000)} {
		r := (&instance.Client{Instance: i}).Call("GET", "auth/oauth/google", nil, "Cookie", "zygo_journey="+planted)
		kept := r.Header.Get("Set-Cookie")
		if r.Status != 303 || strings.Contains(kept, planted+";") || !strings.Contains(kept, "Max-Age=600") {
			t.Errorf("with %.50q the answer is %d, and the browser keeps %q", planted, r.Status, kept)
		}
	}
}
