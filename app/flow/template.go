package flow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/embed"
)

// Template is a workflow that the instance ships: a file of embed/workflows.
type Template struct {
	ID string `json:"id"`
	Portable
	// Needs lists what has to be there before it can be published, in a sentence each.
	Needs []string `json:"needs"`
}

// firstTemplate needs nothing to be filled in, so a person who has no workflow yet should see it first.
const firstTemplate = "hello-webhook"

// Templates lists the shipped templates by name, after the one to begin with.
func Templates() ([]Template, error) {
	files, err := embed.Workflows.ReadDir("workflows")
	if err != nil {
		return nil, err
	}
	all := []Template{}
	for _, file := range files {
		text, err := embed.Workflows.ReadFile("workflows/" + file.Name())
		if err != nil {
			return nil, err
		}
		var t Template
		if err := json.Unmarshal(text, &t); err != nil {
			return nil, fmt.Errorf("template %s: %w", file.Name(), err)
		}
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b Template) int {
		switch firstTemplate {
		case a.ID:
			return -1
		case b.ID:
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all, nil
}

// FindTemplate finds a shipped template by its id.
func FindTemplate(id string) (*Template, error) {
	all, err := Templates()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(t Template) bool { return t.ID == id })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "There is no template %q.", id)
	}
	return &all[i], nil
}

// UseTemplate makes a workflow from a template.
func UseTemplate(s *resource.Session, id string) (*Workflow, error) {
	t, err := FindTemplate(id)
	if err != nil {
		return nil, err
	}
	made := t.Portable
	if len(t.Needs) > 0 { // the page of the template is not at hand when a person fills them in
		made.Description += field.Markdown("\n\nWhat it needs before it can be published:\n\n- " + strings.Join(t.Needs, "\n- "))
	}
	return Import(s, &made)
}

func listTemplates(*resource.Session, *struct{}) ([]Template, error) { return Templates() }

func getTemplate(_ *resource.Session, in *byID) (*Template, error) { return FindTemplate(in.ID) }

func useTemplate(s *resource.Session, in *byID) (madeWorkflow, error) {
	w, err := UseTemplate(s, in.ID)
	if err != nil {
		return madeWorkflow{}, err
	}
	return madeWorkflow{w.ID, w.Name}, nil
}
