package n8n

import (
	"strings"
	"testing"

	"zygo/app/value"
)

// tablesOf answers as a database of n8n does.
func tablesOf(t *testing.T, tables map[string]string) func(sql string) ([]value.Value, error) {
	return func(sql string) ([]value.Value, error) {
		var rows []value.Value
		if strings.Contains(sql, "sqlite_master") {
			for name := range tables {
				rows = append(rows, object(text("name", name)))
			}
			return rows, nil
		}
		all, err := value.Parse([]byte(tables[strings.TrimPrefix(sql, "SELECT * FROM ")]), value.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range all.Elements() {
			rows = append(rows, row)
		}
		return rows, nil
	}
}

func TestAnInstanceIsRead(t *testing.T) {
	t.Parallel()
	nodes := `[{\"id\":\"a\",\"name\":\"Hook\",\"type\":\"n8n-nodes-base.webhook\",\"typeVersion\":2,\"parameters\":{\"path\":\"in\",\"authentication\":\"headerAuth\"},\"credentials\":{\"httpHeaderAuth\":{\"id\":\"c1\",\"name\":\"Callers\"}}},` +
		`{\"id\":\"b\",\"name\":\"Tell\",\"type\":\"n8n-nodes-base.telegram\",\"typeVersion\":1.2,\"parameters\":{\"chatId\":\"7\",\"text\":\"Hi\"},\"credentials\":{\"telegramApi\":{\"id\":\"c2\",\"name\":\"Team bot\"}}},` +
		`{\"id\":\"c\",\"name\":\"Other\",\"type\":\"n8n-nodes-base.executeWorkflow\",\"typeVersion\":1.2,\"parameters\":{\"workflowId\":{\"__rl\":true,\"value\":\"w2\"}}}]`
	in, err := ReadInstance(tablesOf(t, map[string]string{
		"workflow_entity": `[{"id":"w1","name":"One","nodes":"` + nodes + `","connections":"{}","settings":"{\"errorWorkflow\":\"w2\"}","parentFolderId":"f2"},
			{"id":"w2","name":"Two","nodes":"[]","connections":"{}","settings":"{}","parentFolderId":null},
			{"id":"w3","name":"Broken","nodes":"[","connections":"{}"}]`,
		"credentials_entity": `[{"id":"c1","name":"Callers","type":"httpHeaderAuth","data":"` + seal(`{"name":"X-Key","value":"v"}`, "k") + `"},
			{"id":"c2","name":"Team bot","type":"telegramApi","data":"` + seal(`{"accessToken":"12:ab"}`, "k") + `"},
			{"id":"c3","name":"Sealed","type":"x","data":"` + seal(`{}`, "another") + `"}]`,
		"tag_entity": `[{"id":"t1","name":"money"}]`, "workflows_tags": `[{"workflowId":"w1","tagId":"t1"}]`,
		"folder":    `[{"id":"f1","name":"Shop","parentFolderId":null},{"id":"f2","name":"Bills","parentFolderId":"f1"}]`,
		"variables": `[{"key":"region","value":"eu"}]`,
	}), "k")
	if err != nil {
		t.Fatal(err)
	}
	first := in.Workflows[0]
	if len(in.Workflows) != 2 || strings.Join(first.Folder, "/") != "Shop/Bills" || strings.Join(first.Tags, ",") != "money" ||
		len(in.Variables) != 1 || len(in.Credentials) != 2 || len(in.Notes) != 2 {
		t.Errorf("there came %+v", in)
	}
	made, err := in.Workflows[0].In(Known{Workflows: map[string]string{"w2": "here"}, Credentials: in.Credentials})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"auth":"header","header":"X-Key","secret":"CALLERS"`, `"token":"{{ $secrets.TEAM_BOT }}"`, `"workflow":"here"`} {
		if !strings.Contains(made.Nodes.JSON(), want) {
			t.Errorf("the nodes are %s\nwithout %s", made.Nodes.JSON(), want)
		}
	}
	if made.Settings.Get("error_workflow").Raw() != "here" || len(made.Report.Notes) != 0 {
		t.Errorf("the settings are %s, the notes %+v", made.Settings.JSON(), made.Report.Notes)
	}
	if len(made.Secrets) != 2 || made.Secrets[0] != (Secret{"CALLERS", "v"}) || made.Secrets[1] != (Secret{"TEAM_BOT", "12:ab"}) {
		t.Errorf("the secrets are %+v", made.Secrets)
	}
	if _, err := ReadInstance(tablesOf(t, map[string]string{"other": "[]"}), ""); err == nil {
		t.Error("a database of something else is read")
	}
}
