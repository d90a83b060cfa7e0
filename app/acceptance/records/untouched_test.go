package records

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// TestASaveChangesOnlyWhatWasTouched corrects a word of a timeline entry, whose time has seconds that the form doesn't show, and
// saves a form in which nothing was changed.
func TestASaveChangesOnlyWhatWasTouched(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c, v := i.As("editor@acme"), i.Traveller()
	v.Send("POST", "/login", instance.FormType, url.Values{"email": {"editor@acme.test"}, "password": {instance.Password}}.Encode())
	incident := "incidents/" + c.Raise("sev3", "It broke")[0]
	type entry struct {
		ID         string
		Text       string
		HappenedAt string `json:"happened_at"`
		Version    int
	}
	var made, now entry
	const at = "2026-01-31T10:00:42.123Z"
	c.Must(c.Call("POST", incident+"/timeline", map[string]any{"text": "A wrod", "happened_at": at}), 201, &made)
	path := incident + "/timeline/" + made.ID
	save := func(version int, text, happened string) int {
		t.Helper()
		form := url.Values{"form_token": {v.Token("/" + path + "/edit")}, "version": {strconv.Itoa(version)}, "text": {text},
			"happened_at": {happened}}
		return v.Send("POST", "/"+path, instance.FormType, form.Encode()).Status
	}
	if status := save(made.Version, "A word", "2026-01-31T10:00"); status != 303 {
		t.Errorf("saving answers %d", status)
	}
	c.Must(c.Call("GET", path, nil), 200, &now)
	if now.Text != "A word" || now.HappenedAt != at {
		t.Errorf("the entry is %+v", now)
	}
	before := now
	if status := save(now.Version, "A word", "2026-01-31T10:00"); status != 303 {
		t.Errorf("saving nothing answers %d", status)
	}
	if c.Must(c.Call("GET", path, nil), 200, &now); now != before {
		t.Errorf("saving nothing made %+v of %+v", now, before)
	}
	// The control: what is changed is stored, and a form of another version is not.
	save(now.Version, "A word", "2026-01-31T11:00")
	if c.Must(c.Call("GET", path, nil), 200, &now); !strings.HasPrefix(now.HappenedAt, "2026-01-31T11:00:00") {
		t.Errorf("another time is stored as %s", now.HappenedAt)
	}
	if status := save(before.Version, "Something else", "2026-01-31T10:00"); status != 412 {
		t.Errorf("a form of an older version answers %d", status)
	}
}
