package house

import (
	"bufio"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
)

// The house tests hold the rules of the architecture page: what may import what, which room has which dependency, who may
// cross tenants. They read the source.

// floors are the levels of the house; a package imports only packages of lower floors. Packages of an area's own folder
// count as the area.
var floors = map[string]int{
	"zygo/app/fault": 0, "zygo/app/value": 0, "zygo/app/accent": 0, "zygo/app/fold": 0, "zygo/app/mailbox": 0, "zygo/embed": 0,
	"zygo/app/config": 1, "zygo/store": 1, "zygo/app/outgoing": 1, "zygo/app/certificate": 1, "zygo/app/sheet": 1,
	"zygo/jobs": 2, "zygo/app/vault": 2, "zygo/app/allowance": 2, "zygo/app/field": 2, "zygo/app/rights": 2, "zygo/app/remember": 2,
	"zygo/app/resource": 3,
	"zygo/app/request":  4, "zygo/app/exchange": 4,
	"zygo/app/operation": 5,
	"zygo/app/module":    6,
	"zygo/app/outbox":    7, "zygo/app/feature": 7,
	"zygo/app/platform": 8, "zygo/app/ops": 8, "zygo/app/flow": 8, "zygo/app/access": 8, "zygo/app/console": 8,
	"zygo/app/identity/guess": 8, "zygo/app/identity/provider": 8, "zygo/app/identity/throttle": 8, "zygo/app/identity/tokens": 8,
	"zygo/app/identity/tenants":     9,
	"zygo/app/identity/people":      10,
	"zygo/app/identity/sessions":    11,
	"zygo/app/identity/credentials": 12,
	"zygo/app/identity/members":     13,
	"zygo/app/identity/accounts":    14,
	"zygo/app/identity/signin":      15,
	"zygo/app/identity/operators":   16,
	"zygo/app/identity":             17,
	"zygo/app/edge":                 18, "zygo/app/modules": 18,
	"zygo/app/api": 19, "zygo/ui/markup": 19,
	"zygo/ui/web":    20,
	"zygo/ui/widget": 21,
	"zygo/ui/kinds":  22,
	"zygo/ui/signin": 23, "zygo/ui/account": 23, "zygo/ui/tenant": 23, "zygo/ui/access": 23, "zygo/ui/flow": 23, "zygo/ui/ops": 23,
	"zygo/ui/console": 23, "zygo/ui/home": 23, "zygo/ui/guide": 23,
	"zygo/ui":      24,
	"zygo/app/cli": 25,
	"zygo":         26,
}

// areas never import each other, whatever the floors of their rooms.
var areas = []string{"zygo/app/access", "zygo/app/console", "zygo/app/flow", "zygo/app/identity", "zygo/app/ops", "zygo/app/platform"}

// areaOf is the area that a package belongs to, empty for none.
func areaOf(pkg string) string {
	for _, area := range areas {
		if pkg == area || strings.HasPrefix(pkg, area+"/") {
			return area
		}
	}
	return ""
}

// rooms are the dependencies that one place has for itself.
var rooms = map[string][]string{
	"github.com/gofiber/fiber":    {"zygo/app/edge"},
	"github.com/gofiber/contrib":  {"zygo/app/edge"},
	"github.com/gofiber/template": {"zygo/ui/markup"},
	"github.com/gofiber/utils":    {},
	"github.com/valyala/fasthttp": {"zygo/app/edge"},
	"database/sql":                {"zygo/store"},
	"modernc.org/sqlite":          {"zygo/store", "zygo/app/flow/format"},
	"github.com/jackc/":           {"zygo/app/flow/database"},
	"github.com/go-sql-driver/":   {"zygo/app/flow/database"},
	"github.com/pressly/goose":    {"zygo/store"},
	"github.com/go-co-op/gocron":  {"zygo/jobs"},
	"github.com/spf13/cobra":      {"zygo/app/cli"},
	"html/template":               {"zygo/ui/markup", "zygo/app/outbox"},
	"modernc.org/quickjs":         {"zygo/app/flow/sandbox"},
	"github.com/elastic/":         {"zygo/app/flow/sandbox"},
	"github.com/wneessen/go-mail": {"zygo/app/outgoing"},
	"code.dny.dev/ssrf":           {"zygo/app/outgoing"},
	"github.com/miekg/dns":        {"zygo/app/outgoing"},
	"go.yaml.in/yaml":             {"zygo/app/config"},
	"golang.org/x/crypto/argon2":  {"zygo/app/identity/credentials"},
	"golang.org/x/crypto/ssh":     {"zygo/app/flow/shell"},
	"github.com/ccojocar/":        {"zygo/app/identity/guess/generate"},
	"github.com/golang-jwt/":      {"zygo/app/identity/sessions", "zygo/app/identity/provider", "zygo/app/flow/node"},
	"golang.org/x/oauth2":         {"zygo/app/identity/signin", "zygo/app/identity/provider"},
	"github.com/coreos/go-oidc":   {"zygo/app/identity/provider"},
	"github.com/aws/":             {"zygo/app/flow/node"},
	"github.com/pquerna/otp":      {"zygo/app/identity/credentials", "zygo/app/flow/node"},
	"github.com/go-webauthn/":     {"zygo/app/identity/credentials"},
	"github.com/caddyserver/":     {"zygo/app/certificate"},
	"github.com/mholt/acmez":      {"zygo/app/certificate"},
	"go.uber.org/zap":             {"zygo/app/certificate"},
	"golang.org/x/image":          {"zygo/app/field"},
	"golang.org/x/text": {"zygo/app/fold", "zygo/app/field", "zygo/app/flow/content", "zygo/app/flow/sandbox",
		"zygo/app/mailbox", "zygo/app/sheet"},
	"golang.org/x/net/idna":       {"zygo/app/mailbox"},
	"golang.org/x/net/html":       {"zygo/ui/markup", "zygo/app/flow/format"},
	"github.com/andybalholm/":     {"zygo/app/flow/format"},
	"github.com/ledongthuc/pdf":   {"zygo/app/flow/format"},
	"github.com/xuri/excelize":    {},
	"github.com/mmcdole/":         {"zygo/app/flow/format"},
	"github.com/JohannesKaufmann": {"zygo/app/flow/format"},
	"github.com/yuin/goldmark":    {"zygo/ui/markup", "zygo/app/flow/format"},
	"github.com/santhosh-tekuri/": {},
	"github.com/evanw/esbuild":    {"zygo/ui/assets"},
	"github.com/chromedp/":        {"zygo/ui/browsertest"},
	"net/http/pprof":              {},
	"expvar":                      {},
	"text/template":               {},
	"math/rand":                   {},
}

// driverInterface of database/sql/driver: a column's type says how it is stored wherever it is declared.
const driverInterface = "database/sql/driver"

type goFile struct {
	path, pkg string
	// test says that the file is in no binary.
	test   bool
	syntax *ast.File
	set    *token.FileSet
}

func source(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	err := filepath.WalkDir(instance.Root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2 || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		set := token.NewFileSet()
		syntax, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(instance.Root, path)
		if err != nil {
			return err
		}
		pkg := "zygo"
		if dir := filepath.Dir(relative); dir != "." {
			pkg += "/" + dir
		}
		files = append(files, goFile{relative, pkg, isTest(relative), syntax, set})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 {
		t.Fatalf("found only %d files", len(files))
	}
	return files
}

// isTest tells whether only tests are built with a file.
func isTest(path string) bool {
	return strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "app/acceptance/") ||
		strings.HasPrefix(path, "ui/browsertest/") || strings.HasPrefix(path, "app/resource/kerneltest/")
}

func floorOf(pkg string) (string, int, bool) {
	for p := pkg; p != "."; p = filepath.Dir(p) {
		if floor, ok := floors[p]; ok {
			return p, floor, true
		}
	}
	return "", 0, false
}

func TestImportsGoDownOnly(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test {
			continue
		}
		place, floor, ok := floorOf(f.pkg)
		if !ok {
			t.Errorf("%s is on no floor", f.path)
			continue
		}
		for _, i := range f.syntax.Imports {
			path, _ := strconv.Unquote(i.Path.Value)
			if path != "zygo" && !strings.HasPrefix(path, "zygo/") {
				continue
			}
			to, below, ok := floorOf(path)
			if !ok || below >= floor && to != place {
				t.Errorf("%s on floor %d imports %s on floor %d", f.path, floor, path, below)
			}
			if from, area := areaOf(f.pkg), areaOf(path); from != "" && area != "" && from != area {
				t.Errorf("%s of the area %s imports %s", f.path, from, path)
			}
		}
	}
}

func TestARoomBelongsToItsArea(t *testing.T) {
	t.Parallel()
	for pkg, want := range map[string]string{"zygo/app/identity": "zygo/app/identity", "zygo/app/identity/signin": "zygo/app/identity",
		"zygo/app/identities": "", "zygo/app/outbox": ""} {
		if got := areaOf(pkg); got != want {
			t.Errorf("%s belongs to %q, want %q", pkg, got, want)
		}
	}
}

func TestEachDependencyHasItsRoom(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test {
			continue
		}
		for _, i := range f.syntax.Imports {
			path, _ := strconv.Unquote(i.Path.Value)
			if path == driverInterface || path == "math/rand/v2" {
				continue
			}
			for dependency, allowed := range rooms {
				if strings.HasPrefix(path, dependency) && !slices.Contains(allowed, f.pkg) {
					t.Errorf("%s imports %s, whose room is %v", f.path, path, allowed)
				}
			}
		}
	}
}

// crossing pins, by function, who may open a session or a scope that crosses tenants or is no membership. A new name here
// is a change to be reviewed.
var crossing = map[string][]string{
	"System": {
		"app/cli/routes.go", "app/feature/flag.go", "app/flow/engine.go", "app/identity/jobs.go",
		"app/identity/keys/recognize.go", "app/identity/people/scope.go", "app/identity/signin/setup.go",
		"app/identity/sessions/recognize.go", "app/identity/sessions/signing_key.go", "app/identity/tenants/scope.go",
		"app/outbox/outbox.go", "app/platform/upload.go",
		"app/resource/kernel.go", "app/resource/ledger.go", "app/request/once.go", "app/resource/purge.go", "app/resource/session.go",
		"app/resource/write.go", "jobs/work.go",
	},
	"Within": {"app/flow/engine.go", "app/identity/keys/use.go", "app/resource/session.go"},
	"AsInstance": {
		"app/access/workspace.go", "app/flow/folder.go", "app/flow/wait.go", "app/identity/people/membership.go", "app/resource/child.go",
		"app/resource/session.go",
	},
	"Across": {
		"app/console/job.go", "app/flow/approval.go", "app/identity/tenants/tenant.go", "app/resource/read.go", "app/resource/session.go",
	},
	"Member": {"app/flow/actor.go", "app/identity/keys/recognize.go", "app/identity/sessions/recognize.go"},
	"Query":  {"app/resource/table.go"},
}

func TestWhoMayCrossTenants(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			allowed, pinned := crossing[selector.Sel.Name]
			if pinned && !slices.Contains(allowed, f.path) {
				t.Errorf("%s calls %s, which crosses the scope", f.set.Position(call.Pos()), selector.Sel.Name)
			}
			return true
		})
	}
}

func TestNothingRunsBehindTheBack(t *testing.T) {
	t.Parallel()
	// bare pins the goroutines that recover by themselves.
	bare := []string{"app/edge/socket.go", "jobs/jobs.go", "store/write.go", "app/flow/sandbox/process.go", "app/flow/sandbox/pool.go",
		"app/flow/node/security_ports.go", "app/flow/node/at_once.go"}
	for _, f := range source(t) {
		for _, declaration := range f.syntax.Decls {
			if fn, ok := declaration.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function", f.path)
			}
		}
		for _, i := range f.syntax.Imports {
			if path, _ := strconv.Unquote(i.Path.Value); i.Name != nil && i.Name.Name == "_" && path != "embed" {
				t.Errorf("%s imports %s for its effect", f.path, path)
			}
		}
		if f.test || strings.HasPrefix(f.path, "ui/assets") {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			_, begins := n.(*ast.GoStmt)
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 1 { // of a sync.WaitGroup
				method, isMethod := call.Fun.(*ast.SelectorExpr)
				begins = isMethod && method.Sel.Name == "Go"
			}
			if begins && !slices.Contains(bare, f.path) && !strings.HasPrefix(f.path, "app/acceptance/") {
				t.Errorf("%s starts a goroutine outside jobs", f.set.Position(n.Pos()))
			}
			return true
		})
	}
}

func TestFilesAreShortAndPackagesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	kernel := 0
	for _, f := range source(t) {
		text, err := os.ReadFile(filepath.Join(instance.Root, f.path))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Count(string(text), "\n")
		if lines > 500 {
			t.Errorf("%s has %d lines; 500 is the most", f.path, lines)
		}
		if f.pkg == "zygo/app/resource" && !f.test {
			kernel += lines
		}
		documented[f.pkg] = documented[f.pkg] || f.syntax.Doc != nil
		for _, word := range []string{"TO" + "DO", "FIX" + "ME", "coming" + " soon"} {
			if strings.Contains(string(text), word) {
				t.Errorf("%s says %s", f.path, word)
			}
		}
	}
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("package %s says nothing about itself", pkg)
		}
	}
	if kernel > 3150 {
		t.Errorf("the kernel has %d lines; it must stay small", kernel)
	}
}

// public pins the routes that need no session.
var public = []string{
	"DELETE /hooks/{path...}", "GET /", "GET /.well-known/jwks.json", "GET /api/openapi.json", "GET /api/v1/auth/oauth/{provider}",
	"GET /api/v1/auth/oauth/{provider}/callback", "GET /auth/mfa-challenge", "GET /auth/oauth/callback",
	"GET /branding/accent/{edition}/{file}", "GET /branding/pictures/{id}", "GET /confirm-email",
	"GET /forgot-password", "GET /forms/{path...}", "GET /health",
	"GET /health/ready", "GET /resume/{id}", "POST /resume/{id}", "GET /hooks/{path...}", "GET /invitations/accept", "GET /login", "GET /reset-password", "GET /setup",
	"GET /signup", "GET /static/{path...}", "GET /verify-email", "OPTIONS /hooks/{path...}", "PATCH /hooks/{path...}",
	"POST /api/v1/auth/confirm-email", "POST /api/v1/auth/forgot-password", "POST /api/v1/auth/login", "POST /api/v1/auth/mfa/challenge",
	"POST /api/v1/auth/mfa/sms/send", "POST /api/v1/auth/oauth/signup", "POST /api/v1/auth/oauth/{provider}/callback",
	"POST /api/v1/auth/passkeys/login/begin",
	"POST /api/v1/auth/passkeys/login/finish", "POST /api/v1/auth/refresh", "POST /api/v1/auth/resend-verification",
	"POST /api/v1/auth/reset-password", "POST /api/v1/auth/signup",
	"POST /api/v1/auth/verify-email", "POST /api/v1/invitations/{token}/accept", "POST /api/v1/invitations/{token}/decline",
	"POST /auth/mfa-challenge", "POST /auth/oauth/callback/signup", "POST /confirm-email", "POST /forgot-password",
	"POST /forms/{path...}", "POST /hooks/{path...}", "POST /invitations/accept/new", "POST /invitations/decline", "POST /login", "POST /reset-password",
	"POST /setup",
	"POST /signup", "POST /verify-email", "POST /verify-email/resend", "PUT /hooks/{path...}",
	"DELETE /hooks-test/{path...}", "GET /hooks-test/{path...}", "OPTIONS /hooks-test/{path...}", "PATCH /hooks-test/{path...}",
	"POST /hooks-test/{path...}", "PUT /hooks-test/{path...}",
}

func TestRoutesAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	out, _, _ := instance.Command(t, "routes")
	golden, err := os.ReadFile("testdata/routes.golden")
	if err != nil {
		t.Fatal(err)
	}
	if out != string(golden) {
		t.Error("the routes differ from testdata/routes.golden; look at each line, then run: make golden")
	}
	for _, r := range catalogue.Routes(t) {
		if r.Permission == "public" && !slices.Contains(public, r.Method+" "+r.Path) {
			t.Errorf("%s %s is public and not in the list", r.Method, r.Path)
		}
	}
}

func TestMigrationsMakeTheDeclaredTables(t *testing.T) {
	t.Parallel()
	out, _, _ := instance.Command(t, "schema")
	migration, err := os.ReadFile(filepath.Join(instance.Root, "embed/migrations/sqlite/00001_initial.sql"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace("-- +goose Up\n"+out) != strings.TrimSpace(string(migration)) {
		t.Error("the declared tables differ from the migration; until the first release run: make schema")
	}
}

func TestModulesArePinnedAndTidy(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "mod", "tidy", "-diff").CombinedOutput()
	if err != nil {
		t.Errorf("go.mod is not tidy:\n%s", out)
	}
	list, err := exec.Command("go", "list", "-m", "-json", "all").Output()
	if err != nil {
		t.Fatal(err)
	}
	// What has to be at least so new, with the reason: fasthttp's lenient parsing before, and libc is the one that
	// sqlite was generated against.
	versions := map[string]string{}
	decoder := json.NewDecoder(bufio.NewReader(strings.NewReader(string(list))))
	for decoder.More() {
		var m struct{ Path, Version string }
		if err := decoder.Decode(&m); err != nil {
			t.Fatal(err)
		}
		versions[m.Path] = m.Version
	}
	for path, want := range map[string]string{"github.com/valyala/fasthttp": "v1.73.0", "modernc.org/libc": "v1.77.1",
		"modernc.org/sqlite": "v1.60.1"} {
		if versions[path] != want {
			t.Errorf("%s is %s, pinned at %s", path, versions[path], want)
		}
	}
}
