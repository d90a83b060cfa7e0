package flow

import (
	"zygo/app/flow/n8n"
)

// ReadN8n gives the graph of what n8n exports or its editor copies, with a report. Nothing is stored.
func ReadN8n(text []byte) (*Graph, n8n.Report, error) {
	read, err := n8n.Read(text)
	if err != nil {
		return nil, n8n.Report{}, err
	}
	graph, err := parseGraph(read.Nodes.AppendJSON(nil), read.Connections.AppendJSON(nil), read.Settings.AppendJSON(nil))
	return graph, read.Report, err
}
