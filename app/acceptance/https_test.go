package acceptance

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
)

// stored are the files of a host's certificate in an instance's directory. Each is its owner's alone.
func (i *instance) stored(host string) (files []string) {
	i.t.Helper()
	err := filepath.WalkDir(filepath.Join(i.dir, "certificates"), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // gone while it was looked at
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		if info.Mode().Perm()&0o077 != 0 {
			i.t.Errorf("%s has the mode %v", path, info.Mode())
		}
		if !d.IsDir() && strings.Contains(path, "/"+host+"/") {
			files = append(files, d.Name())
		}
		return nil
	})
	if err != nil {
		i.t.Fatal(err)
	}
	return files
}

// browsing signs somebody in as a browser does, and gives what opens pages.
func (i *instance) browsing(who string) (open func(path string) string) {
	i.t.Helper()
	var err error
	if i.via.Jar, err = cookiejar.New(nil); err != nil {
		i.t.Fatal(err)
	}
	read := func(response *http.Response, err error) string {
		i.t.Helper()
		if err != nil {
			i.t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			i.t.Fatal(err)
		}
		return string(text)
	}
	read(i.via.PostForm(i.url+"/login", url.Values{"email": {who + ".test"}, "password": {passphrase}}))
	at, err := url.Parse(i.url)
	if err != nil {
		i.t.Fatal(err)
	}
	cookies := i.via.Jar.Cookies(at)
	if len(cookies) == 0 {
		i.t.Error("the sign-in gave no cookie")
	}
	for _, cookie := range cookies {
		if !strings.HasPrefix(cookie.Name, "__Host-") {
			i.t.Errorf("the cookie %s is not bound to HTTPS", cookie.Name)
		}
	}
	return func(path string) string { return read(i.via.Get(i.url + path)) }
}

func TestEachHostOfTheInstanceGetsACertificateAndNoOther(t *testing.T) {
	t.Parallel()
	names := serveNames(t)
	d := serveDirectory(t, portHTTPS, portClosed) // no port for http-01: tls-alpn-01 has to do
	i := d.serve("dns.resolver=" + names.address)
	open := func(host string) (reply, string) {
		t.Helper()
		page, leaf, err := visit(d.visitor(), host, "/login")
		if err != nil {
			t.Fatalf("%s: %v", host, err)
		}
		if page.status != 200 || page.header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s answers %d with %v", host, page.status, page.header)
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
	if page, _ := open("acme.zygo.test"); !strings.Contains(string(page.body), "</svg>Acme</p>") {
		t.Error("the host of the slug does not show the organization")
	}
	if got := d.orders(); got != 2 { // a control for those that count none
		t.Fatalf("two hosts needed %d orders", got)
	}

	admin := i.as("owner@acme")
	row := admin.claim("desk.acme.test")
	closed("desk.acme.test", "elsewhere.test", "nothing.zygo.test", "a.acme.zygo.test")
	names.set("_zygo-challenge.desk.acme.test", row.Challenge)
	admin.verify(row.ID)
	eventually(t, "the certificate of the domain, without a visitor", func() bool { return len(i.stored("desk.acme.test")) == 3 })
	page, desk := open("desk.acme.test")
	if !strings.Contains(string(page.body), "</svg>Acme</p>") {
		t.Error("the domain does not show its organization")
	}
	if shown := i.browsing("owner@acme")("/domains/" + row.ID); !strings.Contains(shown, "Valid until") {
		t.Errorf("the page of the domain shows no certificate: %s", shown)
	}
	if got := d.orders(); got != 3 {
		t.Errorf("three hosts needed %d orders", got)
	}
	i.stop()
	i.serve()
	for host, serial := range map[string]string{"zygo.test": base, "desk.acme.test": desk} {
		if _, now := open(host); now != serial {
			t.Errorf("%s has another certificate after a restart", host)
		}
	}
	if got := d.orders(); got != 3 {
		t.Errorf("the restart made %d orders", got-3)
	}
	admin = i.as("owner@acme")
	admin.wants(200, "DELETE", "domains/"+row.ID, nil)
	eventually(t, "the certificate of the deleted domain to go", func() bool { return len(i.stored("desk.acme.test")) == 0 })
	closed("desk.acme.test")
	if i.stop() != 0 {
		t.Error("the instance did not stop as it should")
	}
}

func TestThePlainPortAnswersChallengesAndLeadsToHTTPS(t *testing.T) {
	t.Parallel()
	d := serveDirectory(t, portClosed, portHTTP) // nothing is where tls-alpn-01 is asked: http-01 has to do
	d.serve("tls.http_listen=" + d.at(portHTTP))
	// The library begins with either challenge; where it fails, the directory wants a new order with the other.
	if page, _, err := visit(d.visitor(), "zygo.test", "/login"); err != nil || page.status != 200 {
		t.Fatalf("%d %v", page.status, err)
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
	names := serveNames(t)
	d := serveDirectory(t, portHTTPS, portClosed)
	i := d.serve("dns.resolver=" + names.address)
	admin := i.as("owner@acme")
	row := admin.claim("desk.acme.test")
	names.set("_zygo-challenge.desk.acme.test", row.Challenge)
	d.lead("desk.acme.test", loopback()) // where nothing listens
	admin.verify(row.ID)
	var shown string
	open := i.browsing("owner@acme")
	eventually(t, "the failure on the page", func() bool {
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
	admin.verify(row.ID) // who looks it up again has changed something
	eventually(t, "the certificate", func() bool { return len(i.stored("desk.acme.test")) == 3 })
	if _, _, err := visit(d.visitor(), "desk.acme.test", "/login"); err != nil {
		t.Error(err)
	}
}

func TestAnOwnCertificateIsReadAgainWhenItChanges(t *testing.T) {
	t.Parallel()
	dir, address := t.TempDir(), loopback()
	certificate, key := selfSigned(t, dir, "own", "zygo.test")
	i := prepared(t, fmt.Sprintf("server.base_url=https://zygo.test:%d", portHTTPS), fmt.Sprintf("tls.listen=%s:%d", address, portHTTPS), "tls.certificate_file="+certificate, "tls.key_file="+key)
	i.via = visitor(address, pool(t, certificate))
	i.serve()
	_, first, err := visit(i.via, "zygo.test", "/login")
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
	if _, third, err := visit(visitor(address, pool(t, certificate)), "zygo.test", "/login"); err != nil || third.SerialNumber.Cmp(second.SerialNumber) != 0 {
		t.Errorf("files that don't fit end the service: %v", err)
	}
	i.stop()
	if out, failed, code := i.command("serve", "--set", i.set[0], "--set", i.set[1], "--set", i.set[2], "--set", i.set[3]); code == 0 || !strings.Contains(failed, "can't be used together") {
		t.Errorf("it starts with a broken key: %d %s%s", code, out, failed)
	}
}
