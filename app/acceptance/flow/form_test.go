package flow

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// publishForm publishes a workflow that a form starts.
func publishForm(owner *instance.Client, config map[string]any) string {
	return owner.Publish("Form "+config["path"].(string), []any{instance.Node("sheet", "trigger.form", config)}, nil)
}

func inputsOf(t *testing.T, owner *instance.Client, workflow string) (all []string) {
	t.Helper()
	var rows []struct {
		ID, Trigger string
		Input       json.RawMessage
	}
	owner.Must(owner.Call("GET", "executions?filter[workflow_id]="+workflow, nil), 200, &rows)
	for _, row := range rows {
		all = append(all, row.Trigger+" "+string(owner.Finished(row.ID).Output))
	}
	return all
}

func TestStrangersFillInAForm(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner := i.As("owner@acme")
	id := publishForm(owner, map[string]any{"path": "jobs/apply", "title": "Apply <now>", "description": "**Two** questions",
		"closing": "Thanks, *we* call.", "redirect": "https://example.com/thanks", "fields": []any{
			map[string]any{"name": "name", "label": "Your name", "required": true},
			map[string]any{"name": "cv", "type": "file"},
			map[string]any{"name": "kind", "type": "dropdown", "options": []any{"full", "half"}},
			map[string]any{"name": "source", "type": "hidden", "value": "direct"},
		}})
	stranger := &instance.Client{Instance: i}
	const address = "/forms/acme/jobs/apply"
	page := stranger.Call("GET", address+"?source=fair", nil)
	for _, want := range []string{"Apply &lt;now&gt;", "<strong>Two</strong>", `for="field-name"`, `enctype="multipart/form-data"`, `value="fair"`,
		`name="homepage_url"`, "Acme"} {
		if page.Status != 200 || !strings.Contains(string(page.Body), want) {
			t.Errorf("the form answers %d without %s", page.Status, want)
		}
	}
	if page.Header.Get("Set-Cookie") != "" {
		t.Errorf("the form sets the cookie %s", page.Header.Get("Set-Cookie"))
	}
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, text := range map[string]string{"name": "Ada", "cv": "", "kind": "half", "source": "fair", "homepage_url": ""} {
		if err := parts.WriteField(name, text); err != nil {
			t.Fatal(err)
		}
	}
	file, err := parts.CreateFormFile("cv", "../cv.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write([]byte("I can count.")); err != nil {
		t.Fatal(err)
	}
	parts.Close()
	answer := stranger.Call("POST", address, body.String(), "Content-Type", parts.FormDataContentType(), "Origin", "https://shop.example",
		"Sec-Fetch-Site", "cross-site")
	if answer.Status != 303 || answer.Header.Get("Location") != address+"?form_sent" {
		t.Fatalf("a form answers %d %s", answer.Status, answer.Body)
	}
	sent := stranger.Call("GET", answer.Header.Get("Location"), nil)
	if !strings.Contains(string(sent.Body), "Thanks, <em>we</em> call.") || sent.Header.Get("Refresh") != "0; url=https://example.com/thanks" {
		t.Errorf("a form that was sent leads to %d %s", sent.Status, sent.Header.Get("Refresh"))
	}
	post := func(form url.Values) instance.Reply {
		return stranger.Call("POST", address, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	}
	refused := post(url.Values{"name": {"<b>"}, "kind": {"quarter"}})
	if refused.Status != 422 || !strings.Contains(string(refused.Body), "kind is none of the options.") ||
		!strings.Contains(string(refused.Body), `value="&lt;b&gt;"`) {
		t.Errorf("a wrong choice answers %d %s", refused.Status, refused.Body)
	}
	if trapped := post(url.Values{"name": {"Bot"}, "homepage_url": {"https://spam.example"}}); trapped.Status != 303 {
		t.Errorf("a program is answered %d", trapped.Status)
	}
	for _, path := range []string{"/forms/acme/jobs", "/forms/umbrella/jobs/apply", "/forms/acme", "/hooks/acme/jobs/apply"} {
		if got := stranger.Call("GET", path, nil); got.Status != 404 {
			t.Errorf("%s answers %d", path, got.Status)
		}
	}
	if got := stranger.Call("POST", address, `{"name":"x"}`, "Content-Type", "application/json"); got.Status != 415 {
		t.Errorf("JSON answers %d", got.Status)
	}
	inputs := inputsOf(t, owner, id)
	if len(inputs) != 1 || !strings.Contains(inputs[0], `"name":"Ada","cv":{"name":"cv.txt"`) ||
		!strings.Contains(inputs[0], `"source":"fair"`) || strings.Contains(inputs[0], "member") || strings.Contains(inputs[0], "homepage_url") {
		t.Errorf("the form started %v", inputs)
	}
	if !strings.Contains(string(owner.Call("GET", "/workflows/"+id, nil).Body), "/jobs/apply") {
		t.Error("the page of the workflow doesn't show the address")
	}
	owner.Must(owner.Call("POST", "workflows/"+id+"/disable", nil), 200, nil)
	if got := stranger.Call("GET", address, nil); got.Status != 404 {
		t.Errorf("a disabled form answers %d", got.Status)
	}
}

func TestMembersFillInAForm(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner := i.As("owner@acme")
	id := publishForm(owner, map[string]any{"path": "leave", "title": "Leave", "access": "members", "fields": []any{
		map[string]any{"name": "day", "type": "date", "required": true}}})
	if got := (&instance.Client{Instance: i}).Call("GET", "/forms/acme/leave", nil); got.Status != 303 ||
		!strings.HasPrefix(got.Header.Get("Location"), "/login?next=") {
		t.Errorf("a stranger is answered %d %s", got.Status, got.Header.Get("Location"))
	}
	if got := i.As("owner@umbrella").Call("GET", "/forms/acme/leave", nil); got.Status != 404 {
		t.Errorf("a member of another organization is answered %d", got.Status)
	}
	form := url.Values{"day": {"2026-12-24"}}
	if got := owner.Call("POST", "/forms/acme/leave", form.Encode(), "Content-Type", "application/x-www-form-urlencoded"); got.Status != 403 {
		t.Errorf("without its token the form answers %d", got.Status)
	}
	page := string(owner.Call("GET", "/forms/acme/leave", nil).Body)
	_, token, _ := strings.Cut(page, `name="form_token" value="`)
	token, _, _ = strings.Cut(token, `"`)
	form.Set("form_token", token)
	if got := owner.Call("POST", "/forms/acme/leave", form.Encode(), "Content-Type", "application/x-www-form-urlencoded"); got.Status != 303 {
		t.Errorf("a member is answered %d %s", got.Status, got.Body)
	}
	if inputs := inputsOf(t, owner, id); len(inputs) != 1 || !strings.Contains(inputs[0], `"day":"2026-12-24"`) ||
		!strings.Contains(inputs[0], `"member":{"id":"`) || strings.Contains(inputs[0], "form_token") {
		t.Errorf("the form started %v", inputs)
	}
}
