package flow

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/app/acceptance/oracle"
)

// Webhooks of n8n that are imported answer as they did in a real n8n, and their nodes put out the same, except for the listed differences.
func TestImportedWebhooksAnswerAsInN8n(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner := i.As("owner@acme")
	tally := oracle.NewTally(t, oracle.Differences(t, "webhooks"))
	for _, c := range oracle.Read(t, "webhooks") {
		tally.Count(t, c.Group, c.ID, webhookDifference(owner, &c))
	}
	tally.Close(t)
}

// there is where the webhooks of n8n were.
const there = "http://localhost:25678/webhook/"

// webhookDifference imports a workflow, calls it, and says how that is not as in n8n.
func webhookDifference(owner *instance.Client, c *oracle.Case) string {
	var made struct{ ID string }
	owner.Must(owner.Call("POST", "workflows/import/n8n", map[string]any{"workflow": c.Workflow}), 201, &made)
	defer owner.Call("POST", "workflows/"+made.ID+"/disable", nil)
	if reply := owner.Call("POST", "workflows/"+made.ID+"/publish", nil); reply.Status != 200 {
		return "is not published: " + string(reply.Body)
	}
	for number, request := range c.Requests {
		observed := c.Answers[number]
		observed.Response.Body = strings.ReplaceAll(observed.Response.Body, there, owner.Instance.URL+"/hooks/acme/")
		for _, execution := range observed.Executions {
			for name, text := range execution.Nodes {
				execution.Nodes[name] = bytes.ReplaceAll(text, []byte(there), []byte(owner.Instance.URL+"/hooks/acme/"))
			}
		}
		path := "/hooks/acme/" + strings.TrimPrefix(request.Path, "/webhook/")
		if _, dynamic, found := strings.Cut(request.Path, "/o-p/"); found {
			path = "/hooks/acme/o-p/" + dynamic // n8n puts an id before a path with parameters
		}
		headers := []string{"Content-Type", request.Headers["content-type"]}
		for name, value := range request.Headers {
			headers = append(headers, name, value)
		}
		anyone := &instance.Client{Instance: owner.Instance}
		reply, err := anyone.Try(request.Method, path, request.Body, headers...)
		if err != nil {
			return err.Error()
		}
		if found := responseDifference(reply, observed.Response, len(observed.Executions) > 0); found != "" {
			return "at request " + request.Method + " " + request.Path + " " + found
		}
		if id := reply.Header.Get("Zygo-Execution"); id != "" && len(observed.Executions) == 1 {
			if found := executionDifference(owner, id, &observed.Executions[0]); found != "" {
				return "at request " + request.Method + " " + request.Path + " " + found
			}
		}
	}
	return ""
}

// responseDifference compares answers. Where nothing ran, each side has its own words.
func responseDifference(here instance.Reply, observed oracle.Response, ran bool) string {
	if !ran && here.Status >= 400 && observed.Status >= 400 {
		return "" // each refuses it in its own words
	}
	if here.Status != observed.Status {
		return fmt.Sprintf("the status is %d, and there %d: %.300s", here.Status, observed.Status, here.Body)
	}
	if !ran {
		return ""
	}
	for name, values := range observed.Headers {
		text, ok := values.(string)
		if !ok || name == "content-length" || observed.Body+observed.BodyBase64 == "" {
			continue
		}
		if got := here.Header.Get(name); kindOf(name, got) != kindOf(name, text) {
			return "the header " + name + " is " + got + ", and there " + text
		}
	}
	want := []byte(observed.Body)
	if observed.BodyBase64 != "" {
		want, _ = base64.StdEncoding.DecodeString(observed.BodyBase64)
	}
	var a, b any
	if json.Unmarshal(here.Body, &a) == nil && json.Unmarshal(want, &b) == nil {
		if reflect.DeepEqual(oracle.Comparable(a), oracle.Comparable(b)) {
			return ""
		}
	} else if string(here.Body) == string(want) {
		return ""
	}
	return "the body is " + string(here.Body[:min(len(here.Body), 300)]) + ", and there " + string(want[:min(len(want), 300)])
}

// kindOf is a media type without its charset, which UTF-8 is.
func kindOf(header, text string) string {
	if header == "content-type" {
		text, _, _ = strings.Cut(text, ";")
	}
	return text
}

func executionDifference(owner *instance.Client, id string, observed *oracle.Answer) string {
	var runs []oracle.Run
	for _, step := range owner.Finished(id).Nodes {
		if step.Output == nil && step.Status != "failed" {
			continue
		}
		run := oracle.Run{Node: step.Name, Stopped: step.Output == nil}
		for _, name := range []string{"main", "true", "false", "error"} {
			var items []struct{ JSON json.RawMessage }
			if text := step.Output[name]; text == nil {
				continue
			} else if err := json.Unmarshal(text, &items); err != nil {
				return err.Error()
			}
			var output []json.RawMessage
			for _, item := range items {
				output = append(output, item.JSON)
			}
			run.Outputs = append(run.Outputs, output)
		}
		runs = append(runs, run)
	}
	for name := range observed.Nodes {
		if strings.HasPrefix(name, "Webhook") || name == "Other" {
			delete(observed.Nodes, name) // whose headers tell of the client
		}
	}
	return observed.Difference(owner.Instance.T, runs)
}
