package flow

import (
	"encoding/json"
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/flow"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// The canvas is the one page that a script draws. The server gives it the draft, what each node looks like and what is wrong with it;
// the script stores the draft through the API and asks here for what follows from it.

// draftState is a draft as the canvas shows it.
type draftState struct {
	Version     int64               `json:"version"`
	Nodes       []flow.Node         `json:"nodes"`
	Connections []flow.Connection   `json:"connections"`
	Looks       map[string]nodeLook `json:"looks"`
	Problems    []draftProblem      `json:"problems"`
	// Ahead tells that the draft has changes that are not published.
	Ahead bool `json:"ahead"`
}

// draftProblem is a problem in the words of the form, with the address that mends it.
type draftProblem struct {
	Node string `json:"node,omitempty"`
	Text string `json:"text"`
	Href string `json:"href,omitempty"`
}

// canvasData is what the script needs besides the page.
type canvasData struct {
	draftState
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Token    string        `json:"token"`
	URL      string        `json:"url"`
	Types    []paletteType `json:"types"`
	MayRun   bool          `json:"may_run"`
	MayRetry bool          `json:"may_retry"`
	MayStop  bool          `json:"may_stop"`
	// Last is the newest execution of the workflow, empty for none.
	Last string `json:"last"`
}

// editCanvas is the page on which a workflow is drawn.
func editCanvas(v *web.Visit) (*edge.Response, error) {
	if v.Query.Has("form") {
		return editWorkflow(v)
	}
	w, state, err := editedDraft(v)
	if err != nil {
		return nil, err
	}
	kind, path := v.Site.Kind("workflow"), "/workflows/"+w.ID
	page := &markup.CanvasPage{
		Shell:  v.Shell("Edit " + w.Name),
		Crumbs: []markup.Crumb{{Label: "Workflows", Href: kinds.ListHref(v, kind.Spec())}},
		ID:     w.ID, Heading: w.Name, Href: path, State: workflowState(w),
		Form: path + "/edit?form=", Empty: len(state.Nodes) == 0, MayRun: mayOnWorkflow(v, "execute"),
		Actions: []markup.Action{
			{Label: "Open workflow", Icon: "workflow", Href: path},
			{Label: "Settings, and all as a form", Icon: "settings", Href: path + "/edit?form="},
		},
	}
	if mayOnWorkflow(v, "publish") {
		page.Publish = path + "/publish"
	}
	if w.PublishedVersion > 0 {
		page.Actions = append(page.Actions, markup.Action{Label: "Versions", Icon: "history", Href: path + "/versions"})
	}
	if page.Templates, err = firstTemplates(); err != nil {
		return nil, err
	}
	execution := v.Site.Kind("execution").Spec()
	data := canvasData{
		draftState: state, ID: w.ID, Name: w.Name, Token: page.Shell.Token, URL: v.Site.URL, Types: paletteTypes(), MayRun: page.MayRun,
		MayRetry: v.Person.May(execution, "retry"), MayStop: v.Person.May(execution, "cancel"),
	}
	if data.Last, err = newestExecution(v, w.ID); err != nil {
		return nil, err
	}
	text, err := json.Marshal(data)
	if err != nil {
		return nil, err
	}
	page.Data = string(text)
	return v.Show(http.StatusOK, page)
}

// storedDraft answers the draft as it is stored now.
func storedDraft(v *web.Visit) (*edge.Response, error) {
	_, state, err := editedDraft(v)
	if err != nil {
		return nil, err
	}
	return v.JSON(state)
}

// editedDraft is a workflow that the person may change, with its draft.
func editedDraft(v *web.Visit) (*flow.Workflow, draftState, error) {
	s := v.Person.Session
	if err := flow.Workflows.Require(s, resource.Update); err != nil {
		return nil, draftState{}, err
	}
	w, err := flow.Workflows.Get(s, v.Param("id"))
	if err != nil {
		return nil, draftState{}, err
	}
	if err := flow.Workflows.RequireOn(s, resource.Update, w); err != nil {
		return nil, draftState{}, err
	}
	graph, err := w.Draft()
	if err != nil {
		return nil, draftState{}, err
	}
	state := draftState{
		Version: w.Version, Nodes: graph.Nodes, Connections: graph.Connections, Looks: looksOf(graph.Nodes), Problems: []draftProblem{},
		Ahead: w.PublishedVersion == 0 || w.DraftVersion > 0,
	}
	if len(graph.Nodes) == 0 {
		return w, state, nil // the page says what to do
	}
	problems, err := flow.Problems(s, w.ID)
	for _, p := range problems {
		shown := draftProblem{Node: p.Node, Text: problemSentence(graph, p)}
		if p.Secret != "" {
			shown.Href = "/secrets/new?name=" + url.QueryEscape(p.Secret)
		}
		state.Problems = append(state.Problems, shown)
	}
	return w, state, err
}

// newestExecution is the id of the execution of a workflow that started last.
func newestExecution(v *web.Visit, workflow string) (string, error) {
	kind := v.Site.Kind("execution")
	if !v.Person.May(kind.Spec(), resource.List) {
		return "", nil
	}
	found, err := kind.List(v.Person.Session, resource.Query{
		Limit:   1,
		Filters: []resource.Filter{{Field: "workflow_id", Operator: "eq", Values: []string{workflow}}},
	})
	if err != nil || len(found.Rows) == 0 {
		return "", err
	}
	return kind.ID(found.Rows[0]), nil
}
