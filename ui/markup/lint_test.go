package markup

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zygo/embed"
)

func templateTexts(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(embed.Templates, "templates/*.html")
	if err != nil || len(names) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	texts := map[string]string{}
	for _, name := range names {
		content, err := fs.ReadFile(embed.Templates, name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(content)
	}
	return texts
}

// html/template escapes what it knows to be a script or an address. Attributes of htmx are plain text to it, so that data
// inside those which htmx runs would be code.
var unsafeMarkup = map[string]*regexp.Regexp{
	"htmx runs hx-on":           regexp.MustCompile(`(?i)(data-)?hx-on`),
	"a handler in an attribute": regexp.MustCompile(`(?i)\son[a-z]+\s*=`),
	"an action in an attribute that htmx runs": regexp.MustCompile(
		`(?i)hx-(vals|headers|trigger|vars|request)\s*=\s*("[^"]*\{\{|'[^']*\{\{)`),
	"a value that htmx runs":                  regexp.MustCompile(`(?i)(js:|javascript:)`),
	"a filter in hx-trigger":                  regexp.MustCompile(`(?i)hx-trigger="[^"]*\[`),
	"a style that the content policy refuses": regexp.MustCompile(`(?i)(\sstyle\s*=|<style)`),
	"a script in the page":                    regexp.MustCompile(`(?i)<script(>|\s[^>]*>[^<])`),
	"an address elsewhere":                    regexp.MustCompile(`(?i)(src|href|action)="https?:`),
}

func unsafeParts(text string) []string {
	var found []string
	for what, pattern := range unsafeMarkup {
		if match := pattern.FindString(text); match != "" {
			found = append(found, what+": "+match)
		}
	}
	return found
}

func TestTemplatesRunNothing(t *testing.T) {
	t.Parallel()
	for name, text := range templateTexts(t) {
		for _, found := range unsafeParts(text) {
			t.Errorf("%s has %s", name, found)
		}
	}
}

func TestUnsafeMarkupIsSeen(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`<a hx-on:click="go('{{.}}')">`, `<a data-hx-on::load="x">`, `<a onclick="x()">`, `<a hx-vals='{"a": "{{.}}"}'>`,
		`<a hx-vals="js:{a: b}">`, `<a hx-trigger="click[x]">`,
		`<a hx-headers='{"X": "{{.}}"}'>`, `<p style="color: red">`, `<style>`, `<script>x()</script>`, `<script src="a">x()</script>`,
		`<img src="https://example.com/x">`, `<a href="javascript:x()">`,
	} {
		if len(unsafeParts(text)) == 0 {
			t.Errorf("nothing seen in %s", text)
		}
	}
}

func TestEveryPostCarriesItsToken(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`(?s)<form[^>]*method="post".*?</form>`)
	for name, text := range templateTexts(t) {
		for _, match := range form.FindAllString(text, -1) {
			if !strings.Contains(match, `{{template "token"`) {
				t.Errorf("%s has a form without its token: %.120s", name, match)
			}
		}
	}
}

func TestIconsOfTemplatesExist(t *testing.T) {
	t.Parallel()
	_, static := newPages(t)
	for name, text := range templateTexts(t) {
		for _, match := range regexp.MustCompile(`icon "([^"]+)"`).FindAllStringSubmatch(text, -1) {
			if !static.HasIcon(match[1]) {
				t.Errorf("%s names the icon %q, which is not in icons.txt", name, match[1])
			}
		}
	}
	for _, tone := range []Tone{"", Idle, Good, Warn, Bad, Info} {
		if !static.HasIcon(tone.Icon()) {
			t.Errorf("tone %q has the icon %q, which is not in icons.txt", tone, tone.Icon())
		}
	}
	for _, state := range []NodeState{NodeIdle, NodeRunning, NodeDone, NodeFailed, NodeWaiting, NodeSkipped, NodeNotReached} {
		if !static.HasIcon(state.Icon()) {
			t.Errorf("state %q has the icon %q, which is not in icons.txt", state, state.Icon())
		}
	}
}

// Words that look.md bans: they say nothing, or say it in a voice that is not Zygo's.
var bannedWords = regexp.MustCompile(`(?i)\b(successfully|oops|please|whoops|awesome|sorry)\b`)

func TestWordsOfTemplates(t *testing.T) {
	t.Parallel()
	markupOf := regexp.MustCompile(`(?s)\{\{.*?\}\}|<[^>]*>`)
	attribute := regexp.MustCompile(`(?:aria-label|title|placeholder)="([^"]*)"`)
	for name, text := range templateTexts(t) {
		words := markupOf.ReplaceAllString(text, " ")
		for _, match := range attribute.FindAllStringSubmatch(text, -1) {
			words += " " + regexp.MustCompile(`\{\{.*?\}\}`).ReplaceAllString(match[1], "")
		}
		if found := bannedWords.FindString(words); found != "" {
			t.Errorf("%s says %q", name, found)
		}
		if strings.Contains(words, "!") {
			t.Errorf("%s has an exclamation mark", name)
		}
	}
}

// What Go says to people is in string literals; those of tests are not looked at.
func TestGoSource(t *testing.T) {
	t.Parallel()
	trusted := []string{filepath.Join("..", "..", "ui", "markup", "html.go"), filepath.Join("..", "..", "ui", "markup", "functions.go")}
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") &&
			!strings.HasPrefix(entry.Name(), "..")) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, imported := range file.Imports {
			if imported.Path.Value == `"text/template"` {
				t.Errorf("%s imports text/template, which escapes nothing", path)
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.SelectorExpr:
				isTemplate := isNamed(node.X, "template") &&
					regexp.MustCompile(`^(HTML|JS|JSStr|URL|CSS|HTMLAttr|Srcset)$`).MatchString(node.Sel.Name)
				if isTemplate && !slices.Contains(trusted, filepath.Clean(path)) {
					t.Errorf("%s uses template.%s; %v alone make HTML of text", path, node.Sel.Name, trusted)
				}
			case *ast.BasicLit:
				if found := bannedWords.FindString(node.Value); node.Kind == token.STRING && found != "" {
					t.Errorf("%s says %q", path, found)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func isNamed(expression ast.Expr, name string) bool {
	identifier, ok := expression.(*ast.Ident)
	return ok && identifier.Name == name
}

func TestWordsOfScripts(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("../assets/scripts/*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range scripts {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if found := bannedWords.Find(content); found != nil {
			t.Errorf("%s says %q", path, found)
		}
		for _, banned := range []string{"eval(", "new Function", "document.write", "outerHTML ="} {
			if strings.Contains(string(content), banned) {
				t.Errorf("%s uses %s", path, banned)
			}
		}
	}
}
