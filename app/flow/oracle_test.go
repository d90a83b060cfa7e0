package flow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/oracle"
	"zygo/app/resource/kerneltest"
	"zygo/app/value"
)

// Workflows of n8n that are imported put out at each node what they put out in a real n8n, except for the listed differences.
func TestImportedWorkflowsDoAsInN8n(t *testing.T) {
	t.Parallel()
	const parts = 4
	cases := oracle.Read(t, "nodes")
	tally := oracle.NewTally(t, oracle.Differences(t, "nodes"))
	t.Run("part", func(t *testing.T) {
		for part := range parts {
			t.Run(fmt.Sprint(part), func(t *testing.T) {
				t.Parallel()
				server := oracle.Echo(t)
				p := newPlant(t, strings.TrimPrefix(server.URL, "http://"))
				must(t, p.Start())
				for i := part; i < len(cases); i += parts {
					tally.Count(t, cases[i].Group, cases[i].ID, p.differenceFrom(&cases[i], server))
				}
			})
		}
	})
	tally.Close(t)
}

// differenceFrom runs a case and says how it is not as in n8n.
func (p *plant) differenceFrom(c *oracle.Case, server *httptest.Server) string {
	p.t.Helper()
	here := func(text []byte) []byte { return bytes.ReplaceAll(text, []byte(oracle.EchoThere), []byte(server.URL)) }
	for name, text := range c.Answer.Nodes {
		c.Answer.Nodes[name] = here(text)
	}
	made, err := ImportFromN8n(p.s, &N8nImport{Workflow: here(c.Workflow)})
	if err != nil {
		return "is not imported: " + err.Error()
	}
	kind, _ := p.kernel.Kind("workflow")
	for _, workflow := range append(made.Called, made) {
		if _, err := kind.Act(p.s, workflow.ID, "publish", 0, nil); err != nil {
			if len(c.Answer.Order) == 0 {
				return "" // n8n did not begin with it either
			}
			return "is not published: " + err.Error()
		}
	}
	id, err := p.Execute(p.s, made.ID, inputOf(p.t, c.Items))
	if err != nil {
		return "does not start: " + err.Error()
	}
	if !p.isOver(id) {
		return "does not end in time"
	}
	view := p.view(id)
	if len(c.Answer.Order) == 0 && view.Status == Failed {
		return "" // n8n did not begin with what can't end well
	}
	found := c.Answer.Difference(p.t, p.runsOf(view))
	if found != "" && view.Error != nil {
		found += " (" + view.Error.Node + ": " + view.Error.Message + ")"
	}
	return found
}

// inputOf are the items of n8n as an execution takes them.
func inputOf(t *testing.T, text []byte) []byte {
	t.Helper()
	var items []struct {
		JSON   json.RawMessage
		Binary map[string]struct{ FileName, MimeType, Data string }
	}
	must(t, json.Unmarshal(text, &items))
	input := make([]json.RawMessage, len(items))
	for i, item := range items {
		with, err := value.Parse(item.JSON, value.Limits{})
		must(t, err)
		for slot, file := range item.Binary {
			with, err = with.Set(value.Path{value.Key(slot)}, value.Object(value.Member{Key: "name", Value: value.String(file.FileName)},
				value.Member{Key: "media_type", Value: value.String(file.MimeType)}, value.Member{Key: "base64", Value: value.String(file.Data)}))
			must(t, err)
		}
		input[i] = with.AppendJSON(nil)
	}
	encoded, err := json.Marshal(input)
	must(t, err)
	return encoded
}

// isOver waits for the end, and moves the clock on where the execution waits for a time.
func (p *plant) isOver(id string) bool {
	p.t.Helper()
	late := time.After(kerneltest.Patience)
	for {
		changed := p.kernel.Changed()
		row, err := Executions.Get(p.s, id)
		must(p.t, err)
		switch {
		case row.Status.Finished():
			return true
		case row.Status == Waiting && row.WakeAt != 0 && row.WakeAt.Go().Sub(p.kernel.Now().Go()) < time.Minute: // no called workflow
			p.pass(max(0, row.WakeAt.Go().Sub(p.kernel.Now().Go())))
		}
		select {
		case <-changed:
		case <-late:
			return false
		}
	}
}

// runsOf are the runs of the nodes, with their outputs in the order that n8n has.
func (p *plant) runsOf(view *ExecutionView) (runs []oracle.Run) {
	p.t.Helper()
	version, err := p.program(view.TenantID, view.WorkflowID, view.WorkflowVersion)
	must(p.t, err)
	for _, step := range view.Nodes {
		if step.StartedAt == 0 {
			continue // it was not reached
		}
		run := oracle.Run{Node: step.Name, Stopped: step.Output == nil}
		var outputs map[string][]struct{ JSON json.RawMessage }
		if step.Output != nil {
			must(p.t, json.Unmarshal(step.Output, &outputs))
		}
		for _, name := range version.units[step.NodeID].outputs() {
			for number, err := strconv.Atoi(name); err == nil && len(run.Outputs) < number; {
				run.Outputs = append(run.Outputs, nil) // to which no rule of a switch leads
			}
			var items []json.RawMessage
			for _, item := range outputs[name] {
				items = append(items, item.JSON)
			}
			run.Outputs = append(run.Outputs, items)
		}
		runs = append(runs, run)
	}
	return runs
}
