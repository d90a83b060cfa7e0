package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

func TestOperationsAreCalledFromTheCommandLine(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	var made struct{ Key string }
	c.Must(c.Call("POST", "api-keys", map[string]any{"name": "Shell", "access": "all"}), 201, &made)
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(made.Key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	call := func(want int, arguments ...string) (out, failed string) {
		t.Helper()
		out, failed, code := instance.Command(t, append([]string{"api", "--server", i.URL, "--key-file", file}, arguments...)...)
		if code != want || strings.Contains(out+failed, made.Key) {
			t.Errorf("%q ends with %d: %s%s", arguments, code, out, failed)
		}
		return out, failed
	}
	out, _ := call(0, "POST", "incidents", "title=From the shell", `tags:=["shop"]`)
	var incident struct {
		ID, Title string
		Tags      []string
	}
	if err := json.Unmarshal([]byte(out), &incident); err != nil || incident.Title != "From the shell" || len(incident.Tags) != 1 {
		t.Fatalf("it made %s, %v", out, err)
	}
	if out, _ = call(0, "/api/v1/incidents/"+incident.ID); !strings.Contains(out, "From the shell") {
		t.Errorf("it shows %s", out)
	}
	if out, _ = call(0, "incidents", "limit=1", "search=shell", "--json"); !strings.Contains(out, `"total": 1`) {
		t.Errorf("the list is %s", out)
	}
	if _, failed := call(1, "POST", "incidents", "tags=1"); !strings.Contains(failed, "title is required") {
		t.Errorf("the refusal is %q", failed)
	}
	call(4, "incidents/01990000-0000-7000-8000-000000000000")
	call(2, "POST")
	call(2, "incidents", "title")
	call(2, "incidents", "title:={")
	if out, _ = call(0, "list", "incident", "--json"); !strings.Contains(out, `"path": "incidents/{id}/resolve"`) {
		t.Errorf("the operations are %s", out)
	}
	call(4, "list", "nothing like it")
	if _, failed, code := instance.Command(t, "api", "incidents"); code != 2 || !strings.Contains(failed, "ZYGO_API_KEY") {
		t.Errorf("without a key it ends with %d: %s", code, failed)
	}
}
