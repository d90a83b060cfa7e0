package flow

import (
	"cmp"
	"slices"
	"time"

	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/resource"
)

// mostDue is how many due times are shown.
const mostDue = 10

// Due is a time at which a schedule starts a workflow.
type Due struct {
	At field.Time `json:"at"`
	// Local is the same moment on the clock of the workflow's zone.
	Local  string `json:"local"`
	NodeID string `json:"node_id"`
}

// DueTimes are the next times at which the schedules of a workflow start it: those of the published version while it is enabled, else
// those that the draft would have if it were published now.
func DueTimes(s *resource.Session, w *Workflow) ([]Due, error) {
	graph, err := w.graph()
	if w.Enabled && err == nil {
		graph, err = PublishedGraph(s, w.ID, w.PublishedVersion)
	}
	if err != nil {
		return nil, err
	}
	p, _ := compile(graph)
	if p == nil {
		return []Due{}, nil // the problems of the draft say why
	}
	stored, err := resource.Select[schedule](s, "SELECT * FROM {schedule} WHERE workflow_id = ?", w.ID)
	if err != nil {
		return nil, err
	}
	all := []Due{}
	for _, u := range p.order {
		planned, ok := node.ScheduleOf(u.compiled)
		if !ok || u.Disabled {
			continue
		}
		for rule, timetable := range planned.Timetables() {
			at := timetable.Next(s.Now.Go().In(p.zone))
			for _, kept := range stored {
				if kept.NodeID == u.ID && kept.Rule == rule {
					at = kept.DueAt.Go().In(p.zone)
				}
			}
			for i := 0; i < mostDue && !at.IsZero(); i, at = i+1, timetable.Next(at) {
				all = append(all, Due{timeOf(at), at.In(p.zone).Format(time.RFC3339), u.ID})
			}
		}
	}
	slices.SortFunc(all, func(a, b Due) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.NodeID, b.NodeID)) })
	all = slices.Compact(all) // rules that are due at the same moment start one execution
	return all[:min(mostDue, len(all))], nil
}

func dueTimesOf(s *resource.Session, in *byID) ([]Due, error) {
	w, err := Workflows.Get(s, in.ID)
	if err != nil {
		return nil, err
	}
	return DueTimes(s, w)
}
