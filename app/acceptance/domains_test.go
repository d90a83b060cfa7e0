package acceptance

import (
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"

	"zygo/ui/browsertest"
)

// nameServer answers for text records that a test sets.
type nameServer struct {
	mu      sync.Mutex
	records map[string][]string
	broken  bool
	address string
}

func serveNames(t testing.TB) *nameServer {
	t.Helper()
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &nameServer{records: map[string][]string{}, address: socket.LocalAddr().String()}
	server := &dns.Server{PacketConn: socket, Handler: dns.HandlerFunc(n.answer)}
	var wait sync.WaitGroup
	wait.Go(func() { server.ActivateAndServe() })
	t.Cleanup(func() {
		socket.Close()
		wait.Wait()
	})
	return n
}

func (n *nameServer) answer(w dns.ResponseWriter, question *dns.Msg) {
	n.mu.Lock()
	defer n.mu.Unlock()
	reply := new(dns.Msg)
	reply.SetReply(question)
	name := question.Question[0].Name
	texts, known := n.records[strings.TrimSuffix(name, ".")]
	switch {
	case n.broken:
		reply.Rcode = dns.RcodeServerFailure
	case !known:
		reply.Rcode = dns.RcodeNameError
	}
	for _, text := range texts {
		reply.Answer = append(reply.Answer, &dns.TXT{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeTXT, Class: dns.ClassINET}, Txt: []string{text[:len(text)/2], text[len(text)/2:]}})
	}
	w.WriteMsg(reply)
}

// set puts the text records of a name, none where there is none.
func (n *nameServer) set(name string, texts ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.records[name] = texts; texts == nil {
		delete(n.records, name)
	}
}

// fail makes the server answer that it can't, as one with trouble of its own does.
func (n *nameServer) fail(broken bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.broken = broken
}

// claimed is a domain as the API shows it.
type claimed struct{ ID, Name, State, Challenge, Found string }

// claim adds a domain.
func (c *client) claim(name string) (row claimed) {
	c.i.t.Helper()
	c.must(c.call("POST", "domains", map[string]string{"name": name}), 201, &row)
	return row
}

func (c *client) verify(id string) (row claimed) {
	c.i.t.Helper()
	c.must(c.call("POST", "domains/"+id+"/verify", nil), 200, &row)
	return row
}

func TestADomainIsProvedByItsRecord(t *testing.T) {
	t.Parallel()
	names := serveNames(t)
	i := start(t, "dns.resolver="+names.address)
	mine, theirs := i.as("admin@acme"), i.as("admin@umbrella")
	for _, wrong := range []string{"localhost", "127.0.0.1", "-a.test", "a b.test", "*.acme.test", "http://acme.test", "::1", strings.Repeat("a", 64) + ".test"} {
		mine.wants(422, "POST", "domains", map[string]string{"name": wrong})
	}
	i.as("editor@acme").wants(403, "POST", "domains", map[string]string{"name": "acme.test"})
	row := mine.claim("Desk.Acme.Test.")
	other := theirs.claim("desk.acme.test")
	if row.Name != "desk.acme.test" || row.State != "pending" || row.Challenge == other.Challenge {
		t.Errorf("the new domain is %+v, and that of the other organization %+v", row, other)
	}
	mine.wants(409, "POST", "domains", map[string]string{"name": "desk.acme.test"})
	at := "_zygo-challenge.desk.acme.test"
	if got := mine.verify(row.ID); got.State != "failed" {
		t.Errorf("without a record it is %+v", got)
	}
	names.set(at, "something else", other.Challenge)
	if got := mine.verify(row.ID); got.State != "failed" || !strings.Contains(got.Found, "something else") {
		t.Errorf("with another record it is %+v", got)
	}
	names.fail(true)
	mine.wants(503, "POST", "domains/"+row.ID+"/verify", nil)
	names.fail(false)
	names.set(at, row.Challenge)
	if got := mine.verify(row.ID); got.State != "verified" {
		t.Errorf("with the record it is %+v", got)
	}

	// Only who proves it learns that another organization has it.
	if got := theirs.verify(other.ID); got.State != "failed" {
		t.Errorf("the other claim is %+v", got)
	}
	names.set(at, row.Challenge, other.Challenge)
	theirs.wants(409, "POST", "domains/"+other.ID+"/verify", nil)
	theirs.wants(404, "POST", "domains/"+row.ID+"/verify", nil)
	var me struct{ Tenant struct{ ID string } }
	mine.must(mine.call("GET", "users/me", nil), 200, &me)
	theirs.wants(404, "GET", "tenants/"+me.Tenant.ID+"/domains", nil)
	theirs.wants(404, "DELETE", "tenants/"+me.Tenant.ID+"/domains/"+row.ID, nil)
	mine.wants(200, "DELETE", "tenants/"+me.Tenant.ID+"/domains/"+row.ID, nil)
	if got := theirs.verify(other.ID); got.State != "verified" {
		t.Errorf("after it was given up it is %+v", got)
	}
	mine.wants(200, "POST", "domains/"+row.ID+"/restore", nil)
	mine.wants(409, "POST", "domains/"+row.ID+"/verify", nil)
}

func TestAProvenDomainSurvivesAnAccident(t *testing.T) {
	t.Parallel()
	names := serveNames(t)
	i := start(t, "dns.resolver="+names.address)
	admin := i.as("admin@acme")
	row := admin.claim("desk.acme.test")
	names.set("_zygo-challenge.desk.acme.test", row.Challenge)
	admin.verify(row.ID)
	names.set("_zygo-challenge.desk.acme.test")
	if got := admin.verify(row.ID); got.State != "verified" {
		t.Errorf("on the first day without its record it is %+v", got)
	}
	i.stop()
	i.execute("UPDATE t_domain SET missed_at = missed_at - 259200000000")
	i.serve()
	admin = i.as("admin@acme")
	if got := admin.verify(row.ID); got.State != "failed" {
		t.Errorf("after three days it is %+v", got)
	}
}

func TestAHostBelongsToAnOrganization(t *testing.T) {
	t.Parallel()
	names := serveNames(t)
	i := named(t, "dns.resolver="+names.address)
	mine, theirs := i.as("owner@acme"), i.as("owner@umbrella")
	row := mine.claim("desk.acme.test")
	nobody := &client{i: i}
	front := func(host string) string {
		return string(nobody.call("GET", "/login", nil, "Host", host).body)
	}
	if strings.Contains(front("desk.acme.test"), "Acme") {
		t.Error("a domain that nobody proved shows the organization")
	}
	names.set("_zygo-challenge.desk.acme.test", row.Challenge)
	mine.verify(row.ID)
	for host, name := range map[string]string{"desk.acme.test": "Acme", "DESK.acme.test:8443": "Acme", "umbrella.localhost": "Umbrella", "localhost": "Zygo", "elsewhere.test": "Zygo", "nothing.localhost": "Zygo"} {
		if page := front(host); !strings.Contains(page, "</svg>"+name+"</p>") {
			t.Errorf("%s shows another name than %s", host, name)
		}
	}
	for host, want := range map[string][2]int{"desk.acme.test": {200, 401}, "umbrella.localhost": {401, 200}, "localhost": {200, 200}, "elsewhere.test": {200, 200}} {
		if a, u := mine.call("GET", "users/me", nil, "Host", host), theirs.call("GET", "users/me", nil, "Host", host); a.status != want[0] || u.status != want[1] {
			t.Errorf("on %s Acme's session answers %d and Umbrella's %d, want %v", host, a.status, u.status, want)
		}
	}
	signIn := func(who, host string) reply {
		return nobody.call("POST", "auth/login", map[string]string{"email": who, "password": passphrase}, "Host", host)
	}
	if r := signIn("owner@umbrella.test", "desk.acme.test"); r.status != 403 || !strings.Contains(string(r.body), "no active member of Acme") {
		t.Errorf("somebody of Umbrella signs in there with %d %s", r.status, r.body)
	}
	if r := signIn("owner@acme.test", "desk.acme.test"); r.status != 200 {
		t.Errorf("somebody of Acme signs in there with %d %s", r.status, r.body)
	}
	// A member of both enters that of the host, and leaves it only elsewhere.
	var there struct{ Tenant struct{ ID string } }
	theirs.must(theirs.call("GET", "users/me", nil), 200, &there)
	made := mine.invite("viewer", "owner@umbrella.test")["owner@umbrella.test"]
	theirs.must(theirs.accept(tokenIn(made.Link), nil), 200, nil)
	var in struct {
		AccessToken string `json:"access_token"`
		User        struct{ Tenant struct{ Slug string } }
	}
	for host, slug := range map[string]string{"umbrella.localhost": "umbrella", "desk.acme.test": "acme"} {
		if nobody.must(signIn("owner@umbrella.test", host), 200, &in); in.User.Tenant.Slug != slug {
			t.Errorf("on %s a session opens in %s", host, in.User.Tenant.Slug)
		}
	}
	both := &client{i: i, token: in.AccessToken}
	nobody.must(signIn("owner@umbrella.test", "desk.acme.test"), 200, &in)
	both.token = in.AccessToken
	if r := both.call("POST", "tenants/"+there.Tenant.ID+"/switch", nil, "Host", "desk.acme.test"); r.status != 409 {
		t.Errorf("a switch on the host of another organization answers %d", r.status)
	}
	both.wants(200, "POST", "tenants/"+there.Tenant.ID+"/switch", nil)
}

func TestThePageOfADomain(t *testing.T) {
	t.Parallel()
	names := serveNames(t)
	i := start(t, "dns.resolver="+names.address)
	page := i.enter(t, "admin@acme")
	page.Open("/settings/organization/domain")
	page.WaitPath("/domains")
	page.Open("/domains/new")
	page.Fill("Domain", "desk.acme.test")
	page.Click("button", "Create domain")
	page.WaitText("Set this record at your DNS provider")
	shoot(page, "domain-new")
	challenge := browsertest.Evaluate[string](page, `[...document.querySelectorAll("[data-copy]")].map(one => one.dataset.copy).find(text => text.startsWith("zygo-domain"))`)
	page.Click("button", "Look it up now")
	page.WaitText("The record was not found.")
	names.set("_zygo-challenge.desk.acme.test", challenge)
	page.Click("button", "Look it up now")
	page.WaitText("The domain is yours")
	shoot(page, "domain-verified")
	page.Open("/domains")
	page.WaitText("desk.acme.test")
	shoot(page, "domains")
}
