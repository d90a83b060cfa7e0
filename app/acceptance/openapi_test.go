package acceptance

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The document is held to its word: a validator reads it, and every answer that any test gets from the API has to have the
// shape that the document promises.

func TestTheDocumentIsValidOpenAPI(t *testing.T) {
	t.Parallel()
	i := start(t)
	path := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(path, (&client{i: i}).call("GET", "/api/openapi.json", nil).body, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", filepath.Join(root, "ui/assets/node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js"), path).CombinedOutput()
	if err != nil {
		t.Errorf("the validator refuses the document: %v\n%.2000s", err, out)
	}
}

// documented are the schemas of the answers by "METHOD status" and path.
type documented struct {
	once     sync.Once
	err      error
	compiler *jsonschema.Compiler
	paths    []documentPath

	mu       sync.Mutex
	compiled map[string]*jsonschema.Schema
}

type documentPath struct {
	pattern *regexp.Regexp
	pointer string
	methods map[string]any
}

var answers = documented{compiled: map[string]*jsonschema.Schema{}}

func (p *documented) load(i *instance) {
	answer, err := (&client{i: i}).try("GET", "/api/openapi.json", nil)
	if err != nil {
		p.err = err
		return
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(answer.body))
	if err != nil {
		p.err = err
		return
	}
	p.compiler = jsonschema.NewCompiler()
	p.err = p.compiler.AddResource("openapi.json", document)
	paths, _ := document.(map[string]any)["paths"].(map[string]any)
	for path, methods := range paths {
		pattern := regexp.MustCompile(`\\\{[a-z_]+\\\}`).ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`)
		p.paths = append(p.paths, documentPath{regexp.MustCompile("^" + pattern + "$"), strings.ReplaceAll(path, "/", "~1"), methods.(map[string]any)})
	}
}

// check tells how an answer differs from what the document promises.
func (p *documented) check(i *instance, method, path string, r reply) error {
	p.once.Do(func() { p.load(i) })
	if p.err != nil {
		return p.err
	}
	path, ok := strings.CutPrefix(path, "/api/v1")
	if !ok || !strings.HasPrefix(r.header.Get("Content-Type"), "application/json") {
		return nil
	}
	path, _, _ = strings.Cut(path, "?")
	status := "2XX"
	if r.status >= 400 {
		status = "default"
	}
	var found *documentPath
	for i := range p.paths {
		one := &p.paths[i]
		// The path with fewer parameters is the one that the router takes.
		if one.methods[strings.ToLower(method)] != nil && one.pattern.MatchString(path) && (found == nil || strings.Count(one.pointer, "{") < strings.Count(found.pointer, "{")) {
			found = one
		}
	}
	if found == nil {
		if status == "default" {
			return nil // an address that does not exist is in no document
		}
		return fmt.Errorf("%s %s is not in the document", method, path)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	pointer := fmt.Sprintf("openapi.json#/paths/%s/%s/responses/%s/content/application~1json/schema", found.pointer, strings.ToLower(method), status)
	schema, known := p.compiled[pointer]
	if !known {
		var err error
		if schema, err = p.compiler.Compile(pointer); err != nil {
			return fmt.Errorf("%s %s promises no JSON for %s: %w", method, path, status, err)
		}
		p.compiled[pointer] = schema
	}
	answer, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.body))
	if err != nil {
		return err
	}
	if err := schema.Validate(answer); err != nil {
		return fmt.Errorf("%s %s answers what the document does not promise: %w\n%.500s", method, path, err, r.body)
	}
	return nil
}
