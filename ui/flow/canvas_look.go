package flow

import (
	"encoding/json"
	"strings"
	"unicode"

	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/ui/markup"
	"zygo/ui/widget"
)

// nodeLook is what follows from the configuration of a node.
type nodeLook struct {
	Line    string   `json:"line"`
	Outputs []string `json:"outputs"`
	Inputs  []string `json:"inputs"`
	// HTML is what a note says, formatted.
	HTML string `json:"html,omitempty"`
}

// paletteType is a node type as the palette offers it.
type paletteType struct {
	Name    string      `json:"name"`
	Version int         `json:"version"`
	Title   string      `json:"title"`
	Icon    string      `json:"icon"`
	Tone    markup.Tone `json:"tone"`
	Group   string      `json:"group"`
	Help    string      `json:"help"`
	Docs    string      `json:"docs"`
	Trigger bool        `json:"trigger,omitempty"`
	Note    bool        `json:"note,omitempty"`
	Loops   bool        `json:"loops,omitempty"`
	Look    nodeLook    `json:"look"`
}

func looksOf(nodes []flow.Node) map[string]nodeLook {
	looks := make(map[string]nodeLook, len(nodes))
	for i := range nodes {
		looks[nodes[i].ID] = lookOf(&nodes[i])
	}
	return looks
}

// lookOf is the look of a node. One whose type is gone has neither inputs nor outputs.
func lookOf(n *flow.Node) nodeLook {
	look := nodeLook{Line: widget.Shorten(nodeLine(n), 200), Outputs: []string{}, Inputs: []string{}}
	kind, ok := node.Find(n.Type, n.TypeVersion)
	switch {
	case ok && kind.Note:
		var says struct{ Text string }
		// What can't be read or formatted is shown as nothing; the panel tells what is wrong.
		_ = json.Unmarshal(n.Config, &says)
		formatted, _ := markup.FormatMarkdown(says.Text)
		look.HTML = string(formatted)
	case ok:
		look.Outputs, look.Inputs = append(look.Outputs, kind.OutputsOf(n.Config)...), append(look.Inputs, kind.InputsOf(n.Config)...)
	}
	return look
}

// docsOf is where the guide describes a type: services have a page of their own, the others a heading.
func docsOf(t *node.Type) string {
	if t.Category == node.ServicesCategory {
		return "/docs/services-" + strings.ReplaceAll(strings.TrimPrefix(t.Name, "connector."), "_", "-")
	}
	keep := func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}
	return "/docs/nodes#" + strings.Map(keep, t.Title)
}

func paletteTypes() []paletteType {
	var all []paletteType
	for _, t := range node.All() {
		all = append(all, paletteType{
			Name:    t.Name,
			Version: t.Version,
			Title:   t.Title,
			Icon:    t.Icon,
			Tone:    categoryTones[t.Category],
			Group:   t.Category,
			Help:    t.Help,
			Docs:    docsOf(t),
			Trigger: t.Trigger,
			Note:    t.Note,
			Loops:   t.Loops,
			Look:    lookOf(&flow.Node{Type: t.Name, TypeVersion: t.Version, Config: []byte("{}")}),
		})
	}
	return all
}
