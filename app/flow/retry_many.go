package flow

import (
	"cmp"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// mostRetries is how many executions one call runs again.
const mostRetries = 500

// RetryMany says which executions are run again, by their ids or by what they have in common, and how. What a filter finds was
// not run again before, so that a repeated call goes on with the rest.
type RetryMany struct {
	IDs           []string     `z:"max=40,label=IDs,help=Up to 500; without them the filter says which."`
	WorkflowID    field.Ref    `z:"to=workflow,label=Workflow"`
	Status        Status       `z:"default=failed,help=Of the executions that the filter finds: failed or cancelled or succeeded."`
	CreatedAfter  field.Time   `z:"help=The filter finds what was created at this time or later."`
	CreatedBefore field.Time   `z:"help=The filter finds what was created before this time."`
	From          RetryFrom    `z:"help=failed or start. Without it a retry with the same version goes on from the failed node, and one with the current one begins anew."`
	Version       RetryVersion `z:"default=same,help=same or current."`
}

// Retried is what became of one execution of many.
type Retried struct {
	ID      string `json:"id"`
	Success bool   `json:"success"`
	// ExecutionID is the new execution.
	ExecutionID string        `json:"execution_id,omitempty"`
	Error       *RetryProblem `json:"error,omitempty"`
	// Err is the error as the program has it.
	Err error `json:"-"`
}

// RetryProblem says why an execution was not run again.
type RetryProblem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// retriedMany is the answer. More tells that the filter finds more than one call runs again.
type retriedMany struct {
	Executions []Retried `json:"executions"`
	Failed     int       `json:"failed"`
	More       bool      `json:"more"`
}

func (e *Engine) bulkRetry(s *resource.Session, in *RetryMany) (retriedMany, error) {
	answer := retriedMany{}
	ids, err := in.IDs, error(nil)
	if len(ids) == 0 {
		if ids, answer.More, err = in.find(s); err != nil {
			return retriedMany{}, err
		}
	}
	if answer.Executions, err = e.RetryEach(s, ids, Again{From: in.From, Version: in.Version}); err != nil {
		return retriedMany{}, err
	}
	for _, one := range answer.Executions {
		if !one.Success {
			answer.Failed++
		}
	}
	return answer, nil
}

// RetryEach runs executions again, each as one of its own: what is refused for one does not hold back the others.
func (e *Engine) RetryEach(s *resource.Session, ids []string, again Again) ([]Retried, error) {
	switch {
	case len(ids) > mostRetries:
		return nil, fault.InvalidField("ids", "are %d; %d are the most", len(ids), mostRetries)
	case again.From == FromNode:
		return nil, fault.InvalidField("from", "is failed or start where several are run again")
	case again.Version == draftVersion:
		return nil, fault.InvalidField("version", "is same or current where several are run again")
	}
	if err := Executions.Require(s, "retry"); err != nil {
		return nil, err
	}
	done := make([]Retried, len(ids))
	for i, id := range ids {
		if err := s.Context.Err(); err != nil {
			return nil, err
		}
		made, err := e.Retry(s, id, again)
		done[i] = Retried{ID: id, Success: err == nil, ExecutionID: made, Err: err}
		if err != nil {
			public := fault.Public(err)
			if public.Code == fault.Internal {
				e.kernel.Log().Error("an execution was not run again", "execution", id, "tenant", s.Tenant(), "error", err)
			}
			done[i].ExecutionID, done[i].Error = "", &RetryProblem{string(public.Code), public.Message}
		}
	}
	return done, nil
}

// find gives the oldest executions that the filter finds, and whether there are more.
func (in *RetryMany) find(s *resource.Session) (ids []string, more bool, err error) {
	status := cmp.Or(in.Status, Failed)
	if !status.Finished() {
		return nil, false, fault.InvalidField("status", "is failed, cancelled or succeeded: what still goes on can't be run again")
	}
	q := resource.Query{Limit: resource.MostRows, SortBy: "created_at", Filters: []resource.Filter{
		{Field: "status", Operator: "eq", Values: []string{string(status)}},
		{Field: "retried_by", Operator: "eq", Values: []string{""}},
	}}
	for _, more := range []struct {
		field, operator, value string
		given                  bool
	}{
		{"workflow_id", "eq", string(in.WorkflowID), in.WorkflowID != ""},
		{"created_at", "gte", in.CreatedAfter.String(), in.CreatedAfter != 0},
		{"created_at", "lt", in.CreatedBefore.String(), in.CreatedBefore != 0},
	} {
		if more.given {
			q.Filters = append(q.Filters, resource.Filter{Field: more.field, Operator: more.operator, Values: []string{more.value}})
		}
	}
	for q.Page = 1; ; q.Page++ {
		found, _, err := Executions.List(s, q)
		if err != nil {
			return nil, false, err
		}
		for i := range found {
			if len(ids) == mostRetries {
				return ids, true, nil
			}
			ids = append(ids, found[i].ID)
		}
		if len(found) < q.Limit {
			return ids, false, nil
		}
	}
}
