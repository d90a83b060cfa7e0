package browsertest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Violation is one rule of axe-core and the elements that break it.
type Violation struct {
	Rule     string   `json:"rule"`
	Help     string   `json:"help"`
	Elements []string `json:"elements"`
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: %s\n\t%s", v.Rule, v.Help, strings.Join(v.Elements, "\n\t"))
}

var axe = sync.OnceValues(func() (string, error) {
	path := os.Getenv(AxeFile)
	if path == "" {
		root, err := moduleRoot()
		if err != nil {
			return "", err
		}
		path = filepath.Join(root, ".cache", "axe.min.js")
	}
	script, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("axe-core: %w; copy it there from ui/assets/node_modules/axe-core or name it in %s", err, AxeFile)
	}
	return string(script), nil
})

func moduleRoot() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", fmt.Errorf("no go.mod above the test")
		}
		folder = filepath.Dir(folder)
	}
}

// Wide names the variable that asks for everything. Without it ExpectAccessible leaves out the rules that take most of the
// time: colours, which ExpectContrast asks for, and the size of targets, of which SmallTargets wants more.
const Wide = "TEST_WIDE"

// Axe runs the named rules of axe-core on the page as it is now. The one rule that reads stylesheets, on locked orientation,
// never runs: loading them costs a third of the time.
func (p *Page) Axe(rules ...string) []Violation {
	p.t.Helper()
	only, _ := json.Marshal(rules) // of strings
	return p.axe(fmt.Sprintf("runOnly: %s", only))
}

func (p *Page) axe(options string) []Violation {
	p.t.Helper()
	if !Evaluate[bool](p, `"axe" in window`) {
		script, err := axe()
		if err != nil {
			p.t.Fatal(err)
		}
		Evaluate[bool](p, script+"; true")
	}
	return Evaluate[[]Violation](p,
		fmt.Sprintf(`axe.run(document, {resultTypes: ["violations"], preload: false, %s}).then(result => result.violations.map(one => ({
		rule: one.id, help: one.help, elements: one.nodes.slice(0, 5).map(node => node.html.slice(0, 200) + "  " + node.failureSummary.replace(/\s+/g, " ").slice(0, 200)),
	})))`, options))
}

// ExpectAccessible fails the test with what axe-core finds, those of best practice too.
func (p *Page) ExpectAccessible(state string) {
	p.t.Helper()
	options := `rules: {"color-contrast": {enabled: false}, "target-size": {enabled: false}}`
	if os.Getenv(Wide) != "" {
		options = "rules: {}"
	}
	p.expectNone(state, p.axe(options))
}

// ExpectContrast fails the test with text that axe-core finds too faint: all that changes with the colours of the page.
func (p *Page) ExpectContrast(state string) {
	p.t.Helper()
	p.expectNone(state, p.Axe("color-contrast"))
}

func (p *Page) expectNone(state string, violations []Violation) {
	p.t.Helper()
	for _, violation := range violations {
		p.t.Errorf("%s: %s", state, violation)
	}
}

// Nodes counts the elements of the page.
func (p *Page) Nodes() int {
	p.t.Helper()
	return Evaluate[int](p, `document.querySelectorAll("*").length`)
}

// Rows says where the first row of the table begins and how many stand whole between the head and whatever covers the foot.
func (p *Page) Rows() (first float64, whole int) {
	p.t.Helper()
	result := Evaluate[struct {
		First float64
		Whole int
	}](p, `(() => {
		const rows = [...document.querySelectorAll("table[data-rows] tbody tr")].map(row => row.getBoundingClientRect())
		const foot = document.querySelector(".foot-row:not([hidden])")?.getBoundingClientRect().top ?? innerHeight
		return {First: rows[0]?.top ?? -1, Whole: rows.filter(row => row.top >= 0 && row.bottom <= Math.min(foot, innerHeight) + 0.5).length}
	})()`)
	return result.First, result.Whole
}

// Sideways is by how many pixels the page is wider than the window, and the elements that stick out.
func (p *Page) Sideways() (pixels int, culprits []string) {
	p.t.Helper()
	result := Evaluate[struct {
		Pixels   int
		Culprits []string
	}](p, `(() => {
		const width = document.documentElement.clientWidth
		const scrolls = one => one && one !== document.body && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement))
		const out = [...document.querySelectorAll("body *")].filter(one => one.checkVisibility() && one.getBoundingClientRect().right > width + 1 &&
			getComputedStyle(one).position !== "fixed" && !scrolls(one.parentElement))
		return {Pixels: document.documentElement.scrollWidth - width, Culprits: out.slice(0, 5).map(one => one.outerHTML.slice(0, 120))}
	})()`)
	return result.Pixels, result.Culprits
}

// SmallTargets lists what can be pressed on a phone and is under 44 pixels high or wide. Links inside text are left out, as
// the rule does.
func (p *Page) SmallTargets() []string {
	p.t.Helper()
	return Evaluate[[]string](p,
		`[...document.querySelectorAll("a, button, summary, select, input:not([type=hidden]), textarea")].filter(one => {
		if (!one.checkVisibility() || one.closest("p, .prose, .small, dd, td, .timeline, .facts") || one.matches(".unseen")) return false
		const target = one.matches("[type=checkbox], [type=radio]") ? one.closest("label") || one : one
		const box = target.getBoundingClientRect()
		return box.width > 1 && (box.height < 43.5 || box.width < 43.5)
	}).map(one => one.outerHTML.slice(0, 120))`)
}

// Shift is the layout shift of the page since it was opened, from 0.
func (p *Page) Shift() float64 {
	p.t.Helper()
	return Evaluate[float64](p, `new Promise(resolve => {
		let total = 0
		new PerformanceObserver(list => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) total += entry.value }).observe({type: "layout-shift", buffered: true})
		requestAnimationFrame(() => setTimeout(() => resolve(total)))
	})`)
}

// LongTasks is how many tasks of the page took over 50 ms since it was opened.
func (p *Page) LongTasks() int {
	p.t.Helper()
	return Evaluate[int](p, `new Promise(resolve => {
		let count = 0
		new PerformanceObserver(list => { count += list.getEntries().length }).observe({type: "longtask", buffered: true})
		requestAnimationFrame(() => setTimeout(() => resolve(count)))
	})`)
}
