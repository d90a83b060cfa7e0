package accounts

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

// TestWhoeverGuessesIsSlowedAndTheOwnerIsNot guesses at one account from many networks, and lets its owner in meanwhile.
func TestWhoeverGuessesIsSlowedAndTheOwnerIsNot(t *testing.T) {
	t.Parallel()
	i, box := instance.WithMail(t, "server.trusted_proxies=127.0.0.0/8")
	nobody := &instance.Client{Instance: i}
	const owner = "editor@acme.test"
	signIn := func(email, password, from, cookie string) instance.Reply {
		form := url.Values{"email": {email}, "password": {password}}
		return nobody.Call("POST", "/login", form.Encode(), "Content-Type", instance.FormType, "Sec-Fetch-Site", "same-origin",
			"X-Forwarded-For", from, "Cookie", cookie)
	}
	known := func(r instance.Reply) string {
		for _, cookie := range r.Header.Values("Set-Cookie") {
			if name, _, _ := strings.Cut(cookie, ";"); strings.HasPrefix(name, "zygo_known=") {
				return name
			}
		}
		return ""
	}
	everyDay := known(signIn(owner, instance.Password, "203.0.113.1", ""))
	if everyDay == "" {
		t.Fatal("a sign-in leaves nothing by which the browser is known")
	}

	// All at once, and each from a network of its own; a sign-in of one's own between them changes nothing.
	var looked atomic.Int64
	var wait sync.WaitGroup
	for n := range 60 {
		wait.Go(func() {
			if r := signIn(owner, "a wrong one", fmt.Sprintf("2001:db8:%x::1", n), ""); r.Status != 429 {
				looked.Add(1)
			}
		})
	}
	wait.Wait()
	if n := looked.Load(); n > 20 {
		t.Errorf("%d of 60 guesses are looked at", n)
	}
	// Each further guess as soon as it is looked at, until the pause is minutes long.
	for pause, n := 0, 0; pause < 120; n++ {
		r := signIn(owner, "a wrong one", fmt.Sprintf("2001:db8:a:%x::1", n), "")
		if r.Status != 429 {
			continue
		}
		var err error
		if pause, err = strconv.Atoi(r.Header.Get("Retry-After")); err != nil || n > 60 {
			t.Fatalf("guess %d is to come again after %q", n, r.Header.Get("Retry-After"))
		}
		if pause < 120 {
			i.Advance(time.Duration(pause) * time.Second)
		}
	}
	if r := signIn("viewer@acme.test", instance.Password, "2001:db8:1::1", ""); r.Status != 303 {
		t.Errorf("the stranger's own sign-in answers %d", r.Status)
	}
	if r := signIn(owner, instance.Password, "2001:db8:1::2", ""); r.Status != 429 {
		t.Errorf("a right guess after them answers %d", r.Status)
	}
	if r := signIn(owner, instance.Password, "2001:db8:1::2", everyDay+"x"); r.Status != 429 {
		t.Errorf("a forged cookie answers %d", r.Status)
	}
	other := known(signIn("viewer@acme.test", instance.Password, "203.0.113.3", ""))
	if r := signIn(owner, instance.Password, "2001:db8:1::2", other); r.Status != 429 {
		t.Errorf("the cookie of another account answers %d", r.Status)
	}

	// The owner's ways in: the browser of every day, and a mail.
	if r := signIn(owner, instance.Password, "203.0.113.2", everyDay); r.Status != 303 {
		t.Errorf("the owner's browser answers %d", r.Status)
	}
	nobody.Must(nobody.Call("POST", "auth/forgot-password", map[string]string{"email": owner}, "X-Forwarded-For", "203.0.113.9"), 200, nil)
	form := url.Values{"token": {instance.TokenIn(i.LinkIn(box.Receive(t, owner, "Set a new password")))},
		"password": {instance.OtherPassword}}
	reset := nobody.Call("POST", "/reset-password", form.Encode(), "Content-Type", instance.FormType, "Sec-Fetch-Site", "same-origin")
	if r := signIn(owner, instance.OtherPassword, "203.0.113.4", known(reset)); r.Status != 303 {
		t.Errorf("after a reset the owner gets %d", r.Status)
	}
	// A stolen cookie does not allow more guesses either.
	looked.Store(0)
	for range 20 {
		if r := signIn(owner, "a wrong one", "203.0.113.5", everyDay); r.Status != 429 {
			looked.Add(1)
		}
	}
	if n := looked.Load(); n > 8 {
		t.Errorf("a known browser guesses %d of 20 times", n)
	}
}
