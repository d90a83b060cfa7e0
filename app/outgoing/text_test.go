package outgoing

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"zygo/app/fault"
)

func TestATextIsSentOnceAsTwilioWantsIt(t *testing.T) {
	t.Parallel()
	status, answer := 201, `{"sid":"SM1"}`
	var path, form, user, password string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		path, form = r.URL.Path, string(body)
		user, password, _ = r.BasicAuth()
		if status == 302 {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}))
	defer server.Close()
	settings := TextSettings{AccountSID: "AC1", AuthToken: "token", From: "+15005550006", URL: server.URL}
	texter := func(allow ...string) *Texter {
		guard, err := NewGuard(allow)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(guard.Close)
		made, err := guard.NewTexter(settings)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	if err := texter().Send(t.Context(), "+4930123456", "Hello"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a private address that nobody allowed gives %v", err)
	}
	works := texter(strings.TrimPrefix(server.URL, "http://"))
	if err := works.Send(t.Context(), "+4930123456", "Your code: 1 & 2"); err != nil {
		t.Fatal(err)
	}
	if path != "/2010-04-01/Accounts/AC1/Messages.json" || user != "AC1" || password != "token" ||
		form != "Body=Your+code%3A+1+%26+2&From=%2B15005550006&To=%2B4930123456" {
		t.Errorf("it was sent to %s by %s:%s with %s", path, user, password, form)
	}
	for _, try := range []struct {
		status int
		answer string
		code   fault.Code
		says   string
	}{
		{400, `{"code":21211,"message":"The 'To' number +4930123456 is not valid"}`, fault.Invalid, "error 21211"},
		{401, "<html>", fault.Invalid, "status 401"},
		{429, `{"code":20429}`, fault.Unavailable, "error 20429"},
		{500, "", fault.Unavailable, "status 500"},
		{302, "", fault.Unavailable, "status 302"},
	} {
		status, answer = try.status, try.answer
		err := works.Send(t.Context(), "+4930123456", "Hello")
		if !fault.Is(err, try.code) || !strings.Contains(err.Error(), try.says) || strings.Contains(err.Error(), "4930") {
			t.Errorf("status %d gives %v", try.status, err)
		}
	}
	server.Close()
	if err := works.Send(t.Context(), "+4930123456", "Hello"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without a server it gives %v", err)
	}
}

func TestATexterWantsOneSender(t *testing.T) {
	t.Parallel()
	guard, err := NewGuard(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []TextSettings{{AccountSID: "AC1", From: "a"}, {AccountSID: "AC1", AuthToken: "t"},
		{AccountSID: "AC1", AuthToken: "t", From: "a", MessagingService: "MG1"}} {
		if _, err := guard.NewTexter(s); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v gives %v", s, err)
		}
	}
}
