package tenants

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"
	"mime/quotedprintable"
	"net/mail"
	"net/url"
	"strings"
	"testing"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

// drawn is a picture of one colour as PNG.
func drawn(t testing.TB, width, height int, of color.Color) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		picture.Set(i%width, i/width, of)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// brand changes the branding of the client's organization.
func brand(c *instance.Client, fields map[string]any) {
	c.Instance.T.Helper()
	c.Must(c.Call("PATCH", "tenants/"+instance.TenantOf(c), fields), 200, nil)
}

func TestABrandingIsHeldToWhatCanBeShown(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	admin := i.As("admin@acme")
	path := "tenants/" + instance.TenantOf(admin)
	var moving bytes.Buffer
	if err := gif.Encode(&moving, image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.White}), nil); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []map[string]any{
		{"accent": "teal"}, {"accent": "#12345"}, {"accent": "#0b7a75;}"}, {"accent": `</style>`},
		{"sender_name": "Acme\r\nBcc: all@umbrella.test"}, {"sender_name": "Acme\u0007"}, {"sender_name": "ceo@umbrella.test"},
		{"sender_name": "Acme <ceo>"}, {"sender_name": "em\u202ecA"},
		{"sender_name": strings.Repeat("a", 61)}, {"sign_in_text": strings.Repeat("a", 1001)},
		{"logo": admin.Upload("logo.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`))},
		{"favicon": admin.Upload("moving.gif", moving.Bytes())},
		{"favicon": admin.Upload("large.png", append(drawn(t, 4, 4, color.White), make([]byte, 300<<10)...))},
	} {
		r := admin.Call("PATCH", path, wrong)
		for field := range wrong {
			if r.Status != 422 || !strings.Contains(string(r.Body), `"`+field+`"`) {
				t.Errorf("%.60v answers %d %s", wrong, r.Status, r.Body)
			}
		}
	}
	i.As("editor@acme").Expect(403, "PATCH", path, map[string]any{"accent": "#ff6600"})
	var row struct {
		Accent     string
		SenderName string `json:"sender_name"`
	}
	admin.Must(admin.Call("PATCH", path, map[string]any{"accent": "#F60", "sender_name": " Acme Support "}), 200, &row)
	i.As("owner@acme").Create("admin/feature-flags", map[string]any{"feature": "white_label"})
	admin.Expect(403, "PATCH", path, map[string]any{"hide_powered_by": true})
	if row.Accent != "#ff6600" || row.SenderName != "Acme Support" {
		t.Errorf("it is stored as %+v", row)
	}
}

func TestStrangersSeeABrandingAtItsHostAlone(t *testing.T) {
	t.Parallel()
	i := instance.StartNamed(t)
	admin, nobody := i.As("admin@acme"), &instance.Client{Instance: i}
	logo := admin.Upload("logo.png", drawn(t, 300, 100, color.RGBA{255, 0, 0, 255}))
	free := admin.Upload("other.png", drawn(t, 8, 8, color.White))
	brand(admin, map[string]any{"accent": "#ff6600", "logo": logo["id"], "sign_in_text": "Ask **Grace** <img src=x onerror=alert(1)>"})
	front := func(host string) string { return string(nobody.Call("GET", "/login", nil, "Host", host).Body) }
	page := front("acme.localhost")
	for _, want := range []string{"/branding/accent/1/ff6600.css", "/branding/pictures/" + logo["id"].(string), "<strong>Grace</strong>",
		"Powered by Zygo", "<title>Sign in · Acme</title>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the sign-in page lacks %s", want)
		}
	}
	if strings.Contains(page, "onerror") {
		t.Error("the text of the sign-in page acts")
	}
	for _, host := range []string{"localhost", "umbrella.localhost"} {
		if strings.Contains(front(host), "ff6600") || strings.Contains(front(host), "Grace") {
			t.Errorf("%s shows the branding of Acme", host)
		}
	}
	brand(admin, map[string]any{"hide_powered_by": true})
	if strings.Contains(front("acme.localhost"), "Powered by") {
		t.Error("the foot stands where it is hidden")
	}
	if missing := string(nobody.Call("GET", "/signup", nil, "Host", "acme.localhost").Body); !strings.Contains(missing, "ff6600.css") {
		t.Error("an error at the host of Acme looks like another site")
	}

	style := nobody.Call("GET", "/branding/accent/1/ff6600.css", nil)
	if style.Status != 200 || !strings.HasPrefix(string(style.Body), ":root{--accent:light-dark(") ||
		!strings.Contains(style.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("the stylesheet is %d %v %s", style.Status, style.Header, style.Body)
	}
	for _, path := range []string{"/branding/accent/1/red.css", "/branding/accent/0/ff6600.css", "/branding/accent/1/ff6600",
		"/branding/accent/1/%7D%7D.css"} {
		if r := nobody.Call("GET", path, nil); r.Status != 404 {
			t.Errorf("%s answers %d", path, r.Status)
		}
	}
	at := func(c *instance.Client, id any, host string) instance.Reply {
		return c.Call("GET", "/branding/pictures/"+id.(string), nil, "Host", host)
	}
	shown := at(nobody, logo["id"], "acme.localhost")
	if picture, err := png.Decode(bytes.NewReader(shown.Body)); err != nil || picture.Bounds().Dx() != 128 || picture.Bounds().Dy() != 42 {
		t.Errorf("the logo is %v: %v", shown.Status, err)
	}
	if shown.Header.Get("Content-Type") != "image/png" || !strings.Contains(shown.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the logo comes as %v", shown.Header)
	}
	theirs := i.As("owner@umbrella")
	for what, r := range map[string]instance.Reply{
		"another host": at(nobody, logo["id"], "umbrella.localhost"), "the instance's host": at(nobody, logo["id"], "localhost"),
		"another organization":   at(theirs, logo["id"], "localhost"),
		"a file that is no logo": at(nobody, free["id"], "acme.localhost"), "nothing": at(nobody, "none", "acme.localhost"),
	} {
		if r.Status != 404 {
			t.Errorf("%s answers %d", what, r.Status)
		}
	}
	if r := at(i.As("viewer@acme"), logo["id"], "localhost"); r.Status != 200 {
		t.Errorf("a member gets %d", r.Status)
	}
	brand(admin, map[string]any{"logo": nil})
	if r := at(nobody, logo["id"], "acme.localhost"); r.Status != 404 {
		t.Errorf("a logo that was taken away answers %d", r.Status)
	}
}

// letter waits for a mail, lets it pass, and gives its sender and all that it says.
func letter(m *counterpart.MoodyServer, t testing.TB) (from, body string) {
	t.Helper()
	text := <-m.Mails
	m.Answer <- nil
	message, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := io.ReadAll(quotedprintable.NewReader(message.Body))
	if err != nil {
		t.Fatal(err)
	}
	return message.Header.Get("From"), string(whole)
}

func TestMailsLookLikeTheirOrganization(t *testing.T) {
	t.Parallel()
	server := &counterpart.MoodyServer{Mails: make(chan string, 10), Answer: make(chan error, 10)}
	i := instance.StartNamed(t, "mail.host=127.0.0.1", "mail.port="+counterpart.ServeMail(t, server), "mail.encryption=none",
		"mail.from=Zygo <zygo@acme.test>")
	admin, nobody := i.As("admin@acme"), &instance.Client{Instance: i}
	expect := func(what string, from string, has, lacks []string) {
		t.Helper()
		sender, body := letter(server, t)
		if sender != from {
			t.Errorf("%s comes from %s", what, sender)
		}
		for _, part := range has {
			if !strings.Contains(body, part) {
				t.Errorf("%s lacks %s", what, part)
			}
		}
		for _, part := range lacks {
			if strings.Contains(body, part) {
				t.Errorf("%s has %s", what, part)
			}
		}
	}
	admin.Invite("viewer", "one@example.com")
	expect("an invitation without a branding", `"Zygo" <zygo@acme.test>`, []string{"background:#0b7a75", ">Acme</p>", "Powered by Zygo"},
		nil)
	brand(admin, map[string]any{"accent": "#ffcc00", "sender_name": "Acme Support, Ltd.", "hide_powered_by": true})
	admin.Invite("viewer", "two@example.com")
	expect("an invitation", `"Acme Support, Ltd." <zygo@acme.test>`, []string{">Acme</p>"}, []string{"Powered by", "#0b7a75", "#ffcc00",
		"<img"})
	forgot := func(email, host string) {
		t.Helper()
		nobody.Must(nobody.Call("POST", "auth/forgot-password", map[string]string{"email": email}, "Host", host), 200, nil)
	}
	forgot("viewer@acme.test", "acme.localhost")
	expect("a reset at the host", `"Acme Support, Ltd." <zygo@acme.test>`, []string{">Acme</p>"}, nil)
	forgot("viewer@acme.test", "localhost")
	expect("a reset elsewhere", `"Zygo" <zygo@acme.test>`, []string{">Zygo</p>"}, []string{"Powered by"})
	// Nobody is written to in the name of an organization that they don't belong to.
	forgot("viewer@umbrella.test", "acme.localhost")
	expect("a reset of somebody else", `"Zygo" <zygo@acme.test>`, []string{">Zygo</p>"}, []string{"Acme"})
}

func TestAnAdministratorBrandsTheirOrganizationOnThePage(t *testing.T) {
	instance.OnlyWide(t)
	t.Parallel()
	i := instance.StartNamed(t)
	page := i.Enter(t, "admin@acme")
	page.Open("/settings/organization")
	page.Click("link", "Branding")
	page.WaitPath("/settings/organization/branding")
	page.WaitText("Powered by Zygo")
	instance.LookTwice(page, "branding")
	page.Fill("Accent colour optional", "#ffcc00")
	page.WaitText("Darkened on light pages to stay readable.")
	page.Wait(`getComputedStyle(document.querySelector(".scheme[data-theme=dark] .button")).backgroundColor === "rgb(255, 204, 0)"`)
	light := browsertest.Evaluate[string](page,
		`getComputedStyle(document.querySelector(".scheme[data-theme=light] .button")).backgroundColor`)
	if light == "rgb(255, 204, 0)" || light == "rgb(11, 122, 117)" {
		t.Errorf("the preview on a light page is %s", light)
	}
	page.Fill("Text of the sign-in page optional", "For the people of **Acme**.")
	page.WaitText("For the people of Acme.")
	page.Fill("Sender of e-mails optional", "Acme Support")
	page.WaitText("Acme Support")
	browsertest.Evaluate[bool](page, `(() => {
		const files = new DataTransfer()
		files.items.add(new File([Uint8Array.from(atob("`+
		base64.StdEncoding.EncodeToString(drawn(t, 64, 64, color.RGBA{204, 51, 0, 255}))+`"), letter => letter.charCodeAt())], "logo.png"))
		document.querySelector("input[type=file][name=logo]").files = files.files
		return true
	})()`)
	instance.LookTwice(page, "branding-chosen")
	browsertest.Evaluate[bool](page, `document.querySelector("[name=hide_powered_by]").click(), true`)
	page.Wait(`!document.querySelector("#preview .powered")`)
	page.Click("button", "Save branding")
	page.Wait(`document.querySelector(".tenant .logo")?.naturalWidth === 64`)
	instance.LookTwice(page, "branding-stored")

	// The organization's own form is about the rest, and leaves the branding as it is.
	page.Open("/settings/organization")
	page.Click("link", "Edit")
	page.WaitNoText("Accent colour")
	page.Fill("Name", "Acme Works")
	page.Click("button", "Save changes")
	page.WaitText("Acme Works")
	page.Wait(`document.querySelector(".tenant .logo")?.naturalWidth === 64`)
	page.Open("/settings/organization/branding")
	page.Wait(`document.querySelector("[name=sender_name]").value === "Acme Support" && document.querySelector("[name=hide_powered_by]").checked`)

	member := i.Enter(t, "viewer@acme")
	member.Open("/incidents")
	for _, scheme := range []string{"light", "dark"} {
		member.Media(map[string]string{"prefers-color-scheme": scheme})
		member.ExpectAccessible("a branded page, " + scheme)
		got := browsertest.Evaluate[string](member, `getComputedStyle(document.querySelector(".item[aria-current] > .icon")).color`)
		if scheme == "dark" && got != "rgb(255, 204, 0)" || got == "rgb(11, 122, 117)" {
			t.Errorf("on %s pages the accent is %s", scheme, got)
		}
	}
	member.Open("/settings/organization/branding")
	member.WaitText("Not allowed")

	address, _ := url.Parse(i.URL)
	stranger := browsertest.New(t, "http://acme.localhost:"+address.Port())
	stranger.Open("/login")
	stranger.WaitText("For the people of Acme.")
	stranger.Wait(`document.querySelector(".brand .logo").naturalWidth === 64`)
	instance.LookTwice(stranger, "branded-sign-in")
	instance.ExpectLight(t, stranger, "/login")
	stranger.WaitNoText("Powered by Zygo")
	stranger.Click("link", "Forgot password?")
	stranger.WaitText("Forgot your password?")
	stranger.WaitText("Acme Works")

	page.Click("button", "Reset to Zygo’s own")
	page.Wait(`document.getElementById("confirm").open`)
	browsertest.Evaluate[bool](page, `document.querySelector("#confirm .button.primary, #confirm .button.danger").click(), true`)
	page.Wait(`!document.querySelector(".tenant .logo") && !document.querySelector("[value='#ffcc00']")`)
}
