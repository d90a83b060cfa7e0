// Package browsertest drives a real browser in tests. One headless Chromium serves a test process; each test has a context of
// its own in it, with its own cookies and storage. A missing browser fails the test: a page that nobody looked at is not
// tested. Start reading at New.
package browsertest

import (
	"context"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

const (
	// Binary names the variable with the path of Chromium; without it the usual names are looked for.
	Binary = "BROWSERTEST_CHROMIUM"
	// AxeFile names the variable with the path of axe.min.js; without it .cache/axe.min.js of the repository is used.
	AxeFile = "BROWSERTEST_AXE"
	// Pictures names the variable with the folder that Screenshot writes to; without it no picture is taken.
	Pictures = "BROWSERTEST_PICTURES"

	// patience is how long a page may take. A machine that does other work may need most of it.
	patience = time.Minute
)

// browser is the one Chromium of the process. It dies with the process.
var browser = sync.OnceValues(func() (context.Context, error) {
	binary, err := findBinary()
	if err != nil {
		return nil, err
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(binary), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-component-update", true),
		// One process less draws, and none is kept ready for pages that never come: a seventh of the work.
		chromedp.Flag("in-process-gpu", true), chromedp.Flag("no-zygote", true), chromedp.Flag("disable-software-rasterizer", true),
		chromedp.Flag("disable-features", "Translate,BackForwardCache,SpareRendererForSitePerProcess"))
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		return nil, fmt.Errorf("start %s: %w", binary, err)
	}
	return ctx, nil
})

// findBinary prefers the shell, which is the same engine without the windows of a desktop around its pages: half the work.
func findBinary() (string, error) {
	if path := os.Getenv(Binary); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium; install it or name it in %s", Binary)
}

// Page is one tab of a test. Its methods fail the test when they can't do what they say, and none is for two goroutines.
type Page struct {
	t    testing.TB
	ctx  context.Context
	base string

	mutex    sync.Mutex
	problems []string
	weight   Weight
}

// Weight is what a page took from the network since it was opened.
type Weight struct {
	Requests int
	// Bytes is what came over the wire, headers and compressed bodies.
	Bytes int
}

// New opens a tab at 1440 × 900 in a context of its own. Paths are relative to base, such as http://127.0.0.1:4000. When the
// test ends, whatever the browser complained about and nobody took with Problems fails it.
func New(t testing.TB, base string) *Page {
	t.Helper()
	parent, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	return open(t, base, parent, chromedp.WithNewBrowserContext())
}

// Tab opens a second tab beside p, with the same cookies and storage.
func (p *Page) Tab() *Page {
	p.t.Helper()
	return open(p.t, p.base, p.ctx)
}

func open(t testing.TB, base string, parent context.Context, options ...chromedp.ContextOption) *Page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(parent, options...)
	p := &Page{t: t, ctx: ctx, base: strings.TrimSuffix(base, "/")}
	t.Cleanup(func() {
		for _, problem := range p.Problems() {
			t.Errorf("the browser complained: %s", problem)
		}
		cancel()
	})
	// The first run decides how long the tab lives, so it has no deadline.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Func(func(_ context.Context, target *chromedp.Target) error {
		go p.weigh(cdp.Events(ctx, target, network.LoadingFinished))
		_, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{})
		return err
	}))
	go p.listen(chromedp.Console(ctx))
	p.Size(1440, 900)
	p.Media(nil)
	return p
}

func (p *Page) weigh(finished iter.Seq2[network.EventLoadingFinished, error]) {
	for event, err := range finished {
		if err != nil {
			return
		}
		p.mutex.Lock()
		p.weight.Requests++
		p.weight.Bytes += int(event.EncodedDataLength)
		p.mutex.Unlock()
	}
}

func (p *Page) listen(messages iter.Seq2[chromedp.ConsoleMessage, error]) {
	for message, err := range messages {
		if err != nil {
			return
		}
		// The content policy reports with a source too, but a status of 4xx or 5xx is the server's to explain.
		isBad := message.IsException() || message.Type == chromedp.ConsoleError
		if isBad && message.Source != "network" {
			p.mutex.Lock()
			p.problems = append(p.problems, message.String())
			p.mutex.Unlock()
		}
	}
}

// Problems takes what the browser complained about until now: exceptions, console errors, breaches of the content policy.
func (p *Page) Problems() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	problems := p.problems
	p.problems = nil
	return problems
}

// Weight is what was loaded since the last Open.
func (p *Page) Weight() Weight {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.weight
}

// Size sets the window; below 768 wide it also becomes a touch screen.
func (p *Page) Size(width, height int64) {
	p.t.Helper()
	phone := width < 768
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width:             width,
		Height:            height,
		DeviceScaleFactor: 1,
		Mobile:            phone,
	})
	call(p, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: phone})
}

// Media sets what the system prefers, such as "prefers-color-scheme" to "dark". Motion is reduced unless asked for, so that
// a test sees pages as they end up.
func (p *Page) Media(features map[string]string) {
	p.t.Helper()
	list := []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}
	for name, value := range features {
		list = append(list, &emulation.MediaFeature{Name: name, Value: value})
	}
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: list})
}

// Open goes to a path and waits until the page is loaded.
func (p *Page) Open(path string) {
	p.t.Helper()
	p.mutex.Lock()
	p.weight = Weight{}
	p.mutex.Unlock()
	p.do(chromedp.Navigate(p.base + path))
}

// SetCookie gives the tab a cookie that scripts can't read, for the pages of its base.
func (p *Page) SetCookie(name, value string) {
	p.t.Helper()
	call(p, network.SetCookie, network.SetCookieParams{
		Name:     name,
		Value:    value,
		URL:      p.base,
		HTTPOnly: new(true),
		SameSite: network.CookieSameSiteLax,
	})
}

// At lets the paths that follow be relative to another base, such as another host of the same instance.
func (p *Page) At(base string) { p.base = strings.TrimSuffix(base, "/") }

// Forget empties the browser's cache, so that the next page is loaded as for the first time.
func (p *Page) Forget() {
	p.t.Helper()
	call(p, network.ClearBrowserCache, cdp.Empty{})
}

// Path is where the tab is now, with its parameters.
func (p *Page) Path() string {
	p.t.Helper()
	return Evaluate[string](p, "location.pathname + location.search")
}

// Screenshot writes what the window shows, as name.png.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	folder := os.Getenv(Pictures)
	if folder == "" {
		return
	}
	picture := run(p, chromedp.CaptureScreenshot())
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// Evaluate runs an expression in the page, waits when it is a promise, and decodes its JSON.
func Evaluate[T any](p *Page, expression string) T {
	p.t.Helper()
	return run(p, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

func (p *Page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	run(p, chromedp.Steps(steps...))
}

func call[P, R any](p *Page, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	return run(p, func(ctx context.Context, target *chromedp.Target) (R, error) {
		return cdp.Call(ctx, target, command, params)
	})
}

func run[T any](p *Page, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	result, err := chromedp.Run(ctx, action)
	if err != nil {
		p.t.Fatal(err)
	}
	return result
}
