package flow

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/resource"
)

// Workflow is an automation that a team draws. Its row holds the draft; what runs is the published version, which never
// changes.
type Workflow struct {
	resource.Row
	Name             string         `z:"required,max=200,list,search"`
	Description      field.Markdown `z:"max=10000,search"`
	Tags             field.Tags     `z:"list"`
	Folder           field.Ref      `z:"to=workflow_folder,inverse=Workflows in it,filter"`
	Enabled          bool           `z:"list,readonly"`
	PublishedVersion int            `z:"list,readonly"`
	DraftVersion     int            `z:"readonly"`
	Settings         field.JSON     `z:"max=100000,fold"`
	Nodes            field.JSON     `z:"max=1000000,fold"`
	Connections      field.JSON     `z:"max=1000000,fold"`
}

// Workflows is the kind.
var Workflows = resource.Kind[Workflow]{
	Name: "workflow", Area: "Automation", Icon: "workflow", Shared: true, Roles: map[string]resource.Role{"execute": resource.Editor},
	Help:  "A workflow does what your team does by hand today: it starts on a call, a time or a click, and runs its nodes reliably.",
	Check: (*Workflow).check,
	Actions: []resource.Action[Workflow]{
		{Name: "publish", Icon: "upload", When: (*Workflow).hasDraft, Ask: resource.Ask((*Workflow).publish)},
		{Name: "enable", Icon: "play", When: (*Workflow).canEnable, Do: (*Workflow).enable},
		{Name: "disable", Icon: "pause", When: func(w *Workflow) bool { return w.Enabled }, Do: (*Workflow).disable},
	},
}

// hook is the address of a webhook or of a form of a published, enabled workflow.
type hook struct {
	N        int64
	TenantID string
	// Form tells that the path is that of a form. Forms and webhooks may have the same path.
	Form       bool
	Path       string
	WorkflowID string
	Version    int
	NodeID     string
}

// schedule is when a rule of a schedule trigger of a published, enabled workflow fires next.
type schedule struct {
	N          int64
	TenantID   string
	WorkflowID string
	Version    int
	NodeID     string
	// Rule is the number of the rule in the trigger.
	Rule  int
	DueAt field.Time
}

var (
	hooks     = hookTable()
	schedules = scheduleTable()
)

func hookTable() *resource.Table {
	t := resource.NewTable[hook]("hook")
	t.Unique = [][]string{{"tenant_id", "form", "path"}}
	t.Indexes = []resource.Index{{Columns: []string{"tenant_id", "workflow_id"}}}
	return t
}

func scheduleTable() *resource.Table {
	t := resource.NewTable[schedule]("schedule")
	t.Indexes = []resource.Index{{Columns: []string{"due_at"}}, {Columns: []string{"tenant_id", "workflow_id"}}}
	return t
}

func (w *Workflow) hasDraft() bool  { return w.PublishedVersion == 0 || w.DraftVersion > 0 }
func (w *Workflow) canEnable() bool { return !w.Enabled && w.PublishedVersion > 0 }

// graph reads the draft.
func (w *Workflow) graph() (*Graph, error) { return parseGraph(w.Nodes, w.Connections, w.Settings) }

// check keeps the draft readable, counts its changes since the last publication, and takes the addresses of a workflow
// that is thrown away.
func (w *Workflow) check(c *resource.Change[Workflow]) error {
	if w.Nodes == nil {
		w.Nodes = field.JSON("[]")
	}
	if w.Connections == nil {
		w.Connections = field.JSON("[]")
	}
	if w.Settings == nil {
		w.Settings = field.JSON("{}")
	}
	switch c.Verb {
	case resource.Create, resource.Update:
		if _, err := w.graph(); err != nil {
			return err
		}
		if c.Before == nil || string(c.Before.Nodes)+string(c.Before.Connections)+string(c.Before.Settings) != string(w.Nodes)+
			string(w.Connections)+string(w.Settings) {
			return w.countChange(c.Session)
		}
	case resource.Delete:
		return w.disable(c.Session)
	}
	return nil
}

// countChange counts a change of the draft. One that makes it what runs leaves nothing to publish.
func (w *Workflow) countChange(s *resource.Session) error {
	w.DraftVersion++
	if w.PublishedVersion == 0 {
		return nil
	}
	published, err := readVersion(s, w.ID, w.PublishedVersion)
	if err == nil && published.holds(w) {
		w.DraftVersion = 0
	}
	return err
}

// publishing is what the author may say of a version.
type publishing struct {
	Note string `z:"max=500,help=What changed, for those who look at the versions later."`
}

// publish makes an immutable version of the draft and runs that from now on.
func (w *Workflow) publish(in *publishing, s *resource.Session) error {
	graph, err := w.graph()
	if err != nil {
		return err
	}
	ready, err := prepare(s, graph)
	if err != nil {
		return err
	}
	if err := ready.requireRights(s); err != nil {
		return err
	}
	changes, err := w.changesSince(s, graph, w.PublishedVersion)
	if err != nil {
		return err
	}
	w.PublishedVersion++
	w.DraftVersion = 0
	if err := s.Insert(versions, &Version{
		TenantID:    s.Tenant(),
		WorkflowID:  w.ID,
		Number:      w.PublishedVersion,
		CreatedAt:   s.Now,
		AuthorID:    s.Actor.Person(),
		AuthorName:  s.Actor.Name,
		Note:        in.Note,
		Changes:     changes,
		Settings:    w.Settings,
		Nodes:       w.Nodes,
		Connections: w.Connections,
	}); err != nil {
		return err
	}
	return w.arm(s, ready)
}

func (w *Workflow) enable(s *resource.Session) error {
	version, err := readVersion(s, w.ID, w.PublishedVersion)
	if err != nil {
		return err
	}
	graph, err := version.graph()
	if err != nil {
		return err
	}
	ready, err := prepare(s, graph)
	if err != nil {
		return err
	}
	return w.arm(s, ready)
}

func (w *Workflow) disable(s *resource.Session) error {
	w.Enabled = false
	return w.disarm(s)
}

// arm gives the version's triggers their addresses and due times.
func (w *Workflow) arm(s *resource.Session, ready *program) error {
	w.Enabled = true
	read, err := resource.Select[mailbox](s, "SELECT * FROM {mailbox} WHERE workflow_id = ?", w.ID)
	if err != nil {
		return err
	}
	if err := w.disarm(s); err != nil {
		return err
	}
	for _, u := range ready.order {
		if u.Disabled {
			continue
		}
		if err := w.open(s, u); err != nil {
			return err
		}
		if err := w.plan(s, u, ready.zone); err != nil {
			return err
		}
		if err := w.listen(s, u); err != nil {
			return err
		}
		if err := w.watch(s, u, read); err != nil {
			return err
		}
	}
	return nil
}

// open stores the address of a webhook or of a form.
func (w *Workflow) open(s *resource.Session, u *unit) error {
	h := &hook{WorkflowID: w.ID, Version: w.PublishedVersion, NodeID: u.ID}
	if webhook, ok := node.WebhookOf(u.compiled); ok {
		h.Path = webhook.Address()
	} else if form, ok := node.FormOf(u.compiled); ok {
		h.Form, h.Path = true, form.Path
	} else {
		return nil
	}
	err := s.Insert(hooks, h)
	if fault.Is(err, fault.Conflict) {
		return fault.InvalidField("nodes."+u.ID+".path", "is the address of another workflow; choose another path")
	}
	return err
}

func (w *Workflow) disarm(s *resource.Session) error {
	for _, t := range []*resource.Table{hooks, schedules, listeners, mailboxes} {
		if _, err := s.Erase(t, resource.Pair{Column: "workflow_id", Value: w.ID}); err != nil {
			return err
		}
	}
	return nil
}
