package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// typable are the roles that Fill writes into.
var typable = []string{"textbox", "searchbox", "combobox", "spinbutton", "Date", "DateTime", "ColorWell"}

// Click presses the one visible element that a screen reader calls by this role and name: "button", "Create incident". What
// opens a menu has the role "disclosure".
func (p *Page) Click(role, name string) {
	p.t.Helper()
	p.ready()
	x, y := p.middle(p.find(rolesOf(role), name))
	p.do(chromedp.MouseClickXY(x, y))
}

// Hover moves the pointer onto an element.
func (p *Page) Hover(role, name string) {
	p.t.Helper()
	x, y := p.middle(p.find(rolesOf(role), name))
	p.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
}

// Drag presses the pointer in the middle of the element that a selector finds, moves it to the middle of another one, or by some pixels
// where the second selector is empty, and lets it go.
func (p *Page) Drag(from, to string, byX, byY float64) {
	p.t.Helper()
	p.ready()
	// What is still moving would be missed: its place has to be the same for some frames.
	middle := func(selector string) (x, y float64) {
		at := Evaluate[[]float64](p, fmt.Sprintf(`new Promise(resolve => {
			let last, same = 0
			const look = () => {
				const box = document.querySelector(%s).getBoundingClientRect(), at = [box.x + box.width / 2, box.y + box.height / 2]
				same = String(at) === String(last) ? same + 1 : 0
				last = at
				if (same > 3) resolve(at)
				else requestAnimationFrame(look)
			}
			look()
		})`, quoted(selector)))
		return at[0], at[1]
	}
	x, y := middle(from)
	endX, endY := x+byX, y+byY
	if to != "" {
		endX, endY = middle(to)
	}
	point := func(kind input.DispatchMouseEventType, x, y float64, buttons int64) {
		call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{
			Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, Buttons: buttons, ClickCount: 1,
		})
	}
	point(input.DispatchMouseEventTypeMouseMoved, x, y, 0)
	point(input.DispatchMouseEventTypeMousePressed, x, y, 1)
	for part := range 4 {
		share := float64(part+1) / 4
		point(input.DispatchMouseEventTypeMouseMoved, x+(endX-x)*share, y+(endY-y)*share, 1)
	}
	point(input.DispatchMouseEventTypeMouseReleased, endX, endY, 0)
}

// Fill replaces the text of the field with this label, the way a person types it.
func (p *Page) Fill(label, text string) {
	p.t.Helper()
	p.ready()
	node := p.find(typable, label)
	call(p, dom.Focus, dom.FocusParams{BackendNodeID: node})
	Evaluate[bool](p, `document.activeElement.select?.(), true`)
	p.do(chromedp.KeyEvent(kb.Delete))
	call(p, input.InsertText, input.InsertTextParams{Text: text})
}

// Press sends keys one after the other: a letter, or a name such as "Enter", "Escape", "Tab", "ArrowDown", "Ctrl+Enter".
func (p *Page) Press(keys ...string) {
	p.t.Helper()
	p.ready()
	for _, key := range keys {
		var modifiers chromedp.Modifier
		if rest, found := strings.CutPrefix(key, "Ctrl+"); found {
			key, modifiers = rest, chromedp.ModifierCtrl
		}
		if rest, found := strings.CutPrefix(key, "Shift+"); found {
			key, modifiers = rest, modifiers|chromedp.ModifierShift
		}
		if code, named := namedKeys[key]; named {
			key = code
		}
		for _, letter := range key {
			p.press(letter, modifiers)
		}
	}
}

// ready waits for the page's scripts: what is done before them is done to a page that does not listen yet.
func (p *Page) ready() {
	p.t.Helper()
	p.Wait("true")
}

// press joins the letter to the event of the key, as a keyboard does: the page can then refuse the letter with the key.
func (p *Page) press(letter rune, modifiers chromedp.Modifier) {
	p.t.Helper()
	events := kb.Encode(letter)
	down, up := events[0], events[len(events)-1]
	if len(events) == 3 && modifiers&^chromedp.ModifierShift == 0 {
		down.Type, down.Text, down.UnmodifiedText = kb.KeyDown, events[1].Text, events[1].UnmodifiedText
	}
	for _, event := range []*input.DispatchKeyEventParams{down, up} {
		event.Modifiers |= int64(modifiers)
		call(p, input.DispatchKeyEvent, *event)
	}
}

var namedKeys = map[string]string{
	"Enter": kb.Enter, "Escape": kb.Escape, "Tab": kb.Tab, "Delete": kb.Delete, "Backspace": kb.Backspace, "Home": kb.Home, "End": kb.End,
	"ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
}

// WaitText waits until the page shows the text.
func (p *Page) WaitText(text string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf("document.body.innerText.includes(%s)", quoted(text)))
}

// WaitNoText waits until the page no longer shows the text.
func (p *Page) WaitNoText(text string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf("!document.body.innerText.includes(%s)", quoted(text)))
}

// WaitPath waits until the tab is at a path, without its parameters.
func (p *Page) WaitPath(path string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf(`location.pathname === %s`, quoted(path)))
}

// Wait waits until an expression is true on a page that is loaded, over any page that comes in between. It is asked again
// some forty times a second: to ask with each frame would draw frames for nothing else, which takes the processor from what
// the test waits for.
func (p *Page) Wait(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	promise := fmt.Sprintf(
		`new Promise(resolve => { const ask = () => document.readyState === "complete" && (%s) ? resolve(true) : setTimeout(ask, 25); ask() })`, expression)
	for {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](promise, chromedp.EvalAwaitPromise))
		if err == nil {
			return
		}
		var exception *chromedp.ExceptionError
		if errors.As(err, &exception) {
			p.t.Fatalf("waiting for %s: %v", expression, err)
		}
		// A promise dies with its page when the tab goes to the next one; then the next one is asked.
		if ctx.Err() != nil {
			p.t.Fatalf("waited %s for %s; the page shows: %.600s", patience, expression, Evaluate[string](p, "document.body.innerText"))
		}
	}
}

// Focused is the name by which a screen reader calls what has the focus, or its tag when it has none.
func (p *Page) Focused() string {
	p.t.Helper()
	return Evaluate[string](p,
		`(e => e.ariaLabel || e.labels?.[0]?.textContent || e.innerText?.trim() || e.tagName)(document.activeElement)`)
}

// rolesOf translates a role to the browser's names for it.
func rolesOf(role string) []string {
	if role == "disclosure" {
		return []string{"DisclosureTriangle", "DisclosureTriangleGrouped"}
	}
	return []string{role}
}

// find waits until exactly one element has one of the roles and the name.
func (p *Page) find(roles []string, name string) cdp.BackendNodeID {
	p.t.Helper()
	for late := time.Now().Add(patience); ; {
		found, there := p.named(roles, name)
		if len(found) == 1 {
			return found[0]
		}
		if time.Now().After(late) {
			p.t.Fatalf("%d of %s are called %q; there are %q", len(found), strings.Join(roles, "/"), name, there)
		}
		Evaluate[bool](p, `new Promise(resolve => setTimeout(() => resolve(true), 25))`)
	}
}

// named are the elements with one of the roles and the name, and the names of all with such a role.
func (p *Page) named(roles []string, name string) (found []cdp.BackendNodeID, there []string) {
	p.t.Helper()
	// The whole tree each time: an answer about a page that is gone would name elements that can't be pressed.
	for _, node := range call(p, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes {
		nodeRole, nodeName := plain(node.Role), plain(node.Name)
		if node.Ignored || !slices.Contains(roles, nodeRole) {
			continue
		}
		there = append(there, nodeName)
		if nodeName == name {
			found = append(found, node.BackendDOMNodeID)
		}
	}
	return found, there
}

func (p *Page) middle(node cdp.BackendNodeID) (x, y float64) {
	p.t.Helper()
	call(p, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: node})
	quads := call(p, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: node}).Quads
	if len(quads) == 0 {
		p.t.Fatal("the element takes no room on the page")
	}
	for corner := range 4 {
		x += quads[0][2*corner] / 4
		y += quads[0][2*corner+1] / 4
	}
	return x, y
}

func plain(value *accessibility.Value) string {
	if value == nil {
		return ""
	}
	var text string
	// What is no string has no name to compare.
	_ = json.Unmarshal(value.Value, &text)
	return text
}

func quoted(text string) string {
	encoded, _ := json.Marshal(text)
	return string(encoded)
}
