package acceptance

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zygo/store"
)

// hooked publishes a workflow that a webhook starts, and gives its address.
func (c *client) hooked(slug string) string {
	c.i.t.Helper()
	c.publish("Hooked", []any{n("hook", "trigger.webhook", map[string]any{"path": "in", "auth": "none"}), n("mark", "set", map[string]any{"assignments": []any{map[string]any{"name": "x", "value": "1"}}})}, chain("hook", "mark"))
	return "/hooks/" + slug + "/in"
}

func TestAnOperatorSuspendsAnOrganizationAtOnce(t *testing.T) {
	t.Parallel()
	peer := newPeer(t)
	i := start(t, peer.allow())
	operator, theirs := i.as("owner@acme"), i.as("owner@umbrella")
	id := tenantOf(theirs)
	hook := theirs.hooked("umbrella")
	nobody := &client{i: i}
	if r := nobody.call("POST", hook, map[string]any{}); r.status >= 300 {
		t.Fatalf("the webhook answers %d %s", r.status, r.body)
	}
	path := "admin/tenants/" + id
	theirs.wants(403, "POST", path+"/suspend", map[string]any{"reason": "Mine"})
	theirs.wants(403, "GET", "admin/tenants", nil)
	operator.wants(422, "POST", path+"/suspend", map[string]any{"reason": " "})
	operator.wants(404, "POST", "admin/tenants/0/suspend", map[string]any{"reason": "Nobody"})
	slow := theirs.publish("Two calls", []any{n("start", "trigger.manual", nil), n("first", "http", map[string]any{"method": "POST", "url": peer.URL + "/first"}), n("second", "http", map[string]any{"method": "POST", "url": peer.URL + "/second"})},
		[]any{link("start", "main", "first"), link("first", "main", "second")})
	stream := theirs.stream("events/stream")
	peer.mu.Lock()
	peer.before = func(call) { operator.wants(200, "POST", path+"/suspend", map[string]any{"reason": "Unpaid bills"}) }
	peer.mu.Unlock()
	var started struct{ ID string }
	theirs.must(theirs.call("POST", "workflows/"+slow+"/execute", map[string]any{}), 202, &started)
	endsWithin(t, stream, 10*time.Second)
	if r := theirs.call("GET", "assets", nil); r.status != 403 || !strings.Contains(string(r.body), "Unpaid bills") {
		t.Errorf("a suspended organization answers %d %s", r.status, r.body)
	}
	if r := nobody.call("POST", hook, map[string]any{}); r.status != 403 || !strings.Contains(string(r.body), "closed") {
		t.Errorf("its webhook answers %d %s", r.status, r.body)
	}
	again := i.as("owner@umbrella")
	again.wants(404, "POST", "tenants/"+id+"/users/"+again.id()+"/suspend", nil)
	operator.wants(409, "POST", path+"/suspend", map[string]any{"reason": "Again"})
	operator.wants(200, "PATCH", path, map[string]any{"support_tier": "gold"})
	peer.mu.Lock()
	peer.before = nil
	peer.mu.Unlock()
	operator.wants(200, "POST", path+"/activate", nil)
	operator.wants(409, "POST", path+"/activate", nil)
	theirs.wants(200, "GET", "assets", nil)
	if e := theirs.finished(started.ID); e.Error == nil || e.Error.Code != "ORGANIZATION_CLOSED" || len(peer.seen()) != 1 {
		t.Errorf("the execution is %s with %+v after %d calls", e.Status, e.Error, len(peer.seen()))
	}
	var shown struct {
		SupportTier string `json:"support_tier"`
	}
	theirs.must(theirs.call("GET", "tenants/"+id+"/settings", nil), 200, &shown)
	if shown.SupportTier != "gold" {
		t.Errorf("the support tier is %q", shown.SupportTier)
	}
}

// holding counts the rows of each table that name a tenant in any column.
func (i *instance) holding(tenant string) map[string]int {
	i.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(i.dir, store.FileName)+"?mode=ro")
	if err != nil {
		i.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name LIKE 't\\_%' ESCAPE '\\' AND c.type = 'TEXT'")
	if err != nil {
		i.t.Fatal(err)
	}
	defer rows.Close()
	found := map[string]int{}
	for rows.Next() {
		var table, column string
		var count int
		if err := rows.Scan(&table, &column); err != nil {
			i.t.Fatal(err)
		}
		if err := db.QueryRow(fmt.Sprintf("SELECT count(*) FROM %s WHERE %s = ?", table, column), tenant).Scan(&count); err != nil {
			i.t.Fatal(err)
		}
		if count > 0 {
			found[table+"."+column] = count
		}
	}
	return found
}

func TestADeletedOrganizationIsGoneForGood(t *testing.T) {
	t.Parallel()
	i := start(t)
	operator, owner, admin := i.as("owner@acme"), i.as("owner@umbrella"), i.as("admin@umbrella")
	here := tenantOf(owner)
	foreign(t, i)
	i.fill(t, operator, "Acmerow", 2)
	upload := owner.upload("Umbrella.png", smallPicture)
	owner.wants(200, "PATCH", "tenants/"+here, map[string]any{"logo": upload})
	hook := owner.hooked("umbrella")
	path := "tenants/" + here
	admin.wants(403, "DELETE", path, map[string]any{"name": "Umbrella"})
	operator.wants(404, "DELETE", path, map[string]any{"name": "Umbrella"})
	owner.wants(422, "DELETE", path, map[string]any{"name": "umbrella"})
	owner.wants(200, "DELETE", path, map[string]any{"name": "Umbrella"})
	owner.wants(409, "DELETE", path, map[string]any{"name": "Umbrella"})
	owner.wants(200, "GET", "assets", nil)
	if r := admin.call("GET", "assets", nil); r.status != 403 || !strings.Contains(string(r.body), "being deleted") {
		t.Errorf("in the grace an admin gets %d %s", r.status, r.body)
	}
	if r := (&client{i: i}).call("POST", hook, map[string]any{}); r.status != 403 {
		t.Errorf("in the grace the webhook answers %d", r.status)
	}
	owner.wants(200, "POST", path+"/restore", nil)
	owner.wants(409, "POST", path+"/restore", nil)
	admin.wants(200, "GET", "assets", nil)
	before := snapshot(t, operator)

	i.stop()
	for _, step := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"delete", "--organization", "nobody"}, 4, "There is no organization"},
		{[]string{"delete", "--organization", "umbrella"}, 0, "14 days"},
		{[]string{"delete", "--organization", "umbrella"}, 3, "being deleted already"},
		{[]string{"list"}, 0, "deleted at"},
		{[]string{"restore", "--organization", "umbrella"}, 0, "taken back"},
		{[]string{"restore", "--organization", "umbrella"}, 3, "not being deleted"},
		{[]string{"delete", "--organization", "umbrella"}, 0, "14 days"},
		{[]string{"erase"}, 0, "removed"},
	} {
		out, failed, code := i.command(append([]string{"tenant"}, step.arguments...)...)
		if code != step.code || !strings.Contains(out+failed, step.says) {
			t.Errorf("%v ends with %d: %s%s", step.arguments, code, out, failed)
		}
	}
	if held := i.holding(here); held["t_ledger.tenant_id"] == 0 || held["t_asset.tenant_id"] == 0 {
		t.Fatalf("within the grace there is %v", held)
	}
	theirs := i.count("SELECT count(*) FROM t_ledger WHERE tenant_id NOT IN ('" + here + "', '')")
	blobs, _ := filepath.Glob(filepath.Join(i.dir, store.BlobDir, "*", "*"))
	i.execute("UPDATE t_tenant SET delete_at = 1 WHERE slug = 'umbrella'")
	if out, failed, code := i.command("tenant", "erase"); code != 0 {
		t.Fatalf("erase ends with %d: %s%s", code, out, failed)
	}
	for where, count := range i.holding(here) {
		if where != "t_ledger.resource_id" { // the instance's own chain says that it was
			t.Errorf("%s names the organization in %d rows", where, count)
		}
	}
	if left := i.count("SELECT count(*) FROM t_ledger WHERE tenant_id NOT IN ('" + here + "', '')"); left != theirs {
		t.Errorf("another organization has %d entries and had %d", left, theirs)
	}
	after, _ := filepath.Glob(filepath.Join(i.dir, store.BlobDir, "*", "*"))
	if len(after) > len(blobs) {
		t.Errorf("there are %d files and were %d", len(after), len(blobs))
	}
	if out, failed, code := i.command("doctor"); code != 0 {
		t.Errorf("doctor ends with %d: %s%s", code, out, failed)
	}
	if _, err := executed(i, "DELETE FROM t_ledger WHERE seq = 1"); err == nil {
		t.Error("rows of the ledger can be deleted")
	}
	i.serve()
	if now := snapshot(t, operator); now != before {
		t.Errorf("another organization changed:\n%s\n%s", before, now)
	}
	var certificates []struct {
		Name string
		Rows map[string]int64
	}
	operator.must(operator.call("GET", "admin/deletions", nil), 200, &certificates)
	if len(certificates) != 1 || certificates[0].Name != "Umbrella" || certificates[0].Rows["asset"] == 0 || certificates[0].Rows["ledger"] == 0 || certificates[0].Rows["upload"] == 0 {
		t.Errorf("the certificates are %+v", certificates)
	}
	admin.wants(403, "GET", "admin/deletions", nil)
	var mails []struct{ Recipient, Subject string }
	operator.must(operator.call("GET", "admin/outbox", nil), 200, &mails)
	if subjects := fmt.Sprint(mails); !strings.Contains(subjects, "Umbrella is deleted") || !strings.Contains(subjects, "Umbrella is being deleted") {
		t.Errorf("the mails are %s", subjects)
	}
	if tenantOf(i.as("owner@umbrella")) != "" {
		t.Error("its owner is still in it")
	}
}

// executed tries a statement on the database of a stopped instance.
func executed(i *instance, statement string) (sql.Result, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(i.dir, store.FileName))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return db.Exec(statement)
}
