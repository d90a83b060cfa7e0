package markup

import (
	"fmt"
	"time"
)

// The pages of an imaginary company, full enough to be looked at.

var now = time.Date(2026, 11, 20, 9, 6, 4, 0, time.UTC)

func sampleShell(title, current string) Shell {
	item := func(label, href, icon, key string, count int) NavItem {
		return NavItem{Label: label, Href: href, Icon: icon, Key: key, Count: count, Current: href == current}
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return Shell{
		Title: title, Viewer: Viewer{Zone: berlin, Now: now},
		Person: Person{Name: "Ada Okafor", Email: "ada@northwind.example"}, Find: "/search", Owner: "northwind ada",
		Tenant: Tenant{Name: "Northwind Logistics", Current: true},
		Tenants: []Tenant{
			{Name: "Northwind Logistics", Switch: "/switch/northwind", Current: true}, {Name: "Fabrikam", Switch: "/switch/fabrikam"},
		},
		Create: "/incidents/new", Token: "token", Live: "/live",
		Nav: []NavGroup{
			{Items: []NavItem{item("Home", "/dashboard", "house", "h", 0)}},
			{Label: "Automation", Items: []NavItem{
				item("Workflows", "/workflows", "workflow", "w", 0), item("Executions", "/executions", "play", "x", 0),
				item("Credentials", "/credentials", "key-round", "", 0),
			}},
			{Label: "Operations", Items: []NavItem{
				item("Incidents", "/incidents", "flame", "n", 3), item("Assets", "/assets", "boxes", "a", 0),
				item("Runbooks", "/runbooks", "list-checks", "r", 0),
			}},
			{Label: "Infrastructure", Items: []NavItem{
				item("Servers", "/servers", "server", "s", 0), item("Volumes", "/volumes", "hard-drive", "", 0),
				item("Networks", "/networks", "network", "", 0),
			}},
			{Label: "Support", Items: []NavItem{
				item("Tickets", "/tickets", "ticket", "t", 12), item("Knowledge base", "/articles", "book-open", "", 0),
			}},
			{Label: "Company", Items: []NavItem{
				item("People", "/members", "users", "p", 0), item("Plan and billing", "/billing", "credit-card", "", 0),
				item("Settings", "/settings", "settings", "", 0),
			}},
		},
	}
}

var incidentTitles = []string{
	"Checkout answers 503 for a third of requests", "Order import stuck since the night run", "Label printer in Hamburg offline",
	"Certificate of api.northwind.example ends in 6 days",
	"Invoice mails delayed by an hour", "Search returns nothing for umlauts", "Disk of db-2 at 91 %",
	"Two warehouses see each other's stock", "Payment webhook signed with the old key",
	"Login page slow from Lisbon", "Nightly backup took three hours", "Carrier tracking shows yesterday's data",
}

func sampleIncidents(count int) ListPage {
	state := []Badge{{Bad, "Open"}, {Warn, "Acknowledged"}, {Info, "Mitigated"}, {Good, "Resolved"}}
	severity := []Badge{{Bad, "Sev 1"}, {Warn, "Sev 2"}, {Idle, "Sev 3"}, {Idle, "Sev 4"}}
	people := []string{"Ada Okafor", "Jonas Weber", "Mei Lindqvist", "Priya Raman"}
	page := ListPage{
		Shell: sampleShell("Incidents", "/incidents"), Heading: "Incidents", Total: "1,204",
		States: []Chip{
			{Label: "Open", Count: "3", Href: "/incidents?filter[state]=open", Tone: Bad, On: true},
			{Label: "Acknowledged", Count: "7", Href: "/incidents?filter[state]=acknowledged", Tone: Warn},
			{Label: "Mitigated", Count: "2", Href: "/incidents?filter[state]=mitigated", Tone: Info},
			{Label: "Resolved", Count: "1,192", Href: "/incidents?filter[state]=resolved", Tone: Good},
		},
		Primary: &Action{Label: "Create incident", Icon: "plus", Href: "/incidents/new", Key: "c"},
		More: []Action{{Label: "Export as CSV", Icon: "download", Href: "/incidents.csv"},
			{Label: "Import", Icon: "upload", Href: "/incidents/import"}},
		SearchHint: "Search, or state:open", Path: "/incidents", Self: "/incidents?page=1",
		Filters: []Chip{{Label: "State: open", Href: "/incidents"}, {Label: "Assignee: me", Href: "/incidents"}},
		Filterable: []FilterField{
			{Label: "Severity", Name: "filter[severity]",
				Options: []Chip{{Label: "Sev 1", Href: "/incidents"}, {Label: "Sev 2", Href: "/incidents", On: true},
					{Label: "Sev 3", Href: "/incidents"}}},
			{Label: "Service", Name: "filter[service]",
				Options: []Chip{{Label: "A service whose name is far longer than any menu is wide", Href: "/incidents"}},
				Lookup:  "/lookup/assets"},
			{Label: "Created", Options: []Chip{{Label: "Today", Href: "/incidents"}}, From: "created_at.since", Until: "created_at.until"},
		},
		Live: "incident",
		Table: &Table{Caption: "Incidents", Chooses: "incident", Columns: []Column{
			{Label: "Title", SortHref: "/incidents?sort_by=title"}, {Label: "State", State: true}, {Label: "Severity", Leaves: 1},
			{Label: "Assignee"}, {Label: "Service", Leaves: 2},
			{Label: "Updated", SortHref: "/incidents?sort_by=updated_at", Sorted: "descending"},
		}},
		Bulk: []Action{
			{Label: "Acknowledge", Post: "/incidents/acknowledge"}, {Label: "Assign", Post: "/incidents/assign"},
			{Label: "Delete", Icon: "trash-2", Post: "/incidents/delete", Danger: true,
				Confirm: &Confirm{Title: "Delete incident", Many: "Delete # incidents", Body: "They stay in the trash for 30 days."}},
		},
		Paging: Paging{From: 1, To: count, Total: "1,204", NextHref: "/incidents?cursor=abc"},
	}
	for i := range count {
		row := Row{
			ID: fmt.Sprint("0199-", i), Label: incidentTitles[i%len(incidentTitles)], Href: fmt.Sprint("/incidents/", i),
			Edit: fmt.Sprint("/incidents/", i, "/edit"),
			Menu: fmt.Sprint("/incidents/", i, "/menu"),
			Cells: []Cell{
				Text(incidentTitles[i%len(incidentTitles)]), state[i*7%11%4], severity[i*5%7%4], Text(people[i%4]),
				Text([]string{"checkout", "orders", "print", "edge"}[i%4]), Time(now.Add(-time.Duration(i*i*7+3) * time.Minute)),
			},
		}
		if i == 1 {
			row.Cause = "Notify billing: 503 from billing"
		}
		page.Table.Rows = append(page.Table.Rows, row)
	}
	return page
}

func sampleEmpty() ListPage {
	return ListPage{
		Shell: sampleShell("Runbooks", "/runbooks"), Heading: "Runbooks", Path: "/runbooks", Self: "/runbooks", SearchHint: "Search",
		Primary: &Action{Label: "Create runbook", Icon: "plus", Href: "/runbooks/new", Key: "c"},
		Empty: Empty{
			Icon: "list-checks", Title: "No runbooks yet",
			Text:    "A runbook is what to do when something breaks, step by step, so that it works at three in the morning.",
			Actions: []Action{{Label: "Create runbook", Href: "/runbooks/new"}, {Label: "Import Markdown", Href: "/runbooks/import"}},
			Templates: []Template{{"Database full", "6 steps", "/a"}, {"Certificate expired", "4 steps", "/b"},
				{"Roll back a release", "9 steps", "/c"}},
			Guide: &Link{"How runbooks work", "/docs/runbooks"},
		},
	}
}

func sampleIncident() DetailPage {
	return DetailPage{
		Shell:   sampleShell("Checkout answers 503 for a third of requests", "/incidents"),
		Crumbs:  []Crumb{{"Incidents", "/incidents"}, {"Open", "/incidents?filter[state]=open"}},
		Place:   &Place{Index: 12, Total: "60", PreviousHref: "/incidents/11", NextHref: "/incidents/13"},
		Heading: "Checkout answers 503 for a third of requests",
		State:   Badge{Bad, "Open"},
		Primary: &Action{Label: "Acknowledge", Icon: "check", Post: "/incidents/12/acknowledge"},
		Actions: []Action{
			{Label: "Edit", Icon: "pencil", Href: "/incidents/12/edit", Key: "e"},
			{Label: "Escalate", Icon: "arrow-up", Post: "/incidents/12/escalate"},
			{Label: "Merge", Icon: "git-merge", Href: "/incidents/12/merge"},
			{Label: "Delete", Icon: "trash-2", Post: "/incidents/12/delete", Danger: true,
				Confirm: &Confirm{Title: "Delete incident", Body: "It stays in the trash for 30 days.", Name: "checkout"}},
		},
		Tabs: []Tab{{Label: "Overview", Href: "/incidents/12", Current: true}, {Label: "Assets", Href: "/incidents/12/assets", Count: "3"},
			{Label: "Runbook", Href: "/incidents/12/runbook"}},
		Main: []Section{
			{Title: "Summary",
				Markdown: "Since **08:41** about a third of the calls to `/checkout` end with 503. The pods restart every four minutes.\n\n- the new image went out at 08:37\n- memory climbs to the limit\n\n- [x] the image of 08:37 is taken back\n- [ ] the limit is raised\n\n| Pod | Restarts |\n|:--|--:|\n| checkout-1 | 12 |\n| checkout-2 | 9 |\n\nSee the [dashboard](https://grafana.example.com)."},
			{Title: "Latest failure", Action: &Action{Label: "Open execution", Href: "/executions/1"},
				Code: &Code{ID: "answer", Label: "Answer of checkout.internal",
					Text: "HTTP/1.1 503 Service Unavailable\nretry-after: 30\n\n{\"error\": \"no healthy upstream\"}"}},
		},
		Side: []Section{
			{Title: "Facts", Facts: []Fact{
				{"Severity", Badge{Warn, "Sev 2"}}, {"Assignee", Reference{"Jonas Weber", "/members/2"}}, {"Commander", nil},
				{"Service", Reference{"checkout", "/assets/4"}},
				{"Opened", Time(now.Add(-25 * time.Minute))}, {"Source", Text("Monitor “checkout health”")},
				{"Tags", Tags{"payments", "customer-facing"}}, {"Id", Identifier("0199f6a2-7c3e-7d11")},
			}},
			{Title: "Service level",
				Facts: []Fact{{"Acknowledge", Text("5 min left of 30 min")}, {"Resolve", Text("3 h 35 min left of 4 h")}}},
		},
		Timeline: []TimelineEntry{
			{At: now.Add(-3 * time.Minute), Icon: "message-square", Actor: "Jonas Weber", Text: "commented",
				Note: "Rolling back to `2026.11.19`. Watching memory."},
			{At: now.Add(-9 * time.Minute), Icon: "pencil", Actor: "Ada Okafor", Text: "changed this incident",
				Changes: []Change{{"Severity", "Sev 3", "Sev 2"}, {"Assignee", "", "Jonas Weber"}}},
			{At: now.Add(-25 * time.Minute), Icon: "flame", Tone: Bad, Actor: "Monitor “checkout health”", Text: "opened this incident"},
		},
		TimelineMore: "/incidents/12/activity", Self: "/incidents/12", Live: "incident:12",
	}
}

func sampleExecution() DetailPage {
	node := func(id, name, line, icon string, tone Tone, state NodeState, note string, x, y int) GraphNode {
		return GraphNode{ID: id, Name: name, Line: line, Icon: icon, Tone: tone, State: state, Note: note,
			Href: "/executions/10?step=" + id, X: x, Y: y, Current: state == NodeFailed}
	}
	start := now.Add(-4 * time.Minute)
	step := func(name string, state NodeState, from, took time.Duration, outcome, cause string) Step {
		return Step{Name: name, Href: "/executions/10?step=" + name, State: state, Start: start.Add(from), Took: took, Outcome: outcome,
			Cause: cause, Current: cause != ""}
	}
	const ms = time.Millisecond
	return DetailPage{
		Shell:   sampleShell("Execution 10", "/executions"),
		Crumbs:  []Crumb{{"Executions", "/executions"}, {"Order to billing", "/workflows/1"}},
		Place:   &Place{Index: 3, Total: "13", PreviousHref: "/executions/11", NextHref: "/executions/9"},
		Heading: "Order to billing", State: Badge{Bad, "Failed"},
		Primary: &Action{Label: "Retry from “Notify billing”", Icon: "rotate-ccw", Post: "/executions/10/retry"},
		Actions: []Action{{Label: "Retry from the start", Icon: "refresh-cw", Post: "/executions/10/retry"},
			{Label: "Open in editor", Icon: "workflow", Href: "/workflows/1"}},
		Notice: &Strip{
			Tone: Bad, Text: "Notify billing failed: billing.internal answered 503 (upstream maintenance).",
			Remedy: "Retry now, or let the step retry by itself.", Request: "01J9ZC4K",
			Actions: []Action{{Label: "Retry 3 times with backoff", Post: "/workflows/1/steps/billing/retry"}},
		},
		Top: []Section{
			{Title: "Graph", Graph: &Graph{
				Label: "Order to billing: 6 nodes, failed at Notify billing",
				Nodes: []GraphNode{
					node("hook", "New order", "POST /hooks/orders", "webhook", Info, NodeDone, "3 items", 0, 64),
					node("size", "Large order?", "total ≥ 500 EUR", "git-branch", Warn, NodeDone, "3", 288, 64),
					node("bill", "Notify billing", "POST billing.internal/invoices", "globe", Info, NodeFailed, "1.2 s", 576, 0),
					node("small", "Small order", "Set status, note", "pencil", Idle, NodeNotReached, "", 576, 128),
					node("wait", "Approval", "Finance, until 17:00", "clock", Warn, NodeWaiting, "", 864, 0),
					node("mail", "Tell the customer", "Mail to {{ customer.email }}", "mail", Good, NodeNotReached, "", 864, 128),
				},
				Edges: []GraphEdge{
					{"hook", "size", "3 items", NodeDone}, {"size", "bill", "1 item", NodeDone}, {"size", "small", "", NodeNotReached},
					{"bill", "wait", "", NodeNotReached}, {"small", "mail", "", NodeNotReached},
				},
			}},
		},
		Main: []Section{
			{Title: "Steps", Steps: &Steps{Label: "Steps by start", Start: start, Took: 4100 * ms, Steps: []Step{
				step("New order", NodeDone, 0, 12*ms, "3 items", ""), step("Large order?", NodeDone, 14*ms, 3*ms, "3 items", ""),
				step("Notify billing", NodeFailed, 20*ms, 1200*ms, "attempt 1 of 3", ""),
				step("Notify billing", NodeFailed, 2900*ms, 1200*ms, "attempt 2 of 3", "503 from billing.internal: upstream maintenance"),
				step("Small order", NodeNotReached, 0, 0, "", ""),
			}}},
			{Title: "Answer",
				Code: &Code{ID: "body", Label: "Notify billing, attempt 2",
					Text: "{\n  \"error\": \"upstream maintenance\",\n  \"until\": \"2026-11-20T09:30:00Z\"\n}"}},
		},
		Side: []Section{{Title: "Facts", Facts: []Fact{
			{"Started", Time(start)}, {"Took", Duration(4100 * ms)}, {"Trigger", Text("Webhook")},
			{"Version", Reference{"14, live", "/workflows/1/versions/14"}}, {"Attempts", Count(2)},
			{"Stored", Size(15_400)}, {"By", Reference{"Ada Okafor", "/members/1"}}, {"Id", Identifier("0199f6a2-10")},
		}}},
		Self: "/executions/10", Live: "execution:10",
	}
}

func sampleForm(withErrors bool) FormPage {
	page := FormPage{
		Shell: sampleShell("Create incident", "/incidents"), Crumbs: []Crumb{{"Incidents", "/incidents"}}, Heading: "Create incident",
		Submit: "Create incident",
		Action: "/incidents", Cancel: "/incidents", Draft: "incident:new",
		Groups: []FieldGroup{
			{Rows: [][]FieldView{
				{{Kind: FieldText, Name: "title", Label: "Title", Required: true, First: true, MaxLength: 200,
					Placeholder: "Checkout answers 503"}},
				{
					{Kind: FieldSelect, Name: "severity", Label: "Severity", Required: true,
						Options: []Option{{Value: "sev1", Label: "Sev 1"}, {Value: "sev3", Label: "Sev 3", Chosen: true}}},
					{Kind: FieldTime, Name: "opened_at", Label: "Opened", Required: true, Value: "2026-11-20T08:41"},
					{Kind: FieldNumber, Name: "affected", Label: "Customers affected", Unit: "customers"},
				},
				{
					{Kind: FieldLookup, Name: "assignee", Label: "Assignee", Lookup: "/lookup/members", Value: "2", Chosen: "Jonas Weber"},
					{Kind: FieldLookup, Name: "service", Label: "Service", Lookup: "/lookup/assets", Placeholder: "Type a name"},
				},
				{{Kind: FieldMarkdown, Name: "summary", Label: "Summary", Help: "Markdown. What is known, and what is not."}},
				{{Kind: FieldRadio, Name: "source", Label: "Source", Required: true,
					Options: []Option{{Value: "person", Label: "A person", Chosen: true}, {Value: "monitor", Label: "A monitor"},
						{Value: "customer", Label: "A customer"}}}},
				{{Kind: FieldCheck, Name: "public", Label: "Show on the public status page", Help: "Subscribers are told within a minute."}},
			}},
			{Title: "Escalation and links", Folded: true, Rows: [][]FieldView{
				{{Kind: FieldURL, Name: "link", Label: "Dashboard"}, {Kind: FieldSecret, Name: "key", Label: "Pager key", Stored: true}},
			}},
		},
	}
	if withErrors {
		page.Groups[0].Rows[0][0].Error = "Must not be empty."
		page.Groups[0].Rows[1][2].Value = "many"
		page.Groups[0].Rows[1][2].Error = "Must be a whole number."
	}
	return page
}

func sampleEdit() FormPage {
	page := sampleForm(false)
	page.Heading, page.Submit, page.Changes, page.Draft = "Edit incident", "Save changes", true, "incident:12"
	page.Shell.Title = "Edit incident"
	page.Groups[0].Rows[0][0].Value = "Checkout answers 503"
	return page
}

func sampleSignIn(refused bool) StandalonePage {
	page := StandalonePage{
		Title: "Sign in", Brand: Brand{Name: "Northwind Logistics", NamesZygo: true}, Action: "/sign-in", Submit: "Sign in",
		Fields: []FieldView{
			{Kind: FieldEmail, Name: "email", Label: "Email", Required: true, Autocomplete: "username webauthn"},
			{Kind: FieldPassword, Name: "password", Label: "Password", Required: true, Autocomplete: "current-password", Forgot: "/forgot"},
		},
		Others: []Action{{Label: "Use a passkey", Icon: "key", Href: "/passkey"},
			{Label: "Single sign-on", Icon: "building-2", Href: "/sso"}},
		Foot: []Link{{"Manual", "/docs"}, {"Status", "/status"}},
	}
	if refused {
		page.Fields[0].Value = "ada@northwind.example"
		page.Notice = &Strip{Tone: Bad, Text: "Email or password is not right."}
	}
	return page
}

func sampleSetup() StandalonePage {
	return StandalonePage{
		Title: "Set up Zygo", Lead: "This link works once. It makes you the owner of this instance.", Action: "/setup",
		Submit: "Create owner and organization", Wide: true,
		Fields: []FieldView{
			{Kind: FieldText, Name: "name", Label: "Your name", Required: true, Autocomplete: "name"},
			{Kind: FieldEmail, Name: "email", Label: "Email", Required: true, Autocomplete: "username"},
			{Kind: FieldPassword, Name: "password", Label: "Password", Required: true, Autocomplete: "new-password", MinLength: 12,
				Help: "At least 12 characters; a few words are easiest. Pasting works."},
			{Kind: FieldText, Name: "organization", Label: "Organization", Required: true, Autocomplete: "organization"},
			{Kind: FieldCheck, Name: "sample", Label: "Fill it with a sample workspace", Value: "true",
				Help: "One press removes it again."},
		},
		Others: []Action{{Label: "Restore a backup instead", Icon: "archive", Href: "/setup/restore"}},
	}
}

func sampleMissing() ErrorPage {
	shell := sampleShell("Not found", "")
	return ErrorPage{
		Shell: &shell, Title: "This incident does not exist",
		Text:    "There is no incident 0199f6a2, or it is in a workspace that you can't see.",
		Who:     "Jonas Weber and Mei Lindqvist can give access.",
		Actions: []Action{{Label: "All incidents", Href: "/incidents"}, {Label: "Search for 0199f6a2", Href: "/search?search=0199f6a2"}},
		Request: "01J9ZC4KQ2",
	}
}

func sampleFailure() ErrorPage {
	return ErrorPage{Title: "Something went wrong on our side", Text: "Nothing was changed. Trying again is safe.",
		Actions: []Action{{Label: "Try again", Href: "/"}}, Request: "01J9ZC4KQ2"}
}
