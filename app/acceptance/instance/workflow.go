package instance

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
)

// RunFailing makes a workflow that ends in a failure and runs it, and gives the ids of both.
func RunFailing(c *Client) (workflow, execution string) {
	graph := map[string]any{"name": "Report",
		"nodes": []any{
			map[string]any{"id": "go", "type": "trigger.manual", "type_version": 1, "name": "Go"},
			map[string]any{"id": "call", "type": "http", "type_version": 1, "name": "Call", "position": map[string]int{"x": 264},
				"config": map[string]any{"url": "http://127.0.0.1:1/"}},
			map[string]any{"id": "after", "type": "set", "type_version": 1, "name": "After", "position": map[string]int{"x": 528}},
		},
		"connections": []any{
			map[string]string{"id": "a", "from_node": "go", "from_output": "main", "to_node": "call", "to_input": "main"},
			map[string]string{"id": "b", "from_node": "call", "from_output": "main", "to_node": "after", "to_input": "main"},
		}}
	var made struct{ ID string }
	c.Must(c.Call("POST", "workflows", graph), 201, &made)
	c.Must(c.Call("POST", "workflows/"+made.ID+"/publish", map[string]any{}), 200, nil)
	return made.ID, c.Run(made.ID, nil).ID
}

// RunAsking runs a workflow that waits for a decision, and gives the question.
func RunAsking(c *Client) (approval string) {
	asking := c.Publish("Release", []any{Node("go", "trigger.manual", nil),
		Node("ask", "approval", map[string]any{"title": "Release version 7", "message": "All **1,024** tests pass."})}, Chain("go", "ask"))
	var run struct{ ID string }
	c.Must(c.Call("POST", "workflows/"+asking+"/execute", nil), 202, &run)
	c.Until(run.ID, "execution.waiting")
	var open []struct{ ID string }
	c.Must(c.Call("GET", "approvals?filter[execution_id]="+run.ID, nil), 200, &open)
	if len(open) != 1 {
		c.Instance.T.Fatalf("the workflow asks %d questions", len(open))
	}
	return open[0].ID
}

// PublishHook publishes a workflow that a webhook starts, and gives its address.
func (c *Client) PublishHook(slug string) string {
	c.Instance.T.Helper()
	c.Publish("Hooked", []any{Node("hook", "trigger.webhook", map[string]any{"path": "in", "auth": "none"}),
		Node("mark", "set", map[string]any{"assignments": []any{map[string]any{"name": "x", "value": "1"}}})}, Chain("hook", "mark"))
	return "/hooks/" + slug + "/in"
}

// Node makes a node, and link a connection, for graphs in tests.
func Node(id, kind string, config map[string]any, envelope ...map[string]any) map[string]any {
	node := map[string]any{"id": id, "type": kind}
	if config != nil {
		node["config"] = config
	}
	for _, e := range envelope {
		for k, v := range e {
			node[k] = v
		}
	}
	return node
}

// Link connects an output of a node to the main input of another.
func Link(from, output, to string) map[string]any {
	return map[string]any{"id": from + output + to, "from_node": from, "from_output": output, "to_node": to, "to_input": "main"}
}

// Chain connects the main output of each node to the next.
func Chain(ids ...string) []any {
	var all []any
	for i := 1; i < len(ids); i++ {
		all = append(all, Link(ids[i-1], "main", ids[i]))
	}
	return all
}

// Publish makes a workflow and publishes it.
func (c *Client) Publish(name string, nodes, connections []any) string {
	c.Instance.T.Helper()
	if connections == nil {
		connections = []any{}
	}
	var w struct{ ID string }
	c.Must(c.Call("POST", "workflows", map[string]any{"name": name, "nodes": nodes, "connections": connections}), 201, &w)
	c.Must(c.Call("POST", "workflows/"+w.ID+"/publish", nil), 200, nil)
	return w.ID
}

// Execution is what the API says of one.
type Execution struct {
	ID, Status string
	Output     json.RawMessage
	Error      *struct{ Code, Message, Node string }
	Nodes      []struct {
		NodeID   string `json:"node_id"`
		Name     string
		Status   string
		Attempts int
		Input    json.RawMessage
		Output   map[string]json.RawMessage
		Error    *struct{ Code, Message string }
		Logs     []string
	}
}

// Step is the output of a node of the execution.
func (e Execution) Step(id string) string {
	for _, node := range e.Nodes {
		if node.NodeID == id {
			return node.Status
		}
	}
	return "missing"
}

func (c *Client) execution(id string) Execution {
	c.Instance.T.Helper()
	var e Execution
	c.Must(c.Call("GET", "executions/"+id, nil), 200, &e)
	return e
}

// Finished waits for the end of an execution by its stream.
func (c *Client) Finished(id string) Execution {
	c.Instance.T.Helper()
	return c.Until(id, "execution.finished")
}

// Until reads the stream of an execution until an event of a type.
func (c *Client) Until(id, kind string) Execution {
	c.Instance.T.Helper()
	request, err := http.NewRequest("GET", c.Instance.URL+"/api/v1/executions/"+id+"/stream", nil)
	if err != nil {
		c.Instance.T.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.Token)
	response, err := Transport.Do(request)
	if err != nil {
		c.Instance.T.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if strings.Contains(lines.Text(), `"type":"`+kind+`"`) {
			return c.execution(id)
		}
	}
	c.Instance.T.Fatalf("the stream of %s ended without %s", id, kind)
	return Execution{}
}

// Run executes a workflow with an input and waits for its end.
func (c *Client) Run(workflow string, input any) Execution {
	c.Instance.T.Helper()
	return c.Execute(workflow, map[string]any{"input": input})
}

// Execute is Run with what the operation takes. It waits as long as the test may take: how fast a busy machine is says nothing.
func (c *Client) Execute(workflow string, asked map[string]any) Execution {
	c.Instance.T.Helper()
	var run struct{ ID string }
	c.Must(c.Call("POST", "workflows/"+workflow+"/execute", asked), 202, &run)
	return c.Finished(run.ID)
}
