package certificates

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
)

// stored are the files of a host's certificate in an instance's directory. Each is its owner's alone.
func stored(i *instance.Instance, host string) (files []string) {
	i.T.Helper()
	err := filepath.WalkDir(filepath.Join(i.Dir, "certificates"), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // gone while it was looked at
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		if info.Mode().Perm()&0o077 != 0 {
			i.T.Errorf("%s has the mode %v", path, info.Mode())
		}
		if !d.IsDir() && strings.Contains(path, "/"+host+"/") {
			files = append(files, d.Name())
		}
		return nil
	})
	if err != nil {
		i.T.Fatal(err)
	}
	return files
}

// browsing signs somebody in as a browser does, and gives what opens pages.
func browsing(i *instance.Instance, who string) (open func(path string) string) {
	i.T.Helper()
	var err error
	if i.HTTP.Jar, err = cookiejar.New(nil); err != nil {
		i.T.Fatal(err)
	}
	read := func(response *http.Response, err error) string {
		i.T.Helper()
		if err != nil {
			i.T.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			i.T.Fatal(err)
		}
		return string(text)
	}
	read(i.HTTP.PostForm(i.URL+"/login", url.Values{"email": {who + ".test"}, "password": {instance.Password}}))
	at, err := url.Parse(i.URL)
	if err != nil {
		i.T.Fatal(err)
	}
	cookies := i.HTTP.Jar.Cookies(at)
	if len(cookies) == 0 {
		i.T.Error("the sign-in gave no cookie")
	}
	for _, cookie := range cookies {
		if !strings.HasPrefix(cookie.Name, "__Host-") {
			i.T.Errorf("the cookie %s is not bound to HTTPS", cookie.Name)
		}
	}
	return func(path string) string { return read(i.HTTP.Get(i.URL + path)) }
}

func TestEachHostOfTheInstanceGetsACertificateAndNoOther(t *testing.T) {
	t.Parallel()
	names := counterpart.ServeNames(t)
	d := serveDirectory(t, portHTTPS, portClosed) // no port for http-01: tls-alpn-01 has to do
	i := d.serve("dns.resolver=" + names.Address)
	open := func(host string) (instance.Reply, string) {
		t.Helper()
		page, leaf, err := visit(d.visitor(), host, "/login")
		if err != nil {
			t.Fatalf("%s: %v", host, err)
		}
		if page.Status != 200 || page.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s answers %d with %v", host, page.Status, page.Header)
		}
		return page, leaf.SerialNumber.String()
	}
	closed := func(hosts ...string) {
		t.Helper()
		before := d.orders()
		for _, host := range hosts {
			if _, _, err := visit(d.visitor(), host, "/login"); err == nil || !strings.Contains(err.Error(), "tls: ") {
				t.Errorf("%s is served: %v", host, err)
			}
		}
		if after := d.orders(); after != before {
			t.Errorf("%d orders were made for %v", after-before, hosts)
		}
	}
	_, base := open("zygo.test")
	if page, _ := open("acme.zygo.test"); !strings.Contains(string(page.Body), "</svg>Acme</p>") {
		t.Error("the host of the slug does not show the organization")
	}
	if got := d.orders(); got != 2 { // a control for those that count none
		t.Fatalf("two hosts needed %d orders", got)
	}

	admin := i.As("owner@acme")
	row := admin.ClaimDomain("desk.acme.test")
	closed("desk.acme.test", "elsewhere.test", "nothing.zygo.test", "a.acme.zygo.test")
	names.Set("_zygo-challenge.desk.acme.test", row.Challenge)
	admin.VerifyDomain(row.ID)
	instance.Eventually(t, "the certificate of the domain, without a visitor", func() bool { return len(stored(i, "desk.acme.test")) == 3 })
	page, desk := open("desk.acme.test")
	if !strings.Contains(string(page.Body), "</svg>Acme</p>") {
		t.Error("the domain does not show its organization")
	}
	if shown := browsing(i, "owner@acme")("/domains/" + row.ID); !strings.Contains(shown, "Valid until") {
		t.Errorf("the page of the domain shows no certificate: %s", shown)
	}
	if got := d.orders(); got != 3 {
		t.Errorf("three hosts needed %d orders", got)
	}
	i.Stop()
	i.Serve()
	for host, serial := range map[string]string{"zygo.test": base, "desk.acme.test": desk} {
		if _, now := open(host); now != serial {
			t.Errorf("%s has another certificate after a restart", host)
		}
	}
	if got := d.orders(); got != 3 {
		t.Errorf("the restart made %d orders", got-3)
	}
	admin = i.As("owner@acme")
	admin.Expect(200, "DELETE", "domains/"+row.ID, nil)
	instance.Eventually(t, "the certificate of the deleted domain to go", func() bool { return len(stored(i, "desk.acme.test")) == 0 })
	closed("desk.acme.test")
	if i.Stop() != 0 {
		t.Error("the instance did not stop as it should")
	}
}

func TestThePlainPortAnswersChallengesAndLeadsToHTTPS(t *testing.T) {
	t.Parallel()
	d := serveDirectory(t, portClosed, portHTTP) // nothing is where tls-alpn-01 is asked: http-01 has to do
	d.serve("tls.http_listen=" + d.at(portHTTP))
	// The library begins with either challenge; where it fails, the directory wants a new order with the other.
	if page, _, err := visit(d.visitor(), "zygo.test", "/login"); err != nil || page.Status != 200 {
		t.Fatalf("%d %v", page.Status, err)
	}
	plain := func(path string) *http.Response {
		t.Helper()
		response, err := d.visitor().Get(fmt.Sprintf("http://zygo.test:%d%s", portHTTP, path))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response
	}
	for _, path := range []string{"/login?next=%2Fincidents", "/.well-known/acme-challenge/made-up"} {
		if r := plain(path); r.StatusCode != 308 || r.Header.Get("Location") != fmt.Sprintf("https://zygo.test:%d%s", portHTTPS, path) {
			t.Errorf("%s answers %d to %s", path, r.StatusCode, r.Header.Get("Location"))
		}
	}
}

func TestAFailedCertificateIsExplainedAndNotRepeated(t *testing.T) {
	t.Parallel()
	names := counterpart.ServeNames(t)
	d := serveDirectory(t, portHTTPS, portClosed)
	i := d.serve("dns.resolver=" + names.Address)
	admin := i.As("owner@acme")
	row := admin.ClaimDomain("desk.acme.test")
	names.Set("_zygo-challenge.desk.acme.test", row.Challenge)
	d.lead("desk.acme.test", loopback()) // where nothing listens
	admin.VerifyDomain(row.ID)
	var shown string
	open := browsing(i, "owner@acme")
	instance.Eventually(t, "the failure on the page", func() bool {
		shown = open("/domains/" + row.ID)
		return strings.Contains(shown, "What to do")
	})
	if !strings.Contains(shown, "Failed to connect") || !strings.Contains(shown, "A and AAAA records") {
		t.Errorf("the page does not say what the directory said: %s", shown)
	}
	before := d.orders()
	if _, _, err := visit(d.visitor(), "desk.acme.test", "/login"); err == nil {
		t.Error("the domain is served")
	}
	if after := d.orders(); after != before {
		t.Errorf("a visitor caused %d orders right after a failure", after-before)
	}
	d.lead("desk.acme.test", d.address)
	admin.VerifyDomain(row.ID) // who looks it up again has changed something
	instance.Eventually(t, "the certificate", func() bool { return len(stored(i, "desk.acme.test")) == 3 })
	if _, _, err := visit(d.visitor(), "desk.acme.test", "/login"); err != nil {
		t.Error(err)
	}
}

func TestAnOwnCertificateIsReadAgainWhenItChanges(t *testing.T) {
	t.Parallel()
	dir, address := t.TempDir(), loopback()
	certificate, key := selfSigned(t, dir, "own", "zygo.test")
	i := instance.PrepareBinary(t, fmt.Sprintf("server.base_url=https://zygo.test:%d", portHTTPS),
		fmt.Sprintf("tls.listen=%s:%d", address, portHTTPS), "tls.certificate_file="+certificate, "tls.key_file="+key)
	i.HTTP = visitor(address, pool(t, certificate))
	i.Serve()
	_, first, err := visit(i.HTTP, "zygo.test", "/login")
	if err != nil {
		t.Fatal(err)
	}
	selfSigned(t, dir, "own", "zygo.test")
	later := time.Now().Add(time.Minute) // however coarse the clock of the file system is
	if err := os.Chtimes(certificate, later, later); err != nil {
		t.Fatal(err)
	}
	_, second, err := visit(visitor(address, pool(t, certificate)), "zygo.test", "/login")
	if err != nil || first.SerialNumber.Cmp(second.SerialNumber) == 0 {
		t.Errorf("the new certificate is not served: %v", err)
	}
	if err := os.WriteFile(key, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, third, err := visit(visitor(address, pool(t, certificate)), "zygo.test", "/login"); err != nil ||
		third.SerialNumber.Cmp(second.SerialNumber) != 0 {
		t.Errorf("files that don't fit end the service: %v", err)
	}
	i.Stop()
	out, failed, code := i.Command("serve", "--set", i.Set[0], "--set", i.Set[1], "--set", i.Set[2], "--set", i.Set[3])
	if code == 0 || !strings.Contains(failed, "can't be used together") {
		t.Errorf("it starts with a broken key: %d %s%s", code, out, failed)
	}
}
