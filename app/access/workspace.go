package access

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Workspace keeps rows together, and where it is private, apart from those who are in none of its teams.
type Workspace struct {
	resource.Row
	Name        string         `z:"required,max=100,list,search,unique"`
	State       WorkspaceState `z:"readonly,default=open,list,filter"`
	Description field.LongText `z:"max=500,list,search"`
	Colour      field.Tone     `z:"default=grey,help=Its name stands in this colour beside what is in it."`
	Private     bool           `z:"list,filter,help=Only members of its teams see it and what is in it, and those who may change workspaces."`
	Teams       field.Refs     `z:"to=team,list,max=50,help=Who sees it, where it is private."`
	Tags        field.Tags     `z:"max=20,label=Tags of new things,help=Forms begin with them where something is made in the workspace."`
	ArchivedAt  field.Time     `z:"readonly"`
}

// WorkspaceState tells whether something can change in a workspace.
type WorkspaceState string

// The states of a workspace.
const (
	WorkspaceOpen     WorkspaceState = "open"
	WorkspaceArchived WorkspaceState = "archived"
)

// Choices lists the states.
func (WorkspaceState) Choices() []field.Choice {
	return []field.Choice{
		{Value: string(WorkspaceOpen), Label: "Open", Tone: "green"},
		{Value: string(WorkspaceArchived), Label: "Archived"},
	}
}

// Workspaces is the kind.
var Workspaces = resource.Kind[Workspace]{
	Name: "workspace", Area: "Access", Icon: "layers", Order: "name", State: "state", Check: (*Workspace).check,
	Help: "A workspace keeps assets, incidents, runbooks and workflows together. A private one hides them from everybody outside its teams.",
	Roles: map[string]resource.Role{resource.Create: resource.Admin, resource.Update: resource.Admin, resource.Delete: resource.Admin,
		"archive": resource.Admin, "reopen": resource.Admin},
	Actions: []resource.Action[Workspace]{
		{
			Name:   "archive",
			Past:   "archived",
			Icon:   "archive",
			Danger: true,
			When:   (*Workspace).isOpen,
			Do: func(w *Workspace, s *resource.Session) error {
				w.State, w.ArchivedAt = WorkspaceArchived, s.Now
				return nil
			},
		},
		{
			Name: "reopen",
			Past: "reopened",
			Icon: "unlock",
			When: func(w *Workspace) bool { return !w.isOpen() },
			Do: func(w *Workspace, _ *resource.Session) error {
				w.State, w.ArchivedAt = WorkspaceOpen, 0
				return nil
			},
		},
	},
}

func (w *Workspace) isOpen() bool { return w.ArchivedAt == 0 }

// check makes a workspace its own: anyone who does not see it does not see that it is there.
func (w *Workspace) check(c *resource.Change[Workspace]) error {
	w.WorkspaceID = w.ID
	if c.Verb != resource.Delete {
		return nil
	}
	held, err := housed(c.AsInstance("a workspace is empty, no matter who sees what is in it"), w.ID)
	if err == nil && held != "" {
		err = fault.New(fault.Conflict, "There are still %s in the workspace, perhaps in the trash. Move them to another one first.", held)
	}
	return err
}

// Colours are those of the organization's workspaces by their ids, for anyone who shows the name of one.
func Colours(s *resource.Session) (map[string]field.Tone, error) {
	return resource.Cached(s, "workspace colours", []string{Workspaces.Name}, func(s *resource.Session) (map[string]field.Tone, error) {
		all, err := resource.Select[Workspace](s.AsInstance("what is remembered for all does not depend on what somebody sees"),
			"SELECT id, colour FROM {workspace}")
		colours := map[string]field.Tone{}
		for _, w := range all {
			colours[w.ID] = w.Colour
		}
		return colours, err
	})
}

// housed names a kind with rows in a workspace, in the trash too; it is empty where the workspace is.
func housed(s *resource.Session, workspace string) (kind string, err error) {
	within := []resource.Filter{{Field: "workspace_id", Operator: "eq", Values: []string{workspace}}}
	for _, k := range s.Kernel().Kinds() {
		if !k.Spec().Shared {
			continue
		}
		for _, trash := range []bool{false, true} {
			page, err := k.List(s, resource.Query{Filters: within, Limit: 1, Trash: trash})
			if err != nil || len(page.Rows) > 0 {
				return field.Lower(k.Spec().PluralLabel()), err
			}
		}
	}
	return "", nil
}
