package flow

import (
	"slices"
	"sync"

	"zygo/app/resource"
)

// Who has the editor of a workflow open is known as long as they hold its stream. Nothing of that is stored: it is over with the stream.

// Editor is somebody who has the editor of a workflow open.
type Editor struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Picture tells that there is one at the address of their avatar.
	Picture bool `json:"picture"`
}

// mostEditors bounds how many are told of each other at one workflow; more can edit it all the same.
const mostEditors = 50

// editors are those of all workflows, by the workflow's id.
type editors struct {
	mu sync.Mutex
	at map[string]*presence
}

// presence is those at one workflow. Changed is closed when somebody comes or goes.
type presence struct {
	present []*Editor
	changed chan struct{}
}

// Editors are the others who have the editor of a workflow open, and a channel that is closed when somebody comes or goes. Those who may
// not change the workflow learn nothing.
func (e *Engine) Editors(s *resource.Session, workflow string) ([]Editor, <-chan struct{}, error) {
	if err := Workflows.Require(s, resource.Update); err != nil {
		return nil, nil, err
	}
	w, err := Workflows.Get(s, workflow)
	if err != nil {
		return nil, nil, err
	}
	if err := Workflows.RequireOn(s, resource.Update, w); err != nil {
		return nil, nil, err
	}
	e.editors.mu.Lock()
	defer e.editors.mu.Unlock()
	here, others := e.editors.at[w.ID], []Editor{}
	if here == nil {
		return others, make(chan struct{}), nil
	}
	for _, one := range here.present {
		isListed := func(other Editor) bool { return other.ID == one.ID }
		if one.ID != s.Actor.ID && !slices.ContainsFunc(others, isListed) { // one person may have two windows
			others = append(others, *one)
		}
	}
	return others, here.changed, nil
}

// Edit makes somebody known at a workflow until they leave. It comes after Editors, which asks whether they may.
func (e *Engine) Edit(workflow string, who Editor) (leave func()) {
	e.editors.mu.Lock()
	defer e.editors.mu.Unlock()
	here := e.editors.at[workflow]
	if here == nil {
		here = &presence{changed: make(chan struct{})}
		e.editors.at[workflow] = here
	}
	if len(here.present) < mostEditors {
		here.present = append(here.present, &who)
		here.tell()
	}
	return func() {
		e.editors.mu.Lock()
		defer e.editors.mu.Unlock()
		here.present = slices.DeleteFunc(here.present, func(one *Editor) bool { return one == &who })
		here.tell()
		if len(here.present) == 0 {
			delete(e.editors.at, workflow)
		}
	}
}

func (p *presence) tell() {
	close(p.changed)
	p.changed = make(chan struct{})
}
