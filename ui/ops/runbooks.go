package ops

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/flow"
	"zygo/app/ops"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// outcomeTones are the colours of what became of a step.
var outcomeTones = map[string]markup.Tone{"done": markup.Good, "skipped": markup.Idle, "failed": markup.Bad}

// runbookRun is the page of a run: its steps, to be done one by one.
func runbookRun(s *web.Site) edge.Handler {
	return kinds.Rows(s, s.Kind(ops.RunbookRuns.Name), func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Get(v.Person.Session, id)
		if err != nil {
			return nil, err
		}
		page, err := kinds.DetailPage(v, kind, record)
		if err != nil {
			return nil, err
		}
		run := record.(*ops.RunbookRun)
		list, err := checklist(v, kind, run)
		if err != nil {
			return nil, err
		}
		page.Primary = nil // each step has its buttons
		page.Actions = slices.DeleteFunc(page.Actions, func(a markup.Action) bool { return a.Label == "Step" })
		page.Main = slices.DeleteFunc(page.Main, func(section markup.Section) bool { return section.Title == "Steps" })
		page.Main = append([]markup.Section{
			{Title: fmt.Sprintf("Steps, %d of %d done", run.Done, len(list.Items)), Checklist: list},
		}, page.Main...)
		return v.Show(http.StatusOK, page)
	})
}

func checklist(v *web.Visit, kind resource.Resource, run *ops.RunbookRun) (*markup.Checklist, error) {
	steps, err := run.List()
	if err != nil {
		return nil, err
	}
	path := "/" + kind.Spec().Path + "/" + run.ID
	list := &markup.Checklist{}
	if kind.May(v.Person.Session, run, "step") {
		list.Action = path + "/step"
	}
	for i, step := range steps {
		item := markup.ChecklistItem{
			Number:   i + 1,
			Markdown: step.Text,
			Outcome:  step.Outcome,
			Tone:     outcomeTones[step.Outcome],
			Note:     step.Note,
			By:       step.ByName,
			At:       step.At.Go(),
		}
		switch {
		case step.Kind == "command" && step.Outcome == "":
			item.Code = &markup.Code{ID: "step-" + strconv.Itoa(i+1), Label: "Command", Text: step.Target}
		case step.Kind == "workflow" && step.Outcome == "" && list.Action != "":
			item.Run = &markup.Action{
				Label:  "Run the workflow",
				Icon:   "play",
				Post:   path + "/workflow",
				Fields: []markup.Hidden{{Name: "step", Value: strconv.Itoa(i + 1)}},
				Confirm: &markup.Confirm{
					Title: "Run the workflow",
					Body:  "It runs now, with your rights. Its execution is kept with the step.",
				},
			}
		}
		list.Items = append(list.Items, item)
	}
	return list, nil
}

// runStepWorkflow runs the workflow of a step, whose execution stands in the step's note from then on.
func runStepWorkflow(s *web.Site) edge.Handler {
	return kinds.Rows(s, s.Kind(ops.RunbookRuns.Name), func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		record, err := kind.Get(v.Person.Session, id)
		if err != nil {
			return nil, err
		}
		steps, err := record.(*ops.RunbookRun).List()
		if err != nil {
			return nil, err
		}
		number, err := strconv.Atoi(v.Form.Get("step"))
		if err != nil || number < 1 || number > len(steps) || steps[number-1].Kind != "workflow" || steps[number-1].Outcome != "" ||
			!kind.May(v.Person.Session, record, "step") {
			return nil, fault.New(fault.Conflict, "This step has no workflow that could run now.")
		}
		back := "/" + kind.Spec().Path + "/" + id
		if v.Form.Get("confirm") == "" {
			return kinds.Ask(v, "Run the workflow", "Run", "It runs now, with your rights.", back, markup.Hidden{
				Name:  "step",
				Value: v.Form.Get("step"),
			})
		}
		// Pressed twice, it is one execution: the step is its key.
		execution, err := s.Engine.ExecuteOnce(v.Person.Session, flow.Order{
			Workflow: steps[number-1].Target,
			Key:      fmt.Sprintf("runbook run %s, step %d", id, number),
		})
		if err != nil {
			return nil, err
		}
		in := resource.Input{"step": resource.Text(v.Form.Get("step")), "note": resource.Text("Execution " + execution)}
		if _, err := kind.Act(v.Person.Session, id, "step", 0, in); err != nil {
			return nil, err
		}
		return edge.Redirect("/executions/" + execution), nil
	})
}
