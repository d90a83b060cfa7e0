package flow

import (
	"encoding/base64"
	"net/http"
	"strings"

	"zygo/app/acceptance/instance"
)

// templateTrials has an entry for each template of embed/workflows.
var templateTrials = map[string]trial{
	"hello-webhook": {check: func(s *stage) {
		s.expect(s.call("hello?name=Ada", nil), 200, `{"greeting":"Hello Ada"}`)
		s.expect(s.call("hello", map[string]string{"name": "Grace"}), 200, `{"greeting":"Hello Grace"}`)
		s.expect(s.caller.Call("GET", "/hooks/acme/hello", nil), 200, `{"greeting":"Hello world"}`)
	}},
	"website-answers": {
		fill: func(address string) map[string]map[string]any { return at("site", "url", address+"/down") },
		check: func(s *stage) {
			s.run()
			s.mail("team@example.com", "The website does not answer as it should", "It answers with the code 503.")
			s.change("site", "url", s.address+"/up")
			s.quiet(s.run(), "tell")
		},
	},
	"date-reminder": {
		fill: func(string) map[string]map[string]any {
			dates := []map[string]string{{"what": "Soon", "ends": inDays(3)}, {"what": "Later", "ends": inDays(20)},
				{"what": "Over", "ends": inDays(-2)}, {"what": "Month", "ends": inDays(30)}}
			return at("dates", "assignments", []map[string]any{{"name": "dates", "type": "array", "value": dates}})
		},
		check: func(s *stage) {
			e := s.run()
			for _, node := range e.Nodes {
				if node.NodeID == "remind" && strings.Contains(string(node.Input), "Later") {
					s.Error("it reminds of a date that is 20 days away")
				}
			}
			s.mail("team@example.com", "Soon ends on "+inDays(3), "Soon: 3 days left.")
			s.mail("team@example.com", "Over has ended on "+inDays(-2), "the date has passed")
			s.mail("team@example.com", "Month ends on "+inDays(30), "30 days left")
		},
	},
	"report-of-the-day": {
		fill: func(address string) map[string]map[string]any { return at("read", "url", address+"/orders") },
		check: func(s *stage) {
			s.run()
			s.mail("team@example.com", "", "paid: 2 orders, 21.5 in total\nopen: 1 orders, 5 in total")
			s.change("read", "url", s.address+"/none")
			s.run()
			s.mail("team@example.com", "", "none: 0 orders, 0 in total")
		},
	},
	"sign-up-form": {
		fill: func(address string) map[string]map[string]any { return at("thanks", "location", address+"/thanks") },
		check: func(s *stage) {
			form := func(body string) (status int, location string) {
				r := s.call("sign-up", body, "Content-Type", "application/x-www-form-urlencoded")
				return r.Status, r.Header.Get("Location")
			}
			if status, to := form("name=Ada&email=ada@example.org&website="); status != 302 || !strings.HasSuffix(to, "/thanks") {
				s.Errorf("a form is answered by %d to %s", status, to)
			}
			s.mail("team@example.com", "A new sign-up", "E-mail: ada@example.org")
			for _, body := range []string{"name=Ada&email=ada", "email=ada@example.org", ""} {
				if status, _ := form(body); status != 422 {
					s.Errorf("the form %q is answered by %d", body, status)
				}
			}
			if status, to := form("name=Ada&email=ada@example.org&website=spam"); status != 302 || to != "https://www.example.com/thanks" {
				s.Errorf("a robot is answered by %d to %s", status, to)
			}
		},
	},
	"forward-signed": {
		secrets: []string{"INCOMING_SECRET", "OUTGOING_SECRET"},
		fill:    func(address string) map[string]map[string]any { return at("send", "url", address+"/keep") },
		check: func(s *stage) {
			const body = `{"id":12345678901234567890,"type":"paid","card":"4242"}`
			s.accepted(s.call("events", body, "X-Hub-Signature-256", sign(templateKey, body)))
			got := s.sent(`{"id":12345678901234567890,"type":"paid","received_at":`)
			if mark := got.Header.Get("X-Signature-256"); mark != sign(templateKey, got.Body) || strings.Contains(got.Body, "4242") {
				s.Errorf("%s is signed with %s", got.Body, mark)
			}
			s.expect(s.call("events", body, "X-Hub-Signature-256", sign("another", body)), 401, "")
		},
	},
	"backup-is-fresh": {
		fill: func(address string) map[string]map[string]any { return at("ask", "url", address+"/backup") },
		check: func(s *stage) {
			s.run()
			s.mail("team@example.com", "The backup is not fresh", "The newest backup is 50 hours old.")
			s.change("ask", "url", s.address+"/fresh")
			s.quiet(s.run(), "tell")
			s.change("ask", "url", s.address+"/missing")
			s.run()
			s.mail("team@example.com", "The backup is not fresh", "The backup could not be checked:")
		},
	},
	"split-a-list": {
		secrets: []string{"LIST_KEY"},
		fill:    func(address string) map[string]map[string]any { return at("send", "url", address+"/keep") },
		check: func(s *stage) {
			answer := s.call("list", `[{"id":1,"n":"a"},{"id":2},{"id":1,"n":"b"}]`, "X-Api-Key", templateKey)
			s.expect(answer, 200, `{"received":3,"sent":2}`)
			s.sent(`{"id":1,"n":"a"}`)
			s.sent(`{"id":2}`)
			for _, body := range []string{`[{"n":1}]`, `{"id":1}`, `[]`} {
				s.expect(s.call("list", body, "X-Api-Key", templateKey), 422, "each with an id")
			}
			s.expect(s.call("list", `[{"id":1}]`), 401, "")
		},
	},
	"sort-support-mails": {
		secrets: []string{"SUPPORT_PASSWORD"},
		check: func(s *stage) {
			for to, mail := range map[string]map[string]string{
				"accounting@example.com":  {"from": "Ada <ada@example.org>", "subject": "Refund", "text": "Please pay it back."},
				"engineering@example.com": {"From": "ada@example.org", "Subject": "Help", "TextBody": "It shows an error."},
				"support@example.com":     {"from": "ada@example.org", "text": "Hello"},
			} {
				s.accepted(s.call("support", mail, "Authorization", basic("mail", templateKey)))
				s.mail(to, "", "ada@example.org")
			}
		},
	},
	"escalate": {
		secrets: []string{"ALERT_KEY"},
		fill: func(address string) map[string]map[string]any {
			return map[string]map[string]any{"wait": {"amount": 1, "unit": "seconds"},
				"ticket": {"url": address + "/tickets/{{ $('Alert').item.json.body.id }}"}}
		},
		check: func(s *stage) {
			s.accepted(s.call("alerts", `{"id":7,"title":"Disk full"}`, "X-Api-Key", templateKey))
			s.mail("on-call@example.com", "Alert: Disk full", "Take the ticket 7")
			s.mail("manager@example.com", "Nobody took the alert: Disk full", "The ticket 7")
			taken := s.accepted(s.call("alerts", `{"id":8,"title":"Disk full"}`, "X-Api-Key", templateKey))
			s.quiet(taken, "manager")
		},
	},
	"incident-of-a-site": {
		fill: func(address string) map[string]map[string]any {
			return map[string]map[string]any{"look": {"url": address + "/site", "pause": 0}}
		},
		check: func(s *stage) {
			s.run()
			s.run() // which finds the incident of the first
			incidents := func(state string) (found []struct{ Title, Summary, Resolution string }) {
				s.owner.Must(s.owner.Call("GET", "incidents?filter[state]="+state, nil), 200, &found)
				return found
			}
			open := incidents("open")
			if len(open) != 1 || !strings.HasSuffix(open[0].Title, "/site is down") || open[0].Summary != "It answered 503." {
				s.Fatalf("the open incidents are %+v", open)
			}
			if r, err := http.Post(s.address+"/site", "", nil); err != nil || r.Body.Close() != nil { // which brings it up again
				s.Fatal(err)
			}
			s.run()
			if resolved := incidents("resolved"); len(resolved) != 1 || resolved[0].Resolution != "The site answers again." {
				s.Errorf("the resolved incidents are %+v", resolved)
			}
		},
	},
	"certificates-end": {
		fill: func(string) map[string]map[string]any { return at("look", "pause", 0) },
		check: func(s *stage) {
			s.owner.CreateRow("assets", map[string]any{"name": "Shop", "address": strings.Replace(s.address, "http", "https", 1) + "/cart"})
			s.owner.CreateRow("assets", map[string]any{"name": "Plain", "address": "http://plain.invalid"})
			e := s.run()
			s.mail("team@example.com", "The certificate of Shop", "/cart: The connection failed: tls: first record does not look like a TLS handshake.")
			for _, node := range e.Nodes {
				if node.NodeID == "look" && strings.Contains(string(node.Input), "plain.invalid") {
					s.Error("it looks for a certificate of what has none")
				}
			}
		},
	},
	"post-to-chat": {
		secrets: []string{"CHAT_KEY", "CHAT_ADDRESS"},
		check: func(s *stage) {
			s.quiet(s.accepted(s.call("chat", `{"text":"Say \"hi\""}`, "X-Api-Key", templateKey)), "stop")
			s.sent(`{"text":"Say \"hi\""}`)
		},
	},
	"approve-a-request": {
		fill: func(string) map[string]map[string]any { return at("ask", "approvers", []string{"owner@acme.test"}) },
		check: func(s *stage) {
			s.expect(s.call("requests", `{"what":"A new chair"}`), 422, "your e-mail address")
			for decision, subject := range map[string]string{"approve": "Approved: A new chair", "reject": "Rejected: A new chair"} {
				s.expect(s.call("requests", `{"what":"A new chair","why":"The old one broke.","email":"ada@example.org"}`), 202, "asked")
				s.mail("owner@acme.test", "Your decision: A new chair", "The old one broke.")
				var open []struct{ ID string }
				s.owner.Must(s.owner.Call("GET", "approvals?filter[state]=open", nil), 200, &open)
				if len(open) != 1 {
					s.Fatalf("there are %d questions", len(open))
				}
				verdict := map[string]any{"decision": decision, "comment": "As agreed."}
				s.owner.Must(s.owner.Call("POST", "approvals/"+open[0].ID+"/decide", verdict), 200, nil)
				s.mail("ada@example.org", subject, "As agreed.")
			}
		},
	},
	"tell-of-failures": {
		check: func(s *stage) {
			var failing struct{ ID string }
			s.owner.Must(s.owner.Call("POST", "workflows", map[string]any{"name": "Nightly copy",
				"settings": map[string]any{"error_workflow": s.workflow},
				"nodes": []any{instance.Node("start", "trigger.manual", nil),
					instance.Node("copy", "stop", map[string]any{"message": "The disk is full."})},
				"connections": instance.Chain("start", "copy")}), 201, &failing)
			s.owner.Must(s.owner.Call("POST", "workflows/"+failing.ID+"/publish", nil), 200, nil)
			if e := s.owner.Run(failing.ID, nil); e.Status != "failed" {
				s.Errorf("it is %s", e.Status)
			}
			s.mail("team@example.com", "Nightly copy failed", "Nightly copy failed at “copy”:\n\nThe disk is full.")
		},
	},
	"in-rounds": {
		secrets: []string{"ROUNDS_KEY"},
		fill: func(address string) map[string]map[string]any {
			return map[string]map[string]any{"send": {"url": address + "/keep"}, "each": {"size": 2, "pause": 0}}
		},
		check: func(s *stage) {
			s.expect(s.call("rounds", `[{"id":1},{"id":2},{"id":3}]`, "X-Api-Key", templateKey), 200, `{"sent":3,"failed":0}`)
			s.sent(`{"entries":[{"id":1},{"id":2}]}`)
			s.sent(`{"entries":[{"id":3}]}`)
		},
	},
	"join-two-services": {
		secrets: []string{"JOIN_KEY"},
		fill: func(address string) map[string]map[string]any {
			return map[string]map[string]any{"customers": {"url": address + "/customers"}, "orders": {"url": address + "/customers/orders"}}
		},
		check: func(s *stage) {
			r := s.caller.Call("GET", "/hooks/acme/joined", nil, "X-Api-Key", templateKey)
			s.expect(r, 200, `[{"name":"Ada","orders":2,"total":21.5},{"name":"Grace","orders":0,"total":0}]`)
		},
	},
	"news-of-a-feed": {
		fill: func(address string) map[string]map[string]any { return at("read", "url", address+"/feed") },
		check: func(s *stage) {
			s.run()
			s.mail("team@example.com", "Acme: 1 new", "Fresh [news]\n"+s.address+"/fresh")
			s.change("read", "url", s.address+"/old-feed")
			s.quiet(s.run(), "send")
		},
	},
	"table-to-report": {
		secrets: []string{"TABLE_KEY"},
		check: func(s *stage) {
			const table = "customer;amount\nAda;1.50\nBob;2\nAda;3"
			e := s.accepted(s.call("table", table, "X-Api-Key", templateKey, "Content-Type", "text/csv"))
			s.mail("team@example.com", "Amounts of 2 customers", `filename="report.xlsx"`)
			for _, node := range e.Nodes {
				if node.NodeID == "write" && !strings.Contains(string(node.Input), `{"rows":2,"amount":4.5,"customer":"Ada"}`) {
					s.Errorf("the report is made of %s", node.Input)
				}
			}
			s.expect(s.call("table", table, "Content-Type", "text/csv"), 401, "")
		},
	},
	"triage-pushes": {
		secrets: []string{"GITHUB_WEBHOOK_SECRET"},
		fill:    func(address string) map[string]map[string]any { return at("build", "url", address+"/keep") },
		check: func(s *stage) {
			payload, sent := mainPush(s)
			r := s.call("pushes", payload, "X-Hub-Signature-256", sign(templateKey, string(payload)), "X-GitHub-Delivery", "1")
			s.expect(r, 200, sent.After)
			s.sent(sent.After)
			s.mail("team@example.com", "", sent.After)
		},
	},
}

// basic is how a mail service shows its name and password.
func basic(name, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))
}
