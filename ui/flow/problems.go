package flow

import (
	"net/url"
	"strings"

	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/ui/web"
)

// nodeName is what a node is called, or its id if it is not in the graph.
func nodeName(graph *flow.Graph, id string) string {
	for _, n := range graph.Nodes {
		if n.ID == id {
			return n.Name
		}
	}
	return id
}

func problemText(graph *flow.Graph, p flow.Problem) string {
	if p.Node != "" {
		return nodeName(graph, p.Node) + ": " + problemSentence(graph, p)
	}
	return problemSentence(graph, p)
}

// problemSentence says what is wrong, by the name that the form gives the field.
func problemSentence(graph *flow.Graph, p flow.Problem) string {
	message := web.Sentence("", p.Message)
	for _, n := range graph.Nodes {
		kind, ok := node.Find(n.Type, n.TypeVersion)
		if n.ID != p.Node || !ok {
			continue
		}
		first, _, _ := strings.Cut(p.Field, ".")
		for _, f := range kind.Fields() {
			if f.Name == first {
				return web.Sentence(f.Label, p.Message)
			}
		}
	}
	return strings.ToUpper(message[:1]) + message[1:]
}

// problemHref leads to where a problem is mended.
func problemHref(path string, p flow.Problem) string {
	if p.Secret != "" {
		return "/secrets/new?name=" + url.QueryEscape(p.Secret)
	}
	if p.Node != "" {
		return path + "#node-" + p.Node
	}
	return path
}
