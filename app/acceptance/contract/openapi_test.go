package contract

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"zygo/app/acceptance/instance"
)

// The document is held to its word: a validator reads it, and every answer that any test gets from the API has to have the
// shape that the document promises.

func TestTheDocumentIsValidOpenAPI(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	path := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(path, (&instance.Client{Instance: i}).Call("GET", "/api/openapi.json", nil).Body, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node",
		filepath.Join(instance.Root, "ui/assets/node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js"), path).CombinedOutput()
	if err != nil {
		t.Errorf("the validator refuses the document: %v\n%.2000s", err, out)
	}
}

// The author of a client reads what comes back: no answer is an object of which nothing more is said.
func TestNoAnswerIsABareObject(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	type content map[string]struct{ Schema any }
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal((&instance.Client{Instance: i}).Call("GET", "/api/openapi.json", nil).Body, &document); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for path, methods := range document.Paths {
		for method, raw := range methods {
			var described struct {
				Responses map[string]struct{ Content content }
			}
			if method == "servers" || json.Unmarshal(raw, &described) != nil {
				continue
			}
			for media, shown := range described.Responses["2XX"].Content {
				if says(shown.Schema) {
					checked++
				} else {
					t.Errorf("%s %s answers %s of which nothing is said: %v", method, path, media, shown.Schema)
				}
			}
		}
	}
	if checked < 150 {
		t.Errorf("only %d answers are described", checked)
	}
}

// says tells whether a schema says more than that there is an object, and so does each of its parts.
func says(of any) bool {
	schema, ok := of.(map[string]any)
	if !ok {
		return false
	}
	if items, ok := schema["items"]; ok {
		return says(items)
	}
	if properties, ok := schema["properties"].(map[string]any); ok {
		if data, ok := properties["data"]; ok && properties["success"] != nil {
			return says(data)
		}
		return len(properties) > 0
	}
	if one, ok := schema["anyOf"].([]any); ok {
		return says(one[0])
	}
	return schema["type"] != "object" && len(schema) > 0 || schema["additionalProperties"] != nil
}
