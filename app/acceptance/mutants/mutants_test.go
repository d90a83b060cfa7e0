// Package mutants takes one safety away at a time and wants the tests to go red: a test that can't fail holds nothing.
package mutants

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../../.."

// TestEveryMutantFitsTheSource fails when the code that a mutant changes has changed itself.
func TestEveryMutantFitsTheSource(t *testing.T) {
	t.Parallel()
	for _, m := range slices.Concat(ofPlatform, ofMemory, ofQueue, ofOperations, ofEngine) {
		text, err := os.ReadFile(filepath.Join(root, m.file))
		if err != nil {
			t.Fatal(err)
		}
		for _, from := range []string{m.from, m.also} {
			if count := strings.Count(string(text), from); from != "" && count != 1 {
				t.Errorf("%s: %s holds %q %d times", m.name, m.file, from, count)
			}
		}
	}
}

// needed are what the tests drive and the set-up installed, which a clone lacks.
var needed = []string{
	".cache/axe.min.js",
	".cache/webhooks-examples.json",
	".cache/pebble",
	".cache/pebble-challtestsrv",
	"app/acceptance/social/testdata/openid/node_modules",
	"app/acceptance/factors/testdata/twilio/node_modules",
}

// TestMutantsAreCaught changes a clone for each mutant, builds it and runs the tests that have to notice. It takes most of an
// hour, so that it runs only where TEST_MUTANTS is set: to "all", or to a pattern of names as -run takes them.
func TestMutantsAreCaught(t *testing.T) {
	if os.Getenv("TEST_MUTANTS") == "" {
		t.Skip("make mutants runs it")
	}
	tree := filepath.Join(t.TempDir(), "zygo")
	if out, err := exec.Command("git", "clone", "-q", root, tree).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if err := os.MkdirAll(filepath.Join(tree, ".cache"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range needed {
		from, err := filepath.Abs(filepath.Join(root, path))
		if err != nil || os.Symlink(from, filepath.Join(tree, path)) != nil {
			t.Fatalf("the clone lacks %s: %v", path, err)
		}
	}
	for _, m := range slices.Concat(ofPlatform, ofMemory, ofQueue, ofOperations, ofEngine) {
		t.Run(m.name, func(t *testing.T) {
			file := filepath.Join(tree, m.file)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			mutated := strings.Replace(string(text), m.from, m.to, 1)
			if m.also != "" {
				mutated = strings.Replace(mutated, m.also, m.then, 1)
			}
			if err := os.WriteFile(file, []byte(mutated), 0o600); err != nil {
				t.Fatal(err)
			}
			defer os.WriteFile(file, text, 0o600)
			if out, err := in(tree, "build", "./...").CombinedOutput(); err != nil {
				t.Fatalf("the mutant does not build: %s", out)
			}
			// A test that hangs has noticed, too.
			tests := in(tree, "test", "-vet=off", "-count=1", "-timeout=4m", "./"+m.folder, "-run", m.run)
			out, err := tests.CombinedOutput()
			if err == nil {
				t.Errorf("the tests stay green:\n%s", out)
			}
			if strings.Contains(string(out), "no tests to run") || strings.Contains(string(out), "[build failed]") {
				t.Errorf("no test ran:\n%s", out)
			}
		})
	}
}

func in(dir string, arguments ...string) *exec.Cmd {
	c := exec.Command("go", arguments...)
	c.Dir = dir
	return c
}
