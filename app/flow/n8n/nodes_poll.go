package n8n

import (
	"strings"

	"zygo/app/value"
)

// poll is a trigger of n8n that looks at a list of a service every few minutes. Here a schedule does that, a connector that reads the
// list, and a node that keeps what is new.
type poll struct {
	// app is the node type of the service in n8n, and spec what is read, as operations of an app say it.
	app, spec string
	// value tells entries apart. By is how: a value, or a number or a time that only rises.
	by, value string
	// covers are the parameters that say what is waited for.
	covers string
}

// pollOf is what becomes of such a trigger; one without an app waits for something that no list shows.
func pollOf(n *node) poll {
	switch n.kind {
	case "gmailTrigger":
		return poll{"gmail", "list_messages search=@gmailSearch labels=filters.labelIds|list spam=filters.includeSpamTrash", "value", "{{ $json.id }}",
			"event simple"}
	case "googleDriveTrigger":
		if n.text("triggerOn", "") != "specificFolder" {
			return poll{}
		}
		spec := "search folder=folderToWatch|locator"
		switch n.text("event", "") {
		case "fileCreated":
			return poll{"googleDrive", spec, "value", "{{ $json.id }}", "event triggerOn options.fileType"}
		case "fileUpdated":
			return poll{"googleDrive", spec, "value", "{{ $json.id + ' ' + $json.modifiedTime }}", "event triggerOn options.fileType"}
		}
	case "googleSheetsTrigger":
		switch n.text("event", "anyUpdate") {
		case "rowAdded":
			return poll{"googleSheets", "read spreadsheet=documentId|locator sheet=sheetName|locator", "number", "{{ $json.row_number }}", "event"}
		case "rowUpdate", "anyUpdate":
			return poll{"googleSheets", "read spreadsheet=documentId|locator sheet=sheetName|locator", "value", "", "event"}
		}
	case "airtableTrigger":
		return poll{"airtable", "search base=baseId|locator table=tableId|locator formula=additionalFields.formula view=additionalFields.viewId",
			"time", "{{ $json[" + value.String(n.text("triggerField", "createdTime")).JSON() + "] }}", "triggerField"}
	case "notionTrigger":
		v := "{{ $json.id }}"
		if n.text("event", "pageAddedToDatabase") != "pageAddedToDatabase" {
			v = "{{ $json.id + ' ' + $json.last_edited_time }}"
		}
		return poll{"notion", "query_database database=databaseId|locator", "value", v, "event simple"}
	case "microsoftOutlookTrigger":
		return poll{"microsoftOutlook", "list_messages filter=filters.custom", "value", "{{ $json.id }}", "event output"}
	case "googleCalendarTrigger":
		switch n.text("triggerOn", "") {
		case "eventCreated":
			return poll{"googleCalendar", "list_events calendar=calendarId|locator search=options.matchTerm", "value", "{{ $json.id }}", "triggerOn"}
		case "eventUpdated":
			return poll{"googleCalendar", "list_events calendar=calendarId|locator search=options.matchTerm", "value",
				"{{ $json.id + ' ' + $json.updated }}", "triggerOn"}
		}
	}
	return poll{}
}

// mostOfPoll is how many entries of a list are looked at, of which each costs a request.
const mostOfPoll = 50

// readPoll makes the three nodes, the zero target where the list does not show what is waited for.
func readPoll(n *node) target {
	p := pollOf(n)
	if p.app == "" {
		return target{}
	}
	a := findApp(p.app)
	words := strings.Fields(p.spec)
	config, covered := n.connection(a, words, append(strings.Fields(p.covers), "pollTimes"))
	if n.kind == "gmailTrigger" {
		config = append(config, member("limit", value.Int(mostOfPoll)))
	} else {
		config = append(config, member("all", value.Bool(true)))
	}
	n.tellOf(a, covered)
	n.note("gives what the operation %s of %s gives, and remembers from its first execution on", strings.ReplaceAll(words[0], "_", " "), a.title)
	n.before = []target{readSchedule(n), {"connector." + a.service, object(append(config, n.credential(a))...)}}
	return n.keepNew(text("by", p.by), text("value", p.value), member("skip_first", value.Bool(true)))
}

// keepNew is the node that keeps what is new.
func (n *node) keepNew(config ...value.Member) target {
	n.outputs = []string{"new", "known"}
	return target{"new", object(config...)}
}

// readNew keeps what earlier executions had not. What n8n remembers stays there: the first execution finds everything new.
func readNew(n *node) target {
	by, from := "value", "dedupeValue"
	switch n.text("logic", "removeItemsWithAlreadySeenKeyValues") {
	case "removeItemsUpToStoredIncrementalKey":
		by, from = "number", "incrementalDedupeValue"
	case "removeItemsUpToStoredDate":
		by, from = "time", "dateDedupeValue"
	}
	n.note("begins to remember here: the first execution finds everything new")
	most, ok := n.value("options.historySize").Whole()
	if !ok || most < 1 {
		most = 10_000
	}
	return n.keepNew(text("by", by), member("value", n.value(from)),
		member("shared", flag(n.text("options.scope", "node") == "workflow")), member("most", value.Int(min(most, 100_000))))
}
