package flow

import (
	"bytes"
	"encoding/json"
	"errors"

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
	// Placeholders counts the nodes that stand for what Zygo does not have.
	Placeholders int `json:"placeholders"`
	n8n.Report
}

// ImportFromN8n makes a draft of a workflow of n8n. What Zygo does not have stands in it as a placeholder.
func ImportFromN8n(s *resource.Session, in *N8nImport) (Imported, error) {
	read, err := n8n.Read(in.Workflow)
	if err != nil {
		return Imported{}, err
	}
	report := Imported{Name: read.Name, Placeholders: placeholders(read), Report: read.Report}
	if in.DryRun {
		return report, nil
	}
	made, err := Import(s, portableOf(read))
	if err != nil {
		return Imported{}, err
	}
	report.ID = made.ID
	return report, nil
}

// portableOf is a workflow of n8n as one of Zygo.
func portableOf(read *n8n.Workflow) *Portable {
	return &Portable{
		Name:        read.Name,
		Description: field.Markdown(read.Report.Markdown()),
		Nodes:       read.Nodes.AppendJSON(nil),
		Connections: read.Connections.AppendJSON(nil),
		Settings:    read.Settings.AppendJSON(nil),
	}
}

// placeholder is the type of nodes that stand for what Zygo does not have.
const placeholder = "placeholder"

// placeholders counts the nodes that stand for what Zygo does not have.
func placeholders(read *n8n.Workflow) (count int) {
	for _, n := range read.Nodes.Elements() {
		if n.Get("type").Raw() == placeholder {
			count++
		}
	}
	return count
}

// ImportText makes a draft of a file of Zygo or of n8n.
func ImportText(s *resource.Session, text []byte) (Imported, error) {
	return ImportFile(s, text, "", false)
}

// ImportFile is ImportText for a file of zygo or of n8n, where from names one of them; otherwise the file says it: its nodes have
// parameters where Zygo's have a configuration. A dry run keeps nothing.
func ImportFile(s *resource.Session, text []byte, from string, dryRun bool) (made Imported, err error) {
	err = s.Write(func(s *resource.Session) error {
		if made, err = importFile(s, text, from); err == nil && dryRun {
			made.ID = ""
			return errDryRun
		}
		return err
	})
	if dryRun && errors.Is(err, errDryRun) {
		err = nil
	}
	return made, err
}

func importFile(s *resource.Session, text []byte, from string) (Imported, error) {
	var own Portable
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&own)
	isOwn := err == nil && own.Nodes != nil && !bytes.Contains(own.Nodes, []byte(`"parameters":`))
	if from == "n8n" || from == "" && !isOwn {
		if made, wrong := ImportFromN8n(s, &N8nImport{Workflow: text}); wrong == nil || !fault.Is(wrong, fault.Invalid) || err == nil {
			return made, wrong
		}
	}
	if err != nil {
		return Imported{}, fault.InvalidField("workflow", "is no exported workflow: %s", plainError(err)).Because(err)
	}
	made, err := Import(s, &own)
	if err != nil {
		return Imported{}, err
	}
	return Imported{ID: made.ID, Name: made.Name}, nil
}
