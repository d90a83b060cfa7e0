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
	Description field.LongText `z:"max=500,list,search"`
	Private     bool           `z:"list,filter,help=Only members of its teams see it and what is in it, and those who may change workspaces."`
	Teams       field.Refs     `z:"to=team,list,max=50,help=Who sees it, where it is private."`
}

// Workspaces is the kind.
var Workspaces = resource.Kind[Workspace]{
	Name: "workspace", Area: "Settings", Icon: "layers", Order: "name", Roles: administrators, Check: (*Workspace).check,
	Help: "A workspace keeps assets, incidents, runbooks and workflows together. A private one hides them from everybody outside its teams.",
}

// check makes a workspace its own: whoever does not see it does not see that it is there.
func (w *Workspace) check(c *resource.Change[Workspace]) error {
	w.WorkspaceID = w.ID
	if c.Verb != resource.Delete {
		return nil
	}
	held, err := c.Housed(w.ID)
	if err == nil && held != "" {
		err = fault.New(fault.Conflict, "There are still %s in the workspace, perhaps in the trash. Move them to another one first.", held)
	}
	return err
}
