package n8n

import (
	"fmt"
	"strings"
)

// Report says how much of a workflow became the same.
type Report struct {
	// Nodes counts them, and Same those that do here what they did there.
	Nodes int `json:"nodes"`
	Same  int `json:"same"`
	// Notes are what somebody has to look at, in the order of the nodes.
	Notes []Note `json:"notes"`
	// Credentials are the names of those that have to be made here, as secrets.
	Credentials []string `json:"credentials"`
}

// Markdown is the report as a text, for the description of the workflow.
func (r Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Imported from n8n: %d of %d nodes do here what they did there.", r.Same, r.Nodes)
	if len(r.Notes) > 0 {
		b.WriteString("\n\nLook at these before you publish it:\n")
	}
	for _, note := range r.Notes {
		name := note.Node
		if name == "" {
			name = "The workflow"
		}
		line := fmt.Sprintf("\n- **%s** %s.", plain.Replace(name), plain.Replace(strings.TrimSuffix(note.Text, ".")))
		if b.Len()+len(line) > longestReport {
			b.WriteString("\n- …")
			break
		}
		b.WriteString(line)
	}
	for i, credential := range r.Credentials {
		line := "\n- " + plain.Replace(credential)
		if i == 0 {
			line = "\n\nCredentials to make secrets of:\n" + line
		}
		if b.Len()+len(line) > longestReport {
			break
		}
		b.WriteString(line)
	}
	return b.String()
}

// longestReport is what fits into a description, in bytes.
const longestReport = 9_000

// plain keeps what is written in a file from being read as Markdown.
var plain = strings.NewReplacer("*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "<", "\\<", "\n", " ")

// Note is something to look at.
type Note struct {
	// Node is the name of the node, empty for the whole workflow.
	Node string `json:"node,omitempty"`
	Text string `json:"text"`
}
