package flow

import (
	"encoding/json"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Portable is a workflow as it is exported, imported and shipped as a template: what a person drew, without ids of this
// instance and without secrets, which it names only.
type Portable struct {
	Name        string         `json:"name"`
	Description field.Markdown `json:"description"`
	Tags        []string       `json:"tags"`
	Settings    field.JSON     `json:"settings"`
	Nodes       field.JSON     `json:"nodes"`
	Connections field.JSON     `json:"connections"`
}

// madeWorkflow names a new workflow.
type madeWorkflow struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Export gives a workflow's draft.
func Export(s *resource.Session, id string) (*Portable, error) {
	w, err := Workflows.Get(s, id)
	if err != nil {
		return nil, err
	}
	return &Portable{w.Name, w.Description, w.Tags, w.Settings, w.Nodes, w.Connections}, nil
}

// Import makes a workflow of a portable one; it is a draft until somebody publishes it.
func Import(s *resource.Session, p *Portable) (*Workflow, error) { return importIn(s, p, "") }

func importIn(s *resource.Session, p *Portable, workspace string) (*Workflow, error) {
	input, err := p.input()
	if err != nil {
		return nil, err
	}
	input["workspace_id"] = resource.Text(workspace)
	return Workflows.CreateFrom(s, input, func(*Workflow) error { return nil })
}

// input is the portable workflow as a caller of the API gives it.
func (p *Portable) input() (resource.Input, error) {
	input := resource.Input{}
	for name, part := range map[string]any{"name": p.Name, "description": p.Description, "tags": p.Tags} {
		raw, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		input[name] = resource.Given{Raw: raw}
	}
	if p.Tags == nil {
		delete(input, "tags")
	}
	for name, part := range map[string]field.JSON{"settings": p.Settings, "nodes": p.Nodes, "connections": p.Connections} {
		if part != nil {
			input[name] = resource.Given{Raw: part}
		}
	}
	return input, nil
}

func export(s *resource.Session, in *byID) (*Portable, error) { return Export(s, in.ID) }

func importWorkflow(s *resource.Session, in *Portable) (madeWorkflow, error) {
	if in.Nodes == nil {
		return madeWorkflow{}, fault.InvalidField("nodes", "are missing: this is not the file of a workflow")
	}
	w, err := Import(s, in)
	if err != nil {
		return madeWorkflow{}, err
	}
	return madeWorkflow{w.ID, w.Name}, nil
}

// duplicate copies a workflow into the same workspace, so that the same people see both.
func duplicate(s *resource.Session, in *byID) (madeWorkflow, error) {
	of, err := Workflows.Get(s, in.ID)
	if err != nil {
		return madeWorkflow{}, err
	}
	p, err := Export(s, in.ID)
	if err != nil {
		return madeWorkflow{}, err
	}
	p.Name = "Copy of " + p.Name
	w, err := importIn(s, p, of.WorkspaceID)
	if err != nil {
		return madeWorkflow{}, err
	}
	return madeWorkflow{w.ID, w.Name}, nil
}
