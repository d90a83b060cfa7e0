package instance

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// FormType is the type of what a form sends.
const FormType = "application/x-www-form-urlencoded"

// Traveller is a browser as far as cookies, redirects and forms go.
type Traveller struct {
	Instance *Instance
	HTTP     *http.Client
}

// Traveller gives a browser without cookies.
func (i *Instance) Traveller() *Traveller {
	jar, _ := cookiejar.New(nil)
	return &Traveller{i,
		&http.Client{Jar: jar, Timeout: time.Minute,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Send makes one request and follows nothing.
func (v *Traveller) Send(method, address, contentType, body string) Reply {
	v.Instance.T.Helper()
	if strings.HasPrefix(address, "/") {
		address = v.Instance.URL + address
	}
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		v.Instance.T.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if contentType == "application/json" {
		request.Header.Set("Zygo-Client", "web") // as the pages' own scripts say, so that a new session goes into the cookie
	}
	response, err := v.HTTP.Do(request)
	if err != nil {
		v.Instance.T.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		v.Instance.T.Fatal(err)
	}
	return Reply{response.StatusCode, response.Header, answer}
}

// Call sends JSON to the API with the browser's cookies.
func (v *Traveller) Call(method, path, body string) Reply {
	v.Instance.T.Helper()
	r := v.Send(method, Address(path), "application/json", body)
	if err := answers.check(v.Instance, method, Address(path), r); err != nil {
		v.Instance.T.Error(err)
	}
	return r
}

var (
	formTag  = regexp.MustCompile(`(?s)<form[^>]*>`)
	inputTag = regexp.MustCompile(`(?s)<input[^>]*>`)
	nameOf   = regexp.MustCompile(`name="([^"]*)"`)
	valueOf  = regexp.MustCompile(`value="([^"]*)"`)
	actionOf = regexp.MustCompile(`action="([^"]*)"`)
)

// Submit sends the page's first form, with what it carries unseen and what is given.
func (v *Traveller) Submit(page Reply, given url.Values) Reply {
	v.Instance.T.Helper()
	text := string(page.Body)
	action := actionOf.FindStringSubmatch(formTag.FindString(text))
	if action == nil {
		v.Instance.T.Fatalf("the page has no form: %d %s", page.Status, text)
	}
	values := url.Values{}
	for _, tag := range inputTag.FindAllString(text, -1) {
		if name, value := nameOf.FindStringSubmatch(tag), valueOf.FindStringSubmatch(tag); name != nil && value != nil &&
			strings.Contains(tag, `type="hidden"`) {
			values.Set(name[1], html.UnescapeString(value[1]))
		}
	}
	for name := range given {
		values.Set(name, given.Get(name))
	}
	return v.Send("POST", html.UnescapeString(action[1]), "application/x-www-form-urlencoded", values.Encode())
}

// Token is the form token of a page.
func (v *Traveller) Token(path string) string {
	v.Instance.T.Helper()
	for _, tag := range inputTag.FindAllString(string(v.Send("GET", path, "", "").Body), -1) {
		if name := nameOf.FindStringSubmatch(tag); name != nil && name[1] == "form_token" {
			return valueOf.FindStringSubmatch(tag)[1]
		}
	}
	v.Instance.T.Fatalf("%s has no form", path)
	return ""
}
