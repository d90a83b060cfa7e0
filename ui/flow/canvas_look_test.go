package flow

import "testing"

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
