package flow

import (
	"testing"

	"zygo/app/fault"
	"zygo/app/resource"
)

// Somebody is known to the others at a workflow as long as they are there, once for all their windows, and to nobody who may not edit it.
func TestEditorsSeeEachOther(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	workflow := p.publish("{}", `{"id":"start","type":"trigger.manual"}`)
	others := func() ([]Editor, <-chan struct{}) {
		t.Helper()
		others, changed, err := p.Editors(p.s, workflow)
		must(t, err)
		return others, changed
	}
	leaveOwn := p.Edit(workflow, Editor{ID: p.s.Actor.ID, Name: "me"})
	all, changed := others()
	if len(all) != 0 {
		t.Errorf("before others come there are %v", all)
	}
	first, second := p.Edit(workflow, Editor{ID: "ada", Name: "Ada"}), p.Edit(workflow, Editor{ID: "ada", Name: "Ada"})
	<-changed
	if all, changed = others(); len(all) != 1 || all[0].Name != "Ada" {
		t.Errorf("with Ada there are %v", all)
	}
	first()
	<-changed
	if all, changed = others(); len(all) != 1 {
		t.Errorf("with one of her windows there are %v", all)
	}
	second()
	<-changed
	if all, _ = others(); len(all) != 0 {
		t.Errorf("without her there are %v", all)
	}
	leaveOwn()
	if len(p.editors.at) != 0 {
		t.Errorf("when all left, %v is kept", p.editors.at)
	}
	var leave []func()
	for range mostEditors + 10 {
		leave = append(leave, p.Edit(workflow, Editor{ID: resource.NewID()}))
	}
	if all, _ := others(); len(all) != mostEditors {
		t.Errorf("%d are told", len(all))
	}
	for _, one := range leave {
		one()
	}
	if len(p.editors.at) != 0 {
		t.Error("when many left, something is kept")
	}
	if _, _, err := p.Editors(p.s, "another"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a workflow that is not theirs: %v", err)
	}
}
