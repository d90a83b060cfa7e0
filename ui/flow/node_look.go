package flow

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/ui/markup"
)

// categoryTones colour the tile of a node by what sort it is.
var categoryTones = map[string]markup.Tone{
	"triggers":    markup.Info,
	"flow":        markup.Warn,
	"data":        markup.Idle,
	"integration": markup.Good,
	"services":    markup.Good,
	"operations":  markup.Info,
}

// drawing is a graph of a workflow without states. Each node leads to the address that href gives.
func drawing(graph *flow.Graph, label string, href func(id string) string) *markup.Graph {
	drawn := &markup.Graph{Label: label}
	for i := range graph.Nodes {
		n := &graph.Nodes[i]
		if n.Type == node.GroupType {
			continue // the drawing has cards alone
		}
		card := markup.GraphNode{ID: n.ID, Name: n.Name, Line: nodeLine(n), Icon: "box", Href: href(n.ID), X: n.Position.X, Y: n.Position.Y}
		if kind, ok := node.Find(n.Type, n.TypeVersion); ok {
			card.Icon, card.Tone = kind.Icon, categoryTones[kind.Category]
		}
		if n.Disabled {
			card.State = markup.NodeSkipped
		}
		drawn.Nodes = append(drawn.Nodes, card)
	}
	for _, c := range graph.Connections {
		edge := markup.GraphEdge{From: c.FromNode, To: c.ToNode}
		if c.FromOutput != node.Main {
			edge.Label = c.FromOutput
		}
		drawn.Edges = append(drawn.Edges, edge)
	}
	return drawn
}

// nodeLine says what a node does in its configuration, in as few words as fit the card.
func nodeLine(n *flow.Node) string {
	config := map[string]any{}
	// A configuration that can't be read has nothing to say here; the problems say it.
	_ = json.Unmarshal(n.Config, &config)
	if say := nodeLines[n.Type]; say != nil {
		if line := say(config); line != "" {
			return line
		}
	}
	kind, ok := node.Find(n.Type, n.TypeVersion)
	if !ok {
		return n.Type
	}
	if n.Type == "switch" {
		return counted(len(outputsOf(n)), "output")
	}
	for _, f := range kind.Fields() {
		if f.Choices != nil && f.Literal {
			return f.ChoiceOf(cmp.Or(configText(config, f.Name), f.Default)).Label // what the node does
		}
	}
	return kind.Title
}

// nodeLines are the lines of the types that have more to say than what their first choice is.
var nodeLines = map[string]func(config map[string]any) string{
	"trigger.manual": func(map[string]any) string { return "By hand" },
	"trigger.webhook": func(c map[string]any) string {
		return cmp.Or(configTexts(c, "method"), "POST") + " /" + configText(c, "path")
	},
	"trigger.mail": func(c map[string]any) string {
		if configText(c, "host") == "" {
			return ""
		}
		return configText(c, "user") + " at " + configText(c, "host")
	},
	"monitor": func(c map[string]any) string {
		return withoutScheme(cmp.Or(configText(c, "url"), configText(c, "host"), configText(c, "name")))
	},
	"security": func(c map[string]any) string {
		return withoutScheme(cmp.Or(configText(c, "url"), configText(c, "host")))
	},
	"record": recordLine,
	"new": func(c map[string]any) string {
		return "By " + cmp.Or(plainExpression(configText(c, "value")), "the whole item")
	},
	"trigger.event":    func(c map[string]any) string { return configTexts(c, "events") },
	"trigger.schedule": scheduleLine,
	"if":               conditionLine,
	"filter":           conditionLine,
	"stop":             func(c map[string]any) string { return configText(c, "message") },
	"note":             func(c map[string]any) string { return configText(c, "text") },
	"loop":             func(c map[string]any) string { return "In rounds of " + cmp.Or(configText(c, "size"), "1") },
	"approval":         func(c map[string]any) string { return configText(c, "title") },
	"data":             func(c map[string]any) string { return oneLine(configText(c, "sql")) },
	"ssh":              func(c map[string]any) string { return configText(c, "host") + ": " + oneLine(configText(c, "command")) },
	"rss":              func(c map[string]any) string { return withoutScheme(configText(c, "url")) },
	"http": func(c map[string]any) string {
		return cmp.Or(configText(c, "method"), "GET") + " " + withoutScheme(configText(c, "url"))
	},
	"email": func(c map[string]any) string { return "To " + configText(c, "to") },
	"set":   func(c map[string]any) string { return counted(configCount(c, "assignments"), "field") },
	"code":  func(map[string]any) string { return "JavaScript" },
	"delay": delayLine,
	"respond": func(c map[string]any) string {
		if configText(c, "with") == "redirect" && cmp.Or(configText(c, "status"), "200") == "200" {
			return "Status 302" // what the node makes of it
		}
		return "Status " + cmp.Or(configText(c, "status"), "200")
	},
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func withoutScheme(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return cmp.Or(rest, address)
}

// recordLine is what is done with which records: "Find incidents", "Create an asset".
func recordLine(c map[string]any) string {
	kind, operation := configText(c, "kind"), cmp.Or(configText(c, "operation"), "list")
	words := map[string]string{"get": "Get", "create": "Create", "update": "Change", "delete": "Delete", "act": configText(c, "action")}
	switch {
	case kind == "":
		return ""
	case operation == "list":
		return "Find " + strings.ToLower(field.Label(field.Plural(kind)))
	}
	return field.Label(words[operation]) + " " + field.One(kind)
}

func scheduleLine(c map[string]any) string {
	if configText(c, "mode") == "every" {
		return "Every " + cmp.Or(configText(c, "every"), "1") + " " + cmp.Or(configText(c, "unit"), "hours")
	}
	return configText(c, "cron")
}

func delayLine(c map[string]any) string {
	switch configText(c, "mode") {
	case "until":
		return "Until " + configText(c, "at")
	case "call":
		return "Until it is called"
	}
	return cmp.Or(configText(c, "amount"), "1") + " " + cmp.Or(configText(c, "unit"), "hours")
}

// configText is a value of a configuration in a few words: of a list its first.
func configText(config map[string]any, name string) string {
	switch value := config[name].(type) {
	case string:
		return value
	case float64:
		return fmt.Sprint(value)
	case []any:
		if len(value) > 0 {
			return fmt.Sprint(value[0])
		}
	}
	return ""
}

// configTexts are all values of a list of a configuration.
func configTexts(config map[string]any, name string) string {
	list, ok := config[name].([]any)
	if !ok {
		return configText(config, name)
	}
	texts := make([]string, len(list))
	for i, one := range list {
		texts[i] = fmt.Sprint(one)
	}
	return strings.Join(texts, ", ")
}

func configCount(config map[string]any, name string) int {
	list, _ := config[name].([]any)
	return len(list)
}

// outputsOf are where the items of a node leave; none for a type that is not there.
func outputsOf(n *flow.Node) []string {
	kind, ok := node.Find(n.Type, n.TypeVersion)
	if !ok || kind.Note {
		return nil
	}
	return kind.OutputsOf(n.Config)
}

// plainExpression is a text without the signs of its expressions.
func plainExpression(text string) string {
	return oneLine(strings.NewReplacer("{{", "", "}}", "", "$json.", "").Replace(text))
}

func conditionLine(config map[string]any) string {
	list, _ := config["conditions"].([]any)
	if len(list) == 0 {
		return "No condition yet"
	}
	first, _ := list[0].(map[string]any)
	line := plainExpression(fmt.Sprint(first["left"], " ", first["op"], " ", cmp.Or(fmt.Sprint(first["right"]), "")))
	line = strings.TrimSuffix(line, " <nil>")
	if len(list) > 1 {
		line = counted(len(list), "condition")
	}
	return line
}

// counted is a number with its noun: "1 field", "2 fields".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%s %ss", markup.Number(int64(n)), noun)
}

// triggerPath is what follows the organization in the address of a webhook or of a form.
func triggerPath(n *flow.Node) (string, bool) {
	var config struct{ Path string }
	if n.Disabled || json.Unmarshal(n.Config, &config) != nil || config.Path == "" {
		return "", false
	}
	return strings.Trim(config.Path, "/"), true
}
