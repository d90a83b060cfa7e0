package tenants

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
	"zygo/store"
)

func TestAnOperatorSuspendsAnOrganizationAtOnce(t *testing.T) {
	t.Parallel()
	peer := counterpart.NewPeer(t)
	i := instance.Start(t, peer.Allow())
	operator, theirs := i.As("owner@acme"), i.As("owner@umbrella")
	id := instance.TenantOf(theirs)
	hook := theirs.PublishHook("umbrella")
	nobody := &instance.Client{Instance: i}
	if r := nobody.Call("POST", hook, map[string]any{}); r.Status >= 300 {
		t.Fatalf("the webhook answers %d %s", r.Status, r.Body)
	}
	path := "admin/tenants/" + id
	theirs.Expect(403, "POST", path+"/suspend", map[string]any{"reason": "Mine"})
	theirs.Expect(403, "GET", "admin/tenants", nil)
	operator.Expect(422, "POST", path+"/suspend", map[string]any{"reason": " "})
	operator.Expect(404, "POST", "admin/tenants/0/suspend", map[string]any{"reason": "Nobody"})
	slow := theirs.Publish("Two calls", []any{instance.Node("start", "trigger.manual", nil),
		instance.Node("first", "http", map[string]any{"method": "POST", "url": peer.URL + "/first"}),
		instance.Node("second", "http", map[string]any{"method": "POST", "url": peer.URL + "/second"})},
		[]any{instance.Link("start", "main", "first"), instance.Link("first", "main", "second")})
	stream := theirs.Stream("events/stream")
	peer.Mu.Lock()
	peer.Before = func(counterpart.Call) {
		operator.Expect(200, "POST", path+"/suspend", map[string]any{"reason": "Unpaid bills"})
	}
	peer.Mu.Unlock()
	var started struct{ ID string }
	theirs.Must(theirs.Call("POST", "workflows/"+slow+"/execute", map[string]any{}), 202, &started)
	instance.ExpectEnd(t, stream)
	if r := theirs.Call("GET", "assets", nil); r.Status != 403 || !strings.Contains(string(r.Body), "Unpaid bills") {
		t.Errorf("a suspended organization answers %d %s", r.Status, r.Body)
	}
	if r := nobody.Call("POST", hook, map[string]any{}); r.Status != 403 || !strings.Contains(string(r.Body), "closed") {
		t.Errorf("its webhook answers %d %s", r.Status, r.Body)
	}
	again := i.As("owner@umbrella")
	again.Expect(404, "POST", "tenants/"+id+"/users/"+again.UserID()+"/suspend", nil)
	operator.Expect(409, "POST", path+"/suspend", map[string]any{"reason": "Again"})
	operator.Expect(200, "PATCH", path, map[string]any{"support_tier": "gold"})
	peer.Mu.Lock()
	peer.Before = nil
	peer.Mu.Unlock()
	operator.Expect(200, "POST", path+"/activate", nil)
	operator.Expect(409, "POST", path+"/activate", nil)
	theirs.Expect(200, "GET", "assets", nil)
	if e := theirs.Finished(started.ID); e.Error == nil || e.Error.Code != "ORGANIZATION_CLOSED" || len(peer.Seen()) != 1 {
		t.Errorf("the execution is %s with %+v after %d calls", e.Status, e.Error, len(peer.Seen()))
	}
	var shown struct {
		SupportTier string `json:"support_tier"`
	}
	theirs.Must(theirs.Call("GET", "tenants/"+id+"/settings", nil), 200, &shown)
	if shown.SupportTier != "gold" {
		t.Errorf("the support tier is %q", shown.SupportTier)
	}
}

// holding counts the rows of each table that name a tenant in any column.
func holding(i *instance.Instance, tenant string) map[string]int {
	i.T.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(i.Dir, store.FileName)+"?mode=ro")
	if err != nil {
		i.T.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(
		"SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name LIKE 't\\_%' ESCAPE '\\' AND c.type = 'TEXT'")
	if err != nil {
		i.T.Fatal(err)
	}
	defer rows.Close()
	found := map[string]int{}
	for rows.Next() {
		var table, column string
		var count int
		if err := rows.Scan(&table, &column); err != nil {
			i.T.Fatal(err)
		}
		if err := db.QueryRow(fmt.Sprintf("SELECT count(*) FROM %s WHERE %s = ?", table, column), tenant).Scan(&count); err != nil {
			i.T.Fatal(err)
		}
		if count > 0 {
			found[table+"."+column] = count
		}
	}
	return found
}

func TestADeletedOrganizationIsGoneForGood(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	operator, owner, admin := i.As("owner@acme"), i.As("owner@umbrella"), i.As("admin@umbrella")
	here := instance.TenantOf(owner)
	catalogue.Foreign(t, i)
	catalogue.Fill(i, t, operator, "Acmerow", 0)
	upload := owner.Upload("Umbrella.png", instance.SmallPicture)
	owner.Expect(200, "PATCH", "tenants/"+here, map[string]any{"logo": upload})
	hook := owner.PublishHook("umbrella")
	path := "tenants/" + here
	admin.Expect(403, "DELETE", path, map[string]any{"name": "Umbrella"})
	operator.Expect(404, "DELETE", path, map[string]any{"name": "Umbrella"})
	owner.Expect(422, "DELETE", path, map[string]any{"name": "umbrella"})
	owner.Expect(200, "DELETE", path, map[string]any{"name": "Umbrella"})
	owner.Expect(409, "DELETE", path, map[string]any{"name": "Umbrella"})
	owner.Expect(200, "GET", "assets", nil)
	if r := admin.Call("GET", "assets", nil); r.Status != 403 || !strings.Contains(string(r.Body), "being deleted") {
		t.Errorf("in the grace an admin gets %d %s", r.Status, r.Body)
	}
	if r := (&instance.Client{Instance: i}).Call("POST", hook, map[string]any{}); r.Status != 403 {
		t.Errorf("in the grace the webhook answers %d", r.Status)
	}
	owner.Expect(200, "POST", path+"/restore", nil)
	owner.Expect(409, "POST", path+"/restore", nil)
	admin.Expect(200, "GET", "assets", nil)
	before := catalogue.Snapshot(t, operator)

	i.Stop()
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
		out, failed, code := i.Command(append([]string{"tenant"}, step.arguments...)...)
		if code != step.code || !strings.Contains(out+failed, step.says) {
			t.Errorf("%v ends with %d: %s%s", step.arguments, code, out, failed)
		}
	}
	if held := holding(i, here); held["t_ledger.tenant_id"] == 0 || held["t_asset.tenant_id"] == 0 {
		t.Fatalf("within the grace there is %v", held)
	}
	theirs := i.Count("SELECT count(*) FROM t_ledger WHERE tenant_id NOT IN ('" + here + "', '')")
	blobs, _ := filepath.Glob(filepath.Join(i.Dir, store.BlobDir, "*", "*"))
	i.Execute("UPDATE t_tenant SET delete_at = 1 WHERE slug = 'umbrella'")
	if out, failed, code := i.Command("tenant", "erase"); code != 0 {
		t.Fatalf("erase ends with %d: %s%s", code, out, failed)
	}
	for where, count := range holding(i, here) {
		if where != "t_ledger.resource_id" { // the instance's own chain says that it was
			t.Errorf("%s names the organization in %d rows", where, count)
		}
	}
	if left := i.Count("SELECT count(*) FROM t_ledger WHERE tenant_id NOT IN ('" + here + "', '')"); left != theirs {
		t.Errorf("another organization has %d entries and had %d", left, theirs)
	}
	after, _ := filepath.Glob(filepath.Join(i.Dir, store.BlobDir, "*", "*"))
	if len(after) > len(blobs) {
		t.Errorf("there are %d files and were %d", len(after), len(blobs))
	}
	if out, failed, code := i.Command("doctor"); code != 0 {
		t.Errorf("doctor ends with %d: %s%s", code, out, failed)
	}
	if _, err := executed(i, "DELETE FROM t_ledger WHERE seq = 1"); err == nil {
		t.Error("rows of the ledger can be deleted")
	}
	i.Serve()
	if now := catalogue.Snapshot(t, operator); now != before {
		t.Errorf("another organization changed:\n%s\n%s", before, now)
	}
	var certificates []struct {
		Name string
		Rows map[string]int64
	}
	operator.Must(operator.Call("GET", "admin/deletions", nil), 200, &certificates)
	if len(certificates) != 1 || certificates[0].Name != "Umbrella" || certificates[0].Rows["asset"] == 0 ||
		certificates[0].Rows["ledger"] == 0 || certificates[0].Rows["upload"] == 0 {
		t.Errorf("the certificates are %+v", certificates)
	}
	admin.Expect(403, "GET", "admin/deletions", nil)
	var mails []struct{ Recipient, Subject string }
	operator.Must(operator.Call("GET", "admin/outbox", nil), 200, &mails)
	subjects := fmt.Sprint(mails)
	if !strings.Contains(subjects, "Umbrella is deleted") || !strings.Contains(subjects, "Umbrella is being deleted") {
		t.Errorf("the mails are %s", subjects)
	}
	if instance.TenantOf(i.As("owner@umbrella")) != "" {
		t.Error("its owner is still in it")
	}
}

// executed tries a statement on the database of a stopped instance.
func executed(i *instance.Instance, statement string) (sql.Result, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(i.Dir, store.FileName))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return db.Exec(statement)
}
