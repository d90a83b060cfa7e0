package n8n

import "strings"

// readType gives what a node becomes, the zero target where its parameters ask for what Zygo does not have.
func readType(n *node) target {
	switch n.kind {
	case "manualTrigger", "start", "manualChatTrigger":
		return readManual(n)
	case "webhook":
		return readWebhook(n)
	case "scheduleTrigger", "cron":
		return readSchedule(n)
	case "interval":
		return readInterval(n)
	case "errorTrigger":
		return readFailed(n)
	case "executeWorkflowTrigger":
		return readCalled(n)
	case "set":
		return readSet(n)
	case "if":
		return readIf(n)
	case "filter":
		return readFilter(n)
	case "switch":
		return readSwitch(n)
	case "merge":
		return readMerge(n)
	case "compareDatasets":
		return readCompare(n)
	case "splitInBatches":
		return readLoop(n)
	case "wait":
		return readWait(n)
	case "stopAndError":
		return readStop(n)
	case "executeWorkflow":
		return readCall(n)
	case "noOp":
		return readPass(n)
	case "stickyNote":
		return readNote(n)
	}
	return readDataType(n)
}

func readDataType(n *node) target {
	switch n.kind {
	case "code":
		return readCode(n)
	case "function":
		return readFunction(n)
	case "functionItem":
		return readFunctionItem(n)
	case "limit":
		return readLimit(n)
	case "sort":
		return readSort(n)
	case "removeDuplicates":
		return readDedupe(n)
	case "splitOut":
		return readSplitOut(n)
	case "aggregate":
		return readAggregate(n)
	case "summarize":
		return readSummarize(n)
	case "renameKeys":
		return readRename(n)
	case "itemLists":
		return readItemLists(n)
	case "dateTime":
		return readDate(n)
	case "crypto":
		return readCrypto(n)
	case "jwt":
		return readToken(n)
	case "totp":
		return readOneTimeCode(n)
	case "markdown":
		return readMarkdown(n)
	case "respondToWebhook":
		return readRespond(n)
	case "httpRequest":
		return readHTTP(n)
	case "emailSend":
		return readMail(n)
	case "rssFeedRead":
		return readFeed(n)
	case "ssh", "executeCommand":
		return readSSH(n)
	}
	n.reason = replacements[n.kind]
	for _, read := range []func(*node) target{readFileType, readTriggerType, readAskType, readApp} {
		if made := read(n); made.kind != "" {
			return made
		}
	}
	if n.reason != "" && !strings.Contains(n.reason, "lets items pass") {
		n.reason += ". It stands for itself and lets items pass"
	}
	return target{}
}

// replacements say what does the work of a node here that can't be made of it.
var replacements = map[string]string{
	"dataTable":   "works with a table of n8n; keep such rows in a database and use the node Ask a database",
	"editImage":   "changes a picture, which no node here does; call a service with the node HTTP request",
	"redis":       "works with Redis, which no node here does; use a database and the node Ask a database",
	"mongoDb":     "works with MongoDB, which no node here does; call its Data API with the node HTTP request",
	"form":        "shows another page of a form while the workflow waits; put all fields into the form that starts it",
	"chatTrigger": "starts when somebody writes into a chat of n8n, which Zygo does not have; start with a form or a webhook",
}
