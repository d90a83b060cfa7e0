package flow

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/app/flow/recipe"
	"zygo/app/value"
	"zygo/embed"
	"zygo/ui/markup"
)

// sent is what a browser sends of a form that somebody only looked at.
func sent(groups []markup.FieldGroup) url.Values {
	form := url.Values{}
	for _, group := range groups {
		for _, hidden := range group.Hidden {
			form.Set(hidden.Name, hidden.Value)
		}
		for _, f := range slices.Concat(group.Lines()...) {
			switch f.Kind {
			case markup.FieldSelect, markup.FieldChoices:
				for _, o := range f.Options {
					if o.Chosen {
						form.Add(f.Name, o.Value)
					}
				}
			case markup.FieldCheck:
				if f.Value != "" {
					form.Set(f.Name, "true")
				}
			default:
				form.Set(f.Name, f.Value)
			}
		}
	}
	return form
}

func groupsOf(graph *flow.Graph) []markup.FieldGroup {
	groups := []markup.FieldGroup{connectionGroup(graph), addGroup(graph), settingsGroup(graph.Settings)}
	for i := range graph.Nodes {
		groups = append(groups, nodeGroup(i, &graph.Nodes[i]))
	}
	return groups
}

func TestLookingAtAGraphChangesNothing(t *testing.T) {
	t.Parallel()
	templates, err := flow.Templates()
	if err != nil {
		t.Fatal(err)
	}
	hard := flow.Portable{Name: "Values that look like others", Nodes: []byte(`[
		{"id": "a", "type": "if", "type_version": 1, "name": "If", "position": {"x": -8, "y": 16}, "on_error": "output", "retry": {"attempts": 3, "backoff": "exponential", "delay": 2},
		 "disabled": true, "notes": "two\nlines", "timeout": 9,
		 "config": {"conditions": [{"left": "5", "op": "equals", "right": 5}, {"left": "true", "op": "equals", "right": true},
			{"left": {"a": [1, "b"]}, "op": "equals", "right": "\"quoted\""}], "case_sensitive": false}},
		{"id": "b", "type": "http", "type_version": 1, "name": "Call", "position": {"x": 0, "y": 0}, "config": {"url": "https://{{ $json.host }}/<&>\"'", "never_error": true, "timeout": "{{ $json.limit }}"}}]`),
		Connections: []byte(`[{"id": "x", "from_node": "a", "from_output": "error", "to_node": "b", "to_input": "main"}]`)}
	for _, portable := range append([]flow.Portable{hard, examples(t)}, portables(templates)...) {
		graph, err := portable.Graph()
		if err != nil {
			t.Fatal(err)
		}
		back, added := readGraph(sent(groupsOf(graph)))
		if added != "" {
			t.Errorf("%s: %q was added", portable.Name, added)
		}
		for i := range graph.Nodes {
			if want, got := plain(t, graph.Nodes[i]), plain(t, back.Nodes[i]); !reflect.DeepEqual(want, got) {
				t.Errorf("%s: a node became\n%v\nof\n%v", portable.Name, got, want)
			}
		}
		if !reflect.DeepEqual(graph.Connections, back.Connections) {
			t.Errorf("%s: the connections became %v", portable.Name, back.Connections)
		}
	}
}

// examples has a node for each example of a type, and one with much that a webhook can have.
func examples(t *testing.T) flow.Portable {
	t.Helper()
	nodes := []flow.Node{
		{ID: "hook", Type: "trigger.webhook", TypeVersion: 1, Name: "Hook",
			Config: []byte(`{"path":"orders/{id}","auth":"hmac","secret":"K","hash":"sha1",
		"prefix":"-","signed":"{body}{url}","callback":"https://zygo.example/x","origins":["https://a.example","https://b.example"],"addresses":["10.0.0.0/8"],"respond":"at_end","status":201}`)},
		{ID: "send", Type: "http", TypeVersion: 1, Name: "Send", Handling: flow.Handling{AlwaysOutput: true},
			Config: []byte(`{"url":"https://a.example","body_type":"multipart",
		"parts":[{"name":"f","value":"{{ $json.f }}","file_name":"a.txt"}],"pages":"next","next":"links.next","most_pages":3}`)}}
	for _, kind := range node.All() {
		for i, example := range kind.Examples {
			id := fmt.Sprintf("%s%d", strings.ReplaceAll(kind.Name, ".", "-"), i)
			nodes = append(nodes, flow.Node{ID: id, Type: kind.Name, TypeVersion: 1, Name: id, Config: []byte(example.Config)})
		}
	}
	nodes = append(nodes, services(t)...)
	text, err := json.Marshal(nodes)
	if err != nil {
		t.Fatal(err)
	}
	return flow.Portable{Name: "Every example", Nodes: text,
		Connections: []byte(`[{"id": "x", "from_node": "switch0", "from_output": "idea", "to_node": "send", "to_input": "main"}]`)}
}

// services has a node for each example of each service.
func services(t *testing.T) (nodes []flow.Node) {
	t.Helper()
	recipes, err := recipe.All(embed.Connectors, "connectors")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range recipes {
		for _, o := range r.Operations {
			examples, err := o.Examples()
			if err != nil {
				t.Fatal(err)
			}
			members := []value.Member{{Key: "operation", Value: value.String(o.Name)}}
			for _, f := range r.Connection {
				members = append(members, value.Member{Key: f.Name, Value: value.String("{{ $secrets.KEY }}")})
			}
			for name, given := range examples[0].Fields.Members() {
				members = append(members, value.Member{Key: name, Value: given})
			}
			id := r.Name + "-" + o.Name
			nodes = append(nodes, flow.Node{ID: id, Type: "connector." + r.Name, TypeVersion: 1, Name: id,
				Config: []byte(value.Object(members...).JSON())})
		}
	}
	return nodes
}

func portables(templates []flow.Template) []flow.Portable {
	var all []flow.Portable
	for _, template := range templates {
		all = append(all, template.Portable)
	}
	return all
}

// plain is a node as values that can be compared, without what is as usual.
func plain(t *testing.T, n flow.Node) any {
	t.Helper()
	text, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	var value map[string]any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	config, _ := value["config"].(map[string]any)
	if kind, ok := node.Find(n.Type, n.TypeVersion); ok {
		leaveUsual(kind.Fields(), config)
	}
	return value
}

// leaveUsual takes out what is as usual, which the form does not send.
func leaveUsual(fields []*field.Field, config map[string]any) {
	for _, f := range fields {
		given, ok := config[f.Name]
		if list, isList := given.([]any); isList && f.Rows() != nil {
			for _, row := range list {
				leaveUsual(f.Rows(), row.(map[string]any))
			}
		}
		if text := strings.Trim(fmt.Sprint(given), "[]"); ok && f.Default != "" && text == f.Default {
			delete(config, f.Name)
		}
	}
}

func TestAddingAndRemovingNodes(t *testing.T) {
	t.Parallel()
	graph := &flow.Graph{
		Nodes: []flow.Node{{ID: "set", Type: "set", TypeVersion: 1, Name: "Set fields"},
			{ID: "gone", Type: "set", TypeVersion: 1, Name: "Gone"}},
		Connections: []flow.Connection{{ID: "c", FromNode: "set", FromOutput: "main", ToNode: "gone", ToInput: "main"}}}
	form := sent(groupsOf(graph))
	form.Set("nodes.1.remove", "true")
	form.Set("add", "set")
	form.Set("add.after", "set main")
	back, added := readGraph(form)
	if len(back.Nodes) != 2 || back.Nodes[1].ID != added || added == "set" || back.Nodes[1].Name == back.Nodes[0].Name {
		t.Errorf("the nodes are %v", back.Nodes)
	}
	if len(back.Connections) != 1 || back.Connections[0].ToNode != added {
		t.Errorf("the connections are %v", back.Connections)
	}
}

// A field that the chosen operation of a service can't do without is not called optional.
func TestWhatAnOperationNeedsIsNotOptional(t *testing.T) {
	t.Parallel()
	needed := map[string]bool{}
	group := nodeGroup(0, &flow.Node{ID: "a", Type: "connector.telegram", TypeVersion: 1, Config: field.JSON(`{"operation":"send_message"}`)})
	for _, f := range slices.Concat(group.Lines()...) {
		needed[strings.TrimPrefix(f.Name, "nodes.0.config.")] = f.Needed || f.Required
	}
	for name, want := range map[string]bool{"chat_id": true, "text": true, "token": true, "latitude": false, "reply_to": false} {
		if needed[name] != want {
			t.Errorf("%s is needed: %t", name, needed[name])
		}
	}
}

// A note on the canvas is formatted by the policy of every other text that people write.
func TestANoteIsFormattedAndHarmless(t *testing.T) {
	t.Parallel()
	look := lookOf(&flow.Node{ID: "a", Type: "note", TypeVersion: 1,
		Config: field.JSON(`{"text":"**Bold** <script>alert(1)</script><img src=x onerror=alert(2)>"}`)})
	if look.HTML != "<p><strong>Bold</strong> alert(1)</p>\n" { // what was a script is text
		t.Errorf("the note is %s", look.HTML)
	}
	if len(look.Outputs) != 0 || len(look.Inputs) != 0 {
		t.Errorf("a note has %v and %v", look.Inputs, look.Outputs)
	}
}
