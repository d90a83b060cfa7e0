package flow

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// longestValue is how much of a value a comparison shows.
const longestValue = 400

// workflowVersions lists the published versions of a workflow, the newest first.
func workflowVersions(v *web.Visit) (*edge.Response, error) {
	w, err := flow.Workflows.Get(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	before, _ := strconv.Atoi(v.Query.Get("before")) // what is no number begins with the newest
	found, err := flow.Versions(v.Person.Session, w.ID, max(before, 0))
	if err != nil {
		return nil, err
	}
	path := "/workflows/" + w.ID
	page := &markup.ListPage{
		Shell:   v.Shell("Versions of " + w.Name),
		Crumbs:  []markup.Crumb{{Label: "Workflows", Href: "/workflows"}, {Label: w.Name, Href: path}},
		Heading: "Versions of " + w.Name,
		Total:   kinds.Total(w.PublishedVersion),
		Path:    v.Path,
		Self:    v.Path + web.QueryText(v.Query),
		Table:   versionTable(w, found),
		Empty:   markup.Empty{Icon: "workflow", Title: "No version yet", Text: "Each time the draft is published a version is kept here."},
		More:    []markup.Action{{Label: "Open workflow", Icon: "workflow", Href: path}},
	}
	if len(found) > 0 {
		first, last := found[0].Version, found[len(found)-1].Version
		page.Paging = markup.Paging{From: w.PublishedVersion - first + 1, To: w.PublishedVersion - last + 1, Total: page.Total}
		if last > 1 {
			page.Paging.NextHref = fmt.Sprintf("%s?before=%d", v.Path, last)
		}
	}
	return v.Show(http.StatusOK, page)
}

func versionTable(w *flow.Workflow, found []flow.VersionView) *markup.Table {
	table := &markup.Table{Caption: "Versions", Columns: []markup.Column{
		{Label: "Version"},
		{Label: "Note", Wraps: true},
		{Label: "Changes", Right: true, Leaves: 1},
		{Label: "Published by", Leaves: 1},
		{Label: "Published"},
	}}
	for _, version := range found {
		name := fmt.Sprint("Version ", version.Version)
		if version.Version == w.PublishedVersion {
			name += " (runs now)"
		}
		table.Rows = append(table.Rows, markup.Row{
			ID:    strconv.Itoa(version.Version),
			Label: name,
			Href:  fmt.Sprintf("/workflows/%s/versions/%d", w.ID, version.Version),
			Cells: []markup.Cell{markup.Text(name), widget.TextCell(version.Note), markup.Count(version.Changes), markup.Text(version.Author),
				markup.Time(version.CreatedAt.Go())},
		})
	}
	return table
}

// comparison is a version next to another one, or to the draft.
type comparison struct {
	*web.Visit
	workflow *flow.Workflow
	version  flow.VersionView
	// with is the other: a number, 0 for nothing, or draft.
	with string
}

// workflowVersion shows a version: its graph, and what differs from the one before or from another that the address names.
func workflowVersion(v *web.Visit) (*edge.Response, error) {
	w, err := flow.Workflows.Get(v.Person.Session, v.Param("id"))
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(v.Param("version"))
	if err != nil {
		return nil, fault.New(fault.NotFound, "The workflow has no such version.")
	}
	version, err := flow.FindVersion(v.Person.Session, w.ID, number)
	if err != nil {
		return nil, err
	}
	graph, err := flow.PublishedGraph(v.Person.Session, w.ID, number)
	if err != nil {
		return nil, err
	}
	c := comparison{v, w, version, cmp.Or(v.Query.Get("with"), strconv.Itoa(number-1))}
	from, to := c.ends()
	difference, err := flow.Diff(v.Person.Session, w.ID, from, to)
	if err != nil {
		return nil, err
	}
	canvas, err := c.canvas(difference)
	if err != nil {
		return nil, err
	}
	path, name := "/workflows/"+w.ID, fmt.Sprint("Version ", number)
	page := &markup.DetailPage{
		Shell: v.Shell(name + " of " + w.Name),
		Crumbs: []markup.Crumb{
			{Label: "Workflows", Href: "/workflows"},
			{Label: w.Name, Href: path},
			{Label: "Versions", Href: path + "/versions"},
		},
		Heading: name,
		Self:    v.Path + web.QueryText(v.Query),
		Live:    "workflow:" + w.ID,
		Main:    c.changes(difference, graph),
		Side:    []markup.Section{{Title: "Facts", Facts: c.facts()}},
		Top:     []markup.Section{canvas},
	}
	if number == w.PublishedVersion {
		page.State = markup.Badge{Tone: markup.Good, Word: "Runs now"}
	}
	page.Primary = c.restore()
	others, err := c.others()
	page.Main = append(page.Main, others)
	if err != nil {
		return nil, err
	}
	return v.Show(http.StatusOK, page)
}

// ends are the two states in the order of time.
func (c comparison) ends() (from, to string) {
	if other, err := strconv.Atoi(c.with); err != nil || other > c.version.Version {
		return strconv.Itoa(c.version.Version), c.with
	}
	return c.with, strconv.Itoa(c.version.Version)
}

// stateName is what people call a state.
func stateName(name string) string {
	switch name {
	case "draft":
		return "Draft"
	case "0":
		return "Before"
	}
	return "Version " + name
}

func (c comparison) facts() []markup.Fact {
	return []markup.Fact{
		{Label: "Note", Value: widget.TextCell(c.version.Note)},
		{Label: "Published by", Value: markup.Text(c.version.Author)},
		{Label: "Published", Value: markup.Time(c.version.CreatedAt.Go())},
		{Label: "Changes", Value: markup.Count(c.version.Changes)},
	}
}

// restore makes the version the draft. It says what is lost where the draft has changes of its own.
func (c comparison) restore() *markup.Action {
	if !c.Site.Kind("workflow").May(c.Person.Session, c.workflow, resource.Update) {
		return nil
	}
	action := &markup.Action{
		Label:  "Make it the draft",
		Icon:   "undo-2",
		Post:   fmt.Sprintf("/workflows/%s/versions/%d/restore", c.workflow.ID, c.version.Version),
		Fields: []markup.Hidden{{Name: "row", Value: strconv.FormatInt(c.workflow.Version, 10)}},
	}
	if c.workflow.DraftVersion > 0 {
		action.Confirm = &markup.Confirm{Title: replaceTitle, Body: replaceBody}
	}
	return action
}

const (
	replaceTitle = "Replace the draft"
	replaceBody  = "The draft has changes that are not published. They are lost."
)

// restoreVersion makes a version the draft, and asks first where that loses changes.
func restoreVersion(v *web.Visit) (*edge.Response, error) {
	id, path := v.Param("id"), "/workflows/"+v.Param("id")
	number, err := strconv.Atoi(v.Param("version"))
	if err != nil {
		return nil, fault.New(fault.NotFound, "The workflow has no such version.")
	}
	seen, err := strconv.ParseInt(v.Form.Get("row"), 10, 64)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The form lacks the version of the workflow that it changes. Load the page again.")
	}
	confirmed := v.Form.Get("confirm") != ""
	_, err = flow.RestoreVersion(v.Person.Session, id, number, seen, confirmed)
	if fault.Is(err, fault.Conflict) && !confirmed {
		return kinds.Ask(v, replaceTitle, "Version", replaceBody, fmt.Sprintf("%s/versions/%d", path, number),
			markup.Hidden{Name: "row", Value: v.Form.Get("row")})
	}
	if err != nil {
		return nil, err
	}
	return edge.Redirect(path), nil
}

// others leads to the comparisons with other versions and the draft.
func (c comparison) others() (markup.Section, error) {
	table := &markup.Table{Caption: "Compare with", Columns: []markup.Column{
		{Label: "Version"}, {Label: "Note", Wraps: true}, {Label: "Published"}}}
	add := func(name, note string, at markup.Cell) {
		table.Rows = append(table.Rows, markup.Row{ID: name, Label: stateName(name), Cells: []markup.Cell{markup.Text(stateName(name)),
			widget.TextCell(note), at}, Href: c.Path + "?with=" + name})
	}
	add("draft", "", nil)
	found, err := flow.Versions(c.Person.Session, c.workflow.ID, 0)
	for _, other := range found {
		if other.Version != c.version.Version {
			add(strconv.Itoa(other.Version), other.Note, markup.Time(other.CreatedAt.Go()))
		}
	}
	return markup.Section{Title: table.Caption, Table: table}, err
}

// changes are the nodes, connections and settings that differ.
func (c comparison) changes(d flow.Difference, graph *flow.Graph) []markup.Section {
	title := "Changes from " + web.Lower(stateName(d.From)) + " to " + web.Lower(stateName(d.To))
	if d.From == "0" {
		title = "Changes"
	}
	table := &markup.Table{Caption: title, Columns: []markup.Column{
		{Label: "Changed"},
		{Label: "What"},
		{Label: stateName(d.From), Wraps: true},
		{Label: stateName(d.To), Wraps: true},
	}}
	add := func(what, part string, old, new markup.Cell) {
		table.Rows = append(table.Rows, markup.Row{ID: strconv.Itoa(len(table.Rows)), Label: what + ": " + part,
			Cells: []markup.Cell{markup.Text(what), markup.Text(part), old, new}})
	}
	for _, n := range d.Nodes {
		if n.Change != flow.Changed {
			add(n.Name, field.Label(string(n.Change)), nil, nil)
		}
		for _, f := range n.Fields {
			add(n.Name, partLabel(n, f.Field), valueCell(f.Old), valueCell(f.New))
		}
	}
	for _, one := range d.Connections {
		add("Connection", field.Label(string(one.Change))+": "+connectionText(c.names(d, graph), one), nil, nil)
	}
	for _, f := range d.Settings {
		add("Settings", labelIn(flow.Fields[flow.Settings](), f.Field), valueCell(f.Old), valueCell(f.New))
	}
	if len(table.Rows) == 0 {
		return []markup.Section{{Title: title, Empty: "They are the same."}}
	}
	return []markup.Section{{Title: title, Table: table}}
}

// names are those of the nodes by their ids, of removed ones too.
func (c comparison) names(d flow.Difference, graph *flow.Graph) map[string]string {
	names := map[string]string{}
	for _, n := range graph.Nodes {
		names[n.ID] = n.Name
	}
	for _, n := range d.Nodes {
		names[n.NodeID] = n.Name
	}
	return names
}

func connectionText(names map[string]string, one flow.ConnectionChange) string {
	end := func(id, port string) string {
		name := cmp.Or(names[id], id)
		if port != "" && port != node.Main {
			name += " (" + port + ")"
		}
		return name
	}
	return end(one.FromNode, one.FromOutput) + " → " + end(one.ToNode, one.ToInput)
}

// partLabel is what the form calls a part of a node.
func partLabel(n flow.NodeChange, part string) string {
	if name, ok := strings.CutPrefix(part, "config."); ok {
		if kind, found := node.Find(n.Type, n.TypeVersion); found {
			return labelIn(kind.Fields(), name)
		}
	}
	if name, ok := strings.CutPrefix(part, "retry."); ok {
		return labelIn(flow.Fields[flow.Retry](), name)
	}
	return labelIn(flow.Fields[flow.Handling](), part)
}

func labelIn(fields []*field.Field, name string) string {
	for _, f := range fields {
		if f.Name == name {
			return f.Label
		}
	}
	return field.Label(name)
}

// valueCell is a value of a comparison: a text as it is, anything else as JSON.
func valueCell(raw field.JSON) markup.Cell {
	if raw == nil {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	return widget.TextCell(widget.Shorten(text, longestValue))
}
