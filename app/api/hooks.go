package api

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/flow"
)

// hookMethods are the methods that a webhook's node may take.
var hookMethods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// hooksPath is where webhooks are, each behind its organization.
const hooksPath = "/hooks/"

// hookRoutes are the addresses by which anybody calls workflows who has them.
func (a *API) hookRoutes() []edge.Route {
	var routes []edge.Route
	for _, hooks := range []string{hooksPath + "{path...}", flow.TestHooksPath + "{path...}"} {
		routes = append(routes, edge.Route{Method: http.MethodOptions, Path: hooks, Permission: "public", Handler: a.open(a.preflight)})
		for _, method := range hookMethods {
			routes = append(routes, edge.Route{Method: method, Path: hooks, Permission: "public", Packed: true, Handler: a.hook})
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		routes = append(routes, edge.Route{
			Method:     method,
			Path:       flow.ResumePath + "{id}",
			Permission: "public",
			Packed:     true,
			Handler:    a.open(a.resume),
		})
	}
	return routes
}

// hook hands a request to the workflow that listens at its address.
func (a *API) hook(r *edge.Request) *edge.Response {
	answer, err := a.engine.Receive(r.Context, delivery(r))
	response, err := called(answer, err)
	if err != nil {
		response = a.Fail(r, err)
	}
	for name, values := range answer.Header {
		response.Header[name] = values
	}
	return response
}

// preflight answers a browser that asks whether a page may call a webhook.
func (a *API) preflight(r *edge.Request) (*edge.Response, error) {
	header, err := a.engine.Preflight(delivery(r))
	if err != nil {
		return nil, err
	}
	return &edge.Response{Status: http.StatusNoContent, Header: header}, nil
}

// resume lets an execution go on that waits for a call of its address.
func (a *API) resume(r *edge.Request) (*edge.Response, error) {
	if err := a.engine.Resume(r.Param("id"), delivery(r)); err != nil {
		return nil, err
	}
	return envelope(http.StatusAccepted, []byte(`{"status":"resumed"}`)), nil
}

func delivery(r *edge.Request) flow.Delivery {
	behind, test := strings.CutPrefix(r.Path, flow.TestHooksPath)
	tenant, path, _ := strings.Cut(strings.TrimPrefix(behind, hooksPath), "/")
	return flow.Delivery{
		Test:    test,
		Tenant:  tenant,
		Path:    path,
		Method:  r.Method,
		Header:  r.Header,
		Address: r.Address,
		Query:   r.RawQuery,
		Body:    r.Body,
		Most:    r.MostBody,
	}
}

// called is the answer to a call that a workflow took.
func called(answer flow.Answer, err error) (*edge.Response, error) {
	switch {
	case err != nil:
		return nil, err
	case answer.Response != nil:
		return custom(answer), nil
	case answer.Status == flow.Succeeded && answer.Items != nil:
		response := edge.NewResponse(cmp.Or(answer.Code, http.StatusOK), "application/json", answer.Items)
		response.Header.Set("Zygo-Execution", answer.ExecutionID)
		return response, nil
	case answer.Status == flow.Failed || answer.Status == flow.Cancelled:
		return nil, fault.New(fault.Internal, "The workflow failed. Its owner finds the cause under the execution's id.").With(
			map[string]string{"execution_id": answer.ExecutionID})
	}
	status := http.StatusAccepted
	if answer.Status == flow.Queued {
		status = cmp.Or(answer.Code, status)
	}
	data, err := json.Marshal(map[string]string{"id": answer.ExecutionID, "status": string(answer.Status)})
	return envelope(status, data), err
}

// custom is the answer that a respond node made. What it shows is a tenant's own, so it runs no script in this origin.
func custom(answer flow.Answer) *edge.Response {
	header := http.Header{"Content-Security-Policy": {"sandbox"}, "Zygo-Execution": {answer.ExecutionID}}
	for name, value := range answer.Response.Headers {
		header.Set(name, value)
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	return &edge.Response{Status: answer.Response.Status, Header: header, Body: answer.Response.Body}
}
