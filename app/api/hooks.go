package api

import (
	"encoding/json"
	"net/http"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/flow"
)

// hookMethods are the methods that a webhook's node may take.
var hookMethods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// hook hands a request to the workflow that listens at its address.
func (a *API) hook(r *edge.Request) (*edge.Response, error) {
	tenant, path, _ := strings.Cut(strings.TrimPrefix(r.Path, "/hooks/"), "/")
	answer, err := a.engine.Receive(r.Context, flow.Delivery{
		Tenant: tenant,
		Path:   path,
		Method: r.Method,
		Header: r.Header,
		Query:  r.RawQuery,
		Body:   r.Body,
		Most:   r.MostBody,
	})
	if err != nil {
		return nil, err
	}
	if answer.Response != nil {
		return custom(answer), nil
	}
	switch {
	case answer.Status == flow.Succeeded && answer.Items != nil:
		response := edge.NewResponse(http.StatusOK, "application/json", answer.Items)
		response.Header.Set("Zygo-Execution", answer.ExecutionID)
		return response, nil
	case answer.Status == flow.Failed || answer.Status == flow.Cancelled:
		return nil, fault.New(fault.Internal, "The workflow failed. Its owner finds the cause under the execution's id.").With(
			map[string]string{"execution_id": answer.ExecutionID})
	}
	data, err := json.Marshal(map[string]string{"id": answer.ExecutionID, "status": string(answer.Status)})
	return envelope(http.StatusAccepted, data), err
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
