package n8n

import (
	"fmt"
	"strings"
	"testing"

	"zygo/app/flow/recipe"
	"zygo/app/value"
	"zygo/embed"
)

// Every operation that is mapped leads to one of the recipe, with fields that it has, by readers that exist.
func TestMappedOperationsExist(t *testing.T) {
	t.Parallel()
	recipes, err := recipe.All(embed.Connectors, "connectors")
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*recipe.Recipe{}
	for _, r := range recipes {
		byName[r.Name] = r
	}
	for _, test := range polled {
		parameters, err := value.Parse([]byte(test.parameters), value.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		n := &node{kind: test.kind, parameters: parameters}
		p := pollOf(n)
		if p.app == "" {
			continue // a feed has a node of its own
		}
		checkSpec(t, test.kind, byName[findApp(p.app).service], p.spec)
	}
	count := 0
	for _, list := range []map[string]*app{apps(), officeApps(), dataApps()} {
		for kind, a := range list {
			r := byName[a.service]
			if r == nil {
				t.Errorf("%s leads to the service %s, which is not there", kind, a.service)
				continue
			}
			for key, spec := range a.operations {
				count++
				checkSpec(t, kind+" "+key, r, spec)
			}
		}
	}
	if count < 150 {
		t.Errorf("%d operations are mapped", count)
	}
}

func checkSpec(t *testing.T, place string, r *recipe.Recipe, spec string) {
	t.Helper()
	words := strings.Fields(spec)
	if special, found := strings.CutPrefix(words[0], "@"); found {
		if operationReaders[special] == nil {
			t.Errorf("%s: no reader %s", place, special)
		}
		return
	}
	o := r.Operation(words[0])
	if o == nil {
		t.Errorf("%s leads to %s, which %s does not have", place, words[0], r.Name)
		return
	}
	for _, word := range words[1:] {
		here, there, _ := strings.Cut(word, "=")
		isConnection := false
		for _, f := range r.Connection {
			isConnection = isConnection || f.Name == here
		}
		if !o.Takes(here) && !isConnection && (here != "limit" || o.Pages == nil) {
			t.Errorf("%s sets %s, which %s does not take", place, here, o.Name)
		}
		if name, found := strings.CutPrefix(there, "@"); found && findReader(name).covers == "" {
			t.Errorf("%s: no reader %s", place, name)
		}
	}
}

// What nodes of services become, and what somebody has to look at.
func TestApps(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ kind, version, parameters, becomes, note string }{
		{"telegram", "1.2", `{"chatId":"={{ $json.id }}","text":"Hi","additionalFields":{"appendAttribution":false,"parse_mode":"HTML"},"replyMarkup":"inlineKeyboard",
			"inlineKeyboard":{"rows":[{"row":{"buttons":[{"text":"Yes","additionalFields":{"callback_data":"y"}}]}}]}}`,
			`connector.telegram {"operation":"send_message","chat_id":"{{ $json.id }}","text":"Hi","parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"text":"Yes","callback_data":"y"}]]},"token":"{{ $secrets.TELEGRAM }}"}`, ""},
		{"telegram", "1.1", `{"operation":"sendPhoto","chatId":"7","binaryData":true,"additionalFields":{"fileName":"a.png"}}`,
			`connector.telegram {"operation":"send_photo","chat_id":"7","file":"data","token":"{{ $secrets.TELEGRAM }}"}`, ""},
		{"telegram", "1.2", `{"operation":"sendDice","chatId":"7"}`, `placeholder {"type":"telegram","version":1.2,"parameters":{"operation":"sendDice","chatId":"7"}}`,
			"message sendDice"},
		{"slack", "2.3", `{"select":"channel","channelId":{"__rl":true,"mode":"name","value":"news"},"text":"={{ $json.t }}","otherOptions":{"includeLinkToWorkflow":false,"sendAsUser":"Bot"}}`,
			`connector.slack {"operation":"post_message","channel":"#news","text":"{{ $json.t }}","token":"{{ $secrets.SLACK }}"}`, "otherOptions.sendAsUser"},
		{"gmail", "2.1", `{"sendTo":"ada@example.com","subject":"Hi","message":"<b>x</b>","options":{"attachmentsUi":{"attachmentsBinary":[{"property":"data"}]}}}`,
			`connector.gmail {"operation":"send","to":["ada@example.com"],"subject":"Hi","html":"<b>x</b>","attachments":"data","credential":"{{ $secrets.GMAIL }}"}`, ""},
		{"gmail", "2.1", `{"operation":"getAll","limit":5,"filters":{"q":"invoice","readStatus":"unread","labelIds":["L1"]}}`,
			`connector.gmail {"operation":"list_messages","search":"invoice is:unread","labels":["L1"],"limit":5,"credential":"{{ $secrets.GMAIL }}"}`, ""},
		{"googleSheets", "4.5", `{"operation":"append","documentId":{"__rl":true,"mode":"url","value":"https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789/edit"},
			"sheetName":{"__rl":true,"mode":"list","value":"gid=0","cachedResultName":"Log"},"columns":{"mappingMode":"defineBelow","value":{"A b":"={{ $json.a }}"},"matchingColumns":[],"schema":[]},"options":{}}`,
			`connector.google_sheets {"operation":"append","spreadsheet":"1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789","sheet":"Log","row":{"A b":"{{ $json.a }}"},"credential":"{{ $secrets.GOOGLE_SHEETS }}"}`, ""},
		{"googleSheets", "4.4", `{"operation":"appendOrUpdate","documentId":{"mode":"id","value":"S"},"sheetName":{"mode":"id","value":"7"},"columns":{"mappingMode":"autoMapInputData","matchingColumns":["id"]}}`,
			`connector.google_sheets {"operation":"upsert","spreadsheet":"S","sheet":"gid=7","match_on":"id","row":"{{ $json }}","new_columns":true,"credential":"{{ $secrets.GOOGLE_SHEETS }}"}`, ""},
		{"googleSheets", "4.3", `{"documentId":{"mode":"id","value":"S"},"sheetName":{"mode":"name","value":"T"},"filtersUI":{"values":[{"lookupColumn":"state","lookupValue":"open"}]},"options":{}}`,
			`connector.google_sheets {"operation":"read","spreadsheet":"S","sheet":"T","filters":{"state":"open"},"first_only":true,"credential":"{{ $secrets.GOOGLE_SHEETS }}"}`, ""},
		{"googleDrive", "3", `{"resource":"fileFolder","queryString":"a","filter":{"folderId":{"mode":"list","value":"root"},"whatToSearch":"files"},"returnAll":true}`,
			`connector.google_drive {"operation":"search","name":"a","folder":"root","what":"files","all":true,"credential":"{{ $secrets.GOOGLE_DRIVE }}"}`, ""},
		{"googleCalendar", "1.3", `{"calendar":{"mode":"list","value":"ada@example.com"},"start":"={{ $json.s }}","end":"={{ $json.e }}","additionalFields":{"summary":"Plan","allday":"yes"}}`,
			`connector.google_calendar {"operation":"create_event","calendar":"ada@example.com","start":"{{ $json.s }}","end":"{{ $json.e }}","summary":"Plan","all_day":true,"credential":"{{ $secrets.GOOGLE_CALENDAR }}"}`, ""},
		{"googleDocs", "2", `{"operation":"update","documentURL":"https://docs.google.com/document/d/D1/edit","actionsUi":{"actionFields":[{"action":"insert","text":"Hi"}]}}`,
			`connector.google_docs {"document":"D1","operation":"append_text","text":"Hi","credential":"{{ $secrets.GOOGLE_DOCS }}"}`, ""},
		{"airtable", "2.1", `{"operation":"upsert","base":{"mode":"list","value":"app1"},"table":{"mode":"list","value":"tbl1"},"columns":{"mappingMode":"defineBelow","value":{"id":"x","Name":"={{ $json.n }}"},"matchingColumns":["Name"]}}`,
			`connector.airtable {"operation":"upsert","base":"app1","table":"tbl1","match_on":["Name"],"values":{"Name":"{{ $json.n }}"},"token":"{{ $secrets.AIRTABLE }}"}`, ""},
		{"notion", "2.2", `{"resource":"databasePage","databaseId":{"mode":"id","value":"d1"},"title":"={{ $json.t }}","simple":false,"propertiesUi":{"propertyValues":[{"key":"Tags|multi_select","multiSelectValue":["a","b"]},{"key":"Done|checkbox","checkboxValue":true}]}}`,
			`connector.notion {"operation":"create_database_page","database":"d1","properties":{"Tags":{"multi_select":[{"name":"a"},{"name":"b"}]},"Done":{"checkbox":true},"title":{"title":[{"type":"text","text":{"content":"{{ $json.t }}"}}]}},"simple":false,"token":"{{ $secrets.NOTION }}"}`, ""},
		{"microsoftOutlook", "2", `{"toRecipients":"a@example.com, b@example.com","subject":"Hi","bodyContent":"x","additionalFields":{"importance":"High"}}`,
			`connector.microsoft_outlook {"operation":"send","to":["a@example.com","b@example.com"],"subject":"Hi","text":"x","importance":"high","credential":"{{ $secrets.MICROSOFT_OUTLOOK }}"}`, ""},
		{"supabase", "1", `{"operation":"delete","tableId":"t","filterType":"string","filterString":"=metadata->>id=eq.{{ $json.id }}"}`,
			`connector.supabase {"operation":"delete","table":"t","filters":{"metadata->>id":"eq.{{ $json.id }}"},"token":"{{ $secrets.SUPABASE }}"}`, "address of the project"},
		{"discord", "1", `{"text":"Hi","webhookUri":"https://discord.com/api/webhooks/1/abc"}`,
			`http {"method":"POST","url":"{{ $secrets.DISCORD_WEBHOOK }}","body_type":"json","body":{"content":"Hi"}}`, "DISCORD_WEBHOOK"},
		{"microsoftTeams", "2", `{"resource":"channelMessage","message":"Hi"}`, `notify {"service":"teams","address":"{{ $secrets.TEAMS_WEBHOOK }}","text":"Hi"}`, "incoming webhook"},
		{"facebookGraphApi", "1", `{"node":"={{ $json.id }}","edge":"media","httpRequestMethod":"POST","graphApiVersion":"v20.0","options":{"queryParameters":{"parameter":[{"name":"caption","value":"a"}]}}}`,
			`http {"method":"POST","url":"https://graph.facebook.com/v20.0/{{ $json.id }}/media","auth":"query","query_name":"access_token","query_value":"{{ $secrets.FACEBOOK }}","query":[{"name":"caption","value":"a"}]}`, ""},
		{"graphql", "1", `{"endpoint":"https://a.example/graphql","query":"={ a(id: {{ $json.id }}) }"}`,
			`http {"method":"POST","url":"https://a.example/graphql","body_type":"json","body":{"query":"{ a(id: {{ $json.id }}) }"}}`, ""},
		{"postgres", "2.5", `{"operation":"select","schema":{"mode":"list","value":"public"},"table":{"mode":"list","value":"orders"},"where":{"values":[{"column":"code","value":"={{ $json.c }}"}]},"limit":9}`,
			`data {"source":"postgres","url":"{{ $secrets.POSTGRES }}","sql":"SELECT * FROM \"public\".\"orders\" WHERE \"code\" = $1 LIMIT 9","read_only":true,"parameters":[{"value":"{{ $json.c }}"}]}`, ""},
		{"postgres", "2.5", `{"operation":"executeQuery","query":"=UPDATE t SET a = '{{ $json.a }}' WHERE id = {{ $json.id }}"}`,
			`data {"source":"postgres","url":"{{ $secrets.POSTGRES }}","sql":"UPDATE t SET a = $1 WHERE id = $2","read_only":false,"parameters":[{"value":"{{ $json.a }}"},{"value":"{{ $json.id }}"}]}`, "parameters now"},
		{"postgres", "2.5", `{"operation":"select","schema":{"mode":"list","value":"public"},"table":{"mode":"name","value":"a\"; DROP TABLE b"}}`,
			`placeholder {"type":"postgres","version":2.5,"parameters":{"operation":"select","schema":{"mode":"list","value":"public"},"table":{"mode":"name","value":"a\"; DROP TABLE b"}}}`, "Ask a database"},
		{"httpRequest", "4.2", `{"url":"https://a.example","authentication":"predefinedCredentialType","nodeCredentialType":"openAiApi","sendHeaders":true,"specifyHeaders":"json","jsonHeaders":"={ \"X-A\": \"{{ $json.a }}\" }",
			"options":{"pagination":{"pagination":{"parameters":{"parameters":[{"name":"p","value":"={{ $pageCount + 1 }}"}]}}},"allowUnauthorizedCerts":true}}`,
			`http {"method":"GET","url":"https://a.example","auth":"bearer","token":"{{ $secrets.OPENAIAPI }}","headers":[{"name":"X-A","value":"{{ $json.a }}"}],"at_once":10,"pages":"number","page_name":"p","first_page":1,"pause":0,"tls_verify":false}`, ""},
		{"httpRequest", "4.2", `{"url":"https://a.example","authentication":"genericCredentialType","genericAuthType":"httpHeaderAuth"}`,
			`http {"method":"GET","url":"https://a.example","auth":"header","header_name":"Authorization","header_value":"{{ $secrets.HTTPHEADERAUTH }}","at_once":10}`, "name of its header"},
		{"httpRequest", "4.2", `{"url":"https://a.example","sendQuery":true,"specifyQuery":"json","jsonQuery":"={ \"a\": [1, null], \"b\": {{ $json.b }} }","options":{"queryParameterArrays":"brackets","pagination":{"pagination":{
			"parameters":{"parameters":[{"type":"headers","name":"p","value":"={{ ($pageCount + 1) * 50 }}"}]},"paginationCompleteWhen":"receiveSpecificStatusCodes","statusCodesWhenComplete":"404","limitPagesFetched":true,"maxRequests":5}}}}`,
			`http {"method":"GET","url":"https://a.example","query_lists":"brackets","query":[{"name":"a","value":[1,null]},{"name":"b","value":"{{ $json.b }}"}],"at_once":10,"pages":"number","page_name":"p","page_in":"headers","first_page":50,"page_step":50,"end_codes":"404","most_pages":5,"pause":0}`, ""},
		{"httpRequest", "4.2", `{"url":"https://a.example","options":{"pagination":{"pagination":{"parameters":{"parameters":[{"name":"c","value":"={{ $response.body.meta.next }}"}]},
			"paginationCompleteWhen":"other","completeExpression":"={{ !$response.body.meta.more }}"}}}}`,
			`http {"method":"GET","url":"https://a.example","at_once":10,"pages":"cursor","page_name":"c","next":"meta.next","last_at":"meta.more","pause":0}`, ""},
		{"httpRequest", "4.2", `{"url":"https://a.example","options":{"pagination":{"pagination":{"parameters":{"parameters":[{"name":"p","value":"={{ $pageCount }}"}]},
			"paginationCompleteWhen":"other","completeExpression":"={{ $response.body.page > 3 }}"}}}}`,
			`http {"method":"GET","url":"https://a.example","at_once":10,"pages":"number","page_name":"p","first_page":0,"pause":0}`, "until $response.body.page > 3"},
		{"markdown", "1", `{"html":"={{ $json.h }}","options":{"ignore":"nav, footer","bulletMarker":"+","codeFence":"~~~","useLinkReferenceDefinitions":true}}`,
			`markdown {"destination":"data","emphasis":"_","strong":"**","bullet":"+","fence":"tildes","op":"to_markdown","text":"{{ $json.h }}","without":"nav, footer, img[src^=\"data:\"]"}`, "useLinkReferenceDefinitions"},
		{"markdown", "1", `{"mode":"markdownToHtml","markdown":"a","options":{"tables":true,"tasklists":true,"noHeaderId":true,"simpleLineBreaks":true}}`,
			`markdown {"destination":"data","op":"to_html","text":"a","heading_ids":"none","dialect":"plain","additions":["tables","tasks"],"html":true,"breaks":true}`, ""},
		{"xml", "1", `{"dataPropertyName":"x","options":{"explicitArray":true,"explicitRoot":false,"mergeAttrs":false,"attrkey":"@","charkey":"#"}}`,
			`file.read {"file":"x","format":"xml","xml":["lists","inside"],"text_in":"#","attributes":"apart","attributes_in":"@"}`, ""},
		{"aggregate", "1", `{"aggregate":"aggregateAllItemData","options":{"includeBinaries":true,"keepOnlyUnique":true}}`,
			`items {"op":"collect","compare":"all","destination":"data","files":"unique"}`, "give the list another name"},
		{"splitOut", "1", `{"fieldToSplitOut":"l","include":"allOtherFields"}`, `items {"op":"split_out","fields":["l"],"include":"all","files":"none"}`, ""},
		{"extractFromFile", "1", `{"operation":"xlsx","options":{"headerRow":false}}`, `file.read {"file":"data","format":"xlsx","empty":false,"header":false}`, ""},
		{"convertToFile", "1.1", `{"operation":"toText","sourceProperty":"a.b","options":{"fileName":"x.txt"}}`,
			`file.write {"format":"text","destination":"data","name":"x.txt","of":"each","content":"{{ $json.a.b }}"}`, ""},
		{"html", "1.2", `{"operation":"extractHtmlContent","extractionValues":{"values":[{"key":"t","cssSelector":"h1"},{"key":"l","cssSelector":"a","returnValue":"attribute","attribute":"href","returnArray":true}]}}`,
			`file.read {"file":"data","format":"html","fields":[{"name":"t","selector":"h1","take":"text"},{"name":"l","selector":"a","take":"attribute","attribute":"href","all":true}]}`, ""},
		{"moveBinaryData", "1", `{"mode":"jsonToBinary","convertAllData":false,"sourceKey":"body","options":{}}`,
			`file.write {"format":"text","of":"each","content":"{{ $json.body }}","destination":"data"}`, ""},
		{"writeBinaryFile", "1", `{"fileName":"/tmp/a"}`, `placeholder {"type":"writeBinaryFile","version":1,"parameters":{"fileName":"/tmp/a"}}`, "file of the machine"},
		{"googleDriveTrigger", "1", `{"triggerOn":"specificFile"}`,
			`placeholder {"type":"googleDriveTrigger","version":1,"parameters":{"triggerOn":"specificFile"}}`, "Start with a schedule"},
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

// A credential becomes a secret of its name, and the report names both.
func TestCredentialsBecomeSecrets(t *testing.T) {
	t.Parallel()
	made, w := one(t, "gmail", "2.1", `{"sendTo":"a@example.com","subject":"x","message":"y"}`, `,"credentials":{"gmailOAuth2":{"id":"1","name":"Zoë's mail 2"}}`)
	if got := made.Get("config").Get("credential").Raw(); got != "{{ $secrets.ZO_S_MAIL_2 }}" {
		t.Errorf("the credential is %s", got)
	}
	if got := fmt.Sprint(w.Report.Credentials); !strings.Contains(got,
		"Zoë's mail 2 (gmailOAuth2, for A): the secret ZO_S_MAIL_2, which holds JSON") || w.Report.Same != 1 {
		t.Errorf("the report has %s and %d the same", got, w.Report.Same)
	}
	for name, want := range map[string]string{"": "N8N", "7 sins": "N8N_7_SINS", "äöü": "N8N", "OpenAi account": "OPENAI_ACCOUNT"} {
		if got := secretName(name); got != want {
			t.Errorf("%q becomes %s, want %s", name, got, want)
		}
	}
}

// A trigger whose items have another shape here is a trigger and a node, which has the name and the wires.
func TestTriggersInTwoParts(t *testing.T) {
	t.Parallel()
	w, err := Read([]byte(`{"nodes":[{"id":"a","name":"Form","type":"n8n-nodes-base.formTrigger","typeVersion":2.2,"position":[100,50],"parameters":{"formTitle":"Ask","formFields":{"values":[
			{"fieldLabel":"Full name","requiredField":true},{"fieldLabel":"Full-name"},{"fieldLabel":"Size","fieldType":"dropdown","fieldOptions":{"values":[{"option":"S"},{"option":"L"}]}}]}}},
		{"id":"b","name":"Bot","type":"n8n-nodes-base.telegramTrigger","typeVersion":1.2,"position":[100,250],"parameters":{"updates":["message"]}},
		{"id":"c","name":"End","type":"n8n-nodes-base.noOp","typeVersion":1,"position":[300,50],"parameters":{}}],
		"connections":{"Form":{"main":[[{"node":"End"}]]},"Bot":{"main":[[{"node":"End"}]]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	var nodes, wires []string
	for _, n := range w.Nodes.Elements() {
		nodes = append(nodes, n.Get("name").Raw()+":"+n.Get("type").Raw())
	}
	for _, c := range w.Connections.Elements() {
		wires = append(wires, c.Get("from_node").Raw()+">"+c.Get("to_node").Raw())
	}
	if got := strings.Join(nodes, " "); got != "Form:code Bot:code End:pass Form (start):trigger.form Bot (start):trigger.webhook" {
		t.Errorf("the nodes are %s", got)
	}
	if got := strings.Join(wires, " "); got != "a>c b>c a_start>a b_start>b" {
		t.Errorf("the wires are %s", got)
	}
	form := w.Nodes.At(3).Get("config").JSON()
	if form != `{"path":"a","title":"Ask","description":"","fields":[{"name":"Full_name","label":"Full name","type":"text","required":true},`+
		`{"name":"Full_name_2","label":"Full-name","type":"text"},{"name":"Size","label":"Size","type":"dropdown","options":["S","L"]}]}` {
		t.Errorf("the form is %s", form)
	}
	if source := w.Nodes.At(0).Get("config").Get("source").Raw(); !strings.Contains(source, `"Full-name": $json.Full_name_2,`) {
		t.Errorf("the items are made by %s", source)
	}
	if w.Report.Nodes != 3 || w.Report.Same != 2 {
		t.Errorf("the report counts %d nodes, %d the same", w.Report.Nodes, w.Report.Same)
	}
}

// A mailbox becomes the trigger for it, and a node that gives its messages as they were there.
func TestMailboxes(t *testing.T) {
	t.Parallel()
	made, w := one(t, "emailReadImap", "2", `{"postProcessAction":"nothing"}`, `,"credentials":{"imap":{"name":"Support"}}`)
	if made.Get("type").Raw() != "code" || w.Nodes.Len() != 2 || len(w.Report.Notes) != 1 {
		t.Fatalf("%s, %v", w.Nodes.JSON(), w.Report.Notes)
	}
	if got := w.Nodes.At(1).Get("config").JSON(); got != `{"host":"","user":"","secret":"SUPPORT","folder":"INBOX","unread":true,"automatic":true,"then":"nothing"}` {
		t.Errorf("the trigger is %s", got)
	}
}

// A loop of the first version ends by an If that asks what is left: its wires become those of the loop here.
func TestFirstLoopsAreRewired(t *testing.T) {
	t.Parallel()
	const flow = `{"nodes":[{"id":"s","name":"Split","type":"n8n-nodes-base.splitInBatches","typeVersion":1,"position":[0,0],"parameters":{"batchSize":1}},
		{"id":"w","name":"Work","type":"n8n-nodes-base.noOp","typeVersion":1,"position":[0,0],"parameters":{}},
		{"id":"i","name":"Left?","type":"n8n-nodes-base.if","typeVersion":1,"position":[0,0],"parameters":{"conditions":{"boolean":[{"value1":"={{$node[\"Split\"].context[\"noItemsLeft\"]}}","value2":%s}]}}},
		{"id":"e","name":"End","type":"n8n-nodes-base.noOp","typeVersion":1,"position":[0,0],"parameters":{}}],
		"connections":{"Split":{"main":[[{"node":"Work"}]]},"Work":{"main":[[{"node":"Left?"}]]},"Left?":{"main":[[{"node":"%s"}],[{"node":"%s"}]]}}}`
	for _, c := range [][]any{{"true", "End", "Split"}, {"false", "Split", "End"}} {
		w, err := Read(fmt.Appendf(nil, flow, c...))
		if err != nil {
			t.Fatal(err)
		}
		wires := map[string]bool{}
		for _, c := range w.Connections.Elements() {
			wires[c.Get("from_node").Raw()+"."+c.Get("from_output").Raw()+">"+c.Get("to_node").Raw()] = true
		}
		if len(wires) != 4 || !wires["s.loop>w"] || !wires["w.main>i"] || !wires["i.main>s"] || !wires["s.done>e"] {
			t.Errorf("the wires are %v", wires)
		}
		if len(w.Report.Notes) != 1 || !strings.Contains(w.Report.Notes[0].Text, "all rounds") {
			t.Errorf("the notes are %v", w.Report.Notes)
		}
	}
}

// A circle without a loop is told with its nodes; one through a loop is none.
func TestCirclesAreTold(t *testing.T) {
	t.Parallel()
	w, err := Read([]byte(`{"nodes":[{"name":"A","type":"n8n-nodes-base.noOp"},{"name":"B","type":"n8n-nodes-base.if","typeVersion":2},{"name":"L","type":"n8n-nodes-base.splitInBatches","typeVersion":3},{"name":"W","type":"n8n-nodes-base.noOp"}],
		"connections":{"A":{"main":[[{"node":"B"}]]},"B":{"main":[[{"node":"L"}],[{"node":"A"}]]},"L":{"main":[[],[{"node":"W"}]]},"W":{"main":[[{"node":"L"}]]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, n := range w.Report.Notes {
		told = append(told, n.Text)
	}
	if len(told) != 1 || !strings.HasPrefix(told[0], "The nodes A → B → A lead in a circle without a loop") {
		t.Errorf("the notes are %q", told)
	}
}

// polled are triggers that look at a list, with the connector that reads it and the node that keeps what is new.
var polled = []struct{ kind, parameters, list, fresh string }{
	{"gmailTrigger", `{"simple":false,"filters":{"q":"has:attachment","sender":"a@example.com","labelIds":["L1"]},"pollTimes":{"item":[{"mode":"everyMinute"}]}}`,
		`connector.gmail {"operation":"list_messages","search":"has:attachment from:(a@example.com)","labels":["L1"],"limit":50,"credential":"{{ $secrets.GMAIL }}"}`,
		`{"by":"value","value":"{{ $json.id }}","skip_first":true}`},
	{"googleDriveTrigger", `{"event":"fileCreated","triggerOn":"specificFolder","folderToWatch":{"__rl":true,"mode":"list","value":"F1"},"options":{}}`,
		`connector.google_drive {"operation":"search","folder":"F1","all":true,"credential":"{{ $secrets.GOOGLE_DRIVE }}"}`,
		`{"by":"value","value":"{{ $json.id }}","skip_first":true}`},
	{"googleSheetsTrigger", `{"event":"rowAdded","documentId":{"mode":"id","value":"S"},"sheetName":{"mode":"name","value":"T"}}`,
		`connector.google_sheets {"operation":"read","spreadsheet":"S","sheet":"T","all":true,"credential":"{{ $secrets.GOOGLE_SHEETS }}"}`,
		`{"by":"number","value":"{{ $json.row_number }}","skip_first":true}`},
	{"airtableTrigger", `{"baseId":{"mode":"id","value":"app1"},"tableId":{"mode":"id","value":"tbl1"},"triggerField":"created at"}`,
		`connector.airtable {"operation":"search","base":"app1","table":"tbl1","all":true,"token":"{{ $secrets.AIRTABLE }}"}`,
		`{"by":"time","value":"{{ $json[\"created at\"] }}","skip_first":true}`},
	{"notionTrigger", `{"event":"pagedUpdatedInDatabase","databaseId":{"mode":"list","value":"d1"}}`,
		`connector.notion {"operation":"query_database","database":"d1","all":true,"token":"{{ $secrets.NOTION }}"}`,
		`{"by":"value","value":"{{ $json.id + ' ' + $json.last_edited_time }}","skip_first":true}`},
	{"microsoftOutlookTrigger", `{"filters":{"custom":"isRead eq false"}}`,
		`connector.microsoft_outlook {"operation":"list_messages","filter":"isRead eq false","all":true,"credential":"{{ $secrets.MICROSOFT_OUTLOOK }}"}`,
		`{"by":"value","value":"{{ $json.id }}","skip_first":true}`},
	{"googleCalendarTrigger", `{"triggerOn":"eventCreated","calendarId":{"mode":"list","value":"ada@example.com"}}`,
		`connector.google_calendar {"operation":"list_events","calendar":"ada@example.com","all":true,"credential":"{{ $secrets.GOOGLE_CALENDAR }}"}`,
		`{"by":"value","value":"{{ $json.id }}","skip_first":true}`},
	{"rssFeedReadTrigger", `{"feedUrl":"https://a.example/feed","pollTimes":{"item":[{"mode":"everyHour","minute":5}]}}`,
		`rss {"url":"https://a.example/feed"}`, `{"by":"value","value":"{{ $json.guid || $json.link }}","skip_first":true}`},
}

// A trigger that looks at a list becomes a schedule, the list, and a node under its name that keeps what is new.
func TestTriggersThatLookAtLists(t *testing.T) {
	t.Parallel()
	for _, test := range polled {
		fresh, w := one(t, test.kind, "1", test.parameters, "")
		if got := fresh.Get("config").JSON(); fresh.Get("type").Raw() != "new" || fresh.Get("name").Raw() != "A" || got != test.fresh {
			t.Errorf("%s becomes\n%s\nand not\n%s", test.kind, fresh.JSON(), test.fresh)
		}
		start, list := w.Nodes.At(1), w.Nodes.At(2)
		if got := list.Get("type").Raw() + " " + list.Get("config").JSON(); got != test.list || !list.Get("always_output").Truthy() {
			t.Errorf("%s reads\n%s\nand not\n%s", test.kind, list.JSON(), test.list)
		}
		var ways []string
		for _, c := range w.Connections.Elements() {
			ways = append(ways, c.Get("from_node").Raw()+">"+c.Get("to_node").Raw())
		}
		if got := strings.Join(ways, " "); start.Get("type").Raw() != "trigger.schedule" || got != "a_start>a_list a_list>a" {
			t.Errorf("%s begins with %s, and leads %s", test.kind, start.JSON(), got)
		}
	}
}
