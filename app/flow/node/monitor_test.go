package node_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/outgoing"
)

// nameServer answers for example.test and for inside.test, which leads to a private address.
func nameServer(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	zone := map[string]string{"example.test. A": "93.184.216.34", "example.test. TXT": `"v=spf1 -all"`, "inside.test. A": "10.1.2.3",
		"example.test. MX": "10 mail.example.test."}
	server := &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, r *dns.Msg) {
		answer := new(dns.Msg).SetReply(r)
		q := r.Question[0]
		if text, ok := zone[q.Name+" "+dns.TypeToString[q.Qtype]]; ok {
			record, err := dns.NewRR(q.Name + " 60 IN " + dns.TypeToString[q.Qtype] + " " + text)
			if err != nil {
				t.Error(err)
			}
			answer.Answer = append(answer.Answer, record)
		}
		_ = w.WriteMsg(answer)
	})}
	go func() { _ = server.ActivateAndServe() }()
	t.Cleanup(func() { _ = server.Shutdown() })
	return conn.LocalAddr().String()
}

// check runs a node that puts items out at ok or at breach, and gives what it put out. Want is the output and a part of the item, or
// behind an exclamation mark a part of the error.
func check(t *testing.T, c *node.Call, name, config, want string) (left string) {
	t.Helper()
	found, _ := node.Find(name, 1)
	n, faults := found.Compile(field.JSON("{" + config + "}"))
	if len(faults) > 0 {
		if part, ok := strings.CutPrefix(want, "!"); !ok || !strings.Contains(faults[0].Field, part) {
			t.Errorf("%s: %v", config, faults)
		}
		return ""
	}
	r, err := n.Run(t.Context(), c)
	if part, wantsError := strings.CutPrefix(want, "!"); wantsError || err != nil {
		if err == nil || !wantsError || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %s, %v", config, outputs(r), err)
		}
		return ""
	}
	output, part, _ := strings.Cut(want, " ")
	left = outputs(r)
	if at := map[string]int{"ok": 0, "breach": 1}[output]; len(r.Outputs[at].Items) != 1 || !strings.Contains(left, part) {
		t.Errorf("%s: %s; want %s", config, left, want)
	}
	return left
}

func TestMonitor(t *testing.T) {
	t.Parallel()
	answers := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/down":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/slow":
			for began := time.Now(); time.Since(began) < 3*time.Millisecond; {
			}
		}
		_, _ = w.Write([]byte("all is well"))
	})
	plain, secured := httptest.NewServer(answers), httptest.NewTLSServer(answers)
	t.Cleanup(plain.Close)
	t.Cleanup(secured.Close)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	closed.Close()
	guard, err := outgoing.NewGuard([]string{plain.Listener.Addr().String(), secured.Listener.Addr().String(), nobody})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	services := &node.Services{HTTP: guard, Names: outgoing.NewResolver(nameServer(t))}
	tls := secured.Listener.Addr().String()
	for config, want := range map[string]string{
		`"url":"` + plain.URL + `"`:                                           `ok "status":200`,
		`"url":"` + plain.URL + `","contains":"well"`:                         `ok "reason":""`,
		`"url":"` + plain.URL + `","contains":"ill"`:                          `breach The answer does not hold`,
		`"url":"` + plain.URL + `/down","tries":2`:                            `breach It answered 503.","target":"` + plain.URL + `/down","tries":2`,
		`"url":"` + plain.URL + `/down","success":"503"`:                      `ok "tries":1`,
		`"url":"` + plain.URL + `/slow","slowest":1`:                          `breach ms; 1 is the most.`,
		`"url":"http://` + nobody + `"`:                                       `breach connection refused`,
		`"url":"http://169.254.169.254/"`:                                     `!not a public address`,
		`"op":"tcp","host":"` + tls + `"`:                                     `ok "target":"` + tls,
		`"op":"tcp","host":"` + nobody + `"`:                                  `breach connection refused`,
		`"op":"tcp","host":"10.0.0.1:22"`:                                     `!not a public address`,
		`"op":"tcp","host":"db.example.test"`:                                 `!has no port`,
		`"op":"tls","host":"` + tls + `"`:                                     `breach not trusted`,
		`"op":"tls","host":"` + tls + `","trusted":false`:                     `ok "issuer":`,
		`"op":"tls","host":"` + tls + `","trusted":false,"days":3650`:         `ok "days_left":`,
		`"op":"dns","name":"example.test"`:                                    `ok "records":["93.184.216.34"]`,
		`"op":"dns","name":"example.test","record":"TXT","contains":"spf1"`:   `ok v=spf1 -all`,
		`"op":"dns","name":"example.test","record":"TXT","contains":"dkim"`:   `breach No record holds`,
		`"op":"dns","name":"example.test","record":"MX"`:                      `ok 10 mail.example.test"`,
		`"op":"dns","name":"example.test","record":"AAAA"`:                    `breach has no records`,
		`"op":"dns","name":"inside.test"`:                                     `breach does not connect to`,
		`"op":"dns","name":"{{ $json.none }}"`:                                `!name`,
		`"op":"tls","host":"` + plain.Listener.Addr().String() + `","days":1`: `breach not look like a TLS handshake`,
	} {
		c := call(t, `[{"id":7}]`)
		c.Services, c.Now = services, time.Now()
		left := check(t, c, "monitor", `"pause":0,`+config, want)
		if strings.Contains(left, "10.1.2.3") {
			t.Errorf("%s tells a private address", config)
		}
	}
}

func TestSecurity(t *testing.T) {
	t.Parallel()
	// Of "password", whose SHA-1 begins with 5BAA6, and a line of padding.
	const leaked = "1E4C9B93F3F0682250B6CF8331B7EE68FD8:9659365\r\n00000000000000000000000000000000000:0\r\n"
	var asked []string
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/busy/5BAA6":
			w.WriteHeader(http.StatusTooManyRequests)
		case strings.HasPrefix(r.URL.Path, "/range/"):
			asked = append(asked, r.URL.Path+" "+r.Header.Get("Add-Padding"))
			_, _ = w.Write([]byte(leaked))
		case r.URL.Path == "/good":
			for name, text := range map[string]string{"Strict-Transport-Security": "max-age=1", "Referrer-Policy": "same-origin",
				"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff"} {
				w.Header().Set(name, text)
			}
			http.SetCookie(w, &http.Cookie{Name: "s", Secure: true, HttpOnly: true})
		default:
			http.SetCookie(w, &http.Cookie{Name: "open"})
		}
	}))
	t.Cleanup(server.Close)
	plain := httptest.NewServer(server.Config.Handler)
	t.Cleanup(plain.Close)
	guard, err := outgoing.NewGuard([]string{server.Listener.Addr().String(), plain.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	for config, want := range map[string]string{
		`"op":"password","password":"password","service":"` + plain.URL + `/range/"`: `breach "leaks":9659365`,
		`"op":"password","password":"another","service":"` + plain.URL + `/range/"`:  `ok "leaks":0`,
		`"op":"password","password":"password","service":"` + plain.URL + `/busy/"`:  `!answered 429`,
		`"op":"password"`:                `!password`,
		`"url":"` + plain.URL + `/good"`: `breach "findings":["The page is sent without TLS."]`,
		`"url":"` + plain.URL + `/bad"`:  `breach The cookie open lacks Secure or HttpOnly.`,
	} {
		c := call(t, `[{}]`)
		c.Services = &node.Services{HTTP: guard}
		check(t, c, "security", config, want)
	}
	for _, one := range asked {
		if len(one) != len("/range/5BAA6 true") {
			t.Errorf("the service learns %s", one)
		}
	}
}

func TestOpenPorts(t *testing.T) {
	t.Parallel()
	var ports []string
	for range 3 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		_, port, _ := net.SplitHostPort(listener.Addr().String())
		ports = append(ports, port)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, shut, _ := net.SplitHostPort(closed.Addr().String())
	closed.Close()
	guard, err := outgoing.NewGuard([]string{"127.0.0.1/32"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(guard.Close)
	narrow, err := outgoing.NewGuard(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(narrow.Close)
	two := ports[0] + "," + ports[1]
	for name, test := range map[string]struct {
		config string
		guard  *outgoing.Guard
		want   string
	}{
		"none may be open": {`"ports":"` + two + "," + shut + `"`, guard, "breach Open, and not expected to be: "},
		"both may":         {`"ports":"` + two + "," + shut + `","may":"` + two + `"`, guard, `ok "unexpected":[]`},
		"one may":          {`"ports":"` + two + `","may":"` + ports[0] + `"`, guard, `breach "unexpected":[` + ports[1] + `]`},
		"closed":           {`"ports":"` + shut + `"`, guard, `ok "open":[]`},
		"not ours":         {`"ports":"` + two + `"`, guard, "!verified domain"},
		"not allowed":      {`"ports":"` + two + `"`, narrow, "!127.0.0.1"},
		"no port":          {`"ports":"0"`, guard, "!ports"},
		"too many":         {`"ports":"1-2000"`, guard, "!ports"},
		"strange":          {`"ports":"80","may":"x"`, guard, "!may"},
	} {
		c := call(t, `[{}]`)
		c.Services = &node.Services{HTTP: test.guard}
		c.Owns = func(host string) (bool, error) { return host == "127.0.0.1" && name != "not ours", nil }
		if left := check(t, c, "security", `"host":"127.0.0.1","op":"ports",`+test.config, test.want); t.Failed() {
			t.Fatalf("%s: %s", name, left)
		}
	}
}
