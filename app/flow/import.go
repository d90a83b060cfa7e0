package flow

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/n8n"
	"zygo/app/resource"
	"zygo/app/value"
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
	// Called are the workflows that stood within a node, each of which is a draft of its own.
	Called []Imported `json:"called,omitempty"`
	n8n.Report
}

// ImportFromN8n makes a draft of a workflow of n8n. What Zygo does not have stands in it as a placeholder.
func ImportFromN8n(s *resource.Session, in *N8nImport) (Imported, error) {
	read, err := n8n.Read(in.Workflow)
	if err != nil {
		return Imported{}, err
	}
	if in.DryRun {
		return Imported{Name: read.Name, Placeholders: placeholders(read), Report: read.Report}, nil
	}
	var made Imported
	err = s.Write(func(s *resource.Session) error {
		made, err = importRead(s, read)
		return err
	})
	return made, err
}

// importRead makes a draft of a workflow, and before it of those within it.
func importRead(s *resource.Session, read *n8n.Workflow) (Imported, error) {
	report, err := importWithin(s, read)
	if err != nil {
		return Imported{}, err
	}
	made, err := Import(s, portableOf(read))
	if err != nil {
		return Imported{}, err
	}
	report.ID = made.ID
	return report, nil
}

// importWithin makes drafts of the workflows that stand in nodes of one, and has the nodes run those. It gives the report on that one.
func importWithin(s *resource.Session, read *n8n.Workflow) (Imported, error) {
	report := Imported{Name: read.Name, Placeholders: placeholders(read), Report: read.Report}
	for _, node := range slices.Sorted(maps.Keys(read.Within)) {
		called, err := importRead(s, read.Within[node])
		if err != nil {
			return Imported{}, err
		}
		report.Called = append(report.Called, called)
		read.Nodes = callsHere(read.Nodes, node, called.ID)
	}
	return report, nil
}

// unmake takes the ids out of the report of a dry run.
func (i *Imported) unmake() {
	i.ID = ""
	for n := range i.Called {
		i.Called[n].unmake()
	}
}

// callsHere has a node run the workflow that was made of the one within it.
func callsHere(nodes value.Value, node, workflow string) value.Value {
	list := []value.Value{}
	for i, n := range nodes.Elements() {
		list = append(list, n)
		if n.Get("id").Raw() != node {
			continue
		}
		config, err := n.Get("config").Set(value.Path{value.Key("workflow")}, value.String(workflow))
		if err == nil {
			list[i], _ = n.Set(value.Path{value.Key("config")}, config) // an object takes a field
		}
	}
	return value.List(list...)
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
			made.unmake()
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
