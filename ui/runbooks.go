package ui

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/ops"
	"zygo/app/resource"
)

// outcomeTones are the colours of what became of a step.
var outcomeTones = map[string]Tone{"done": Good, "skipped": Idle, "failed": Bad}

// runbookRun is the page of a run: its steps, to be done one by one.
func (s *Site) runbookRun() edge.Handler {
	return s.rows(s.kind(ops.RunbookRuns.Name), func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Get(v.person.Session, id)
		if err != nil {
			return nil, err
		}
		page, err := v.detailPage(kind, record)
		if err != nil {
			return nil, err
		}
		run := record.(*ops.RunbookRun)
		list, err := v.checklist(kind, run)
		if err != nil {
			return nil, err
		}
		page.Primary = nil // each step has its buttons
		page.Actions = slices.DeleteFunc(page.Actions, func(a Action) bool { return a.Label == "Step" })
		page.Main = slices.DeleteFunc(page.Main, func(section Section) bool { return section.Title == "Steps" })
		page.Main = append([]Section{{Title: fmt.Sprintf("Steps, %d of %d done", run.Done, len(list.Items)), Checklist: list}}, page.Main...)
		return v.show(http.StatusOK, page)
	})
}

func (v *visit) checklist(kind resource.Resource, run *ops.RunbookRun) (*Checklist, error) {
	steps, err := run.List()
	if err != nil {
		return nil, err
	}
	path := "/" + kind.Spec().Path + "/" + run.ID
	list := &Checklist{}
	if kind.May(v.person.Session, run, "step") {
		list.Action = path + "/step"
	}
	for i, step := range steps {
		item := ChecklistItem{Number: i + 1, Markdown: step.Text, Outcome: step.Outcome, Tone: outcomeTones[step.Outcome], Note: step.Note, By: step.ByName, At: step.At.Go()}
		switch {
		case step.Kind == "command" && step.Outcome == "":
			item.Code = &Code{ID: "step-" + strconv.Itoa(i+1), Label: "Command", Text: step.Target}
		case step.Kind == "workflow" && step.Outcome == "" && list.Action != "":
			item.Run = &Action{Label: "Run the workflow", Icon: "play", Post: path + "/workflow", Fields: []Hidden{{"step", strconv.Itoa(i + 1)}},
				Confirm: &Confirm{Title: "Run the workflow", Body: "It runs now, with your rights. Its execution is kept with the step."}}
		}
		list.Items = append(list.Items, item)
	}
	return list, nil
}

// runStepWorkflow runs the workflow of a step, whose execution stands in the step's note from then on.
func (s *Site) runStepWorkflow() edge.Handler {
	return s.rows(s.kind(ops.RunbookRuns.Name), func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Get(v.person.Session, id)
		if err != nil {
			return nil, err
		}
		steps, err := record.(*ops.RunbookRun).List()
		if err != nil {
			return nil, err
		}
		number, err := strconv.Atoi(v.form.Get("step"))
		if err != nil || number < 1 || number > len(steps) || steps[number-1].Kind != "workflow" || steps[number-1].Outcome != "" || !kind.May(v.person.Session, record, "step") {
			return nil, fault.New(fault.Conflict, "This step has no workflow that could run now.")
		}
		back := "/" + kind.Spec().Path + "/" + id
		if v.form.Get("confirm") == "" {
			return v.ask("Run the workflow", "Run", "It runs now, with your rights.", back, Hidden{"step", v.form.Get("step")})
		}
		// Pressed twice, it is one execution: the step is its key.
		execution, err := s.engine.ExecuteOnce(v.person.Session, steps[number-1].Target, nil, fmt.Sprintf("runbook run %s, step %d", id, number))
		if err != nil {
			return nil, err
		}
		in := resource.Input{"step": resource.Text(v.form.Get("step")), "note": resource.Text("Execution " + execution)}
		if _, err := kind.Act(v.person.Session, id, "step", 0, in); err != nil {
			return nil, err
		}
		return edge.Redirect("/executions/" + execution), nil
	})
}
