// Package oracle tells what workflows give in a real n8n, so that tests see whether an imported workflow does the same here.
// testdata has the cases as they were observed; its README says how. Start reading at Read; Tally counts who agrees and holds
// the list of deliberate differences.
package oracle

import (
	"compress/gzip"
	"embed"
	"encoding/json"
	"testing"
)

//go:embed testdata
var data embed.FS

// Case is a workflow of n8n with what came of it. It begins with Items at its node Start, or with Requests to its webhook.
type Case struct {
	ID, Group string
	Workflow  json.RawMessage
	Items     json.RawMessage
	Answer    Answer
	Requests  []Request
	Answers   []struct {
		Response   Response
		Executions []Answer
	}
}

// Request is a call of a webhook.
type Request struct {
	Path, Method, Body string
	Headers            map[string]string
}

// Response is what the caller of a webhook got.
type Response struct {
	Status           int
	Headers          map[string]any
	Body, BodyBase64 string
}

// Answer is an execution: the names of the nodes in the order of their runs, and by name a list of runs, or a text where what the
// node gave is random.
type Answer struct {
	Order []string
	Nodes map[string]json.RawMessage
}

// Read reads the cases of a file: nodes or webhooks.
func Read(t testing.TB, name string) (cases []Case) {
	t.Helper()
	packed, err := data.Open("testdata/" + name + ".json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	text, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(text).Decode(&cases); err != nil {
		t.Fatal(err)
	}
	return cases
}
