package flow

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/store"
)

// A large call is shown as it came, also after a backup and a restore, its data is in no list, and a missing file is noticed.
func TestLargeCalls(t *testing.T) {
	t.Parallel()
	i := instance.Start(t, "server.body_limit=4MiB")
	c := i.As("editor@acme")
	hook := c.PublishHook("acme")
	file := strings.Repeat("large ", 1<<18)
	caller := &instance.Client{Instance: i}
	caller.Must(caller.Call("POST", hook, map[string]any{"file": file}), 202, nil)
	var list []map[string]any
	c.Must(c.Call("GET", "executions", nil), 200, &list)
	if _, shown := list[0]["input"]; len(list) != 1 || shown {
		t.Fatalf("the list shows %.300v", list)
	}
	id := list[0]["id"].(string)
	c.Finished(id)
	backup, into := filepath.Join(t.TempDir(), "all.tar.gz"), filepath.Join(t.TempDir(), "restored")
	if out, wrong, code := i.Command("backup", "create", backup); code != 0 {
		t.Fatalf("backup: %s%s", out, wrong)
	}
	if out, wrong, code := instance.Command(t, "backup", "restore", backup, "--data-dir", into); code != 0 {
		t.Fatalf("restore: %s%s", out, wrong)
	}
	restored := &instance.Instance{T: t, Dir: into}
	restored.Serve()
	for where, client := range map[string]*instance.Client{"here": c, "restored": restored.As("viewer@acme")} {
		if answer := client.Call("GET", "executions/"+id, nil); answer.Status != 200 || strings.Count(string(answer.Body), file) < 3 {
			t.Errorf("%s the execution answers %d with %d bytes", where, answer.Status, len(answer.Body))
		}
	}
	restored.Stop()
	if err := os.RemoveAll(filepath.Join(into, store.PayloadDir)); err != nil {
		t.Fatal(err)
	}
	if out, wrong, code := instance.Command(t, "doctor", "--data-dir", into); code == 0 || !strings.Contains(out+wrong, "missing") {
		t.Errorf("without its files doctor ends with %d: %s%s", code, out, wrong)
	}
}
