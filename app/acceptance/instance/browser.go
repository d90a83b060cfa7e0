package instance

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync/atomic"
	"testing"

	"zygo/ui/browsertest"
)

// SignInAs fills the sign-in that the tab shows.
func SignInAs(page *browsertest.Page, email, password string) {
	page.Fill("E-mail", email)
	page.Fill("Password", password)
	page.Click("button", "Sign in")
}

// Enter opens a tab that has the session of a person, such as "owner@acme", and shows nothing yet.
func (i *Instance) Enter(t testing.TB, who string) *browsertest.Page {
	t.Helper()
	v := i.Traveller()
	form := url.Values{"email": {who + ".test"}, "password": {Password}}.Encode()
	if r := v.Send("POST", "/login", FormType, form); r.Status != http.StatusSeeOther {
		t.Fatalf("the sign-in answers %d: %s", r.Status, r.Body)
	}
	page := browsertest.New(t, i.URL)
	at, err := url.Parse(i.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range v.HTTP.Jar.Cookies(at) {
		page.SetCookie(cookie.Name, cookie.Value)
	}
	return page
}

// OpenSignedIn signs a person in on the page, the way they do it.
func (i *Instance) OpenSignedIn(t testing.TB, who string) *browsertest.Page {
	t.Helper()
	page := browsertest.New(t, i.URL)
	page.Open("/login")
	FillSignIn(page, who)
	return page
}

// Choose picks an option of the select with a name.
func Choose(page *browsertest.Page, name, value string) {
	encode := func(text string) string {
		quoted, _ := json.Marshal(text)
		return string(quoted)
	}
	browsertest.Evaluate[bool](page, `(() => {
		const select = document.getElementsByName(`+encode(name)+`)[0]
		select.value = `+encode(value)+`
		select.dispatchEvent(new Event("input", {bubbles: true}))
		select.dispatchEvent(new Event("change", {bubbles: true}))
		return select.value === `+encode(value)+`
	})()`)
}

// SignOut ends the session by the menu.
func SignOut(page *browsertest.Page, who string) {
	page.Click("disclosure", who+" , account and look")
	page.Click("button", "Sign out")
	page.WaitPath("/login")
}

// FillSignIn gives address and password and presses the button.
func FillSignIn(page *browsertest.Page, who string) {
	page.Fill("E-mail", who+".test")
	page.Fill("Password", Password)
	page.Click("button", "Sign in")
}

// StartNamed serves an instance under a host name, because passkeys and pictures of organizations belong to one.
func StartNamed(t *testing.T, settings ...string) *Instance {
	t.Helper()
	return Prepare(t, settings...).serveNamed()
}

// StartNamedClocked is StartNamed with a binary whose clock Advance moves.
func StartNamedClocked(t *testing.T, settings ...string) *Instance {
	t.Helper()
	return prepareClocked(t, settings...).serveNamed()
}

func (i *Instance) serveNamed() *Instance {
	i.T.Helper()
	port := freePort(i.T)
	i.Set = append(i.Set, fmt.Sprintf("server.base_url=http://localhost:%d", port))
	i.URL = fmt.Sprintf("http://127.0.0.1:%d", port)
	i.Serve()
	return i
}

// tried counts the ports that this process asked for.
var tried atomic.Int32

// freePort is a port that is free now and that no other test takes before the instance listens: it is below those that the
// system gives out by itself, and each process of tests begins at a different one.
func freePort(t testing.TB) int {
	t.Helper()
	for range 10_000 {
		port := 20_000 + (os.Getpid()*131+int(tried.Add(1)))%10_000
		if listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			listener.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// LookTwice holds what a page promises in a wide light window and, where TEST_WIDE is set or pictures are taken, in a narrow
// dark one.
func LookTwice(page *browsertest.Page, name string) {
	page.ExpectAccessible(name)
	page.Screenshot(name)
	if !wide() && os.Getenv(browsertest.Pictures) == "" {
		return
	}
	page.Size(390, 844)
	page.Media(map[string]string{"prefers-color-scheme": "dark"})
	page.ExpectContrast(name + " on a phone")
	page.Screenshot(name + "-small-dark")
	page.Size(1440, 900)
	page.Media(map[string]string{"prefers-color-scheme": "light"})
}
