package flow

import (
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/flow"
	"zygo/app/request"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// retryExecution runs a finished execution again, as another one.
func retryExecution(v *web.Visit) (*edge.Response, error) {
	again := flow.Again{
		From:    flow.RetryFrom(v.Form.Get("from")),
		Node:    v.Form.Get("node"),
		Version: flow.RetryVersion(v.Form.Get("version")),
	}
	if again.From == flow.FromStart && v.Form.Get("confirm") == "" && v.Person.May(v.Site.Kind("execution").Spec(), "retry") &&
		web.IsID(v.Param("id")) {
		return kinds.Ask(v, "Run again from the start", "Execution", againBody, "/executions/"+v.Param("id"),
			markup.Hidden{Name: "from", Value: "start"}, markup.Hidden{Name: "version", Value: v.Form.Get("version")})
	}
	id, err := v.Site.Engine.Retry(v.Person.Session, v.Param("id"), again)
	if err != nil {
		return nil, err
	}
	return edge.Redirect("/executions/" + id), nil
}

// retryExecutions runs the selected executions again, from where each of them stopped. Those that can't be are shown with the
// reason.
func retryExecutions(v *web.Visit) (*edge.Response, error) {
	kind := v.Site.Kind("execution")
	ids := v.Form["id"]
	if len(ids) == 0 || len(ids) > resource.MostRows {
		return nil, fault.New(fault.BadRequest, "Select between 1 and %d executions.", resource.MostRows)
	}
	again := flow.Again{From: flow.RetryFrom(v.Form.Get("from")), Version: flow.RetryVersion(v.Form.Get("version"))}
	done, err := v.Site.Engine.RetryEach(v.Person.Session, ids, again)
	if err != nil {
		return nil, err
	}
	var failed []request.Outcome
	for _, one := range done {
		if one.Err != nil {
			failed = append(failed, request.Outcome{ID: one.ID, Err: one.Err})
		}
	}
	if len(failed) == 0 {
		return edge.Redirect(kinds.ListHref(v, kind.Spec())), nil
	}
	return kinds.Partly(v, kind, "run again", len(done)-len(failed), failed, func(v *web.Visit) (*markup.ListPage, error) {
		return executionsPage(v)
	})
}
