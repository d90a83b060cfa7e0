package accounts

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

type account struct {
	ID, Name, Email, Organizations string
	Operator                       bool
	SuspendedAt                    *string `json:"suspended_at"`
}

func TestAnOperatorSuspendsAnAccountAtOnce(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	operator, admin, editor := i.As("owner@acme"), i.As("admin@acme"), i.As("editor@acme")
	given := i.SignIn("editor@acme")
	id := editor.UserID()
	for _, try := range []struct{ method, path string }{{"POST", "users/" + id + "/suspend"}, {"POST", "users/" + id + "/activate"},
		{"GET", "users/" + id + "/activity"}, {"GET", "admin/users"}, {"GET", "admin/users/" + id}, {"GET", "/admin/users"},
		{"GET", "/admin/users/" + id}} {
		if r := admin.Call(try.method, try.path, nil); r.Status != 403 && r.Status != 303 && r.Status != 401 {
			t.Errorf("an admin gets %s %s with %d", try.method, try.path, r.Status)
		}
	}
	var found []account
	operator.Must(operator.Call("GET", "admin/users?search=EDITOR@acme", nil), 200, &found)
	if len(found) != 1 || found[0].ID != id || found[0].Organizations != "Acme" || found[0].SuspendedAt != nil {
		t.Errorf("the search finds %+v", found)
	}
	for search, want := range map[string]int{"%": 0, "_": 0, "nobody": 0, "umbrella": 4, "": 8} {
		operator.Must(operator.Call("GET", "admin/users?limit=100&search="+strings.ReplaceAll(search, "%", "%25"), nil), 200, &found)
		if len(found) != want {
			t.Errorf("%q finds %d accounts", search, len(found))
		}
	}
	first := operator.Call("GET", "admin/users?limit=5", nil)
	cursor := cursorIn(t, first)
	operator.Must(operator.Call("GET", "admin/users?limit=5&cursor="+cursor, nil), 200, &found)
	if len(found) != 3 {
		t.Errorf("the second page has %d accounts", len(found))
	}
	stream := editor.Stream("events/stream")
	operator.Must(operator.Call("POST", "users/"+id+"/suspend", nil), 200, nil)
	instance.ExpectEnd(t, stream)
	nobody := &instance.Client{Instance: i}
	for what, r := range map[string]instance.Reply{
		"the session": editor.Call("GET", "users/me", nil),
		"the token":   (&instance.Client{Instance: i, Token: given.AccessToken}).Call("GET", "assets", nil),
		"the refresh": nobody.Call("POST", "auth/refresh", map[string]string{"refresh_token": given.RefreshToken}),
		"a sign-in":   nobody.SignIn("editor@acme.test", instance.Password),
	} {
		if r.Status != 401 {
			t.Errorf("%s of a suspended user answers %d", what, r.Status)
		}
	}
	if r := operator.Call("POST", "users/"+id+"/suspend", nil); r.Status != 409 {
		t.Errorf("the second time answers %d", r.Status)
	}
	if r := operator.Call("POST", "users/0/suspend", nil); r.Status != 404 {
		t.Errorf("nobody is suspended with %d", r.Status)
	}
	if r := operator.Call("POST", "users/"+operator.UserID()+"/suspend", nil); r.Status != 409 ||
		!strings.Contains(string(r.Body), "last operator") {
		t.Errorf("the last operator is suspended: %d %s", r.Status, r.Body)
	}
	operator.Must(operator.Call("POST", "users/"+id+"/activate", nil), 200, nil)
	if r := operator.Call("POST", "users/"+id+"/activate", nil); r.Status != 409 {
		t.Errorf("an active user is activated with %d", r.Status)
	}
	i.As("editor@acme")
	var acts []struct{ Action, Actor string }
	operator.Must(operator.Call("GET", "users/"+id+"/activity?limit=100", nil), 200, &acts)
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
func cursorIn(t testing.TB, r instance.Reply) string {
	t.Helper()
	_, rest, found := strings.Cut(string(r.Body), `"next_cursor":"`)
	cursor, _, _ := strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("the list ends: %s", r.Body)
	}
	return cursor
}

func TestAnOperatorIsLeftWhateverHappensAtOnce(t *testing.T) {
	t.Parallel()
	i := instance.Prepare(t)
	for _, email := range []string{"admin@acme.test", "editor@acme.test"} {
		if _, stderr, code := i.Command("user", "promote", "--email", email); code != 0 {
			t.Fatalf("promote ends with %d: %s", code, stderr)
		}
	}
	i.Serve()
	operators := []*instance.Client{i.As("owner@acme"), i.As("admin@acme"), i.As("editor@acme")}
	emails := []string{"owner@acme.test", "admin@acme.test", "editor@acme.test"}
	var ids []string
	for _, c := range operators {
		ids = append(ids, c.UserID())
	}
	done := make(chan int)
	for n := range 20 {
		who, whom := operators[n%3], (n+1+n/3%2)%3
		go func() {
			method, path, body := "POST", "users/"+ids[whom]+"/suspend", any(nil)
			if n%5 == 4 {
				method, path, body = "DELETE", "users/me", map[string]string{"email": emails[n%3]}
			}
			r, err := who.Try(method, path, body)
			if err != nil {
				r.Status = 0
			}
			done <- r.Status
		}()
	}
	count := map[int]int{}
	for range 20 {
		count[<-done]++
	}
	if count[200] > 2 || count[0]+count[500] > 0 {
		t.Errorf("the answers are %v", count)
	}
	i.Stop()
	if left := i.Count("SELECT count(*) FROM t_user WHERE operator AND suspended_at IS NULL"); left < 1 {
		t.Errorf("%d operators are left; the answers are %v", left, count)
	}
}
