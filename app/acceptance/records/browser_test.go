package records

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestSetUpByThePrintedLink(t *testing.T) {
	t.Parallel()
	i := instance.StartEmptyBinary(t)
	page := browsertest.New(t, i.URL)
	page.Open("/")
	page.WaitText("no account yet")
	page.Open("/setup?token=wrong")
	page.WaitText("not valid")
	page.Open(i.Setup[len(i.URL):])
	// What the browser would hold back too is sent, and everything that is wrong with it comes back at once.
	page.Fill("E-mail", "ada")
	page.Fill("Password", "short")
	browsertest.Evaluate[bool](page,
		`document.querySelector("form").noValidate = true, document.querySelector("form").requestSubmit(), true`)
	for _, text := range []string{"Your name is required.", "E-mail must be an e-mail address", "Password needs at least 10 characters.",
		"Organization is required."} {
		page.WaitText(text)
	}
	page.Fill("Your name", "Ada Lovelace")
	page.Fill("E-mail", "ada@example.com")
	page.Fill("Password", "short")
	page.Fill("Organization", "Analytical Engines")
	page.Press("Enter")
	page.WaitText("Password needs at least 10 characters.")
	page.Wait(`document.activeElement.name === "password"`)
	page.Fill("Password", instance.Password)
	page.Press("Enter")
	page.WaitPath("/dashboard")
	page.WaitText("First steps")
	page.WaitText("Analytical Engines")
	page.Open(i.Setup[len(i.URL):]) // the link works once
	page.WaitPath("/dashboard")
}

func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	page := browsertest.New(t, i.URL)
	page.Open("/incidents?sort_by=title")
	page.WaitPath("/login")
	page.Fill("E-mail", "editor@acme.test")
	page.Fill("Password", "not the password")
	page.Press("Enter")
	page.WaitText("The e-mail address or the password is wrong.")
	page.Wait(`document.activeElement.name === "password"`)
	if got := browsertest.Evaluate[string](page, `document.getElementsByName("email")[0].value`); got != "editor@acme.test" {
		t.Errorf("the address became %q", got)
	}
	page.Fill("Password", instance.Password)
	page.Press("Enter")
	page.WaitPath("/incidents")
	if got := page.Path(); got != "/incidents?sort_by=title" {
		t.Errorf("signing in leads to %q", got)
	}
	for _, away := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "javascript:alert(1)"} {
		r := (&instance.Client{Instance: i}).Call("POST", "/login",
			"email=editor%40acme.test&password="+"correct+horse+battery+staple"+"&next="+away, "Content-Type",
			"application/x-www-form-urlencoded")
		if r.Status != 303 || r.Header.Get("Location") != "/dashboard" {
			t.Errorf("next=%s leads to %d %q", away, r.Status, r.Header.Get("Location"))
		}
	}
	page.Click("disclosure", "editor of acme , account and look")
	page.Click("button", "Sign out")
	page.WaitPath("/login")
	page.Open("/incidents")
	page.WaitPath("/login")
}

func TestAnIncidentFromOpenToDeleted(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	page := i.Enter(t, "editor@acme")
	page.Open("/assets")
	page.WaitText("No assets yet")
	page.Click("link", "Create asset")
	page.WaitPath("/assets/new")
	page.Click("button", "Create asset")
	page.WaitText("Name is required.")
	page.Fill("Name", "Checkout")
	page.Press("Ctrl+Enter")
	page.WaitText("Details")
	page.Open("/incidents/new?assets=" + strings.TrimPrefix(page.Path(), "/assets/"))
	page.Fill("Title", "Checkout answers 503")
	instance.Choose(page, "severity", "sev1")
	page.Press("Ctrl+Enter")
	page.WaitText("created this incident")
	page.Click("button", "Acknowledge")
	page.WaitText("acknowledged this incident")
	page.WaitText("State: Open → Acknowledged")

	// Somebody else changes it while the form is open: what was typed stays, and the form says what happened.
	path := page.Path()
	page.Open(path + "/edit")
	page.Fill("Title", "Checkout is down")
	i.As("admin@acme").Must(i.As("admin@acme").Call("PATCH", "incidents/"+path[len("/incidents/"):], map[string]string{
		"title": "Checkout is slow"}), 200, nil)
	page.Press("Ctrl+s")
	page.WaitText("Take stored\nCheckout is slow")
	page.ExpectAccessible("two changes of one field")
	page.Screenshot("two-changes")
	if got := browsertest.Evaluate[string](page, `document.getElementsByName("title")[0].value`); got != "Checkout is down" {
		t.Errorf("the form came back with %q", got)
	}
	page.Click("button", "Save changes")
	page.WaitText("Title: Checkout is slow → Checkout is down")

	page.Click("button", "Mitigate")
	page.WaitText("mitigated this incident")
	page.Click("disclosure", "More actions")
	page.Click("button", "Delete")
	page.WaitText("It can be restored from the trash")
	page.Click("button", "Delete incident")
	page.WaitPath("/incidents")
	page.WaitText("Incident deleted.")
	page.WaitText("No incidents yet")
	page.Click("button", "Undo")
	page.WaitText("Checkout is down")
	page.Open(path)
	page.WaitText("restored this incident")
}

func TestAListMovesWhenSomebodyElseWorks(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	page := i.Enter(t, "viewer@acme")
	page.Open("/incidents")
	page.WaitText("No incidents yet")
	c := i.As("editor@acme")
	var made struct{ ID string }
	c.Must(c.Call("POST", "incidents", map[string]string{"title": "It broke"}), 201, &made)
	page.WaitText("It broke")
	c.Must(c.Call("POST", "incidents/"+made.ID+"/acknowledge", map[string]any{}), 200, nil)
	page.WaitText("Acknowledged")
}

func TestAnIncidentByKeyboard(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	c := i.As("editor@acme")
	for _, title := range []string{"First", "Second", "Third"} {
		c.Must(c.Call("POST", "incidents", map[string]string{"title": title}), 201, nil)
	}
	page := i.Enter(t, "editor@acme")
	page.Open("/dashboard")
	page.Press("g", "i")
	page.WaitPath("/incidents")
	page.Press("j", "j", "j", "Enter") // the newest comes first
	page.WaitText("created this incident")
	page.WaitText("First")
	path := page.Path()
	page.WaitPath(path)
	page.Press("e")
	page.Wait(`location.pathname.endsWith("/edit")`)
	page.Wait(`document.activeElement.name === "title"`)
	page.Press("Ctrl+a", "N", "e", "w")
	page.Press("Ctrl+Enter")
	page.WaitPath(path)
	page.WaitText("Title: First → New")
	page.Press("c")
	page.WaitPath("/incidents/new")
	page.Wait(`document.activeElement.name === "title"`)
	page.Press("F", "o", "u", "r", "t", "h", "Ctrl+Enter")
	page.WaitText("created this incident")
}

func TestWhoMayNotIsNotOffered(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	c := i.As("editor@acme")
	var made struct{ ID string }
	c.Must(c.Call("POST", "incidents", map[string]string{"title": "It broke"}), 201, &made)
	page := i.Enter(t, "viewer@acme")
	for _, path := range []string{"/incidents", "/incidents/" + made.ID, "/workflows", "/dashboard"} {
		page.Open(path)
		forms := browsertest.Evaluate[[]string](page,
			`[...document.querySelectorAll("main form[method=post]")].map(form => form.getAttribute("action")).filter(action => action !== "/views" && !action.endsWith("/columns"))`) // how a list looks is everybody's own
		links := browsertest.Evaluate[[]string](page,
			`[...document.querySelectorAll("main a")].map(a => a.getAttribute("href")).filter(href => /(\/new|\/edit)$/.test(href))`)
		if len(forms)+len(links) > 0 {
			t.Errorf("%s offers a viewer %q %q", path, forms, links)
		}
	}
	page.Open("/incidents/new")
	page.WaitText("Not allowed")
	page.WaitText("incident:create")
}
