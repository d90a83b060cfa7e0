package instance

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

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

func (p *documented) load(i *Instance) {
	answer, err := (&Client{Instance: i}).Try("GET", "/api/openapi.json", nil)
	if err != nil {
		p.err = err
		return
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(answer.Body))
	if err != nil {
		p.err = err
		return
	}
	p.compiler = jsonschema.NewCompiler()
	p.err = p.compiler.AddResource("openapi.json", document)
	paths, _ := document.(map[string]any)["paths"].(map[string]any)
	for path, methods := range paths {
		pattern := regexp.MustCompile(`\\\{[a-z_]+\\\}`).ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`)
		p.paths = append(p.paths, documentPath{regexp.MustCompile("^" + pattern + "$"), strings.ReplaceAll(path, "/", "~1"),
			methods.(map[string]any)})
	}
}

// check tells how an answer differs from what the document promises.
func (p *documented) check(i *Instance, method, path string, r Reply) error {
	p.once.Do(func() { p.load(i) })
	if p.err != nil {
		return p.err
	}
	path, ok := strings.CutPrefix(path, "/api/v1")
	if !ok || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return nil
	}
	path, _, _ = strings.Cut(path, "?")
	status := "2XX"
	if r.Status >= 400 {
		status = "default"
	}
	var found *documentPath
	for i := range p.paths {
		one := &p.paths[i]
		// The path with fewer parameters is the one that the router takes.
		if one.methods[strings.ToLower(method)] != nil && one.pattern.MatchString(path) && (found == nil ||
			strings.Count(one.pointer, "{") < strings.Count(found.pointer, "{")) {
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
	pointer := fmt.Sprintf("openapi.json#/paths/%s/%s/responses/%s/content/application~1json/schema", found.pointer,
		strings.ToLower(method), status)
	schema, known := p.compiled[pointer]
	if !known {
		var err error
		if schema, err = p.compiler.Compile(pointer); err != nil {
			return fmt.Errorf("%s %s promises no JSON for %s: %w", method, path, status, err)
		}
		p.compiled[pointer] = schema
	}
	answer, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.Body))
	if err != nil {
		return err
	}
	if err := schema.Validate(answer); err != nil {
		return fmt.Errorf("%s %s answers what the document does not promise: %w\n%.500s", method, path, err, r.Body)
	}
	return nil
}
