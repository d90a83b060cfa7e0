package flow

import (
	"testing"

	"zygo/app/field"
	"zygo/app/flow"
)

// The panel leads to where the guide describes the node.
func TestEachTypeLeadsToItsDocumentation(t *testing.T) {
	t.Parallel()
	docs := map[string]string{}
	for _, kind := range paletteTypes() {
		docs[kind.Name] = kind.Docs
	}
	for name, want := range map[string]string{"http": "/docs/nodes#http-request", "email": "/docs/nodes#send-e-mail", "connector.slack": "/docs/services-slack"} {
		if docs[name] != want {
			t.Errorf("%s leads to %q, want %q", name, docs[name], want)
		}
	}
}

// The card of a node says in a few words what it does.
func TestCardsSayWhatNodesDo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ kind, config, want string }{
		{"record", `{"kind":"incident"}`, "Find incidents"},
		{"record", `{"kind":"asset","operation":"create"}`, "Create an asset"},
		{"record", `{"kind":"incident","operation":"act","action":"acknowledge"}`, "Acknowledge an incident"},
		{"record", `{}`, "Find records, an item for each"},
		{"security", `{"op":"headers","url":"https://example.com/"}`, "example.com/"},
		{"security", `{"op":"ports","host":"db.example.com"}`, "db.example.com"},
		{"security", `{"op":"password"}`, "A password is in no known leak"},
		{"monitor", `{"op":"tcp","host":"db.example.com:5432"}`, "db.example.com:5432"},
		{"new", `{"value":"{{ $json.body.id }}"}`, "By body.id"},
		{"new", `{}`, "By the whole item"},
		{"if", `{"conditions":[{"left":"{{ $json.a }}","op":"equals","right":"b"}]}`, "a equals b"},
		{"delay", `{"amount":2,"unit":"days"}`, "2 days"},
	} {
		if got := nodeLine(&flow.Node{Type: test.kind, TypeVersion: 1, Config: field.JSON(test.config)}); got != test.want {
			t.Errorf("%s %s says %q, not %q", test.kind, test.config, got, test.want)
		}
	}
}
