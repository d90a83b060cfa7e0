package contract

import (
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
	out, err := exec.Command("node", filepath.Join(instance.Root, "ui/assets/node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js"), path).CombinedOutput()
	if err != nil {
		t.Errorf("the validator refuses the document: %v\n%.2000s", err, out)
	}
}
