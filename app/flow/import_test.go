package flow

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zygo/app/fault"
	"zygo/app/flow/n8n"
	"zygo/app/value"
)

// A workflow of n8n runs here as it did there: its branches, its loop, its merge, and expressions that hide their errors.
func TestAWorkflowOfN8nRuns(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	must(t, p.Start())
	made, err := ImportText(p.s, []byte(`{"name":"Orders","nodes":[
		{"id":"1","name":"Start","type":"n8n-nodes-base.manualTrigger","typeVersion":1,"position":[0,0],"parameters":{}},
		{"id":"2","name":"Each","type":"n8n-nodes-base.splitInBatches","typeVersion":3,"position":[200,0],"parameters":{"batchSize":2}},
		{"id":"3","name":"Large?","type":"n8n-nodes-base.if","typeVersion":2.2,"position":[400,100],"parameters":{"conditions":{
			"options":{"caseSensitive":true,"typeValidation":"strict"},"combinator":"and","conditions":[
			{"leftValue":"={{ $json.n }}","rightValue":1,"operator":{"type":"number","operation":"gt"}}]}}},
		{"id":"4","name":"Large","type":"n8n-nodes-base.set","typeVersion":3.4,"position":[600,50],"parameters":{"includeOtherFields":true,
			"assignments":{"assignments":[{"name":"size","type":"string","value":"=large {{ $json.missing.deep }}"}]}}},
		{"id":"5","name":"Small","type":"n8n-nodes-base.function","typeVersion":1,"position":[600,150],
			"parameters":{"functionCode":"for (const i of items) i.json.size = 'small'\nreturn items"}},
		{"id":"6","name":"Both","type":"n8n-nodes-base.merge","typeVersion":3,"position":[800,100],"parameters":{}},
		{"id":"7","name":"Which","type":"n8n-nodes-base.set","typeVersion":3.4,"position":[400,-100],"parameters":{
			"assignments":{"assignments":[{"name":"is","type":"string","value":"={{ $json.size.trim() }} {{ $('Start').item.json.n }}"}]}}},
		{"id":"8","name":"Picture","type":"n8n-nodes-base.editImage","typeVersion":2,"position":[600,-100],"parameters":{"text":"hi"}}],
		"connections":{"Start":{"main":[[{"node":"Each","type":"main","index":0}]]},
			"Each":{"main":[[{"node":"Which","type":"main","index":0}],[{"node":"Large?","type":"main","index":0}]]},
			"Large?":{"main":[[{"node":"Large","type":"main","index":0}],[{"node":"Small","type":"main","index":0}]]},
			"Large":{"main":[[{"node":"Both","type":"main","index":0}]]},"Small":{"main":[[{"node":"Both","type":"main","index":1}]]},
			"Both":{"main":[[{"node":"Each","type":"main","index":0}]]},"Which":{"main":[[{"node":"Picture","type":"main","index":0}]]}}}`))
	must(t, err)
	if made.Nodes != 8 || made.Same != 7 || len(made.Notes) != 1 || made.Notes[0].Node != "Picture" {
		t.Errorf("the report is %+v", made)
	}
	w, err := Workflows.Get(p.s, made.ID)
	must(t, err)
	if !strings.Contains(string(w.Description), "7 of 8 nodes") || !strings.Contains(string(w.Description), "**Picture**") {
		t.Errorf("the description is %s", w.Description)
	}
	kind, _ := p.kernel.Kind("workflow")
	_, err = kind.Act(p.s, w.ID, "publish", 0, nil)
	must(t, err)
	done := p.end(p.run(w.ID, numbers))
	if got := jsonOf(t, done.Output); got != `{"is":"large 2"} {"is":"small 1"} {"is":"large 3"}` {
		t.Errorf("it gives %s, %+v", got, done.Error)
	}
}

// The service of an imported workflow lacks its credential alone: a secret with the name that it had in n8n.
func TestAnImportedServiceNeedsItsSecret(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	made, err := ImportText(p.s, []byte(`{"name":"Tell","nodes":[
		{"id":"1","name":"Start","type":"n8n-nodes-base.manualTrigger","typeVersion":1,"position":[0,0],"parameters":{}},
		{"id":"2","name":"Tell","type":"n8n-nodes-base.telegram","typeVersion":1.2,"position":[200,0],"parameters":{"chatId":"={{ $json.id }}","text":"Hi"},
			"credentials":{"telegramApi":{"id":"1","name":"Team bot"}}}],
		"connections":{"Start":{"main":[[{"node":"Tell","type":"main","index":0}]]}}}`))
	must(t, err)
	if made.Same != 2 || len(made.Notes) != 0 || len(made.Credentials) != 1 {
		t.Errorf("the report is %+v", made)
	}
	problems, err := Problems(p.s, made.ID)
	must(t, err)
	if len(problems) != 1 || problems[0].Secret != "TEAM_BOT" {
		t.Errorf("the problems are %+v", problems)
	}
	w, err := Workflows.Get(p.s, made.ID)
	must(t, err)
	if !strings.Contains(string(w.Description), "TEAM\\_BOT") {
		t.Errorf("the description is %s", w.Description)
	}
}

func TestImportsAreToldApart(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	made, err := ImportText(p.s, []byte(`{"name":"Own","nodes":[{"id":"a","type":"trigger.manual"}],"connections":[],"settings":{}}`))
	if err != nil || made.Name != "Own" || made.Nodes != 0 {
		t.Errorf("a file of Zygo gives %+v, %v", made, err)
	}
	for _, text := range []string{`x`, `{}`, `{"nodes":[],"other":1}`, `{"name":"x"}`} {
		if made, err := ImportText(p.s, []byte(text)); text != `{"nodes":[],"other":1}` && !fault.Is(err, fault.Invalid) {
			t.Errorf("%s gives %+v, %v", text, made, err)
		}
	}
	report, wrong := ImportFromN8n(p.s, &N8nImport{Workflow: []byte(`{"nodes":[]}`), DryRun: true})
	if wrong != nil || report.ID != "" {
		t.Errorf("a try makes %+v, %v", report, wrong)
	}
}

// A trigger of n8n that looks at a list takes what is there at first as known, and then starts what follows for each new entry.
func TestAnImportedTriggerFindsWhatIsNew(t *testing.T) {
	t.Parallel()
	var entries atomic.Int32
	feed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, `<rss version="2.0"><channel><title>News</title>`)
		for n := range entries.Load() {
			fmt.Fprintf(w, `<item><title>Entry %d</title><guid>%d</guid></item>`, n, n)
		}
		fmt.Fprint(w, `</channel></rss>`)
	}))
	t.Cleanup(feed.Close)
	p := newPlant(t, strings.TrimPrefix(feed.URL, "http://"))
	must(t, p.Start())
	made, err := ImportText(p.s, fmt.Appendf(nil, `{"name":"News","nodes":[
		{"id":"1","name":"News","type":"n8n-nodes-base.rssFeedReadTrigger","typeVersion":1,"position":[0,0],"parameters":{"feedUrl":%q,
			"pollTimes":{"item":[{"mode":"everyMinute"}]}}},
		{"id":"2","name":"Tell","type":"n8n-nodes-base.set","typeVersion":3.4,"position":[200,0],"parameters":{
			"assignments":{"assignments":[{"name":"told","type":"string","value":"={{ $('News').item.json.title }}"}]}}}],
		"connections":{"News":{"main":[[{"node":"Tell","type":"main","index":0}]]}}}`, feed.URL))
	must(t, err)
	kind, _ := p.kernel.Kind("workflow")
	_, err = kind.Act(p.s, made.ID, "publish", 0, nil)
	must(t, err)
	for look, step := range []struct {
		entries int32
		told    string
	}{{0, ""}, {2, `{"told":"Entry 0"} {"told":"Entry 1"}`}, {2, ""}, {3, `{"told":"Entry 2"}`}} {
		entries.Store(step.entries)
		p.clock.Advance(time.Minute)
		p.catchUp(t)
		rows := p.ofWorkflow(made.ID, look+1)
		done := p.end(rows[look].ID)
		told := ""
		for _, ran := range done.Nodes {
			if ran.Name == "Tell" && ran.Status == stepSucceeded {
				told = jsonOf(t, done.Output)
			}
		}
		if done.Status != Succeeded || told != step.told {
			t.Errorf("look %d is %s and tells %s, want %s: %+v", look, done.Status, told, step.told, done.Error)
		}
	}
}

// A workflow that stands in a node becomes a draft of its own, from a file as from the database of an instance.
func TestAWorkflowWithinANodeIsImported(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	text := `{"name":"Outer","nodes":[
		{"id":"1","name":"Start","type":"n8n-nodes-base.manualTrigger","typeVersion":1,"position":[0,0],"parameters":{}},
		{"id":"2","name":"Run","type":"n8n-nodes-base.executeWorkflow","typeVersion":1,"position":[200,0],"parameters":{"source":"parameter",
			"workflowJson":"{\"name\":\"Inner\",\"nodes\":[{\"id\":\"1\",\"name\":\"Start\",\"type\":\"n8n-nodes-base.executeWorkflowTrigger\",\"typeVersion\":1,\"position\":[0,0],\"parameters\":{}}],\"connections\":{}}"}}],
		"connections":{"Start":{"main":[[{"node":"Run","type":"main","index":0}]]}}}`
	file, err := value.Parse([]byte(text), value.Limits{})
	must(t, err)
	for name, imported := range map[string]func(dryRun bool) (Imported, error){
		"file": func(dryRun bool) (Imported, error) { return ImportFile(p.s, []byte(text), "n8n", dryRun) },
		"instance": func(dryRun bool) (Imported, error) {
			report, err := ImportInstance(p.s, &n8n.Instance{Workflows: []n8n.Stored{{ID: "w1", Name: "Outer", File: file}}}, dryRun)
			if err != nil || len(report.Workflows) != 1 {
				t.Fatalf("the report is %+v, %v", report, err)
			}
			return report.Workflows[0], nil
		},
	} {
		tried, err := imported(true)
		if err != nil || tried.ID != "" || len(tried.Called) != 1 || tried.Called[0].ID != "" {
			t.Errorf("%s: a dry run gives %+v, %v", name, tried, err)
		}
		made, err := imported(false)
		if err != nil || len(made.Called) != 1 || made.Called[0].Name != "Inner" {
			t.Fatalf("%s: %+v, %v", name, made, err)
		}
		for _, id := range []string{made.Called[0].ID, made.ID} { // the one that is called first
			kind, _ := p.kernel.Kind("workflow")
			_, err := kind.Act(p.s, id, "publish", 0, nil)
			must(t, err)
		}
	}
}
