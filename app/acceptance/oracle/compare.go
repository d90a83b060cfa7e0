package oracle

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Run is one run of a node as it was here. A node that stopped the execution put out nothing.
type Run struct {
	Node    string
	Stopped bool
	Outputs [][]json.RawMessage // the JSON of each item, by output
}

// Difference says how an execution is not as it was in n8n, "" where it is. Which runs there were and what they put
// out counts. The words of an error are each side's own, the key order is of no importance, and lineage shows in what
// expressions give.
func (a *Answer) Difference(t testing.TB, runs []Run) string {
	t.Helper()
	var order []string
	count := map[string]int{}
	for _, run := range runs {
		order = append(order, run.Node)
	}
	if !slices.Equal(order, a.Order) {
		return fmt.Sprintf("runs %s, and there %s", strings.Join(order, ", "), strings.Join(a.Order, ", "))
	}
	for _, run := range runs {
		number := count[run.Node]
		count[run.Node]++
		if found := a.differenceOf(t, run, number); found != "" {
			return fmt.Sprintf("in run %d of %s %s", number+1, run.Node, found)
		}
	}
	return ""
}

func (a *Answer) differenceOf(t testing.TB, run Run, number int) string {
	t.Helper()
	var there []struct {
		Outputs *[]any
	}
	if text := a.Nodes[run.Node]; len(text) == 0 || text[0] == '"' {
		return "" // Start, or what is random
	} else if err := json.Unmarshal(text, &there); err != nil {
		t.Fatal(err)
	}
	if number >= len(there) {
		return "is not there"
	}
	if run.Stopped != (there[number].Outputs == nil) {
		return fmt.Sprintf("stops: %v, and there %v", run.Stopped, !run.Stopped)
	} else if run.Stopped {
		return ""
	}
	observed := *there[number].Outputs
	if len(run.Outputs) == 1 {
		observed = observed[:min(1, len(observed))] // n8n notes what a filter leaves out, although no wire leads from there
	}
	for i := range max(len(run.Outputs), len(observed)) {
		here, want := []any{}, any(nil)
		if i < len(run.Outputs) {
			for _, text := range run.Outputs[i] {
				here = append(here, plain(t, text))
			}
		}
		if i < len(observed) {
			want = observed[i]
		}
		if found := differenceOfItems(here, want); found != "" {
			return fmt.Sprintf("output %d %s", i, found)
		}
	}
	return ""
}

// differenceOfItems compares the items of an output. Of very many n8n's answer has their count, the first and the last.
func differenceOfItems(here []any, observed any) string {
	var want []any
	switch observed := observed.(type) {
	case []any:
		want = observed
	case map[string]any:
		if len(here) != int(observed["count"].(float64)) {
			return fmt.Sprintf("has %d items, and there %v", len(here), observed["count"])
		}
		here, want = []any{here[0], here[len(here)-1]}, []any{observed["first"], observed["last"]}
	}
	there := make([]any, len(want))
	for i, item := range want {
		there[i] = asHere(item.(map[string]any))
	}
	if len(here) == len(there) {
		for i := range here {
			if !reflect.DeepEqual(here[i], there[i]) {
				return fmt.Sprintf("item %d is %s, and there %s", i, encoded(here[i]), encoded(there[i]))
			}
		}
		return ""
	}
	return fmt.Sprintf("is %s, and there %s", encoded(here), encoded(there))
}

func encoded(v any) string {
	text, _ := json.Marshal(v) // it was JSON
	return string(text[:min(len(text), 700)])
}

var uuid = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// plain is the JSON of an item here.
func plain(t testing.TB, text []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(uuid.ReplaceAll(text, []byte("<uuid>")), &v); err != nil {
		t.Fatal(err)
	}
	return withoutWords(v)
}

// Comparable is the JSON of an answer without what says who called.
func Comparable(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = Comparable(v[i])
		}
	case map[string]any:
		return withoutWords(v)
	}
	return v
}

// asHere is an item of n8n as it would be here, where a file is a value in the item.
func asHere(item map[string]any) any {
	fields, ok := item["json"].(map[string]any)
	if !ok {
		return item["json"]
	}
	if failure, failed := item["error"]; failed && fields["error"] == nil {
		fields["error"] = failure
	}
	files, _ := item["binary"].(map[string]any)
	for slot, file := range files {
		fields[slot] = file
		if file, ok := file.(map[string]any); ok {
			named := map[string]any{"name": file["fileName"], "media_type": file["mimeType"], "base64": file["data"]}
			if named["name"] == nil {
				named["name"] = ""
			}
			fields[slot] = named
		}
	}
	return withoutWords(fields)
}

// ofTheServer are headers of an answer that say how it was sent.
var ofTheServer = []string{"date", "connection", "keep-alive", "content-length", "transfer-encoding"}

// ofTheCaller are headers of a call that say how it was made.
var ofTheCaller = []string{"host", "connection", "content-length", "user-agent", "accept", "accept-encoding"}

// withoutWords takes out of an item what each side has of its own: the words of an error and its stack, the size of a file, which its
// content says, its charset, and headers of the server.
func withoutWords(v any) any {
	fields, ok := v.(map[string]any)
	if !ok {
		return v
	}
	switch failure := fields["error"].(type) {
	case string:
		fields["error"] = "…"
	case map[string]any:
		delete(failure, "stack")
		if _, is := failure["message"].(string); is {
			failure["message"] = "…"
		}
	}
	if _, isCall := fields["executionMode"]; isCall {
		delete(fields, "webhookUrl")
		if headers, ok := fields["headers"].(map[string]any); ok {
			for _, name := range ofTheCaller {
				delete(headers, name)
			}
		}
	}
	if headers, ok := fields["headers"].(map[string]any); ok {
		for _, name := range ofTheServer {
			delete(headers, name)
		}
	}
	for _, field := range fields {
		if file, ok := field.(map[string]any); ok && file["base64"] != nil {
			delete(file, "size")
			if kind, ok := file["media_type"].(string); ok {
				file["media_type"], _, _ = strings.Cut(kind, ";")
			}
		}
	}
	return v
}
