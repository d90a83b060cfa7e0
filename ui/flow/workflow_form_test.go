package flow

import (
	"encoding/json"
	"net/url"
	"reflect"
	"slices"
	"testing"

	"zygo/app/flow"
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
		 "config": {"conditions": [{"left": "5", "op": "equals", "right": 5}, {"left": "true", "op": "equals", "right": true}, {"left": {"a": [1, "b"]}, "op": "equals", "right": "\"quoted\""}], "case_sensitive": false}},
		{"id": "b", "type": "http", "type_version": 1, "name": "Call", "position": {"x": 0, "y": 0}, "config": {"url": "https://{{ $json.host }}/<&>\"'", "never_error": true, "timeout": "{{ $json.limit }}"}}]`),
		Connections: []byte(`[{"id": "x", "from_node": "a", "from_output": "error", "to_node": "b", "to_input": "main"}]`)}
	for _, portable := range append([]flow.Portable{hard}, portables(templates)...) {
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
	for name, usual := range map[string]any{"combine": "and", "method": "GET", "status": 200.0, "respond": "at_once"} {
		if config[name] == usual {
			delete(config, name)
		}
	}
	if list, ok := config["method"].([]any); ok && len(list) == 1 && list[0] == "POST" {
		delete(config, "method")
	}
	return value
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
