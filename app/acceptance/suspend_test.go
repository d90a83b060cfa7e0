package acceptance

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"
)

type account struct {
	ID, Name, Email, Organizations string
	Operator                       bool
	SuspendedAt                    *string `json:"suspended_at"`
}

// id is that of the client's person.
func (c *client) id() string {
	c.i.t.Helper()
	var me struct{ ID string }
	c.must(c.call("GET", "users/me", nil), 200, &me)
	return me.ID
}

// stream opens a stream of events, and gives a channel that is closed when it ends.
func (c *client) stream(path string) (ended chan struct{}) {
	c.i.t.Helper()
	request, err := http.NewRequest("GET", c.i.url+address(path), nil)
	if err != nil {
		c.i.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := transport.Do(request)
	if err != nil {
		c.i.t.Fatal(err)
	}
	if response.StatusCode != 200 {
		c.i.t.Fatalf("the stream answers %d", response.StatusCode)
	}
	lines := bufio.NewScanner(response.Body)
	if !lines.Scan() {
		c.i.t.Fatal("the stream says nothing")
	}
	ended = make(chan struct{})
	go func() {
		defer close(ended)
		defer response.Body.Close()
		for lines.Scan() {
		}
	}()
	return ended
}

// endsWithin waits for the end of a stream.
func endsWithin(t testing.TB, ended chan struct{}, limit time.Duration) {
	t.Helper()
	select {
	case <-ended:
	case <-time.After(limit):
		t.Errorf("the stream lives on after %s", limit)
	}
}

func TestAnOperatorSuspendsAnAccountAtOnce(t *testing.T) {
	t.Parallel()
	i := start(t)
	operator, admin, editor := i.as("owner@acme"), i.as("admin@acme"), i.as("editor@acme")
	given := i.signIn("editor@acme")
	id := editor.id()
	for _, try := range []struct{ method, path string }{{"POST", "users/" + id + "/suspend"}, {"POST", "users/" + id + "/activate"}, {"GET", "users/" + id + "/activity"}, {"GET", "admin/users"}, {"GET", "admin/users/" + id}, {"GET", "/admin/users"}, {"GET", "/admin/users/" + id}} {
		if r := admin.call(try.method, try.path, nil); r.status != 403 && r.status != 303 && r.status != 401 {
			t.Errorf("an admin gets %s %s with %d", try.method, try.path, r.status)
		}
	}
	var found []account
	operator.must(operator.call("GET", "admin/users?search=EDITOR@acme", nil), 200, &found)
	if len(found) != 1 || found[0].ID != id || found[0].Organizations != "Acme" || found[0].SuspendedAt != nil {
		t.Errorf("the search finds %+v", found)
	}
	for search, want := range map[string]int{"%": 0, "_": 0, "nobody": 0, "umbrella": 4, "": 8} {
		operator.must(operator.call("GET", "admin/users?limit=100&search="+strings.ReplaceAll(search, "%", "%25"), nil), 200, &found)
		if len(found) != want {
			t.Errorf("%q finds %d accounts", search, len(found))
		}
	}
	first := operator.call("GET", "admin/users?limit=5", nil)
	cursor := cursorIn(t, first)
	operator.must(operator.call("GET", "admin/users?limit=5&cursor="+cursor, nil), 200, &found)
	if len(found) != 3 {
		t.Errorf("the second page has %d accounts", len(found))
	}
	stream := editor.stream("events/stream")
	operator.must(operator.call("POST", "users/"+id+"/suspend", nil), 200, nil)
	endsWithin(t, stream, time.Second)
	nobody := &client{i: i}
	for what, r := range map[string]reply{
		"the session": editor.call("GET", "users/me", nil), "the token": (&client{i: i, token: given.AccessToken}).call("GET", "assets", nil),
		"the refresh": nobody.call("POST", "auth/refresh", map[string]string{"refresh_token": given.RefreshToken}), "a sign-in": nobody.signIn("editor@acme.test", passphrase),
	} {
		if r.status != 401 {
			t.Errorf("%s of a suspended user answers %d", what, r.status)
		}
	}
	if r := operator.call("POST", "users/"+id+"/suspend", nil); r.status != 409 {
		t.Errorf("the second time answers %d", r.status)
	}
	if r := operator.call("POST", "users/0/suspend", nil); r.status != 404 {
		t.Errorf("nobody is suspended with %d", r.status)
	}
	if r := operator.call("POST", "users/"+operator.id()+"/suspend", nil); r.status != 409 || !strings.Contains(string(r.body), "last operator") {
		t.Errorf("the last operator is suspended: %d %s", r.status, r.body)
	}
	operator.must(operator.call("POST", "users/"+id+"/activate", nil), 200, nil)
	if r := operator.call("POST", "users/"+id+"/activate", nil); r.status != 409 {
		t.Errorf("an active user is activated with %d", r.status)
	}
	i.as("editor@acme")
	var acts []struct{ Action, Actor string }
	operator.must(operator.call("GET", "users/"+id+"/activity?limit=100", nil), 200, &acts)
	seen := map[string]bool{}
	for _, act := range acts {
		seen[act.Action+" by "+act.Actor] = true
	}
	for _, want := range []string{"user.signed_in by editor of acme", "user.disabled by Ada Acme", "user.enabled by Ada Acme"} {
		if !seen[want] {
			t.Errorf("the activity lacks %q: %v", want, seen)
		}
	}
}

// cursorIn is where the list of an answer goes on.
func cursorIn(t testing.TB, r reply) string {
	t.Helper()
	_, rest, found := strings.Cut(string(r.body), `"next_cursor":"`)
	cursor, _, _ := strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("the list ends: %s", r.body)
	}
	return cursor
}

func TestAnOperatorIsLeftWhateverHappensAtOnce(t *testing.T) {
	t.Parallel()
	i := prepared(t)
	for _, email := range []string{"admin@acme.test", "editor@acme.test"} {
		if _, stderr, code := i.command("user", "promote", "--email", email); code != 0 {
			t.Fatalf("promote ends with %d: %s", code, stderr)
		}
	}
	i.serve()
	operators := []*client{i.as("owner@acme"), i.as("admin@acme"), i.as("editor@acme")}
	emails := []string{"owner@acme.test", "admin@acme.test", "editor@acme.test"}
	var ids []string
	for _, c := range operators {
		ids = append(ids, c.id())
	}
	done := make(chan int)
	for n := range 20 {
		who, whom := operators[n%3], (n+1+n/3%2)%3
		go func() {
			method, path, body := "POST", "users/"+ids[whom]+"/suspend", any(nil)
			if n%5 == 4 {
				method, path, body = "DELETE", "users/me", map[string]string{"email": emails[n%3]}
			}
			r, err := who.try(method, path, body)
			if err != nil {
				r.status = 0
			}
			done <- r.status
		}()
	}
	count := map[int]int{}
	for range 20 {
		count[<-done]++
	}
	if count[200] > 2 || count[0]+count[500] > 0 {
		t.Errorf("the answers are %v", count)
	}
	i.stop()
	if left := i.count("SELECT count(*) FROM t_user WHERE operator AND suspended_at IS NULL"); left < 1 {
		t.Errorf("%d operators are left; the answers are %v", left, count)
	}
}
