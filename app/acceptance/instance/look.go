package instance

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"zygo/ui/browsertest"
)

// window is what a page is looked at in.
type window struct {
	Width, Height int64
	Scheme        string
	look          func(page *browsertest.Page, state string)
}

// Windows are those of most people. All that axe-core knows is asked of a wide and a narrow one; the others differ from them
// in colours or width alone.
var Windows = []window{
	{1440, 900, "light", (*browsertest.Page).ExpectAccessible},
	{390, 844, "dark", (*browsertest.Page).ExpectContrast},
	{390, 844, "light", (*browsertest.Page).ExpectAccessible},
	{1440, 900, "dark", (*browsertest.Page).ExpectContrast},
	{360, 740, "light", nil},
	tablet,
}

// tablet is where the pages for desks are at their narrowest.
var tablet = window{768, 1024, "light", nil}

// generic are pages that come from the same templates as those of the sample's kind.
var generic = regexp.MustCompile(
	`^/(access|admin|assets|incidents/[0-9a-f-]+/(edit|menu)|incidents/new$|incidents\?|docs|domains|dropdowns|grants|invitations|members|memberships|onboarding|organizations|permission-templates|roles|runbooks|secrets|settings|tags|teams|templates|tenants|users|workspaces|.*/timeline)`)

// wide says that everything is asked of every page in every window.
func wide() bool { return os.Getenv(browsertest.Wide) != "" }

// OnlyWide leaves a journey over details of pages to the long run, which CI does as well.
func OnlyWide(t *testing.T) {
	t.Helper()
	if !wide() {
		t.Skipf("only where %s is set, as by make test-long", browsertest.Wide)
	}
}

// IsLookedAt tells whether a page is looked at in this run: by everyday tests only where no other page comes from the same
// templates.
func IsLookedAt(path string) bool { return wide() || !generic.MatchString(path) }

// LookAt holds what every page promises. Everyday tests ask axe-core in the first window, and see in the others whether all fits;
// where TEST_WIDE is set, everything is asked in every window.
func LookAt(t *testing.T, page *browsertest.Page, path string) {
	t.Helper()
	shown := Windows
	if !wide() {
		shown = []window{Windows[0], Windows[1], tablet}
	}
	page.Size(shown[0].Width, shown[0].Height)
	page.Media(map[string]string{"prefers-color-scheme": shown[0].Scheme})
	page.Forget()
	page.Open(path)
	ExpectLight(t, page, path)
	for n, window := range shown {
		page.Size(window.Width, window.Height)
		page.Media(map[string]string{"prefers-color-scheme": window.Scheme})
		state := fmt.Sprintf("%s-%d-%s", strings.Trim(strings.NewReplacer("/", "_", "?", "_").Replace(path), "_"), window.Width,
			window.Scheme)
		page.Screenshot(state)
		if window.look != nil && (n == 0 || wide()) {
			window.look(page, state)
		}
		if pixels, culprits := page.Sideways(); pixels > 0 {
			t.Errorf("%s: %d pixels wider than the window: %q", state, pixels, culprits)
		}
		if window.Width < 768 {
			for _, target := range page.SmallTargets() {
				t.Errorf("%s: under 44 pixels: %s", state, target)
			}
		}
	}
}

// canvasPages are those that load the workflow canvas.
var canvasPages = regexp.MustCompile(`^/(workflows/[0-9a-f-]+/edit|workflows/[0-9a-f-]+/versions/[0-9]+|executions/[0-9a-f-]+)$`)

// ExpectLight holds what a page may cost that was just opened with nothing remembered.
func ExpectLight(t *testing.T, page *browsertest.Page, path string) {
	t.Helper()
	weight := page.Weight()
	most := 60 << 10
	if canvasPages.MatchString(path) {
		most = 180 << 10
	}
	if weight.Requests > 7 || weight.Bytes > most { // Chromium's shell fetches no picture for the tab, which is one request more
		t.Errorf("%s takes %d requests and %d bytes", path, weight.Requests, weight.Bytes)
	}
	if shift := page.Shift(); shift >= 0.01 {
		t.Errorf("%s shifts by %.3f", path, shift)
	}
}
