package n8n

import (
	"fmt"
	"strings"
	"testing"

	"zygo/app/fault"
	"zygo/app/value"
)

// one reads a workflow of one node.
func one(t *testing.T, kind, version, parameters, more string) (value.Value, *Workflow) {
	t.Helper()
	w, err := Read(fmt.Appendf(nil, `{"name":"W","nodes":[{"id":"a","name":"A","type":"n8n-nodes-base.%s","typeVersion":%s,
		"position":[10,20],"parameters":%s%s}],"connections":{}}`, kind, version, parameters, more))
	if err != nil {
		t.Fatal(err)
	}
	return w.Nodes.At(0), w
}

// What nodes of n8n become: the type and the configuration, and what somebody has to look at.
func TestNodes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ kind, version, parameters, becomes, note string }{
		{"manualTrigger", "1", `{}`, `trigger.manual {}`, ""},
		{"noOp", "1", `{}`, `pass {}`, ""},
		{"webhook", "2", `{"path":"/orders/:id/","httpMethod":"POST","responseMode":"responseNode"}`,
			`trigger.webhook {"path":"orders/{id}","method":["POST"],"auth":"none","respond":"by_node"}`, ""},
		{"webhook", "2", `{"path":"x","authentication":"headerAuth"}`,
			`trigger.webhook {"path":"x","method":["GET"],"auth":"header","header":"","secret":"HTTPHEADERAUTH","respond":"at_once"}`,
			"name of its header"},
		{"compareDatasets", "2.3", `{"mergeByFields":{"values":[{"field1":"id","field2":"key"}]},"resolve":"preferInput2","options":{"skipFields":"at, by"}}`,
			`compare {"on":[{"first":"id","second":"key"}],"give":"second","skip":["at","by"],"first_only":true}`, ""},
		{"jwt", "1", `{"claims":{"subject":"={{ $json.id }}","expiresIn":60},"options":{"algorithm":"HS512"}}`,
			`crypto {"secret":"{{ $secrets.JWTAUTH }}","algorithm":"HS512","op":"make_token","claims":{"sub":"{{ $json.id }}"},"lasts":60,"destination":"token"}`, ""},
		{"jwt", "1", `{"operation":"decode","token":"={{ $json.t }}"}`,
			`crypto {"op":"read_token","token":"{{ $json.t }}","destination":"payload"}`, ""},
		{"totp", "1", `{"options":{"digits":8}}`,
			`crypto {"op":"one_time_code","secret":"{{ $secrets.TOTPAPI }}","destination":"token","digits":8}`, "seconds that are left"},
		{"webhook", "2", `{"path":"x","authentication":"jwtAuth"}`,
			`trigger.webhook {"path":"x","method":["GET"],"auth":"none","respond":"at_once"}`, "choose the authentication"},
		{"scheduleTrigger", "1.2", `{"rule":{"interval":[{"field":"days","triggerAtHour":8,"triggerAtMinute":30}]}}`,
			`trigger.schedule {"mode":"cron","cron":"30 8 */1 * *"}`, ""},
		{"scheduleTrigger", "1.2", `{"rule":{"interval":[{"field":"weeks","triggerAtDay":[1,5],"triggerAtHour":7}]}}`,
			`trigger.schedule {"mode":"cron","cron":"0 7 * * 1,5"}`, ""},
		{"scheduleTrigger", "1.2", `{"rule":{"interval":[{"field":"minutes","minutesInterval":15}]}}`,
			`trigger.schedule {"mode":"every","every":15,"unit":"minutes"}`, ""},
		{"set", "3.4", `{"assignments":{"assignments":[{"name":"a","type":"any","value":"={{ $json.x }}"},{"name":"b","type":"string","value":"{{ no }}"}]}}`,
			`set {"assignments":[{"name":"a","type":"auto","value":"{{ $json.x }}"},{"name":"b","type":"string","value":"{{ \"{\" }}{ no }}"}],"keep":"none"}`, ""},
		{"set", "1", `{"values":{"string":[{"name":"a","value":"x"}]},"keepOnlySet":true}`,
			`set {"assignments":[{"name":"a","type":"string","value":"x"}],"keep":"none"}`, ""},
		{"set", "3.4", `{"mode":"raw","jsonOutput":"={ \"n\": {{ $json.n }} }"}`,
			`code {"mode":"each","source":"const made = \"{ \\\"n\\\": \" + ($json.n) + \" }\"\n` + leniently + `const read = typeof made === 'string' ? parsed(made) : made\nreturn { json: read }"}`, ""},
		{"if", "2.2", `{"conditions":{"options":{"caseSensitive":false,"typeValidation":"loose"},"combinator":"or","conditions":[
			{"leftValue":"={{ $json.n }}","rightValue":3,"operator":{"type":"number","operation":"gte"}},
			{"leftValue":"={{ $json.s }}","rightValue":"x","operator":{"type":"string","operation":"notEmpty","singleValue":true}}]}}`,
			`if {"conditions":[{"left":"{{ $json.n }}","op":"greater_or_equal","right":3,"type":"number"},{"left":"{{ $json.s }}","op":"is_not_empty","type":"string"}],` +
				`"combine":"or","case_sensitive":false,"loose_types":true}`, ""},
		{"splitInBatches", "3", `{"batchSize":5}`, `loop {"size":5,"once":true}`, ""},
		{"splitInBatches", "1", `{}`, `loop {"size":10,"once":true}`, "lead what comes after the loop"},
		{"merge", "3", `{"mode":"combine","fieldsToMatchString":"id, name","joinMode":"enrichInput1"}`,
			`merge {"mode":"fields","on":[{"first":"id"},{"first":"name"}],"keep":"first","give":"both","clash":"last"}`, ""},
		{"merge", "1", `{"mode":"mergeByKey","propertyName1":"id","propertyName2":"key","overwrite":"blank"}`, `merge {"mode":"fields","loose":true,"on":[` +
			`{"first":"id","second":"key"}],"keep":"first","last_only":true,"clash":"first","shallow":true,"skip_empty":true}`, ""},
		{"merge", "3", `{"mode":"combine","combineBy":"combineByPosition","numberInputs":3,"options":{"clashHandling":{"values":{"resolveClash":"preferInput1"}}}}`,
			`merge {"inputs":3,"mode":"position","over":1,"clash":"last"}`, ""},
		{"splitInBatches", "3", `{"options":{"reset":"={{ $prevNode.name === 'A' }}"}}`,
			`loop {"size":1,"once":"{{ ($prevNode.name === 'A') !== true }}"}`, ""},
		{"set", "3.4", `{"assignments":{"assignments":[{"name":"","type":"any","value":"={{ $(\"Gone\").first() }}"}]},"duplicateItem":true,"duplicateCount":2}`,
			`set {"assignments":[{"name":"[\"\"]","type":"auto","value":"{{ $(\"Gone\").first() }}"}],"keep":"none","test_copies":2}`, `names "Gone"`},
		{"wait", "1.1", `{}`, `delay {"mode":"duration","amount":5,"unit":"seconds"}`, ""},
		{"wait", "1", `{}`, `delay {"mode":"duration","amount":1,"unit":"hours"}`, ""},
		{"code", "2", `{"mode":"runOnceForEachItem","jsCode":"return $json"}`, `code {"mode":"each","source":"return $json","one_item":true}`, ""},
		{"code", "2", `{"language":"python","pythonCode":"x"}`,
			`placeholder {"type":"code","version":2,"parameters":{"language":"python","pythonCode":"x"}}`, "written in Python"},
		{"functionItem", "1", `{"functionCode":"item.x = 1; return item"}`,
			`code {"mode":"each","source":"return (function (item) {\nitem.x = 1; return item\n})($json)"}`, ""},
		{"summarize", "1.1", `{"fieldsToSummarize":{"values":[{"aggregation":"sum","field":"n"}]},"fieldsToSplitBy":"team"}`,
			`items {"op":"summarize","values":[{"do":"sum","field":"n"}],"group_by":["team"]}`, ""},
		{"httpRequest", "4.2", `{"method":"POST","url":"=https://a.example/{{ $json.id }}","sendBody":true,"bodyParameters":{"parameters":[
			{"name":"n","value":"={{ $json.n }}"}]},"options":{"timeout":2500}}`,
			`http {"method":"POST","url":"https://a.example/{{ $json.id }}","body_type":"json","body":{"n":"{{ $json.n }}"},"timeout":2.5,"at_once":10}`, ""},
		{"dateTime", "2", `{"operation":"subtractFromDate","magnitude":"={{ $json.d }}","duration":2,"timeUnit":"hours"}`,
			`date {"destination":"newDate","alone":true,"op":"add","value":"{{ $json.d }}","amount":-2,"unit":"hour"}`, ""},
		{"removeDuplicates", "2", `{"operation":"removeItemsSeenInPreviousExecutions","dedupeValue":"={{ $json.id }}","options":{"scope":"workflow"}}`,
			`new {"by":"value","value":"{{ $json.id }}","shared":true,"most":10000}`, "begins to remember here"},
		{"removeDuplicates", "2", `{"operation":"removeItemsSeenInPreviousExecutions","logic":"removeItemsUpToStoredDate","dateDedupeValue":"={{ $json.at }}"}`,
			`new {"by":"time","value":"{{ $json.at }}","most":10000}`, "begins to remember here"},
		{"actionNetwork", "1", `{"chatId":"7"}`, `placeholder {"type":"actionNetwork","version":1,"parameters":{"chatId":"7"}}`, "Zygo does not have"},
	} {
		made, w := one(t, test.kind, test.version, test.parameters, "")
		if got := made.Get("type").Raw() + " " + made.Get("config").JSON(); got != test.becomes {
			t.Errorf("%s %s becomes\n%s\nand not\n%s", test.kind, test.parameters, got, test.becomes)
		}
		note := ""
		for _, n := range w.Report.Notes {
			note += n.Text
		}
		if (test.note == "") != (note == "") || !strings.Contains(note, test.note) || (w.Report.Same == 1) != (note == "") {
			t.Errorf("%s %s is noted with %q, and %d are the same", test.kind, test.parameters, note, w.Report.Same)
		}
	}
}

// What n8n keeps around a node stands around it here.
func TestEnvelopes(t *testing.T) {
	t.Parallel()
	made, w := one(t, "noOp", "1", `{}`, `,"disabled":true,"executeOnce":true,"alwaysOutputData":true,"onError":"continueErrorOutput",
		"retryOnFail":true,"maxTries":4,"waitBetweenTries":2500,"notes":"why","credentials":{"slackApi":{"name":"Team"}}`)
	want := `{"id":"a","type":"pass","name":"A","position":{"x":10,"y":20},"config":{},"disabled":true,"execute_once":true,"always_output":true,` +
		`"on_error":"output","retry":{"attempts":4,"delay":3,"backoff":"fixed"},"notes":"why"}`
	if made.JSON() != want {
		t.Errorf("the node is\n%s\nand not\n%s", made.JSON(), want)
	}
	if fmt.Sprint(w.Report.Credentials) != "[Team (slackApi, for A)]" || w.Settings.JSON() != `{"as_in_n8n":true}` {
		t.Errorf("%v %s", w.Report.Credentials, w.Settings.JSON())
	}
}

// Wires keep their outputs and inputs, and what leads nowhere is told.
func TestWires(t *testing.T) {
	t.Parallel()
	w, err := Read([]byte("\ufeff" + `{"data":{"name":"W","nodes":[
		{"name":"If","type":"n8n-nodes-base.if","typeVersion":2,"parameters":{},"onError":"continueErrorOutput"},
		{"name":"Both","type":"n8n-nodes-base.merge","typeVersion":3,"parameters":{}},
		{"name":"Model","type":"@n8n/n8n-nodes-langchain.lmChatOpenAi","typeVersion":1,"parameters":{}}],
		"connections":{"If":{"main":[[{"node":"Both","index":0}],[{"node":"Both","index":1}],[{"node":"Both","index":0},{"node":"Gone"}]]},
			"Model":{"ai_languageModel":[[{"node":"Both"}]]},"Nobody":{"main":[]}},
		"settings":{"timezone":"Europe/Berlin","executionTimeout":60,"errorWorkflow":"7","executionOrder":"v0"},
		"pinData":{"If":[{"json":{"n":1}},{"n":2}]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	var wires []string
	for _, c := range w.Connections.Elements() {
		wires = append(wires, c.Get("from_output").Raw()+">"+c.Get("to_input").Raw())
	}
	if strings.Join(wires, " ") != "true>1 false>2 error>1" {
		t.Errorf("the wires are %v", wires)
	}
	if got := w.Settings.JSON(); got != `{"as_in_n8n":true,"time_zone":"Europe/Berlin","timeout":60}` {
		t.Errorf("the settings are %s", got)
	}
	if pin := w.Nodes.At(0).Get("pin").JSON(); pin != `[{"n":1},{"n":2}]` {
		t.Errorf("pinned is %s", pin)
	}
	report := w.Report.Markdown()
	for _, text := range []string{"2 of 3 nodes", "Gone", "Nobody", "languageModel of Both", "error workflow", "execution order v0", "lmChatOpenAi"} {
		if !strings.Contains(report, text) {
			t.Errorf("the report lacks %q:\n%s", text, report)
		}
	}
}

func TestWhatIsNoWorkflow(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `{`, `[]`, `{}`, `7`, `{"nodes":{}}`, `{"data":{"data":{"data":{"data":{}}}}}`, `[[[[[]]]]]`} {
		if _, err := Read([]byte(text)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Nothing that somebody exports or makes up stops the program.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"nodes":[{"id":"a","name":"A","type":"n8n-nodes-base.switch","typeVersion":3,"parameters":{"rules":{"values":[{}]}}}],"connections":{"A":{"main":[[{}]]}}}`))
	f.Add([]byte(`{"nodes":[7,null,{"position":[{},1e999],"parameters":[],"pinData":7}],"connections":[],"settings":7,"pinData":[]}`))
	f.Add([]byte(`{"nodes":[{"name":"S","type":"n8n-nodes-base.splitInBatches"},{"name":"I","type":"n8n-nodes-base.if","parameters":{"conditions":{"boolean":[{"value1":"={{$node[\"S\"].context[\"noItemsLeft\"]}}"}]}}},
		{"type":"n8n-nodes-base.formTrigger","parameters":{"formFields":{"values":[{},7]}}},{"type":"n8n-nodes-base.googleSheets","parameters":{"sheetName":{"mode":"url","value":"=x"},"columns":[]}},
		{"type":"n8n-nodes-base.notion","parameters":{"resource":"databasePage","propertiesUi":{"propertyValues":[{"key":"a|relation","relationValue":"={{"}]}}}],
		"connections":{"I":{"main":[[{"node":"S"}],[{"node":"I"}]]}}}`))
	f.Add([]byte(`[{"workflow":{"nodes":[{"type":"n8n-nodes-base.merge","typeVersion":"x","parameters":{"numberInputs":99}}]}}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		w, err := Read(text)
		if err == nil && w.Nodes.Len() < w.Report.Nodes {
			t.Errorf("%d nodes were made of %d", w.Nodes.Len(), w.Report.Nodes)
		}
	})
}

// leniently is the function by which JSON is read into which values were written, as it stands in a configuration.
var leniently = strings.Trim(value.String(readLeniently).JSON(), `"`)
