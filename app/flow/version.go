package flow

import (
	"cmp"
	"strconv"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/operation"
	"zygo/app/resource"
)

// Version is a published state of a workflow.
type Version struct {
	N          int64
	TenantID   string
	WorkflowID string
	Number     int
	CreatedAt  field.Time
	AuthorID   string
	AuthorName string
	// Note is what the author said when it was published.
	Note string
	// Changes is how many nodes, connections and settings differ from the version before.
	Changes     int
	Settings    field.JSON
	Nodes       field.JSON
	Connections field.JSON
}

// A draft that is tried is a Version too, with a number below zero, in a table of its own: those that were published stay, these
// are pruned.
var (
	versions = versionTable()
	trials   = trialTable()
)

func versionTable() *resource.Table {
	t := resource.NewTable[Version]("workflow_version")
	t.Unique = [][]string{{"tenant_id", "workflow_id", "number"}}
	t.Appended = true
	return t
}

func trialTable() *resource.Table {
	t := resource.NewTable[Version]("workflow_trial")
	t.Unique = [][]string{{"tenant_id", "workflow_id", "number"}}
	return t
}

func readVersion(s *resource.Session, workflow string, number int) (Version, error) {
	if number < 0 {
		return resource.SelectOne[Version](s, "SELECT * FROM {workflow_trial} WHERE workflow_id = ? AND number = ?", workflow, number)
	}
	return resource.SelectOne[Version](s, "SELECT * FROM {workflow_version} WHERE workflow_id = ? AND number = ?", workflow, number)
}

func (v *Version) graph() (*Graph, error) { return parseGraph(v.Nodes, v.Connections, v.Settings) }

// holds tells whether the version is what the workflow's draft is now.
func (v *Version) holds(w *Workflow) bool {
	return string(v.Nodes) == string(w.Nodes) && string(v.Connections) == string(w.Connections) && string(v.Settings) == string(w.Settings)
}

// draftWord is what a draft is called where versions have numbers.
const draftWord = "draft"

// stateOf is the graph of a version, or of the draft. Number 0 is what there was before the first version: nothing.
func stateOf(s *resource.Session, w *Workflow, name, inField string) (*Graph, error) {
	if name == draftWord {
		return w.graph()
	}
	number, err := strconv.Atoi(name)
	if err != nil || number < 0 {
		return nil, fault.InvalidField(inField, "is the number of a version, or draft")
	}
	if number == 0 {
		return &Graph{}, nil
	}
	v, err := publishedVersion(s, w, number)
	if err != nil {
		return nil, err
	}
	return v.graph()
}

// publishedVersion is a version that people know: those below zero are drafts that were tried.
func publishedVersion(s *resource.Session, w *Workflow, number int) (Version, error) {
	if number > 0 {
		v, err := readVersion(s, w.ID, number)
		if !fault.Is(err, fault.NotFound) {
			return v, err
		}
	}
	return Version{}, fault.New(fault.NotFound, "The workflow has no version %d.", number)
}

// changesSince counts what the workflow's draft changes on a version; of the first one everything is a change.
func (w *Workflow) changesSince(s *resource.Session, graph *Graph, number int) (int, error) {
	before, err := stateOf(s, w, strconv.Itoa(number), "version")
	if err != nil {
		return 0, err
	}
	return Compare(before, graph).Count(), nil
}

// mostVersions is how many one answer lists.
const mostVersions = 100

// VersionView is a version as people read it. In a list its graph is left out.
type VersionView struct {
	Version     int        `json:"version"`
	CreatedAt   field.Time `json:"created_at"`
	Author      string     `json:"author"`
	Note        string     `json:"note"`
	Changes     int        `json:"changes"`
	Settings    field.JSON `json:"settings,omitempty"`
	Nodes       field.JSON `json:"nodes,omitempty"`
	Connections field.JSON `json:"connections,omitempty"`
}

func viewOfVersion(v Version) VersionView {
	return VersionView{v.Number, v.CreatedAt, v.AuthorName, v.Note, v.Changes, v.Settings, v.Nodes, v.Connections}
}

type versionsInput struct {
	ID     string
	Before int `z:"min=0,help=Versions below this number, to read on where a list of 100 ended."`
}

func listVersions(s *resource.Session, in *versionsInput) ([]VersionView, error) {
	w, err := Workflows.Get(s, in.ID)
	if err != nil {
		return nil, err
	}
	found, err := resource.Select[Version](s, `SELECT number, created_at, author_name, note, changes FROM {workflow_version}
		WHERE workflow_id = ? AND number < ? ORDER BY number DESC LIMIT ?`,
		in.ID, cmp.Or(in.Before, w.PublishedVersion+1), mostVersions)
	views := []VersionView{}
	for _, v := range found {
		views = append(views, viewOfVersion(v))
	}
	return views, err
}

// Versions lists the versions below a number, or the newest for 0.
func Versions(s *resource.Session, workflow string, before int) ([]VersionView, error) {
	return listVersions(s, &versionsInput{workflow, before})
}

type versionInput struct {
	ID      string
	Version int
}

func getVersion(s *resource.Session, in *versionInput) (VersionView, error) {
	w, err := Workflows.Get(s, in.ID)
	if err != nil {
		return VersionView{}, err
	}
	v, err := publishedVersion(s, w, in.Version)
	return viewOfVersion(v), err
}

// FindVersion reads a version with its graph.
func FindVersion(s *resource.Session, workflow string, number int) (VersionView, error) {
	return getVersion(s, &versionInput{workflow, number})
}

type diffInput struct {
	ID   string
	From string `z:"required,max=20,help=The number of a version, 0 for nothing, or draft."`
	To   string `z:"required,max=20,help=The number of a version, or draft."`
}

func diff(s *resource.Session, in *diffInput) (Difference, error) {
	w, err := Workflows.Get(s, in.ID)
	if err != nil {
		return Difference{}, err
	}
	from, err := stateOf(s, w, in.From, "from")
	if err != nil {
		return Difference{}, err
	}
	to, err := stateOf(s, w, in.To, "to")
	if err != nil {
		return Difference{}, err
	}
	d := Compare(from, to)
	d.From, d.To = in.From, in.To
	return d, nil
}

// Diff compares two versions of a workflow, named by their numbers, or one with its draft.
func Diff(s *resource.Session, workflow, from, to string) (Difference, error) {
	return diff(s, &diffInput{workflow, from, to})
}

type restoreInput struct {
	ID           string
	Version      int
	ReplaceDraft bool `z:"help=Gives up the changes of the draft that are not published."`
}

type restoredDraft struct {
	ID           string `json:"id"`
	Version      int64  `json:"version"`
	DraftVersion int    `json:"draft_version"`
}

// restore takes If-Match, so that nobody replaces a draft that they did not see.
func restore(c *operation.Call, in *restoreInput) (restoredDraft, error) {
	w, err := RestoreVersion(c.Session, in.ID, in.Version, c.Version, in.ReplaceDraft)
	if err != nil {
		return restoredDraft{}, err
	}
	return restoredDraft{w.ID, w.Version, w.DraftVersion}, nil
}

// RestoreVersion makes a version the draft. Seen is the version of the row that the caller saw, or 0. Changes that were not
// published are replaced only if replace says so.
func RestoreVersion(s *resource.Session, workflow string, number int, seen int64, replace bool) (*Workflow, error) {
	return Workflows.Update(s, workflow, seen, resource.Update, "version_restored", func(w *Workflow) error {
		v, err := publishedVersion(s, w, number)
		if err != nil {
			return err
		}
		if w.hasDraft() && !replace && !v.holds(w) {
			return fault.New(fault.Conflict, "The draft has changes that are not published. Publish it first, or confirm that version %d replaces it.",
				number)
		}
		w.Nodes, w.Connections, w.Settings = v.Nodes, v.Connections, v.Settings
		return nil
	})
}
