package house

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// marked are phrases that almost always belong to a sentence that people have to read twice. They are spelt here in pieces,
// so that this file has none.
var marked = regexp.MustCompile(`(?i)\b(` + strings.Join([]string{"but" + " for", "who" + "ever", "is an" + "other",
	"at" + " last", "of" + " before", "is told" + " of", "which is to" + " become", "for" + " ever", "in step" + " with"}, "|") + `)\b`)

// What people read is plain: pages, messages, mails, the guide, the command line, and comments.
func TestSentencesAreReadOnce(t *testing.T) {
	t.Parallel()
	var paths []string
	for _, f := range source(t) {
		if !strings.HasPrefix(f.path, "app/identity/guess/") {
			paths = append(paths, f.path)
		}
	}
	for _, pattern := range []string{"embed/docs/*.md", "embed/templates/*.html", "embed/mail/*", "embed/workflows/*", "embed/connectors/*", "ui/assets/scripts/*.js", "README.md"} {
		found, err := filepath.Glob(filepath.Join(instance.Root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s is not there: %v", pattern, err)
		}
		for _, path := range found {
			paths = append(paths, strings.TrimPrefix(path, instance.Root+"/"))
		}
	}
	for _, path := range paths {
		text, err := os.ReadFile(filepath.Join(instance.Root, path))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if found := marked.FindString(line); found != "" {
				t.Errorf("%s:%d says %q; write it plainly", path, i+1, found)
			}
		}
	}
}
