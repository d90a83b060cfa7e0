package command

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"database/sql/driver"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modernc.org/sqlite"

	"zygo/app/acceptance/instance"
)

// sealed is a credential as n8n stores it.
func sealed(plain, key string) string {
	salt := []byte("saltsalt")
	salted := append([]byte(key), salt...)
	one := md5.Sum(salted)
	two := md5.Sum(append(one[:], salted...))
	three := md5.Sum(append(two[:], salted...))
	block, _ := aes.NewCipher(append(one[:], two[:]...))
	padding := aes.BlockSize - len(plain)%aes.BlockSize
	text := []byte(plain + strings.Repeat(string(rune(padding)), padding))
	cipher.NewCBCEncrypter(block, three[:]).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(append(append([]byte("Salted__"), salt...), text...))
}

// n8nDatabase is one with two workflows that call each other, as n8n 1.100 makes it.
func n8nDatabase(t *testing.T, key string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "database.sqlite")
	conn, err := (&sqlite.Driver{}).Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const caller = `[{"id":"a","name":"Start","type":"n8n-nodes-base.manualTrigger","typeVersion":1,"position":[0,0],"parameters":{}},
		{"id":"b","name":"Ask","type":"n8n-nodes-base.httpRequest","typeVersion":4.2,"position":[200,0],
			"parameters":{"url":"https://api.example.com","authentication":"genericCredentialType","genericAuthType":"httpBasicAuth"},
			"credentials":{"httpBasicAuth":{"id":"c1","name":"Shop API"}}},
		{"id":"c","name":"Other","type":"n8n-nodes-base.executeWorkflow","typeVersion":1.2,"position":[400,0],
			"parameters":{"workflowId":{"__rl":true,"mode":"list","value":"w2"},"options":{}}}]`
	const wires = `{"Start":{"main":[[{"node":"Ask","type":"main","index":0}]]},"Ask":{"main":[[{"node":"Other","type":"main","index":0}]]}}`
	const called = `[{"id":"a","name":"When called","type":"n8n-nodes-base.executeWorkflowTrigger","typeVersion":1.1,"position":[0,0],"parameters":{"inputSource":"passthrough"}},
		{"id":"b","name":"Region","type":"n8n-nodes-base.set","typeVersion":3.4,"position":[200,0],
			"parameters":{"assignments":{"assignments":[{"id":"x","name":"region","type":"string","value":"={{ $vars.region }}"}]},"options":{}}}]`
	for _, statement := range [][]string{
		{`CREATE TABLE workflow_entity (id varchar(36) PRIMARY KEY NOT NULL, name varchar(128) NOT NULL, active boolean NOT NULL, nodes text,
			connections text, settings text, staticData text, pinData text, versionId varchar(36), triggerCount integer NOT NULL DEFAULT 0,
			meta text, parentFolderId varchar(36), isArchived boolean NOT NULL DEFAULT 0)`},
		{`CREATE TABLE credentials_entity (id varchar(36) PRIMARY KEY NOT NULL, name varchar(128) NOT NULL, data text NOT NULL, type varchar(128) NOT NULL)`},
		{`CREATE TABLE tag_entity (id varchar(36) PRIMARY KEY NOT NULL, name varchar(24) NOT NULL)`},
		{`CREATE TABLE workflows_tags (workflowId varchar(36) NOT NULL, tagId varchar(36) NOT NULL)`},
		{`CREATE TABLE folder (id varchar(36) PRIMARY KEY NOT NULL, name varchar(128) NOT NULL, parentFolderId varchar(36))`},
		{`CREATE TABLE variables (id varchar(36) PRIMARY KEY NOT NULL, "key" varchar(50) NOT NULL, type varchar(50) NOT NULL, value varchar(255))`},
		{`INSERT INTO folder VALUES ('f1', 'Shop', NULL), ('f2', 'Orders', 'f1')`},
		{`INSERT INTO workflow_entity (id, name, active, nodes, connections, settings, parentFolderId) VALUES ('w1', 'Take orders', 1, ?, ?, '{}', 'f2')`, caller, wires},
		{`INSERT INTO workflow_entity (id, name, active, nodes, connections, settings) VALUES ('w2', 'Region', 0, ?,
			'{"When called":{"main":[[{"node":"Region","type":"main","index":0}]]}}', '{"executionOrder":"v1"}')`, called},
		{`INSERT INTO credentials_entity VALUES ('c1', 'Shop API', ?, 'httpBasicAuth')`, sealed(`{"user":"ada","password":"a-password"}`, key)},
		{`INSERT INTO tag_entity VALUES ('t1', 'money')`},
		{`INSERT INTO workflows_tags VALUES ('w1', 't1')`},
		{`INSERT INTO variables VALUES ('v1', 'region', 'string', 'eu')`},
	} {
		var given []driver.NamedValue
		for i, text := range statement[1:] {
			given = append(given, driver.NamedValue{Ordinal: i + 1, Value: text})
		}
		if _, err := conn.(driver.ExecerContext).ExecContext(context.Background(), statement[0], given); err != nil {
			t.Fatalf("%s: %v", statement[0], err)
		}
	}
	return path
}

// A whole n8n moves in: folders, variables, credentials as secrets, and workflows that call each other.
func TestAWholeN8nIsImported(t *testing.T) {
	t.Parallel()
	i := instance.Prepare(t)
	key := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(key, []byte(`{"encryptionKey":"of n8n"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	arguments := []string{"workflow", "import", "--from", "n8n", "--database", n8nDatabase(t, "of n8n"), "--encryption-key-file", key,
		"--organization", "acme"}
	out, failed, code := i.Command(append(arguments, "--dry-run")...)
	if code != 0 || !strings.Contains(out, "2 workflows, 2 folders, 1 variables, 1 secrets") || strings.Contains(out+failed, "a-password") {
		t.Fatalf("a dry run ends with %d: %s %s", code, out, failed)
	}
	if count := i.Count("SELECT count(*) FROM t_workflow"); count != 0 {
		t.Errorf("a dry run leaves %d workflows", count)
	}
	if out, failed, code := i.Command(arguments...); code != 0 {
		t.Fatalf("the import ends with %d: %s %s", code, out, failed)
	}
	i.Serve()
	c := i.As("owner@acme")
	var workflows []struct {
		ID, Name, Folder string
		Tags             []string
		Nodes            []struct {
			Type   string
			Config map[string]any
		}
	}
	c.Must(c.Call("GET", "workflows?sort_by=name&sort_order=desc", nil), 200, &workflows)
	if len(workflows) != 2 || workflows[0].Name != "Take orders" || workflows[0].Folder == "" || len(workflows[0].Tags) != 1 {
		t.Fatalf("there are %+v", workflows)
	}
	ask, call := workflows[0].Nodes[1].Config, workflows[0].Nodes[2].Config
	if ask["username"] != "ada" || ask["password"] != "{{ $secrets.SHOP_API }}" || call["workflow"] != workflows[1].ID {
		t.Errorf("the nodes are %v and %v", ask, call)
	}
	for _, w := range []int{1, 0} { // the one that is called first
		c.Must(c.Call("POST", "workflows/"+workflows[w].ID+"/publish", nil), 200, nil)
	}
	var folder struct{ Name, Parent string }
	c.Must(c.Call("GET", "workflow-folders/"+workflows[0].Folder, nil), 200, &folder)
	if folder.Name != "Orders" || folder.Parent == "" {
		t.Errorf("the folder is %+v", folder)
	}
	i.Stop()
	out, _, code = i.Command(append(arguments, "--json")...)
	if code != 0 || !strings.Contains(out, "is there already") {
		t.Errorf("a second import ends with %d: %s", code, out)
	}
	other := filepath.Join(t.TempDir(), "other")
	if err := os.WriteFile(other, []byte("another key"), 0o600); err != nil {
		t.Fatal(err)
	}
	arguments[7] = other
	if out, _, _ := i.Command(append(arguments, "--dry-run")...); !strings.Contains(out, "can't be opened with this encryption key") {
		t.Errorf("another key says %s", out)
	}
	for _, wrong := range [][]string{{"workflow", "import", "--database", "/no/such"}, {"workflow", "import", "--database", other}} {
		if _, failed, code := i.Command(append(wrong, "--organization", "acme")...); code == 0 {
			t.Errorf("%v ends with %d: %s", wrong, code, failed)
		}
	}
}
