package flow

import (
	"bytes"
	"encoding/json"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/n8n"
	"zygo/app/resource"
)

// N8nImport is a file of n8n.
type N8nImport struct {
	Workflow field.JSON `z:"required,help=What n8n exports or its editor copies."`
	DryRun   bool       `z:"help=Reports only, and makes nothing."`
}

// Imported is what was made of a file, and for one of n8n what to look at.
type Imported struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
	n8n.Report
}

// ImportFromN8n makes a draft of a workflow of n8n. What Zygo does not have stands in it as a placeholder.
func ImportFromN8n(s *resource.Session, in *N8nImport) (Imported, error) {
	read, err := n8n.Read(in.Workflow)
	if err != nil {
		return Imported{}, err
	}
	report := Imported{Name: read.Name, Report: read.Report}
	if in.DryRun {
		return report, nil
	}
	made, err := Import(s, &Portable{
		Name:        read.Name,
		Description: field.Markdown(read.Report.Markdown()),
		Nodes:       read.Nodes.AppendJSON(nil),
		Connections: read.Connections.AppendJSON(nil),
		Settings:    read.Settings.AppendJSON(nil),
	})
	if err != nil {
		return Imported{}, err
	}
	report.ID = made.ID
	return report, nil
}

// ImportText makes a draft of a file of Zygo or of n8n, whose nodes have parameters where Zygo's have a configuration.
func ImportText(s *resource.Session, text []byte) (Imported, error) {
	var own Portable
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&own)
	if err != nil || own.Nodes == nil || bytes.Contains(own.Nodes, []byte(`"parameters":`)) {
		if made, wrong := ImportFromN8n(s, &N8nImport{Workflow: text}); wrong == nil || !fault.Is(wrong, fault.Invalid) || err == nil {
			return made, wrong
		}
		return Imported{}, fault.InvalidField("workflow", "is no exported workflow: %s", plainError(err)).Because(err)
	}
	made, err := Import(s, &own)
	if err != nil {
		return Imported{}, err
	}
	return Imported{ID: made.ID, Name: made.Name}, nil
}
